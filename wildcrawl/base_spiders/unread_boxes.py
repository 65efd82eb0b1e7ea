"""Unread boxes: results beside the selected ones that `card` does not select."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
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
_RECOMMENDED = re.compile(
    r"猜你喜欢|推荐|热[门卖销]|看了又看|also like|recommend|popular", re.IGNORECASE
)
_MOST_PAIRS = 20
"""Parameters of an address that are looked at."""
_OTHERS = re.compile(r"recom|guess|hot|history|viewed|related|similar|aside|side", re.IGNORECASE)
"""Classes of parts of a page that show other goods than its results."""
_FOLDED = re.compile(
    r"同款\D{0,3}(?!1\D)[1-9][0-9]{0,3}|(?<![0-9])(?!1\D)[1-9][0-9]{0,3}\s?[件个家条]\s?(?:同款|卖家|报价|店铺)"
)
"""What a link in a result says of others that are folded into it: 同款3件, 5家店铺."""
_LEVELS = 5
"""What a link is in, up to which a class or a heading tells of it."""
_BEFORE = 3
"""Elements before it that may be its heading."""
_BEGINNING = 20
"""Texts of an element that are looked at for a heading."""
_HEADING = 40
"""Characters of a heading up to which it is one."""
_SELLER = re.compile(r"(?:店铺?|商[家铺]|卖家|馆|阁|轩)[0-9\s]*$")
"""The end of a seller's name."""
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
        self._folded: dict[str, str] = {}
        """Address of each result that stands for further ones, and what says so."""

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
        self._add_within(cards, base, phrase)

    def _add_within(self, cards: Collection[HtmlElement], base: str, phrase: str) -> None:
        """Records the further results that a box links to, or says that it stands for."""
        kinds = _kinds_of(cards)
        for card in cards:
            first, *further = list(card.iter("a")) or [card]
            others = (
                link
                for link in further
                if _kind(link) in kinds and link.get("href") != first.get("href")
            )
            self._beside |= set(_alike(others, base, phrase))
            for link in further:
                if link.text and (said := _FOLDED.search(link.text)):
                    self._folded |= dict.fromkeys(islice(_addresses(card, base), 1), said[0])

    def add_elsewhere(
        self, page: HtmlElement, cards: Collection[HtmlElement], base: str, phrase: str
    ) -> None:
        """Records the links of a page outside of its results' boxes, but to pages of their kind."""
        known = set(cards)
        kinds = _kinds_of(cards)
        links = (
            link
            for link in islice(page.iter("a"), MOST)
            if _kind(link) in kinds
            and known.isdisjoint(link.iterancestors())
            and not _is_recommended(link)
        )
        self._beside |= set(_alike(links, base, phrase))

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
        led = {link: rest[0] for link, *rest in links if rest}
        own = {address for address in led.values() if known & set(_PARTS.split(address))}
        shapes = {(shape_of(each), _place(link)) for link, each in led.items() if each in own}
        self._read |= own
        recommended = False
        for element in page.iter():
            if element not in led:
                recommended = recommended or _is_heading_of_others(element)
                continue
            address, text = led[element], _text(element)
            recommended = recommended and address not in own
            if recommended or address in own or _SELLER.search(text):
                continue
            is_alike = (shape_of(address), _place(element)) in shapes
            if is_alike and touches(phrase, normalise(text).text):
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
                "are in comments, text areas, templates or unclosed tags of the pages, where no "
                "selector finds them; if a browser shows them, use BrowserSearchSpider",
            ),
            (
                self._in_page,
                "are in the pages, and not in their data; read the pages' HTML, or the "
                "data that their script loads",
            ),
        ):
            number = len(self._not_read(unread))
            if number >= ENOUGH and number >= MANY * (len(self._read) + number):
                return f"{number} results beside those read ({len(self._read)}) {why}"
        folded = len(self._folded)
        if folded >= ENOUGH and folded >= MANY * len(self._read):
            return (
                f"{folded} of {len(self._read)} results stand for further ones, which were not "
                f"read ('{next(iter(self._folded.values()))}'); search at the address that unfolds "
                "them"
            )
        return ""

    def _not_read(self, addresses: Collection[str]) -> set[str]:
        """The addresses that were not read, also not without one of their parameters."""
        read = {_parts_of(address) for address in self._read} if addresses else set()
        return {
            address
            for address in set(addresses) - self._read
            for path, pairs in [_parts_of(address)]
            if not any((path, pairs - {pair}) in read for pair in pairs)
        }


def _parts_of(address: str) -> tuple[str, frozenset[str]]:
    """An address without its parameters, and those, such as id=7."""
    path, _, query = address.partition("?")
    return path, frozenset(filter(None, query.split("&")[:_MOST_PAIRS]))


def _place(link: HtmlElement) -> tuple[str, ...]:
    """Tags and classes of a link and of what it is in, by which lists of a page differ."""
    around = (link, *islice(link.iterancestors(), 3))
    return tuple(f"{each.tag} {each.get('class', '')}" for each in around)


def _is_heading_of_others(element: HtmlElement) -> bool:
    """Whether an element begins a list of goods that were not searched for."""
    text = element.text if isinstance(element.tag, str) else ""
    return bool(text) and len(text) <= _HEADING and bool(_RECOMMENDED.search(text))


def _alike(links: Iterable[HtmlElement], base: str, phrase: str) -> Iterator[str]:
    """The addresses of links whose text has a keyword, and is no seller's name."""
    for link in links:
        text = _text(link)
        if touches(phrase, normalise(text).text) and not _SELLER.search(text):
            yield from islice(_addresses(link, base), 1)


def _kind(link: HtmlElement) -> str:
    """The address of a link as it is written, without its digits."""
    return _NUMBERS.sub("#", link.get("href") or "")


def _kinds_of(cards: Collection[HtmlElement]) -> set[str]:
    """The kinds of the first links of boxes, without those to the page itself."""
    kinds = {_kind(link) for card in cards for link in islice(card.iter("a"), 1)}
    return kinds - {"", "#"}


def _is_recommended(link: HtmlElement) -> bool:
    """Whether a link is in a part of a page with goods that were not searched for."""
    for box in islice(link.iterancestors(), _LEVELS):
        named = f"{box.get('class', '')} {box.get('id', '')}"
        headed = any(map(_heads_others, islice(box.itersiblings("*", preceding=True), _BEFORE)))
        if headed or _OTHERS.search(named):
            return True
    return False


def _heads_others(element: HtmlElement) -> bool:
    # Only the first texts: what has more is no heading, and may be a whole page.
    text = "".join(islice(element.itertext(), _BEGINNING)).strip()
    return len(text) <= _HEADING and bool(_RECOMMENDED.search(text))


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
