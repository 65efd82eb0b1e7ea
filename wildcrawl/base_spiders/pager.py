"""Pager of a page of results: whether the site itself shows that there is a further page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from wildcrawl.analysis.links import join_address
from wildcrawl.analysis.result_totals import values_outside_lists
from wildcrawl.base_spiders.own_words import HIDDEN_STYLE
from wildcrawl.utils import lazy_pattern

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
# Neither // before a condition nor two paths: libxml2 takes quadratic time for both.
_CONTROLS = (
    "/descendant::*[self::a[@href or @onclick] or self::button or @role='button'"
    " or self::input[@type='submit' or @type='button']]"
)
_MARKS = lazy_pattern(r"[\s>»›→▶.…\-_]+")
_OFF = lazy_pattern(
    r"(?:^|[\s_-])(?:disabled?|inactive|off|gray|grey|unable|nolink|no-?more|no-?next|hide|hidden)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_DEAD = lazy_pattern(
    r"\s*(?:#.*|javascript:[\s;]*(?:void\s*\(?\s*0?\s*\)?)?[\s;]*)?", re.IGNORECASE
)
"""An address that leads nowhere."""
_NUMBERED = lazy_pattern(r"[?&/](?:page\w*|p|pn|pg|start|offset|from)[=/_-]\d", re.IGNORECASE)
_PAGER = lazy_pattern(r"pag(?:e|er|ing|in)|fenye|fanye|\bpg\b|pgt|pgs", re.IGNORECASE)
_CAROUSEL = lazy_pattern(r"slick|swiper|carousel|slide|banner|owl-|gallery", re.IGNORECASE)
MOST_LINKS = 10_000
"""Links of a page that are searched for a pager: its first half and its last half."""
_MOST_PIECES = 1_000
"""Pieces of a text that are put together."""
_LONG = 60
"""Characters of a control's text from which on it names no page."""
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


def shows_next(page: Selector, number: int, address: str = "") -> bool:
    """Whether a page has an active link or button to a next page, or to page `number` + 1.

    A link to the page's own `address` leads to no other.
    """
    for link in _ends(list(_rel_next(page))):
        if leads_elsewhere(link, address) and not is_off(link):
            return True
    following = str(number + 1)
    for root in elements(page, _CONTROLS):
        words = (
            text_in(root, _LONG),
            *(root.get(name, "") for name in ("value", "aria-label", "title")),
        )
        texts = {_MARKS.sub("", word).lower() for word in words if len(word) < _LONG}
        named = bool(texts & _NEXT) and not in_carousel(root)
        numbered = (following in texts or _is_arrow(words[0])) and (
            in_pager(root) or leads_to_page(root)
        )
        if (named or numbered) and leads_elsewhere(root, address) and not is_off(root):
            return True
    return False


def elements(page: Selector, query: str) -> list[Any]:
    """The elements that an XPath `query` selects in a page, at most MOST_LINKS of both ends."""
    if not hasattr(page.root, "xpath"):
        return []
    return _ends(page.root.xpath(query))


def page_links(page: Selector) -> list[Any]:
    """The links of a page that have an address, at most MOST_LINKS of both ends."""
    return _ends(list(_links(page)))


def _links(page: Selector) -> Iterator[Any]:
    # Several times as fast as an XPath query, which looks at every node of the page.
    if hasattr(page.root, "getroottree"):
        found = page.root.getroottree().iter("a")
        yield from (link for link in found if link.get("href") is not None)


def _rel_next(page: Selector) -> Iterator[Any]:
    """The links to a next page by the standard (rel=next)."""
    if hasattr(page.root, "getroottree"):
        for link in page.root.getroottree().iter("link", "a"):
            named = " next " in f" {link.get('rel', '')} "
            if named and link.get("href") is not None:
                yield link


def _ends(found: list[Any]) -> list[Any]:
    half = MOST_LINKS // 2
    return found if len(found) <= MOST_LINKS else [*found[:half], *found[-half:]]


def too_many_links(page: Selector) -> int:
    """The number of links on a page, if some of them are not searched for a pager; else 0."""
    number = sum(1 for _ in _links(page))
    return number if number > MOST_LINKS else 0


def text_in(element: Any, length: int) -> str:
    """The text of an element if it is shorter than `length`, else its beginning of that length.

    Blanks before it are left out.
    """
    text = ""
    pieces: Iterator[str] = islice(element.itertext(), _MOST_PIECES)
    for piece in pieces:
        text += piece if text else piece.lstrip()
        if len(text) >= length:
            return text[:length]
    return text


def answers_next(answer: Any) -> bool:
    """Whether a JSON answer says, outside of its lists, that a further page exists."""
    for name, value in values_outside_lists(answer):
        if name in _YES and value and not (name == "next" and value in ("0", "false")):
            return True
        if name in _NO and value is False:
            return True
    return False


def in_carousel(element: Any) -> bool:
    """Whether an element is part of a slide show."""
    return any(
        _CAROUSEL.search(f"{each.get('class', '')} {each.get('id', '')}")
        for each in _with_ancestors(element, _AROUND + 1)
    )


def leads_to_page(link: Any) -> bool:
    """Whether the address of a link has a page number or an offset."""
    return bool(_NUMBERED.search(link.get("href", "")))


def _is_arrow(text: str) -> bool:
    return text.strip() in (">", ">>", "›", "»", "→")


def leads_elsewhere(element: Any, address: str) -> bool:
    """Whether a control leads to another address, or runs a script."""
    if element.tag not in ("a", "link") or element.get("onclick"):
        return True
    href = element.get("href", "").strip()
    if _DEAD.fullmatch(href):
        return False
    return not address or join_address(address, href) != address


def is_off(element: Any) -> bool:
    """Whether a control is hidden or cannot be used."""
    if element.get("disabled") is not None or element.get("aria-disabled") == "true":
        return True
    around = _with_ancestors(element, _AROUND + 1)
    if any(
        "hidden" in each.attrib or HIDDEN_STYLE.search(each.get("style", "")) for each in around
    ):
        return True
    return any(_OFF.search(each.get("class", "")) for each in _with_ancestors(element, 2))


def in_pager(element: Any) -> bool:
    """Whether a class or id around an element names a pager."""
    return any(
        _PAGER.search(f"{each.get('class', '')} {each.get('id', '')}")
        for each in _with_ancestors(element, _AROUND + 1)
    )


def _with_ancestors(element: Any, number: int) -> list[Any]:
    found = [element]
    while len(found) < number and found[-1].getparent() is not None:
        found.append(found[-1].getparent())
    return found
