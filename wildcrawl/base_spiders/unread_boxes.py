"""Unread boxes: results beside the selected ones that `card` does not select."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from wildcrawl.analysis.links import joined
from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.recommended import touches

if TYPE_CHECKING:
    HtmlElement = Any

ENOUGH = 6
"""Fewest boxes that count as results, and not as chance."""
MANY = 0.2
"""Share of all results that they must reach."""
MOST = 2_000
"""Boxes of a page that are looked at, in the order of the page."""
_NUMBERS = re.compile(r"(?<![0-9a-f])[a-f]*+[0-9][0-9a-f]*+")
"""Hexadecimal digits of which one is decimal; read from their first, so that time is linear."""


class UnreadBoxes:
    """Counts the addresses in boxes beside results, which are never read as a result.

    A box has the parent of a selected result, an address of the same shape, and a text that touches
    the keyword. Advertisements of others and recommended goods seldom have all three.
    """

    def __init__(self) -> None:
        self._read: set[str] = set()
        self._beside: set[str] = set()

    def add(self, cards: Collection[HtmlElement], base: str, phrase: str) -> None:
        """Records a page at the address `base`, with the elements of its results."""
        # Further links of a result lead to its seller, or to the same page.
        own = {address for card in cards for address in islice(_addresses(card, base), 1)}
        self._read |= own
        boxes = list(islice(_siblings(cards), MOST))
        shapes = {_shape(address) for address in own} if boxes else set()
        for box in boxes:
            found = {each for each in _addresses(box, base) if _shape(each) in shapes}
            if len(found) == 1 and touches(phrase, normalise(_text(box)).text):
                self._beside |= found

    def message(self) -> str:
        """A sentence if many results were not read, else ""."""
        unread = self._beside - self._read
        if len(unread) < ENOUGH or len(unread) < MANY * (len(self._read) + len(unread)):
            return ""
        return (
            f"{len(unread)} results beside those read ({len(self._read)}) are not selected by "
            "'card'; fix it, or leave them out on purpose with :not(…)"
        )


def _siblings(cards: Collection[HtmlElement]) -> Iterator[HtmlElement]:
    """The elements beside the cards, of any tag, that neither hold nor are one."""
    known = set(cards)
    parents = {parent for card in cards if (parent := card.getparent()) is not None}
    for parent in parents:
        for box in parent.iterchildren("*"):
            if box not in known and known.isdisjoint(box.iterdescendants()):
                yield box


def _addresses(element: HtmlElement, base: str) -> Iterator[str]:
    for link in element.iter("a"):
        try:
            address = joined(base, (link.get("href") or "").strip()).partition("#")[0]
        except ValueError:
            continue
        if address.startswith(("http://", "https://")):
            yield address


def _shape(address: str) -> tuple[Any, ...]:
    """An address without what differs between pages of one kind: digits and values."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return (address,)
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return (parts.netloc, _NUMBERS.sub("#", parts.path.lower()), *names)


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())[:500]
