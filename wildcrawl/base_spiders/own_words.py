"""Own words of a site: the text of a page outside of its results, its links and its lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    HtmlElement = Any

_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "option", "textarea", "head", "svg", "iframe"}
)
_INLINE = frozenset(
    {"a", "b", "i", "em", "strong", "span", "font", "u", "small", "big", "mark", "label", "sup"}
    | {"bdi", "s", "var", "code", "time", "data", "abbr", "button"}
)
_LISTED = frozenset({"li", "tr", "td", "dl", "dd", "div", "section", "article", "tbody", "table"})
_ALIKE = 3
"""Siblings of one kind that make a list, whose text may be the sellers'."""
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASSES = frozenset(
    {"hide", "hidden", "d-none", "is-hidden", "layui-hide", "ng-hide", "visually-hidden"}
)
_CART = re.compile(r"cart|basket", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """One paragraph; `listed`: it is in a list; `before`: it is before the first result."""

    text: str
    listed: bool
    before: bool
    linked: bool = False


@dataclass(frozen=True)
class Words:
    """The visible paragraphs of a page outside of its results, in the order of the page."""

    blocks: tuple[Block, ...] = ()

    @property
    def own(self) -> str:
        """The paragraphs outside of links and lists, a line each."""
        return "\n".join(each.text for each in self.blocks if not (each.listed or each.linked))

    @property
    def above(self) -> list[str]:
        """The paragraphs outside of links and lists that are before the first result."""
        return [
            each.text for each in self.blocks if each.before and not (each.listed or each.linked)
        ]

    @property
    def unlinked(self) -> str:
        """The paragraphs outside of links, a line each."""
        return "\n".join(each.text for each in self.blocks if not each.linked)

    @property
    def all(self) -> str:
        """All paragraphs, a line each."""
        return "\n".join(each.text for each in self.blocks)


def words_of(page: TextResponse, cards: Iterable[HtmlElement] = ()) -> Words:
    """The words of an HTML page outside of `cards`, its results; linear in the page's length."""
    root = page.selector.root
    if not hasattr(root, "iter"):
        return Words(())
    return _Reader(cards).read(root)


class _Reader:
    """Walks through a page once and collects its paragraphs."""

    def __init__(self, cards: Iterable[HtmlElement]) -> None:
        self.cards: Collection[HtmlElement] = set(cards)
        self.kinds: dict[HtmlElement, Counter[tuple[str, str | None]]] = {}
        self.blocks: list[Block] = []
        self.pieces: dict[bool, list[str]] = {False: [], True: []}
        self.listed = [False]
        self.links = 0
        self.before = True

    def read(self, root: HtmlElement) -> Words:
        # A list of all children would keep an object for each element of a crowded page.
        open_elements = [(root, self._children(root))]
        while open_elements:
            element, children = open_elements[-1]
            child = next(children, None)
            if child is not None:
                open_elements.append((child, self._children(child)))
                continue
            open_elements.pop()
            self._end(element, is_root=element is root)
        self._paragraph()
        return Words(tuple(self.blocks))

    def _children(self, element: HtmlElement) -> Iterator[HtmlElement]:
        """Begins an element; its children, if they are read."""
        return iter(element if self._begin(element) else ())

    def _begin(self, element: HtmlElement) -> bool:
        """Begins an element; returns whether its children are read."""
        listed = self.listed[-1] or self._is_listed(element)
        if element.tag not in _INLINE or listed != self.listed[-1]:
            self._paragraph()
        self.listed.append(listed)
        self.before = self.before and element not in self.cards
        if not self._is_read(element):
            return False
        self.links += element.tag == "a"
        self._add(element.text)
        return True

    def _end(self, element: HtmlElement, *, is_root: bool) -> None:
        self.links -= element.tag == "a" and self._is_read(element)
        if element.tag not in _INLINE or self.listed[-1] != self.listed[-2]:
            self._paragraph()
        self.listed.pop()
        if not is_root:
            self._add(element.tail)

    def _is_read(self, element: HtmlElement) -> bool:
        """Whether an element is shown, and is not a result."""
        return (
            isinstance(element.tag, str)
            and element.tag not in _UNSEEN
            and element not in self.cards
            and not _is_hidden(element)
        )

    def _add(self, text: str | None) -> None:
        if not text:
            return
        pieces = self.pieces[self.links > 0]
        if pieces and pieces[-1][-1:].isalnum() and text[0].isalnum():
            last, first = pieces[-1][-1], text[0]
            if last.isascii() and first.isascii():
                pieces.append(" ")
        pieces.append(text)

    def _paragraph(self) -> None:
        for linked, pieces in self.pieces.items():
            text = " ".join("".join(pieces).split())
            if text:
                self.blocks.append(Block(text, self.listed[-1], self.before, linked))
            pieces.clear()

    def _is_listed(self, element: HtmlElement) -> bool:
        """Whether an element has siblings of its kind, counted once per parent."""
        parent = element.getparent()
        if parent is None or element.tag not in _LISTED:
            return False
        if parent not in self.kinds:
            self.kinds[parent] = Counter(
                (child.tag, child.get("class")) for child in parent if child.tag in _LISTED
            )
        return self.kinds[parent][element.tag, element.get("class")] >= _ALIKE


def _is_hidden(element: HtmlElement) -> bool:
    """Whether an element is not shown, or is the visitor's cart."""
    if "hidden" in element.attrib or HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    names = (element.get("class") or "").split()
    if not _HIDDEN_CLASSES.isdisjoint(names):
        return True
    return element.tag == "div" and bool(
        _CART.search(" ".join(names)) or _CART.search(element.get("id") or "")
    )
