"""The screening queue: what a person reads next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildcrawl.items import Advertisement, Relevance, Verdict
from wildcrawl.review.ranking import tagger_score

if TYPE_CHECKING:
    from wildcrawl.review.ranking import Model

EVERY = 10
"""Each so many places one of the audited advertisements, as long as there are any."""


@dataclass(frozen=True)
class Queued:
    """An advertisement in the queue; `audit` if it was set aside and is there as a sample."""

    ad: Advertisement
    score: float
    why: str
    audit: bool = False


def queue_order(ads: Iterable[Advertisement], model: Model | None = None) -> list[Queued]:
    """Those of `ads` that wait for a verdict, the likeliest first; `Store.pending` has them all.

    The model scores them, or without one the tagger's strength; of equals the newest comes
    first. The audited are mixed in by chance and never by score: judged only in part, they are
    still a sample of all that is set aside.
    """
    waiting: list[Queued] = []
    audited: list[Queued] = []
    for ad in ads:
        if ad.verdict not in ("", Verdict.PENDING):
            continue
        if ad.relevance == Relevance.LIKELY:
            waiting.append(Queued(ad, _score(ad, model), ad.reason))
        elif ad.relevance == Relevance.SET_ASIDE and ad.audit:
            audited.append(Queued(ad, _score(ad, model), f"audit of: {ad.reason}", audit=True))
    waiting.sort(key=lambda each: (each.ad.site, each.ad.ad_id))
    waiting.sort(key=lambda each: (each.score, _seen(each.ad)), reverse=True)
    audited.sort(key=lambda each: _by_chance(each.ad))
    return list(_mixed(waiting, audited))


def _score(ad: Advertisement, model: Model | None) -> float:
    return model.score(ad) if model else tagger_score(ad)


def _seen(ad: Advertisement) -> float:
    return ad.first_seen.timestamp() if ad.first_seen else 0.0


def _by_chance(ad: Advertisement) -> bytes:
    name = f"queue\0{ad.site}\0{ad.ad_id}"
    return hashlib.sha256(name.encode("utf-8", "replace")).digest()


def _mixed(waiting: list[Queued], audited: list[Queued]) -> Iterator[Queued]:
    sample = iter(audited)
    for place, each in enumerate(waiting, 1):
        yield each
        if place % (EVERY - 1) == 0:
            yield from (one for one in [next(sample, None)] if one)
    yield from sample
