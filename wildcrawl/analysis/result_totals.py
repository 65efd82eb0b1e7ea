"""Totals of search results, as sites state them: `共找到 1,234 件`, `约 1.2万条`, `1–9 of 345`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from string import ascii_letters
from typing import Any

from wildcrawl.analysis.text import nfkc
from wildcrawl.utils import lazy_pattern

_N = (
    r"(?<![\d.,万亿])(\d{1,3}(?:,\d{3}){1,3}|\d{1,9})"
    r"(?!\d|[.,]\d|\s?(?:万|亿|千|余|多|以上|\+|[wk]\b))"
)
_ABOUT = r"(?:大?约|about|approximately|over|more than|超过)?\s?"
_UNIT = (
    r"(?:个|個|件|条|條|项|項|篇|款|种|種|则|則|只|笔|筆|宝贝|寶貝|商品|产品|產品|结果|結果|记录|記錄|藏品|拍品"
    r"|主题|主題|帖子|信息|资讯|广告|廣告)"
)
_THINGS = r"(?:results?|items?|products?|listings?|ads?|lots?|entries|records|posts|threads|topics)"
_RANGE = r"(?<![\d.,])\d[\d,]{0,9}\s?(?:-|–|—|~|to|至|到)\s?\d[\d,]{0,9}\s?"
_FOUND = (
    r"(?:找到|搜到|搜索到|查到|查询到|查詢到|检索到|檢索到|检索出|搜出|命中|匹配到|筛选出|搜尋到)"
)

_PATTERNS = tuple(
    (rank, lazy_pattern(pattern, re.IGNORECASE))
    for rank, pattern in (
        # 1-20 of 345; Showing 1 to 20 (of 45 products)
        (3, rf"{_RANGE}(?:of|out of|\(of)\s{_ABOUT}{_N}"),
        (
            3,
            rf"(?:显示|顯示|第|showing|结果|結果)\D{{0,6}}{_RANGE}\D{{0,6}}?(?:/|共)\s?{_ABOUT}{_N}",
        ),
        # 共找到 1,234 个; 为您找到相关结果约12个
        (3, rf"{_FOUND}[^\d。！!；;]{{0,16}}?{_ABOUT}{_N}\s?{_UNIT}"),
        # 345 条结果; 搜索结果 (345); 345 results
        (
            3,
            rf"{_N}\s?(?:个|個|件|条|條|项|項|篇)?\s?(?:相关|相關|符合|匹配|搜索|搜尋|的){{0,3}}"
            r"(?:结果|結果|results?\b|matches\b|hits\b)(?!\s?(?:per|/|each|a page))",
        ),
        (3, rf"(?:搜索结果|搜尋結果|查询结果|search results|results?|结果数?)\s?[:：(]\s?{_N}"),
        # 共 16 件; 总计: 16 条
        (
            2,
            rf"(?:共有?|总共|總共|一共|共计|共計|合计|合計|总计|總計|总数|總數)\s?[:：]?\s?{_ABOUT}{_N}\s?{_UNIT}",
        ),
        # 16 products found; There are 16 items; Showing all 9
        (2, rf"{_N}\s?{_THINGS}\s(?:were\s|was\s)?(?:found|in total|match|for\b)"),
        (2, rf"(?:there (?:are|is)|found|showing all|displaying all|total:?)\s{_N}\s?{_THINGS}\b"),
    )
)
_WRITTEN = lazy_pattern(
    rf"((?:{_FOUND}|[共总總合](?:[有共计計数數])?)\s?:?\s?{_ABOUT}近?)"
    rf"([〇零一二两兩三四五六七八九十百千]{{1,9}}万?)(?=\s?[余多几]?\s?(?:{_UNIT}|[页頁]))"
)
"""A number in Chinese writing where a total is stated: 共十六件."""
_SCALED = lazy_pattern(
    r"(?<![\d.,])(\d{1,6}(?:,\d{3})*(?:\.\d{1,4})?)\s?(万|亿|千|[wk]\b|)\s?(余|多|几|以上|\+|)",
    re.IGNORECASE,
)
_SCALES = {"": 1, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_NEARLY = lazy_pattern(r"(?:大?约|近|about|approximately)\s?(?=\d)", re.IGNORECASE)
_LONGER = lazy_pattern(r"(?:超过|over|more than)\s?(?=\d)", re.IGNORECASE)
_ROUND_TO = 10
"""A total that is nearly stated may be smaller by this part of it."""
_PAGES = tuple(
    lazy_pattern(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:共|总计|總計|总|總)\s?{_N}\s?(?:页|頁)",
        rf"(?<![\d/])\d{{1,5}}\s?/\s?{_N}\s?(?:页|頁)",
        rf"\bpage\s\d{{1,5}}\s(?:of|/)\s{_N}",
        rf"\({_N}\spages?\)",
    )
)
_PAGE_SIZE = lazy_pattern(
    rf"[每单][页頁]\s?(?:显示|顯示|展示|最多)?\s?[:：]?\s?{_N}\s?{_UNIT}"
    rf"|{_N}\s?{_UNIT}\s?[/每]\s?[页頁]|{_N}\s{_THINGS}\s(?:per|a) page",
    re.IGNORECASE,
)
_OF_OTHERS = lazy_pattern(
    "评论|評論|评价|評價|回复|回覆|留言|批发|批發|公告|comment|review|repl", re.IGNORECASE
)
"""What has pages of its own beside the results."""
_BARE = lazy_pattern(rf"(\d{{1,4}})\s?/\s?{_N}")
_OTHER = lazy_pattern(
    r"全部商品|全站|本站|本店|店铺|店鋪|店内|全店|网站|網站|平台|库存|庫存|已售|售出|成交|销量|銷量|月销|累计|累計"
    r"|评价|評價|评论|評論|收藏|关注|粉丝|今日|昨日|在线|会员|會員|购物车|購物車|浏览|访问|分类|每页|每頁"
    r"|\b(?:cart|basket|bag|sold|reviews?|followers|in stock|our (?:shop|store)|per page)\b",
    re.IGNORECASE,
)
"""Words before a number that counts something other than the results of the search."""
_NEAR = 10
"""Characters before a number in which such words are looked for."""
_PARTS = lazy_pattern(r"[\n。！!；;|]")


_ROUGHLY = lazy_pattern(
    r"(?:约|大约|近|超过|about|over|approximately|more than)\s*$", re.IGNORECASE
)
_AFTER = lazy_pattern(r"\s?(?:人|次|元|月|字|图|小时|天|评|页|頁)")
_NAMES = frozenset(
    (
        *("total", "totalcount", "totalnum", "totalnumber", "totalresults", "totalitems"),
        *("totalrecords", "totalhits", "numfound", "resultcount", "itemcount", "recordcount"),
    )
)
"""Names of fields, without `_` and `-`, in which JSON answers give the total."""
_PAGE_COUNTS = frozenset(("totalpages", "totalpage", "pagecount", "pagetotal", "maxpage"))
_PAGE_SIZES = ("pagesize", "perpage", "itemsperpage", "pagelimit", "limit", "size")
"""Those of the results that a full page has, the surest first."""
_LARGEST_PAGE = 500
_BEFORE = 12
"""Characters before the size of a page that say of what: 评论 每页20条."""
_LEFT_OUT = frozenset(
    f"{what}{number}"
    for what in ("filtered", "hidden", "removed", "omitted", "suppressed")
    for number in ("count", "num", "items", "total", "results")
)
"""Those of the results that a page leaves out, or of those that remain."""
_ASIDE = lazy_pattern(
    r"cart|facet|filter|aggregat|categor|user|member|seller|brand|recommend|shard|highlight"
)
"""Parts of a JSON answer that count something other than the results."""
_DIGITS = lazy_pattern(r"\d{1,3}(?:,\d{3}){1,3}|\d{1,9}")
_NAMED = lazy_pattern(
    r"(?P<name>(?:[Tt]otal|TOTAL|[Cc]ount|COUNT)[A-Za-z_-]{0,16})[\"']?"
    r"(?:\s{0,2}[:=]\s{0,2}|\s{1,2}value\s?=\s?)[\"']?(?P<number>[0-9]{1,6})(?![0-9.])"
)
_OF_NAMES = f"{ascii_letters}-_"
_LONGEST_NAME = 24
DEEP = 6
"""Levels of a JSON answer in which the total is looked for."""


def stated_total(text: str, shown: int) -> int | None:
    """The number of results that a page's `text` states, in lines; None if it states none.

    `shown` is the number on the page: a smaller number counts something else. The surest wording
    is taken, and of several numbers the smallest, since a larger one may count the whole site.
    Rounded numbers (`约 1000 条`, `1000+`, `3万件`) are left to `stated_at_least`. Linear in the
    length of the text.

    >>> stated_total("共 16 件商品", 12), stated_total("1-20 of 1,345 results", 20)
    (16, 1345)
    >>> stated_total("约 1000 个结果 库存 3 件", 10) is None
    True
    """
    totals = (
        (-rank, number)
        for line in _lines(text)
        for rank, number in _stated(line)
        if number >= max(shown, 1)
    )
    return min(totals, default=(0, None))[1]


def stated_at_least(text: str, shown: int) -> int | None:
    """The fewest results that a page's `text` states in a rounded number; None if it states none.

    What is rounded may be rounded up: a tenth is taken off 约 3000, and half of its last digit off
    1.2万. `shown` and the choice among several numbers are those of `stated_total`.

    >>> stated_at_least("约 3,000 条结果", 20), stated_at_least("共 1.2万 件", 20)
    (2700, 11500)
    >>> stated_at_least("找到 999+ 件", 20), stated_at_least("共 16 件", 12) is None
    (999, True)
    """
    totals = (
        (-rank, number)
        for line in _lines(text)
        for rewritten in [_without_rounding(line)]
        if rewritten != line
        for rank, number in _stated(rewritten)
        if number >= max(shown, 1)
    )
    return min(totals, default=(0, None))[1]


def stated_pages(text: str) -> int:
    """The largest number of pages that `text` states; 0 if none.

    >>> stated_pages("共 56 条记录 第1/3页"), stated_pages("Page 1 of 5"), stated_pages("象牙")
    (3, 5, 0)
    """
    return max(
        (
            _whole(match[1])
            for line in _lines(text)
            for pattern in _PAGES
            for match in pattern.finditer(line)
        ),
        default=0,
    )


def stated_page_size(text: str, shown: int) -> int:
    """The results of a full page, as a page's `text` with `shown` of them states it; else 0.

    A choice of several sizes does not state which one is used.

    >>> stated_page_size("每页显示20条 共 45 条", 13), stated_page_size("24 items per page", 12)
    (20, 24)
    >>> stated_page_size("每页20条 每页40条", 13), stated_page_size("每页10条", 13)
    (0, 0)
    >>> stated_page_size("评论 每页20条", 13), stated_page_size("每页20条（综合 销量 评论数）", 13)
    (0, 20)
    """
    sizes = {
        _whole(next(filter(None, match.groups())))
        for line in _lines(text)
        for match in _PAGE_SIZE.finditer(line)
        if not _OF_OTHERS.search(line, max(0, match.start() - _BEFORE), match.start())
    }
    return next((size for size in sizes if len(sizes) == 1 and shown <= size <= _LARGEST_PAGE), 0)


def pages_beside(text: str, number: int) -> int:
    """The number of pages that a line of `text` alone gives beside the page's own `number`; else 0.

    On the first page a banner's counter looks the same.

    >>> pages_beside("象牙\\n2 / 7\\n1/5", 2), pages_beside("1/5", 1)
    (7, 0)
    """
    found = (_BARE.fullmatch(line) for line in _lines(text)) if number > 1 else ()
    pages = [_whole(match[2]) for match in found if match and int(match[1]) == number]
    return max((each for each in pages if each >= number), default=0)


def named_numbers(text: str) -> dict[str, int]:
    """The numbers of a page's source whose names speak of a total or a count, by name.

    They are in attributes, scripts and hidden fields. A name with several numbers is left out.

    >>> named_numbers('<p data-total="27"></p><script>var pageCount = 3, total=27;</script>')
    {'data-total': 27, 'pagecount': 3, 'total': 27}
    >>> named_numbers('<input name="total" value="27"> {"count": 1} {"count": 2}')
    {'total': 27}
    """
    numbers: dict[str, set[int]] = {}
    for found in _NAMED.finditer(text):
        before = text[max(0, found.start() - _LONGEST_NAME) : found.start()]
        name = before[len(before.rstrip(_OF_NAMES)) :] + found["name"]
        numbers.setdefault(name.lower(), set()).add(int(found["number"]))
    return {name: next(iter(given)) for name, given in numbers.items() if len(given) == 1}


def declared_total(value: Any) -> int | None:
    """The number that a declared selector found, in a text or plain; None if it is none.

    >>> declared_total("[1,234]"), declared_total("1-20 of 345"), declared_total(16)
    (1234, 345, 16)
    """
    if isinstance(value, str):
        total = stated_total(value, 1)
        if total or declared_at_least(value):
            return total
        numbers = _DIGITS.findall(nfkc(value))
        return _whole(numbers[-1]) if numbers else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def declared_at_least(value: Any) -> int | None:
    """The fewest results that a rounded number in a declared text stands for; None if it has none.

    >>> declared_at_least("1.2万"), declared_at_least("999+"), declared_at_least("16")
    (11500, 999, None)
    """
    if not isinstance(value, str):
        return None
    text = " ".join(nfkc(value).split())
    if stated := stated_at_least(text, 1):
        return stated
    rewritten = _without_rounding(text)
    numbers = _DIGITS.findall(rewritten) if rewritten != text else []
    return _whole(numbers[-1]) if numbers else None


def _without_rounding(line: str) -> str:
    """The line with the fewest that each rounded number stands for in its place."""
    nearly = {match.end() for match in _NEARLY.finditer(line)}

    def fewest(match: re.Match[str]) -> str:
        digits, scale, more = match.groups()
        if not (scale or more or match.start() in nearly):
            return match[0]
        unit = _SCALES[scale.lower()]
        number = Decimal(digits.replace(",", ""))
        if scale and not more:
            # Half of the last digit that is shown.
            number -= Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
        whole = int(number * unit)
        return str(whole - whole // _ROUND_TO if match.start() in nearly else whole)

    rewritten = _SCALED.sub(fewest, line)
    return _LONGER.sub("", _NEARLY.sub("", rewritten))


def _lines(text: str) -> Iterator[str]:
    for part in _PARTS.split(nfkc(text)):
        line = _WRITTEN.sub(_in_digits, " ".join(part.split()))
        if any(character.isdigit() for character in line):
            yield line


def _in_digits(match: re.Match[str]) -> str:
    """A number in Chinese writing in digits; one that ends in 百, 千 or 万 is taken for rounded."""
    from cn2an import cn2an

    try:
        number = int(cn2an(match[2].replace("兩", "两").replace("〇", "零"), "smart"))
    except ValueError:
        return match[0]
    said = match.string[match.end() : match.end() + 2].strip()[:1] in ("余", "多", "几")
    rounded = match[2][-1] in "百千万" and not said
    return f"{match[1]}{number}{'多' if rounded else ''}"


def _stated(line: str) -> Iterator[tuple[int, int]]:
    """The numbers of results in a line, each with a rank: how surely it counts them."""
    for rank, pattern in _PATTERNS:
        for match in pattern.finditer(line):
            begins = match.start(1)
            near = re.split(r"\d", line[max(0, match.start() - _NEAR) : match.start()])[-1]
            if _OTHER.search(near + match[0]) or _AFTER.match(line, match.end()):
                continue
            if not _ROUGHLY.search(line, max(0, begins - 16), begins):
                yield rank, _whole(match[1])


def answered_pages(answer: Any) -> int:
    """The number of pages that a JSON `answer` gives outside of its lists; 0 if it has none."""
    numbers = [
        int(value)
        for name, value in values_outside_lists(answer)
        if name in _PAGE_COUNTS and not isinstance(value, bool) and _is_whole(value)
    ]
    return max(numbers, default=0)


def answered_page_size(answer: Any, shown: int) -> int:
    """The results of a full page, as a JSON `answer` with `shown` of them gives it; else 0.

    >>> answered_page_size({"pageSize": "20", "size": 12}, 12), answered_page_size({"size": 9}, 12)
    (20, 0)
    """
    given = {name: value for name, value in values_outside_lists(answer) if name in _PAGE_SIZES}
    value = next((given[name] for name in _PAGE_SIZES if name in given), 0)
    size = int(value) if not isinstance(value, bool) and _is_whole(value) else 0
    return size if max(shown, 1) <= size <= _LARGEST_PAGE else 0


def answered_left_out(answer: Any, shown: int) -> int:
    """The results that a JSON `answer` says it leaves out beside the `shown` ones.

    A number that is not smaller may count those that remain, unless both fit on a page.

    >>> answered_left_out({"filteredCount": 8}, 12), answered_left_out({"filteredCount": 84}, 12)
    (8, 0)
    """
    numbers = [
        int(value)
        for name, value in values_outside_lists(answer)
        if name in _LEFT_OUT and not isinstance(value, bool) and _is_whole(value)
    ]
    number = max(numbers, default=0)
    on_a_page = number + shown <= answered_page_size(answer, shown)
    return number if number < shown or on_a_page else 0


def answered_total(answer: Any, shown: int) -> int | None:
    """The number of results that a JSON `answer` gives outside of its lists; None if it has none.

    >>> answered_total({"data": {"totalCount": "16", "items": [{"total": 99}]}}, 12)
    16
    """
    numbers = [
        int(value)
        for name, value in values_outside_lists(answer)
        if name in _NAMES and not isinstance(value, bool) and _is_whole(value)
    ]
    return min((number for number in numbers if number >= max(shown, 1)), default=None)


def answered_at_least(answer: Any, shown: int) -> int | None:
    """The fewest results that a rounded total of a JSON `answer` stands for; None without one.

    >>> answered_at_least({"total": "999+"}, 12)
    999
    """
    numbers = [
        number
        for name, value in values_outside_lists(answer)
        if name in _NAMES and (number := declared_at_least(value))
    ]
    return min((number for number in numbers if number >= max(shown, 1)), default=None)


def values_outside_lists(answer: Any, depth: int = DEEP) -> Iterator[tuple[str, Any]]:
    """The plain values of a JSON answer, each with its name in lower case without `_` and `-`."""
    if not isinstance(answer, Mapping):
        return
    for name, value in answer.items():
        plain = str(name).lower().replace("_", "").replace("-", "")
        if isinstance(value, Mapping):
            # Elasticsearch answers {"total": {"value": 16}}.
            if plain in _NAMES:
                yield plain, value.get("value")
            elif depth > 1 and not _ASIDE.search(plain):
                yield from values_outside_lists(value, depth - 1)
        elif not isinstance(value, list):
            yield plain, value


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int)


def _whole(text: str) -> int:
    return int(text.replace(",", "").replace("，", ""))
