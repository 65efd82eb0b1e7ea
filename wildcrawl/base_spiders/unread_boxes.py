"""Unread boxes: results beside the selected ones that `card` does not select."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from wildcrawl.analysis.links import join_address
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

_PARTS = re.compile(r"[/?&=#.]")
LEAST_ID = 3
"""Characters of an id from which on a link that has it is the result's."""


class UnreadBoxes:
    """Counts the addresses in boxes beside results, which are never read as a result.

    A box has the parent of a selected result, an address of the same shape, and a text that touches
    the keyword. Advertisements of others and recommended goods seldom have all three.
    """

    def __init__(self) -> None:
        self._read: set[str] = set()
        self._beside: set[str] = set()
        self._held: set[str] = set()
        self._in_page: set[str] = set()

    def add(self, cards: Collection[HtmlElement], base: str, phrase: str) -> None:
        """Records a page at the address `base`, with the elements of its results."""
        # Further links of a result lead to its seller, or to the same page.
        own = {address for card in cards for address in islice(_addresses(card, base), 1)}
        self._read |= own
        boxes = list(islice(_siblings(cards), MOST))
        shapes = {shape_of(address) for address in own} if boxes else set()
        for box in boxes:
            found = {each for each in _addresses(box, base) if shape_of(each) in shapes}
            if len(found) == 1 and touches(phrase, normalise(_text(box)).text):
                self._beside |= found

    def add_held(self, cards: Collection[HtmlElement], base: str, phrase: str) -> None:
        """Records results that a page at `base` holds where only its script shows them."""
        for card in cards:
            if touches(phrase, normalise(_text(card)).text):
                self._held |= set(islice(_addresses(card, base), 1))

    def add_links(self, page: HtmlElement, base: str, ad_ids: Collection[str], phrase: str) -> None:
        """Records the links of a page at `base` beside the data from which `ad_ids` were read.

        A link of the same shape as those to results, with the keyword, is one that the data lack.
        """
        known = {ad_id for ad_id in ad_ids if len(ad_id) >= LEAST_ID}
        links = [
            (link, *islice(_addresses(link, base), 1)) for link in islice(page.iter("a"), MOST)
        ]
        led = [(link, rest[0]) for link, *rest in links if rest]
        own = {address for _, address in led if known & set(_PARTS.split(address))}
        shapes = {shape_of(address) for address in own}
        self._read |= own
        for link, address in led:
            beside = address not in own and shape_of(address) in shapes
            if beside and touches(phrase, normalise(_text(link)).text):
                self._in_page.add(address)

    def message(self) -> str:
        """A sentence if many results were not read, else ""."""
        for unread, why in (
            (
                self._beside,
                "are not selected by 'card'; fix it, or leave them out on purpose with :not(…)",
            ),
            (
                self._held,
                "are in comments, text areas or templates of the pages, which a script "
                "shows; search the site with BrowserSearchSpider",
            ),
            (
                self._in_page,
                "are in the pages, and not in their data; read the pages' HTML, or the "
                "data that their script loads",
            ),
        ):
            number = len(unread - self._read)
            if number >= ENOUGH and number >= MANY * (len(self._read) + number):
                return f"{number} results beside those read ({len(self._read)}) {why}"
        return ""


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
            address = join_address(base, (link.get("href") or "").strip()).partition("#")[0]
        except ValueError:
            continue
        if address.startswith(("http://", "https://")):
            yield address


def shape_of(address: str) -> tuple[str, ...]:
    """An address without what differs between pages of one kind: digits and values."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return (address,)
    names = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
    return (parts.netloc, _NUMBERS.sub("#", parts.path.lower()), *names)


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())[:500]
