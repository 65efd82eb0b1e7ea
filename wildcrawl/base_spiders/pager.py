"""Pager of a page of results: whether the site itself shows that there is a further page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from wildcrawl.analysis.result_totals import values_outside_lists

if TYPE_CHECKING:
    from parsel import Selector

_NEXT = frozenset(
    (
        *(
            "下一页",
            "下一頁",
            "下页",
            "下頁",
            "后一页",
            "后页",
            "加载更多",
            "加載更多",
            "点击加载更多",
        ),
        *("next", "nextpage", "nextresults", "loadmore", "showmore", "showmoreresults"),
    )
)
_CONTROLS = (
    "//a[@href or @onclick] | //button | //*[@role='button']"
    " | //input[@type='submit' or @type='button']"
)
_REL_NEXT = "(//link | //a)[contains(concat(' ', @rel, ' '), ' next ')][@href]"
_MARKS = re.compile(r"[\s>»›→▶.…\-_]+")
_OFF = re.compile(r"\b(?:disabled?|is-disabled|inactive|nolink|no-more)\b", re.IGNORECASE)
_PAGER = re.compile(r"pag(?:e|er|ing|in)|fenye|fanye|\bpg\b|pgt|pgs", re.IGNORECASE)
_AROUND = 3
"""Ancestors of a link whose classes show that it belongs to a pager, or is switched off."""
_YES = frozenset(
    (
        *("hasmore", "hasnext", "hasnextpage", "more", "morepages", "next", "nextcursor"),
        *("nexturl", "nextlink", "nexttoken", "nextpagetoken", "nextoffset"),
    )
)
_NO = frozenset(("isend", "isover", "islast", "islastpage", "lastpage", "end", "finished"))
"""Names of JSON fields, without `_` and `-`, that are false while there is more."""


def shows_next(page: Selector, number: int) -> bool:
    """Whether a page has an active link or button to a next page, or to page `number` + 1."""
    if page.xpath(_REL_NEXT):
        return True
    following = str(number + 1)
    for control in page.xpath(_CONTROLS):
        root = control.root
        words = ("".join(root.itertext()), root.get("value", ""), root.get("aria-label", ""))
        texts = {_MARKS.sub("", word).lower() for word in words if len(word) < 60}
        named = texts & _NEXT
        if (named or (following in texts and _in_pager(root))) and not _is_off(root):
            return True
    return False


def answers_next(answer: Any) -> bool:
    """Whether a JSON answer says, outside of its lists, that a further page exists."""
    for name, value in values_outside_lists(answer):
        if name in _YES and value and not (name == "next" and value in ("0", "false")):
            return True
        if name in _NO and value is False:
            return True
    return False


def _is_off(element: Any) -> bool:
    if element.get("disabled") is not None or element.get("aria-disabled") == "true":
        return True
    return any(_OFF.search(each.get("class", "")) for each in _with_ancestors(element, 2))


def _in_pager(element: Any) -> bool:
    return any(
        _PAGER.search(f"{each.get('class', '')} {each.get('id', '')}")
        for each in _with_ancestors(element, _AROUND + 1)
    )


def _with_ancestors(element: Any, number: int) -> list[Any]:
    found = [element]
    while len(found) < number and found[-1].getparent() is not None:
        found.append(found[-1].getparent())
    return found
