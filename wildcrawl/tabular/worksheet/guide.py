"""Guide sheet of a worksheet: how to fill in each column, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from wildcrawl.tabular.words import CLOSED, COLUMN_LABELS, shown
from wildcrawl.tabular.worksheet.model import WorksheetSite


@dataclass(frozen=True)
class Explained:
    """Explanation of a column: its Chinese label, and what to write in both languages."""

    label: str
    english: str
    chinese: str

    @property
    def both(self) -> str:
        """What to write, in both languages."""
        return f"{self.english} {self.chinese}"


def _one_of(column: str) -> str:
    return ", ".join(shown(word, label) for word, label in CLOSED[column].items())


COLUMNS: dict[str, Explained] = {
    "found_by": Explained(
        COLUMN_LABELS["found_by"],
        "The keyword that found it, from the Search sheet; separate several with ;.",
        "搜到它的关键词，见“Search”（搜索）表；多个词用分号（；）分隔。",
    ),
    "url": Explained(
        COLUMN_LABELS["url"],
        "The address of the advertisement. Give this or the title, or better both.",
        "广告的网址。网址和标题至少填一个，最好都填。",
    ),
    "title": Explained(
        COLUMN_LABELS["title"], "The title, copied unchanged.", "标题，照原样复制。"
    ),
    "description": Explained(
        COLUMN_LABELS["description"], "The text, copied unchanged.", "正文，照原样复制。"
    ),
    "price": Explained(
        COLUMN_LABELS["price"],
        "The price, copied unchanged: ￥1200, 面议, 600元/克.",
        "价格，照原样复制：￥1200、面议、600元/克。",
    ),
    "seller": Explained(
        COLUMN_LABELS["seller"],
        "The name that the seller uses on the site.",
        "卖家在网站上用的名字。",
    ),
    "posted_at": Explained(
        COLUMN_LABELS["posted_at"],
        "When it was posted, as the site says: 3天前, 2016-05-03.",
        "发布时间，照网站的写法：3天前、2016-05-03。",
    ),
    "ad_id": Explained(
        COLUMN_LABELS["ad_id"],
        "The site's id of the advertisement, if it has one.",
        "网站为该广告编的编号，没有就留空。",
    ),
    "category": Explained(
        COLUMN_LABELS["category"],
        "The category in which the site shows it.",
        "网站所属类目。",
    ),
    "seller_id": Explained(
        COLUMN_LABELS["seller_id"],
        "The site's id of the seller, if it has one.",
        "网站给卖家的编号，没有就留空。",
    ),
    "location": Explained(
        COLUMN_LABELS["location"],
        "Where the seller is, as the site says.",
        "网站显示的卖家所在地。",
    ),
    "found_at": Explained(
        COLUMN_LABELS["found_at"],
        "The day you found it, such as 2016-05-03; empty: the day of the import.",
        "发现的日期，如 2016-05-03；留空则为导入当天。",
    ),
    "image_urls": Explained(
        COLUMN_LABELS["image_urls"],
        "The addresses of its pictures; separate several with ;.",
        "图片的网址；多个用分号（；）分隔。",
    ),
    "images": Explained(
        COLUMN_LABELS["images"], "How many pictures it has, a whole number.", "图片的张数，填整数。"
    ),
    "videos": Explained(
        COLUMN_LABELS["videos"], "How many videos it has, a whole number.", "视频的个数，填整数。"
    ),
    "species": Explained(
        COLUMN_LABELS["species"],
        "The species group, only if you are sure; separate several with ;.",
        "物种，有把握才填；多个用分号（；）分隔。",
    ),
    "product_type": Explained(
        COLUMN_LABELS["product_type"],
        f"One of: {_one_of('product_type')}; or empty.",
        "从列表中选一个，或留空。",
    ),
    "age_claim": Explained(
        COLUMN_LABELS["age_claim"],
        f"What the seller claims: {_one_of('age_claim')} (old is before 1949); or empty.",
        "卖家的说法（老：1949年以前），没有就留空。",
    ),
    "verdict": Explained(
        COLUMN_LABELS["verdict"],
        f"One of: {_one_of('verdict')}; empty: it is screened later.",
        "从列表中选一个；留空则以后再判。",
    ),
    "screened_by": Explained(
        COLUMN_LABELS["screened_by"], "Who gave the verdict.", "作出判定的人。"
    ),
    "note": Explained(COLUMN_LABELS["note"], "Anything else.", "其他说明。"),
}
"""Columns of an advertisement by name, with what to write in each."""

_SEARCH_LABELS = {
    "group": "物种",
    "keyword": "关键词",
    "hint": "提示",
    "search_link": "搜索链接",
    "where_to_look": "搜索方法",
    "nothing_found": "已搜索，无结果",
}
TICK = "Write x if you searched and found nothing. 已搜索而无结果，请填 x。"

_TODO = (
    (
        "Go through the Search sheet keyword by keyword, by the link or the steps above.",
        "按“Search”（搜索）表逐个关键词搜索：打开链接，或照上面的步骤。",
    ),
    (
        "Write each advertisement that you find into a row of Advertisements.",
        "搜到的每条广告在“Advertisements”（广告）表中填一行。",
    ),
    (
        "If a keyword finds nothing, write x under nothing_found beside it.",
        "搜索后没有结果的关键词，在“nothing_found”（已搜索，无结果）一列填 x。",
    ),
    (
        "A finished keyword turns green; one without a tick or a row counts as not searched.",
        "完成的关键词变为绿色；没有填 x 也没有广告的关键词算作没有搜索。",
    ),
    ("Save the file and hand it in.", "保存并交回文件。"),
)


def label_of(column: str) -> str:
    """Chinese label of a column of either sheet."""
    return COLUMNS[column].label if column in COLUMNS else _SEARCH_LABELS[column]


def _numbered_steps(site: WorksheetSite) -> list[tuple[str, ...]]:
    """The steps in English, each with its Chinese beside it if there are as many."""
    steps, chinese = site.all_steps(), site.all_steps("zh")
    if len(chinese) != len(steps) or chinese == steps:
        return [(str(number), "", step) for number, step in enumerate(steps, start=1)]
    pairs = zip(steps, chinese, strict=True)
    return [(str(number), "", *pair) for number, pair in enumerate(pairs, start=1)]


def guide_rows(site: WorksheetSite) -> list[tuple[str, ...]]:
    """Rows of the Guide sheet; the second one names the site, which the reader checks."""
    rows: list[tuple[str, ...]] = [
        ("Searching by hand", "人工搜索", site.label, site.label_zh),
        ("site", "网站", site.name),
        ("address", "地址", site.url),
        (),
        ("How to search", "搜索方法"),
        *_numbered_steps(site),
        (),
        ("What to do", "步骤"),
        *((str(number), "", *texts) for number, texts in enumerate(_TODO, start=1)),
        (),
        ("Column", "列", "What to write", "填写说明"),
    ]
    return rows + [(name, text.label, text.english, text.chinese) for name, text in COLUMNS.items()]
