"""Numbers in a pager: the page that it marks as the current one, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from wildcrawl.analysis.links import join_address
from wildcrawl.base_spiders.pager import (
    in_carousel,
    in_pager,
    is_off,
    leads_elsewhere,
    leads_to_page,
    page_links,
    text_in,
)

if TYPE_CHECKING:
    from parsel import Selector

_NUMBER = re.compile(r"\W*(\d{1,4})\W*")
_CURRENT = re.compile(
    r"(?:^|[\s_-])(?:current|currentpage|active|cur|curr|on|this|thisclass|thispage|selected|now"
    r"|nowpage|actived|pageon|act)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PLAIN = frozenset(("strong", "span", "b", "em", "i", "font", "li", "label", "u"))
"""Elements that show the number of the current page where the others are links."""
_STATED = re.compile(
    r"第\s?(\d{1,4})\s?[页頁]?\s?/\s?[共总總]?\s?\d{1,5}\s?[页頁]"
    r"|(?<![\d/.])(\d{1,4})\s?/\s?\d{1,5}\s?[页頁]|\bpage\s(\d{1,4})\s(?:of|/)\s\d",
    re.IGNORECASE,
)
_NEXT = frozenset(("下一页", "下一頁", "下页", "下頁", "后页", "next", "nextpage"))
_MARKS = re.compile(r"[\s>»›→]+")
_UNSEEN = frozenset(("option", "script", "style"))
_MOST = 100
"""Links with a number above which they are not those of a pager."""
_LONG = 40
"""Characters of a text from which on it is not the number of a page."""
_MOST_AROUND = 2_000
"""Elements around a pager's links among which the current page is looked for."""
_AROUND = 2
"""Levels above a current page's number within which the links to other pages are."""


@dataclass(frozen=True)
class Pager:
    """What a page says about its place among the pages of its list."""

    current: int | None = None
    """The number that is marked as the current page."""
    links: Mapping[int, int] = field(default_factory=dict)
    """Number shown on a link, to the value that {page} has in the link's address."""
    following: int | None = None
    """The value that {page} has in the address of the link to the next page."""


@dataclass(frozen=True)
class PagePlace:
    """The place of {page} in an address such as `search_url`."""

    path: re.Pattern[str]
    name: str = ""
    """Name of the parameter that holds it; empty: it is in the path."""
    value: re.Pattern[str] | None = None
    fixed: tuple[tuple[str, str], ...] = ()
    """Parameters that are the same in all requests, such as a page size."""

    def number(self, url: str) -> int | None:
        """The value of {page} in an address; None if the address is of another kind."""
        parts = urlsplit(url)
        path = self.path.fullmatch(unquote(parts.path).rstrip("/"))
        pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
        if path is None or not set(self.fixed) <= set(pairs):
            return None
        if self.value is None:
            return int(path[1])
        found = (self.value.fullmatch(value) for name, value in pairs if name == self.name)
        return next((int(match[1]) for match in found if match), None)


@cache
def page_place(template: str) -> PagePlace | None:
    """The place of {page} in an address with {keyword} and {page}; None if it has no {page}.

    >>> page_place("/s?q={keyword}&n=10&start={page}").number("/s?start=20&q=x&n=10")
    20
    >>> page_place("/list-{keyword}-{page}.html").number("https://m.example/list-x-2.html")
    2
    """
    parts = urlsplit(template)
    if "{page}" in parts.path:
        return PagePlace(re.compile(_pattern(parts.path.rstrip("/"))))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    placed = [(name, value) for name, value in pairs if "{page}" in value]
    if len(placed) != 1:
        return None
    name, value = placed[0]
    fixed = tuple(pair for pair in pairs if "{" not in pair[1] and pair[1])
    path = re.compile(_pattern(parts.path.rstrip("/")))
    return PagePlace(path, name, re.compile(_pattern(value)), fixed)


def _pattern(text: str) -> str:
    """A regular expression of a part of an address; the group is {page}."""
    page = "(" + r"\d{1,9}" + ")"
    pieces = re.split(r"(\{\w+\})", text)
    return "".join(
        page if piece == "{page}" else r"[^/]*" if piece[:1] == "{" else re.escape(piece)
        for piece in pieces
    )


def read_pager(page: Selector, address: str, place: PagePlace | None, text: str = "") -> Pager:
    """The pager of a page at `address`; `text`: what the page shows outside of its results."""
    numbered: dict[Any, int] = {}
    links: dict[int, int] = {}
    following = None
    own = place.number(address) if place else None
    for root in page_links(page):
        shown = text_in(root, _LONG)
        number = _number(shown)
        word = _MARKS.sub("", shown).lower()
        is_next = word in _NEXT or "next" in root.get("rel", "").split()
        if (number is None and not is_next) or in_carousel(root):
            continue
        if not leads_elsewhere(root, address):
            numbered |= {root: number} if number is not None and in_pager(root) else {}
            continue
        value = place.number(join_address(address, root.get("href").strip())) if place else None
        if number is not None and (value is not None or in_pager(root) or leads_to_page(root)):
            numbered[root] = number
            if value is not None:
                links.setdefault(number, value)
        elif is_next and value not in (None, own) and not is_off(root):
            following = value
    current = _current(numbered) if len(numbered) <= _MOST else None
    return Pager(current or _stated(text), links, following)


def _current(numbered: Mapping[Any, int]) -> int | None:
    """The number that a pager with these numbered links marks as the current page."""
    marked: set[int] = set()
    plain: set[int] = set()
    for parent in {each for root in numbered for each in _above(root)}:
        own = {number for root, number in numbered.items() if parent in _above(root)}
        for element in islice(parent.iterdescendants(), _MOST_AROUND):
            if not isinstance(element.tag, str) or element.tag in _UNSEEN or len(element) > 2:
                continue
            number = _number(text_in(element, _LONG))
            if number is None or not own & {number - 1, number + 1}:
                continue
            if element.get("aria-current") in ("page", "true") or _CURRENT.search(
                element.get("class", "")
            ):
                marked.add(number)
            elif element.tag in _PLAIN and number not in own:
                plain.add(number)
    for numbers in (marked, plain):
        if numbers:
            return numbers.pop() if len(numbers) == 1 else None
    return None


def _above(element: Any) -> Iterator[Any]:
    for _ in range(_AROUND):
        element = element.getparent()
        if element is None or element.tag in ("body", "html"):
            return
        yield element


def _number(text: str) -> int | None:
    match = _NUMBER.fullmatch(text) if len(text) < _LONG else None
    return int(match[1]) if match else None


def _stated(text: str) -> int | None:
    found = {int(next(filter(None, match.groups()))) for match in _STATED.finditer(text)}
    return found.pop() if len(found) == 1 else None
