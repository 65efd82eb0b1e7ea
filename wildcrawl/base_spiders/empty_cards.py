"""Empty cards: places for results that a page has, and that a script of it would fill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.unread_boxes import ENOUGH, MANY

if TYPE_CHECKING:
    HtmlElement = Any

_UNSEEN = frozenset({"script", "style", "template", "textarea", "noscript"})


class EmptyCards:
    """Counts selected elements that show neither a link nor a text, by their kind.

    The kind is the tag with its first class. Spacers and headings between results have another kind
    than these, or none.
    """

    def __init__(self) -> None:
        self._filled: Counter[str] = Counter()
        self._empty: Counter[str] = Counter()

    def add(self, cards: Iterable[HtmlElement]) -> None:
        """Records the elements that hold the results of a page."""
        for card in cards:
            (self._filled if _shows_anything(card) else self._empty)[_kind(card)] += 1

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
            "they were received, which a script fills; read the site in a browser "
            "(BrowserSearchSpider), or the data that the script loads"
        )


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
