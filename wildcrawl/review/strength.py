"""Score of the tagger's match: the order of the queue as long as no model is learned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.items import Strength

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

STRENGTH_SCORES = {
    Strength.NAME: 0.8,
    Strength.BARE: 0.6,
    Strength.SPELLING: 0.5,
    Strength.CODE: 0.4,
    Strength.MARK: 0.4,
}
"""What a match counts, by its strength; a mark counts as a code word does."""
_WITHOUT_MATCH = 0.3
_PERSON = 0.9


def tagger_score(ad: Advertisement) -> float:
    """How sure the tagger is, from 0 to 1: by the match that decides and by what supports it.

    A name counts more than a disguised spelling, that more than a code word; further terms
    and supports add a little, never a whole step. What a person recorded comes first.
    """
    if ad.by_person:
        return _PERSON
    if not ad.strength:
        return _WITHOUT_MATCH
    further = 0.01 * min(4, ad.supports) + 0.01 * min(4, max(0, len(ad.terms) - 1))
    return STRENGTH_SCORES[Strength(ad.strength)] + further
