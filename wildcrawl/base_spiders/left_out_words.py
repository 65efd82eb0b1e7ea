"""Left-out words: keywords that the results of a page show, and the fields read from it lack."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from wildcrawl.analysis.text import normalise
from wildcrawl.base_spiders.recommended import text_of, touches

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row

    HtmlElement = Any

FEW = 5
"""Results below which it is chance what they lack."""
MANY = 0.5
"""Share of the results that must lack a keyword that they show."""
_LONGEST = 2_000
"""Characters of a result that are compared."""


class LeftOutWords:
    """Counts, on first pages, the results that show their keyword and were read without it."""

    def __init__(self) -> None:
        self.shown = 0
        """Results that show their keyword on the page."""
        self.left_out = 0
        """Those of them in whose title, description and category it is not."""
        self._example = ("", "")

    def add(self, phrase: str, rows: Collection[Row], elements: Iterable[HtmlElement]) -> None:
        """Records a page's rows, and the elements from which they were read."""
        named = sum(touches(phrase, text_of(row)) for row in rows)
        if 2 * named >= len(rows) or not any(text_of(row) for row in rows):
            self.shown += named
            return
        showing = sum(touches(phrase, normalise(_text(each)).text) for each in elements)
        showing = max(min(showing, len(rows)), named)
        self.shown += showing
        self.left_out += showing - named
        if showing > named and not self._example[0]:
            lacking = (row for row in rows if not touches(phrase, text_of(row)))
            self._example = (phrase, str(next(lacking, {}).get("title") or "")[:40])

    def message(self) -> str:
        """A sentence if many results were read without the keyword that they show, else ""."""
        if self.left_out < FEW or self.left_out < MANY * self.shown:
            return ""
        phrase, title = self._example
        return (
            f"{self.left_out} of {self.shown} results show their keyword in a text that was not "
            f"read ('{phrase}' is not in '{title}'); check the selector of title, or declare "
            "description"
        )


def _text(element: HtmlElement) -> str:
    unseen = {text for each in element.iter("script", "style") for text in each.itertext()}
    texts = (text for text in element.itertext() if text not in unseen)
    return "".join(texts)[:_LONGEST]
