"""Shown values: texts with a highlighted keyword, split prices and lazy pictures, as a page shows.

A site marks the keyword in a title (`老<em>象牙</em>手镯`), of which `a::text` selects all but the
keyword; it writes a price in several elements, and keeps a picture's address for its script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from itertools import islice
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from wildcrawl.analysis.text import clean_text

HtmlElement = Any

_MARKING = frozenset({"em", "mark", "font"})
_BARE = frozenset({"b", "strong", "i", "u"})
TAGS = (*_MARKING, *_BARE, "span")
"""Elements with which sites mark a keyword."""
_MARKED = re.compile(r"high-?_?li?ght|(?:^|[-_ ])(?:hl|key|kw|red|match|hit|search)", re.IGNORECASE)
"""Matches the class of an element that marks a keyword."""
_LABEL = re.compile(r"icon|badge|label|tag|price|sign|num|count|flag|sold|sale", re.IGNORECASE)
"""Matches the class of an element that is something else than a part of the text around it."""
_NAMED_BY = ("class", "id")


def is_highlight(element: HtmlElement) -> bool:
    """Whether an element marks a part of the text around it."""
    tag = element.tag
    if tag not in TAGS:
        return False
    names = " ".join(element.get(name) or "" for name in _NAMED_BY).strip()
    if _LABEL.search(names):
        return False
    if tag in _MARKING or (tag in _BARE and not names):
        return True
    return bool(_MARKED.search(names)) or (
        tag == "span" and "color" in (element.get("style") or "")
    )


_PRICE = re.compile(
    r"\s*+(?:\w{0,4}价格?[:：]?\s*+)?(?:[¥￥$€£]\s*+[\d.,]++\s*+[万wW]?\s*+元?|[\d.,]++\s*+万?[元块])起?\s*+"
)


_PIECES = 6
"""Texts of an element in which a price is looked for."""
_LONGEST = 40


def marks_title(element: HtmlElement) -> bool:
    """Whether an element marks a part of a title: a price in it changes, and the title does not."""
    if not is_highlight(element):
        return False
    text = "".join(islice(element.itertext(), _PIECES))
    return len(text) > _LONGEST or not _PRICE.fullmatch(text)


_MAY_MARK = etree.XPath(
    "boolean(.//em or .//mark or .//font or .//b or .//strong or .//i or .//u"
    " or .//span[@style or contains(@class, 'h') or contains(@class, 'k')"
    " or contains(@class, 'red')])"
)
"""Whether an element holds any that `is_highlight` could accept; fast."""


def has_highlights(root: HtmlElement) -> bool:
    """Whether anything within an element is highlighted."""
    if not _MAY_MARK(root):
        return False
    return any(is_highlight(each) for each in root.iter(*TAGS) if each is not root)


def with_highlights(
    texts: Sequence[Any], root: HtmlElement, marks: Callable[[HtmlElement], bool] = is_highlight
) -> list[list[str]]:
    """Selected texts, each in its parts with the highlighted ones that interrupt it.

    `texts` are lxml's, which know the element they are in; `root` is what they were looked up in.
    Of a highlighted part that is selected alone, nothing around it is added. `marks`: whether an
    element is one.
    """
    places = [_place(text) for text in texts]
    selected = {place[0] for place in places if place}
    pieces: dict[tuple[Any, HtmlElement | None], list[str]] = {}
    starts: dict[HtmlElement, HtmlElement | None] = {}
    for number, (text, place) in enumerate(zip(texts, places, strict=True)):
        if place is None:
            pieces[number, None] = [str(text)]
            continue
        owner, before = _outermost(*place, selected, root, marks)
        while before is not None and before not in starts and marks(before):
            before = before.getprevious()
        before = starts.get(before, before)
        if (owner, before) not in pieces:
            pieces[owner, before] = _run(owner, before, starts, marks)
    return list(pieces.values())


def _place(text: Any) -> tuple[HtmlElement, HtmlElement | None] | None:
    """The element that a text is in, and the child before it; None of an attribute."""
    element = text.getparent()
    if element is None or text.is_attribute:
        return None
    return (element.getparent(), element) if text.is_tail else (element, None)


def _outermost(
    owner: HtmlElement,
    before: HtmlElement | None,
    selected: Collection[HtmlElement],
    root: HtmlElement,
    marks: Callable[[HtmlElement], bool],
) -> tuple[HtmlElement, HtmlElement | None]:
    """The outermost that has a selected text, of the highlights around one and what they mark."""
    found = owner, before
    while owner is not root and marks(owner) and owner.getparent() is not None:
        owner, before = owner.getparent(), owner
        if owner in selected:
            found = owner, before
    return found


def _run(
    owner: HtmlElement,
    before: HtmlElement | None,
    starts: dict[HtmlElement, HtmlElement | None],
    marks: Callable[[HtmlElement], bool],
) -> list[str]:
    """The texts in `owner` after its child `before`, up to the next child that is not a highlight.

    Each highlighted child is entered in `starts` with `before`.
    """
    parts = [owner.text if before is None else before.tail]
    child = next(owner.iterchildren(), None) if before is None else before.getnext()
    while child is not None and marks(child):
        starts[child] = before
        parts += [*child.itertext(), child.tail]
        child = child.getnext()
    return [part for part in parts if part]


def element_text(markup: str) -> str:
    """The text that an element shows, of its markup.

    >>> element_text("<a href='/7'>老<em>象牙</em>手镯</a>")
    '老象牙手镯'
    """
    return clean_text(markup)


_STRUCK = etree.XPath(
    "descendant::*[self::del or self::s or self::strike or contains(@style, 'line-through')]"
)


def has_struck(root: HtmlElement) -> bool:
    """Whether any text with a figure within an element is struck out."""
    return any(map(_has_figure, _STRUCK(root)))


def _has_figure(element: HtmlElement) -> bool:
    return any(map(str.isdigit, "".join(element.itertext())))


def is_struck(text: Any) -> bool:
    """Whether a selected text, which knows its element, has a figure and is struck out."""
    place = _place(text)
    if place is None or not any(map(str.isdigit, text)):
        return False
    return any(map(_strikes, (place[0], *place[0].iterancestors())))


def _strikes(element: HtmlElement) -> bool:
    styled = "line-through" in (element.get("style") or "")
    return styled or element.tag in ("del", "s", "strike")


def unstruck_text(element: HtmlElement) -> str:
    """The text that an element shows, without figures that are struck out."""
    kept = deepcopy(element)
    for struck in [*filter(_has_figure, _STRUCK(kept))]:
        struck.clear(keep_tail=True)
    if _strikes(kept):
        return ""
    return element_text(etree.tostring(kept, encoding="unicode", with_tail=False, method="html"))


def element_address(element: HtmlElement) -> str:
    """The address to which a selected element leads, or its first link; "" if none."""
    own = element.get("href")
    if own is not None:
        return str(own)
    return next((str(link.get("href")) for link in element.iter("a") if link.get("href")), "")


_SIGNS = re.compile(
    r"(?:[¥￥$€£円元圆块:：\s]|RMB|CNY|HKD?|NTD?|TWD|USD?|人民币|价格)*", re.IGNORECASE
)
"""Matches a text that holds nothing but a currency."""


_FOLLOWS = re.compile(r"[.,]\s*(?:\d|$)")
_GOES_ON = re.compile(r"\d[.,]$")


def price_of(pieces: Sequence[str]) -> str:
    """The price in several pieces of text; "" if they hold nothing but a currency.

    >>> price_of(["¥", "3,", "480", ".50"]), price_of(["¥"])
    ('¥ 3,480.50', '')
    """
    if len(pieces) == 1 and any(map(str.isdigit, pieces[0])):
        return pieces[0]
    joined = ""
    for piece in pieces:
        parted = (joined[-1:].isdigit() and _FOLLOWS.match(piece)) or (
            _GOES_ON.search(joined[-2:]) and piece[:1].isdigit()
        )
        joined += piece if parted or not joined else f" {piece}"
    return "" if _SIGNS.fullmatch(joined) else joined


LAZY = (
    *("data-src", "data-original", "data-lazy-src", "data-lazy-img", "data-lazyload", "data-lazy"),
    *("data-ks-lazyload", "data-echo", "data-url", "lazy-src", "original", "_src", "data-srcset"),
    *("srcset", "src"),
)
"""Attributes of a picture that hold its address, the most telling first."""
UNFETCHED = ("data:", "blob:", "javascript:", "about:")
"""Beginnings of addresses that lead to no picture on the site."""
_BETWEEN = re.compile(r"(?<=[wx]),\s*|,\s+")
_DESCRIBED = re.compile(r"\s[\d.]+[wx]\s*(?:,|$)")
_PLACEHOLDER = re.compile(
    r"(?:^|[-_.])(?:(?:blank|spacer|placeholder|loading|loader|lazy(?:load)?|no_?pic|no_?image)"
    r"[-_\d]*\.(?:gif|png|svg|webp|jpe?g)|(?:gr[ae]y|transparent|pixel|1x1|s)\.(?:gif|png|svg))$",
    re.IGNORECASE,
)
"""Matches the file that a page shows until a picture is loaded."""


def _size(candidate: Sequence[str]) -> float:
    """The size of a picture in a srcset, of its address and its descriptor."""
    try:
        return float(candidate[1][:-1])
    except (IndexError, ValueError):
        return 1.0


def picture_in(text: str) -> str:
    """The address of a picture in an attribute: of a srcset the largest; "" for a placeholder.

    >>> picture_in("/a.jpg 1x, /b.jpg 2x"), picture_in("/static/blank.gif")
    ('/b.jpg', '')
    """
    address = text.strip()
    if address.startswith(("<", *UNFETCHED)):
        return ""
    if " " in address and _DESCRIBED.search(address):
        candidates = (each.split() for each in _BETWEEN.split(address) if each.strip())
        address = max(candidates, key=_size)[0]
    name = address.partition("?")[0].rpartition("/")[2]
    return "" if _PLACEHOLDER.search(name) else address


def picture_of(element: HtmlElement) -> list[str]:
    """The addresses of the pictures that an element is, or holds."""
    pictures = [element] if element.tag == "img" else [*element.iter("img")] or [element]
    found = (
        next(filter(None, (picture_in(each.get(name) or "") for name in LAZY)), "")
        for each in pictures
    )
    return [address for address in found if address]
