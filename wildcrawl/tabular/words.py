"""Words of tables in English and Chinese: names of columns, and the values of closed columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wildcrawl.analysis.text import simplified
from wildcrawl.analysis.vocabulary.goods import goods
from wildcrawl.items import ADVERTISEMENT_COLUMNS, RECORD_COLUMNS, AgeClaim, ProductType, Verdict
from wildcrawl.labels import AGE_CLAIMS, FIELDS, PRODUCT_TYPES, VERDICTS, labels_in
from wildcrawl.tabular.tables import (
    IGNORED_COLUMNS,
    KEY,
    Cell,
    RecordsError,
    Rejection,
    Row,
    TableFile,
    column_name,
)
from wildcrawl.utils import closest

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Group

Choices = dict[str, str]
"""Allowed words, each with its Chinese label."""

CLOSED: dict[str, Choices] = {
    "product_type": labels_in("zh", PRODUCT_TYPES),
    "age_claim": labels_in("zh", AGE_CLAIMS),
    "verdict": labels_in("zh", VERDICTS),
}
"""Choices of each closed column of an advertisement; a cell may also be empty."""

COLUMN_LABELS = {name: FIELDS[name].chinese for name in RECORD_COLUMNS}
"""Chinese label of each column of a record, as worksheets and the desk show it."""

_OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "site": (
        *("website", "平台", "站点", "网站名称", "平台名称", "来源网站", "网站名", "平台名"),
        *("来源平台", "网络平台", "电商平台", "所在平台", "所属平台"),
    ),
    "ad_id": (
        *("id", "编号", "ad id", "advertisement", "advertisement id", "广告id", "商品编号"),
        *("商品id", "帖子编号", "帖子id"),
    ),
    "url": (
        *("link", "address", "链接", "链接地址", "网页链接", "网页地址", "广告链接"),
        *("商品链接", "网址链接", "详情链接", "连结"),
    ),
    "title": ("广告标题", "商品标题", "商品名称", "帖子标题", "标题名称", "主题", "品名"),
    "description": (
        *("正文", "内容", "广告内容", "商品描述", "详细描述", "详情", "文案", "简介", "介绍"),
    ),
    "category": ("类别", "分类", "栏目", "所属类目", "所属分类"),
    "price": (
        *("price as written", "价格", "标价", "售价", "报价", "价钱", "现价", "单价", "要价"),
        *("叫价", "一口价", "起拍价", "成交价", "出价", "价位", "金额"),
    ),
    "seller": (
        *("卖家名称", "卖家昵称", "店铺", "店铺名称", "发布人", "发布者", "卖家名", "店铺名"),
        *("店名", "掌柜", "掌柜名", "店主", "商家", "商家名称", "商户", "用户名", "用户昵称"),
        *("昵称", "作者", "楼主", "发帖人", "账号", "卖家账号"),
    ),
    "seller_id": ("seller id", "卖家id", "店铺id", "店铺编号", "用户id"),
    "location": (
        *("地区", "地点", "所在地区", "卖家所在地", "发货地", "发货地址", "城市", "所在城市"),
    ),
    "posted_at": (
        *("posted at", "posted", "发布日期", "发帖时间", "发帖日期", "上架时间", "上架日期"),
        *("发表时间", "发表日期"),
    ),
    "found_at": (
        *("found at", "found", "发现日期", "记录时间", "记录日期", "采集时间", "采集日期"),
        *("搜索时间", "搜索日期", "检索时间", "检索日期", "监测时间", "监测日期"),
    ),
    "found_by": (
        *("found by", "keyword", "keywords", "关键词", "搜索词", "关键字"),
        *("检索词", "搜索关键字"),
    ),
    "image_urls": ("image urls", "图片链接", "图片地址", "图片连结"),
    "images": ("图片数量", "图片张数"),
    "videos": ("视频数量", "视频个数"),
    "species": ("species group", "物种名称", "物种类别", "涉及物种", "动物", "动物名称"),
    "product_type": ("product type", "product", "产品", "制品类型", "产品类别"),
    "age_claim": ("age claim", "age claimed", "新旧", "年代说法", "年代", "新老"),
    "verdict": (
        *("判断", "结论", "审核", "审核结果", "审核结论", "判定结果", "是否有效", "判断结果"),
        *("核查结果", "核查结论", "筛选结果", "人工判断", "人工判定"),
    ),
    "screened_by": ("screened by", "判断人", "判定人", "审核员", "审核者", "核查人", "筛选人"),
    "note": ("notes", "remark", "remarks", "注", "注释", "说明", "其他说明"),
    "first_seen": ("first seen", "首次发现"),
    "last_seen": ("last seen", "最近一次发现", "最后发现"),
    KEY: ("识别码", "对应码"),
    "line": ("序号", "行号"),
}
_OTHER_WORDS: dict[str, dict[str, str]] = {
    "product_type": {
        "semi-worked": ProductType.SEMI_WORKED,
        "worked, carved": ProductType.WORKED_CARVED,
        "worked, uncarved": ProductType.WORKED_UNCARVED,
        "雕刻成品": ProductType.WORKED_CARVED,
        "雕件": ProductType.WORKED_CARVED,
        "无雕刻成品": ProductType.WORKED_UNCARVED,
        "成品(雕刻)": ProductType.WORKED_CARVED,
        "成品(无雕刻)": ProductType.WORKED_UNCARVED,
        "原料": ProductType.RAW,
        "raw 原料": ProductType.RAW,
        "其它": ProductType.OTHER,
    },
    "age_claim": {
        "旧": AgeClaim.OLD,
        "老件": AgeClaim.OLD,
        "老货": AgeClaim.OLD,
        "古董": AgeClaim.OLD,
        "新件": AgeClaim.NEW,
        "新货": AgeClaim.NEW,
        "现代": AgeClaim.NEW,
        "no claim": "none",
        "not stated": "none",
        "无": "none",
        "未说明": "none",
        "未说明年代": "none",
    },
    "verdict": {
        "无效": Verdict.IRRELEVANT,
        "不相关": Verdict.IRRELEVANT,
        "假": Verdict.FAKE,
        "假货": Verdict.FAKE,
        "仿品": Verdict.FAKE,
        "不确定": Verdict.PENDING,
        "待定": Verdict.PENDING,
        "待审核": Verdict.PENDING,
        "未审": Verdict.PENDING,
        "未审核": Verdict.PENDING,
        "uncertain": Verdict.PENDING,
        "unsure": Verdict.PENDING,
    },
}

_NAMES: dict[str, str] = {
    **{name: name for name in (*ADVERTISEMENT_COLUMNS, *IGNORED_COLUMNS, KEY)},
    **{label: name for name, label in COLUMN_LABELS.items()},
    **{other: name for name, others in _OTHER_NAMES.items() for other in others},
}
COLUMN_NAMES = tuple(_NAMES)
"""All names and labels of columns that are read, in lower case."""


_BETWEEN = (
    re.compile(r"[;；]"),
    re.compile(r"[;；、,，/|+&＋／]|\s(?:and|和|及|与)\s"),
    re.compile(r"[;；、,，/|+&＋／\s和及与]"),
)
"""What stands between the species of a cell, the surest first."""
_REMARK = re.compile(r"\s?[(（][^()（）]*[)）]")
_GENERIC = frozenset(("antelope", "general", "helmeted", "species", "turtle"))
"""Words of labels that are no names by themselves."""
_GOODS = re.compile("宝贝|商品|广告|帖子|贴子|产品|拍品|藏品|货品|物品|标的")
"""What a table calls its advertisements, before what a column holds of them."""
_IN_BRACKETS = re.compile(r"\s?[(（\[【](?:元|人民币|rmb|cny|¥|￥|必填|选填|可不填|可空)[)）\]】]$")
"""What templates write behind a column's name, and does not change what it holds."""


@lru_cache(maxsize=1024)
def column_of(header: str) -> str:
    """The column that a header cell names, by its name or label; the cell's text if none.

    Of a header in several lines, as worksheets have, the first line that names one counts.

    >>> column_of("found_by\\n关键词"), column_of(" 标 题 "), column_of("colour")
    ('found_by', 'title', 'colour')
    >>> column_of("价格（元）"), column_of("标题(必填)"), column_of("价格（万元）")
    ('price', 'title', '价格（万元）')
    """
    for part in (header, *header.split("\n")):
        if column := _named(part):
            return column
    return column_name(header)


def _named(cell: str) -> str:
    """The column that a line of a header names, in simplified or traditional characters, or "".

    >>> _named("現價"), _named("宝贝链接"), _named("拍品名称"), _named("商品")
    ('price', 'url', 'title', '')
    """
    name = column_name(cell)
    plain = _IN_BRACKETS.sub("", name.rstrip(":：*＊ ")).rstrip(":：*＊ ")
    closed = simplified("".join(plain.split()).encode("utf-8", "replace").decode())
    found = next(filter(None, map(_NAMES.get, (name, plain, closed))), "")
    goods_of = _GOODS.match(closed)
    if found or not goods_of:
        return found
    rest = closed[goods_of.end() :]
    return "title" if rest in ("名", "名称") else _NAMES.get(rest, "")


def nearest_column(header: str) -> str:
    """A column's name or label that resembles `header`, with the column; "" if none does.

    >>> nearest_column("titel"), nearest_column("广告标提")
    ("'title'", "'广告标题' (title)")
    """
    near = closest(header, COLUMN_NAMES)
    if not near:
        return ""
    column = _NAMES[near[0]]
    return f"'{near[0]}'" if near[0] == column else f"'{near[0]}' ({column})"


def check_columns(
    path: Path, columns: Sequence[str], known: Sequence[str] = (*RECORD_COLUMNS, KEY)
) -> None:
    """RecordsError if a column is unknown or repeated, or if `site` is missing without a key."""
    possible = (*known, *IGNORED_COLUMNS)
    for name in columns:
        if name and name not in possible:
            near = nearest_column(name)
            fix = f"did you mean {near}? Choose" if near else "choose"
            raise RecordsError(
                f"{path}: '{name}' is not a known column; {fix} one of {', '.join(known)}"
            )
    twice = [name for name, times in Counter(columns).items() if name and times > 1]
    if twice:
        raise RecordsError(f"{path}: column '{twice[0]}' appears twice; remove one")
    if "site" not in columns and KEY not in columns:
        raise RecordsError(
            f"{path}: the column 'site' is missing; add it, with the site of each advertisement"
        )


def is_records_header(columns: Collection[str]) -> bool:
    """Whether a header names what identifies an advertisement."""
    named = {column_of(column) for column in columns}
    return KEY in named or ("site" in named and bool(named & {"ad_id", "url", "title"}))


def header_in(cells: Mapping[str, Cell]) -> dict[str, str]:
    """The column that each cell of a row names, if the row is a header of records; else none.

    >>> header_in({"site": "网站", "price": "标题"}), header_in({"site": "网站", "title": "手镯"})
    ({'site': 'site', 'price': 'title'}, {})
    """
    named = {
        column: _named(cell) for column, cell in cells.items() if isinstance(cell, str) and cell
    }
    found = set(named.values())
    return named if "site" in found and found & {"ad_id", "url", "title"} else {}


def known_columns(columns: Iterable[str]) -> int:
    """Number of different columns of a record that a header names."""
    return len({column_of(column) for column in columns} & {*RECORD_COLUMNS, KEY})


def choices_of(groups: Mapping[str, Group]) -> dict[str, Choices]:
    """Columns with a drop-down, species first, and the choices of each."""
    return {"species": {name: group.label_zh for name, group in groups.items()}, **CLOSED}


def shown(word: str, label: str) -> str:
    """Text of a word in its drop-down, in both languages."""
    return f"{word} {label}".strip()


def chosen(text: str, choices: Mapping[str, str]) -> str:
    """The word that a person chose or typed, in either language; other text unchanged.

    >>> chosen("raw 原材料", CLOSED["product_type"]), chosen("有效", CLOSED["verdict"])
    ('raw', 'valid')
    >>> chosen("cheap", CLOSED["age_claim"])
    'cheap'
    """
    text = text.strip()
    for word, label in choices.items():
        if text.lower() in (word, shown(word, label).lower()) or (label and text == label):
            return str(word)
    return text


class ColumnWords:
    """Words of closed columns and of species groups, by every way to write them."""

    def __init__(self, groups: Mapping[str, Group] | None = None) -> None:
        self._words = {
            name: {
                **{word: str(word) for word in choices},
                **{label: str(word) for word, label in choices.items()},
                **{shown(word, label).lower(): str(word) for word, label in choices.items()},
                **{other: str(word) for other, word in _OTHER_WORDS[name].items()},
            }
            for name, choices in CLOSED.items()
        }
        self._species = _names_of_species(groups or {})

    def word(self, column: str, text: str) -> str:
        """The word of a column for a text; the text itself if it is none or another column's."""
        if column == "species":
            return ";".join(self._groups_in(text))
        words = self._words.get(column)
        return words.get(text.strip().lower(), text) if words else text

    def _groups_in(self, text: str) -> list[str]:
        """The species groups that a text lists; its parts as they are if one is no group's name."""
        for separator in _BETWEEN:
            parts = [part for part in separator.split(text.strip()) if part]
            found = [self._species.get(_plain_species(part), "") for part in parts]
            if all(found):
                return list(dict.fromkeys(found))
        return text.replace("；", ";").replace("、", ";").split(";")

    def cell(self, column: str, cell: Cell) -> Cell:
        """The same for a cell, which may be a list."""
        if isinstance(cell, list):
            return [self.word(column, part) for part in cell]
        return self.word(column, cell)


def _plain_species(text: str) -> str:
    """The name of a species without remarks in brackets and words for its goods.

    >>> _plain_species("犀牛角製品（整根）"), _plain_species(" Rhino horn ")
    ('犀牛角', 'rhino horn')
    """
    name = _REMARK.sub("", text).strip().lower().encode("utf-8", "replace").decode()
    return simplified(name).removesuffix("制品").removesuffix(" products").strip()


def _names_of_species(groups: Mapping[str, Group]) -> dict[str, str]:
    """Group of each name that only it has: labels, in reports too, their words, and keywords."""
    names: dict[str, set[str]] = {}
    for name, group in groups.items():
        labels = [group.label, group.label_zh, f"{group.label} {group.label_zh}"]
        labels += [goods(group.label), goods(group.label_zh)]
        terms = (keyword.term for keyword in group.keywords if keyword.kind == "name")
        words = set(re.findall(r"[a-z]{5,}", group.label.lower())) - _GENERIC
        for form in (*labels, shown(name, group.label_zh), *words, *terms, name):
            names.setdefault(form.strip().lower(), set()).add(name)
            names.setdefault(_plain_species(form), set()).add(name)
    return {form: name for form, (name, *others) in names.items() if form and not others}


class WordedTable:
    """A table with the names of columns and words in place of their labels."""

    def __init__(self, table: TableFile, words: ColumnWords) -> None:
        self.columns = [column_of(column) for column in table.columns]
        self._table = table
        self._words = words

    @property
    def notes(self) -> list[str]:
        """What the table's reader has to say about the file."""
        return self._table.notes

    def rows(self) -> Iterator[Row | Rejection]:
        """The rows of the table, by the names of its columns."""
        for row in self._table.rows():
            if isinstance(row, Rejection):
                cells = {column_of(name): cell for name, cell in row.row.items()}
                yield Rejection(row.line, row.reason, cells, row.text)
                continue
            line, given = row
            names = ((column_of(name), cell) for name, cell in given.items())
            yield line, {name: self._words.cell(name, cell) for name, cell in names}
