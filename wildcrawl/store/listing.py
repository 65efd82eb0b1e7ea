"""Listing: what the screening queue and the lists read of an advertisement.

Each store keeps it beside the advertisement, indexed, and writes both together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from wildcrawl.items import QUEUED, Advertisement, Relevance, Strength, Verdict
from wildcrawl.store.documents import clean_surrogates

STRENGTH_SCORES: dict[str, float] = {
    Strength.NAME: 0.8,
    Strength.BARE: 0.6,
    Strength.SPELLING: 0.5,
    Strength.CODE: 0.4,
    Strength.MARK: 0.4,
    Strength.HINT: 0.4,
    Strength.SECOND_READER: 0.4,
}
"""Scores by strength of the match; what follows code words scores as they do."""
_WITHOUT_MATCH = 0.3
_PERSON = 0.9
RAISED = 0.89
"""Least score of an advertisement that is raised: above the tagger's, below a person's record."""
NO_PRICE = -1.0
"""The price in USD of an advertisement without one, for sorting."""
SCORED = (
    "title",
    "description",
    "category",
    "terms",
    "found_by",
    "price_kind",
    "strength",
    "supports",
    "by_person",
)
"""Fields that a score is made from, besides the site."""
TEXTS = ("title", "description", "seller")
"""Fields in which a text is searched."""
WAITING, SET_ASIDE, SECOND_READER = "pending", "set_aside", "second_reader"
JUDGED = (Verdict.VALID.value, Verdict.IRRELEVANT.value, Verdict.FAKE.value)
RULED_OUT = (Relevance.SET_ASIDE.value, Relevance.NONE.value)
"""Relevances with which an advertisement needs no verdict."""
STATUSES = (WAITING, *JUDGED, SET_ASIDE, SECOND_READER)
"""Statuses by which the month and the report count: the verdict, or why there is none."""
GENERAL = "general"
"""The leading species group of an advertisement that names none."""


class QueuePart(StrEnum):
    """The part of the screening queue in which an advertisement waits for a verdict."""

    LIKELY = "likely"
    AUDIT = "audit"
    """Set aside, and sampled for the audit."""
    NONE = ""


def queue_of(verdict: str, relevance: str, audit: bool) -> str:
    """The part of the queue for a verdict, a relevance and whether it is sampled.

    >>> queue_of("pending", "likely", False), queue_of("", "set_aside", True)
    ('likely', 'audit')
    >>> queue_of("valid", "likely", False), queue_of("pending", "set_aside", False)
    ('', '')
    """
    if verdict not in ("", Verdict.PENDING):
        return QueuePart.NONE.value
    if relevance in QUEUED:
        return QueuePart.LIKELY.value
    return (
        QueuePart.AUDIT.value
        if relevance == Relevance.SET_ASIDE and audit
        else QueuePart.NONE.value
    )


def tagger_score(ad: Advertisement) -> float:
    """Confidence of the tagger, from 0 to 1, by its strongest match and supporting words.

    A name scores higher than a disguised spelling, which scores higher than a code word; further
    terms and supports add less than one step. Advertisements recorded by a person score highest.
    """
    return score_of(ad.strength, ad.supports, len(ad.terms), by_person=bool(ad.by_person))


def score_of(strength: str, supports: int, terms: int, *, by_person: bool) -> float:
    """`tagger_score` of the fields it is made from; `terms` is their number."""
    if by_person:
        return _PERSON
    if not strength:
        return _WITHOUT_MATCH
    # Scores are made while rows are written: an unknown strength must not keep them out.
    known = STRENGTH_SCORES.get(strength, min(STRENGTH_SCORES.values()))
    further = 0.01 * min(4, supports) + 0.01 * min(4, max(0, terms - 1))
    return known + further


def chance_of(site: str, ad_id: str) -> int:
    """A number from 0 to 2**62 by which audited advertisements are in random order."""
    name = f"queue\0{site}\0{ad_id}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.sha256(name).digest()[:8], "big") >> 2


def fold(text: str) -> str:
    """`text` as it is compared in a search: without the difference between A and a.

    >>> fold("老象牙 ABC")
    '老象牙 abc'
    """
    return clean_surrogates(text).lower()


def contains(words: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether each of the folded `words` is in one of the `texts`.

    >>> contains(["象牙", "手镯"], ["老象牙", "手镯一只"]), contains(["牙手"], ["老象牙", "手镯"])
    (True, False)
    """
    folded = [fold(text) for text in texts]
    return all(any(word in text for text in folded) for word in words)
