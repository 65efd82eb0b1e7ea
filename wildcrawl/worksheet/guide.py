"""What the Guide sheet says: how to fill in a worksheet, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.items import AgeClaim, ProductType, Verdict

if TYPE_CHECKING:
    from wildcrawl.worksheet.model import Site

COLUMNS: dict[str, tuple[str, str]] = {
    "found_by": (
        "关键词",
        "The keyword that found it, from the Search sheet; several with ; between.",
    ),
    "url": ("网址", "The address of the advertisement. Give this or the title, best both."),
    "title": ("标题", "The title, copied as it stands."),
    "description": ("描述", "The text, copied as it stands."),
    "price": ("价格", "The price, copied as it stands: ￥1200, 面议, 600元/克."),
    "seller": ("卖家", "The name that the seller uses on the site."),
    "posted_at": ("发布时间", "When it was posted, as the site says: 3天前, 2016-05-03."),
    "ad_id": ("编号", "The site's own number of it, if there is one."),
    "category": ("类别", "The category in which the site shows it."),
    "seller_id": ("卖家编号", "The site's own number of the seller, if there is one."),
    "location": ("所在地", "Where the seller is, as the site says."),
    "found_at": ("发现时间", "The day you found it, 2016-05-03; empty: the day this is read in."),
    "image_urls": ("图片网址", "The addresses of its pictures; several with ; between."),
    "images": ("图片数", "How many pictures it has, a whole number."),
    "videos": ("视频数", "How many videos it has, a whole number."),
    "species": ("物种", "The species group, only if you are sure; several with ; between."),
    "product_type": ("产品类型", f"One of: {', '.join(ProductType)}; or empty."),
    "age_claim": ("新旧", f"What the seller claims: {', '.join(AgeClaim)} (old is before 1949)."),
    "verdict": ("判定", f"One of: {', '.join(Verdict)}; empty: somebody screens it later."),
    "screened_by": ("判定人", "Who gave the verdict."),
    "note": ("备注", "Anything else."),
}
"""Column of an advertisement to its Chinese label and what to write there."""


def guide_rows(site: Site) -> list[tuple[str, ...]]:
    """The rows of the Guide sheet; the second names the site and is read back."""
    rows: list[tuple[str, ...]] = [
        ("Searching by hand", "人工搜索", f"{site.label} {site.label_zh}".strip()),
        ("site", "网站", site.name),
        ("address", "地址", site.url),
        (),
        ("What to do", "步骤", ""),
        ("1", "", "Go through the Search sheet keyword by keyword, as where_to_look says."),
        ("2", "", "Write each advertisement that you find into a row of Advertisements."),
        ("3", "", "If a keyword finds nothing, write x under nothing_found beside it."),
        ("4", "", "Save the file and hand it in. What is not filled in counts as not searched."),
        (),
        ("Column", "列", "What to write"),
    ]
    return rows + [(name, label, text) for name, (label, text) in COLUMNS.items()]
