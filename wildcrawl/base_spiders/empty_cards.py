"""Empty cards: places for results that a page has, and that only a script or an account fills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.unread_boxes import ENOUGH, MANY

if TYPE_CHECKING:
    HtmlElement = Any

ALIKE = 3
"""Elements of one page with the same link and text from which on they show no results."""
_UNSEEN = frozenset({"script", "style", "template", "textarea", "noscript"})


class EmptyCards:
    """Counts selected elements that show neither a link nor a text, or all the same, by their kind.

    The kind is the tag with its first class. Spacers and headings between results have another kind
    than these, or none.
    """

    def __init__(self) -> None:
        self._filled: Counter[str] = Counter()
        self._empty: Counter[str] = Counter()

    def add(self, cards: Iterable[HtmlElement]) -> None:
        """Records the elements that hold the results of a page."""
        cards = list(cards)
        filled = [card for card in cards if _shows_anything(card)]
        alike = _alike(filled)
        own = {card for card in filled if card not in alike}
        if not any(map(_link, own)):
            own = set(filled)
        self._filled.update(map(_kind, own))
        self._empty.update(_kind(card) for card in cards if card not in own)

    def message(self) -> str:
        """A sentence if many places for results are empty, else ""."""
        some = self._filled or self._empty
        usual = next(iter(some.most_common(1)), ("", 0))[0]
        filled = self._filled[usual]
        empty = self._empty[usual] if "." in usual else 0
        if empty < ENOUGH or empty < MANY * (empty + filled):
            return ""
        return (
            f"{empty} of {empty + filled} results are empty places ('{usual}') in the pages as "
            "they were received, or all alike, which a script or a login fills; read the site in a "
            "browser (BrowserSearchSpider), or the data that the script loads"
        )


def _alike(cards: Iterable[HtmlElement]) -> set[HtmlElement]:
    """The cards that have link and text in common with others, such as one to a login."""
    linked: dict[str, list[HtmlElement]] = {}
    for card in cards:
        if link := _link(card):
            linked.setdefault(link, []).append(card)
    alike: dict[tuple[str, str], list[HtmlElement]] = {}
    for link, some in linked.items():
        for card in some if len(some) >= ALIKE else ():
            alike.setdefault((link, "".join(card.itertext()).strip()), []).append(card)
    return {card for some in alike.values() if len(some) >= ALIKE for card in some}


def _link(card: HtmlElement) -> str:
    """Where the links of a card lead, its seller's first or last; "" if a script leads there."""
    links = (each.get("href") or "" for each in card.iter("a"))
    return " ".join(link for link in links if not link.startswith(("#", "javascript:")))


def _kind(card: HtmlElement) -> str:
    names = (card.get("class") or "").split()
    return f"{card.tag}.{names[0]}" if names else str(card.tag)


def _shows_anything(card: HtmlElement) -> bool:
    if any(link.get("href") for link in card.iter("a")):
        return True
    for element in card.iter():
        is_seen = isinstance(element.tag, str) and element.tag not in _UNSEEN
        texts = (element.text if is_seen else "", "" if element is card else element.tail)
        if any(text and not text.isspace() for text in texts):
            return True
    return False
