"""What the ranking sees of an advertisement: the pieces of its text, and what was read from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wildcrawl.analysis.text import normalise
from wildcrawl.review.strength import tagger_score

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

LONGEST = 1_000
"""Characters of a description that are looked at; what follows is shop talk."""


def features(ad: Advertisement) -> frozenset[str]:
    """The advertisement as a set of marks, each `where:what`.

    Runs of 1 to 3 characters of the title and 2 to 4 of the description, both normalised;
    category, site, terms, keywords, kind of price and the tagger's strength. The seller is left
    out, or the model would learn who is guilty.
    """
    title = normalise(ad.title).text.strip()
    description = normalise(ad.description[:LONGEST]).text.strip()
    marks = {f"title:{each}" for each in _runs(title, 1, 3)}
    marks.update(f"text:{each}" for each in _runs(description, 2, 4))
    marks.update(f"term:{each}" for each in ad.terms)
    marks.update(f"keyword:{each}" for each in ad.found_by)
    marks.update((f"site:{ad.site}", f"category:{ad.category}", f"price:{ad.price_kind}"))
    marks.add(f"strength:{tagger_score(ad):.1f}")
    return frozenset(marks)


def _runs(text: str, shortest: int, longest: int) -> Iterator[str]:
    for size in range(shortest, longest + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]
