"""Screening queue: the order in which a person reviews pending advertisements."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildcrawl.items import Advertisement, Relevance, Verdict
from wildcrawl.review.ranking import tagger_score

if TYPE_CHECKING:
    from wildcrawl.review.ranking import Model

RAISED = 0.89
"""Least score of an advertisement that is raised: above the tagger's, below a person's record."""
EVERY = 10
"""Interval of audited advertisements in the queue: every EVERY-th place, while there are any."""


@dataclass(frozen=True)
class Queued:
    """An advertisement in the queue; `audit` if it was set aside and is sampled for the audit."""

    ad: Advertisement
    score: float
    why: str
    audit: bool = False


def queue_order(
    ads: Iterable[Advertisement],
    model: Model | None = None,
    raised: Callable[[Advertisement], str] = lambda _: "",
) -> list[Queued]:
    """The pending ones of `ads` (`Store.pending` has them all), likeliest first.

    They are scored by the model or, without one, by the tagger's strength; ties have the newest
    first. One for which `raised` gives a reason scores at least RAISED. Audited ones are mixed
    in at random and not by score, so that those judged so far are a random sample of all set
    aside.
    """
    waiting: list[Queued] = []
    audited: list[Queued] = []
    for ad in ads:
        if ad.verdict not in ("", Verdict.PENDING):
            continue
        if ad.relevance == Relevance.LIKELY:
            why = raised(ad)
            score = max(_score(ad, model), RAISED) if why else _score(ad, model)
            waiting.append(Queued(ad, score, f"{why}; {ad.reason}" if why else ad.reason))
        elif ad.relevance == Relevance.SET_ASIDE and ad.audit:
            audited.append(Queued(ad, _score(ad, model), f"audit of: {ad.reason}", audit=True))
    waiting.sort(key=lambda queued: (queued.ad.site, queued.ad.ad_id))
    waiting.sort(key=lambda queued: (queued.score, _seen(queued.ad)), reverse=True)
    audited.sort(key=lambda queued: _by_chance(queued.ad))
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
    for place, queued in enumerate(waiting, 1):
        yield queued
        if place % (EVERY - 1) == 0:
            yield from (one for one in [next(sample, None)] if one)
    yield from sample
