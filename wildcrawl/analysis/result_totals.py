"""Totals of search results, as sites state them: `共找到 1,234 件商品`, `1–20 of 345 results`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_NUMBER = r"(?<![\d.,，万亿])(\d{1,3}(?:[,，]\d{3}){1,3}|\d{1,9})(?![\d.,，+＋万亿])"
_STATED = re.compile(
    rf"(?:共|总计|合计|找到|搜到|搜索到|查询到|检索到)[有计到了为\s:：]{{0,6}}(?:相关|符合|匹配)?\s{{0,4}}"
    rf"{_NUMBER}\s{{0,4}}[条條件个個项項款篇](?!月|人|字|图|小时)"
    rf"|{_NUMBER}\s{{1,4}}(?:search\s{{1,4}})?(?:results|products|listings|matches|lots)\b"
    rf"|\bof\s{{1,4}}{_NUMBER}(?:\s{{1,4}}(?:results|products|items|listings|matches|lots))?",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(r"(?:约|大约|近|超过|about|over|approximately|more than)\s*$", re.IGNORECASE)
_NAMES = frozenset(
    (
        *("total", "totalcount", "totalnum", "totalnumber", "totalresults", "totalitems"),
        *("totalrecords", "totalhits", "numfound", "resultcount", "itemcount", "recordcount"),
    )
)
"""Names of fields, without `_` and `-`, in which JSON answers give the total."""
DEEP = 6
"""Levels of a JSON answer in which the total is looked for."""


def stated_total(text: str, shown: int) -> int | None:
    """The number of results that a page's `text` states; None if it states none.

    `shown` is the number on the page: a smaller number counts something else. Of several, the
    smallest is taken, since a larger one may count the whole site. Rounded numbers (`约 1000 条`,
    `1000+`, `3万件`) are not read.

    >>> stated_total("共 16 件商品", 12), stated_total("1-20 of 1,345 results", 20)
    (16, 1345)
    >>> stated_total("约 1000 个结果 库存 3 件", 10) is None
    True
    """
    numbers = [
        _whole(next(filter(None, match.groups())))
        for match in _STATED.finditer(text)
        if not _ROUGHLY.search(text, max(0, match.start() - 14), _start_of_number(match))
    ]
    return min((number for number in numbers if number >= max(shown, 1)), default=None)


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


def values_outside_lists(answer: Any, depth: int = DEEP) -> Iterator[tuple[str, Any]]:
    """The plain values of a JSON answer, each with its name in lower case without `_` and `-`."""
    if not isinstance(answer, Mapping):
        return
    for name, value in answer.items():
        if isinstance(value, Mapping):
            if depth > 1:
                yield from values_outside_lists(value, depth - 1)
        elif not isinstance(value, list):
            yield str(name).lower().replace("_", "").replace("-", ""), value


def _start_of_number(match: re.Match[str]) -> int:
    return max(match.start(group) for group in range(1, (match.re.groups or 0) + 1))


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int)


def _whole(text: str) -> int:
    return int(text.replace(",", "").replace("，", ""))
