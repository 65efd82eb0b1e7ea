"""Screening queue: the order in which a person reviews pending advertisements.

The store keeps each one's place, so that reading the first ones takes the same time whatever their
number. `refresh` brings the places up to date after verdicts, links or the ranking changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from wildcrawl.review.looking.links import links_of
from wildcrawl.review.looking.raising import raised_because
from wildcrawl.store.listing import tagger_score

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement, Key
    from wildcrawl.review.ranking import Model
    from wildcrawl.store import Store
    from wildcrawl.store.base import Waiting

READ = 100
"""Places read from the store at a time."""
REFRESHED = 1_000
"""Advertisements whose places one reading of the queue brings up to date at most."""
_BATCH = 200
EVERY = 10
"""Interval of audited advertisements in the queue: every EVERY-th place, while there are any."""


@dataclass(frozen=True)
class Queued:
    """An advertisement in the queue; `audit` if it was set aside and is sampled for the audit."""

    ad: Advertisement
    score: float
    why: str
    audit: bool = False


def read_queue(store: Store, model: Model | None = None) -> Iterator[Queued]:
    """Streams the screening queue from the store, likeliest first.

    Scores are those of the model or, without one, of the tagger's strength; ties have the newest
    first. One that is raised, as by a link, scores at least RAISED. Audited ones are mixed in at
    random and not by score, so that those judged so far are a random sample of all set aside.

    Up to REFRESHED places are brought up to date first. READ are read at a time: those judged
    before are left out.
    """
    refresh(store, model, REFRESHED)
    learned = model is not None
    parts = (_places(store, learned=learned, audit=audit) for audit in (False, True))
    for place in _mixed(*parts):
        ad = place.ad
        if place.audit:
            yield Queued(ad, _score(ad, model), f"audit of: {ad.reason}", audit=True)
        else:
            why = f"{place.raised}; {ad.reason}" if place.raised else ad.reason
            yield Queued(ad, place.score, why)


def _places(store: Store, *, learned: bool, audit: bool) -> Iterator[Waiting]:
    after: tuple[float | str, ...] = ()
    while True:
        places = store.waiting(learned=learned, audit=audit, after=after, most=READ)
        yield from places
        if len(places) < READ:
            return
        after = places[-1].after


def refresh(store: Store, model: Model | None = None, most: int | None = None) -> bool:
    """Brings the places of up to `most` advertisements up to date, or of all.

    Looks at changed links, and scores by `model` what has no score of it. True if all are up to
    date afterwards.
    """
    left = most
    while left is None or left > 0:
        number = _refresh_links(store, _BATCH if left is None else min(_BATCH, left))
        if not number and model:
            number = _score_some(store, model, _BATCH if left is None else min(_BATCH, left))
        if not number:
            return True
        left = None if left is None else left - number
    return not store.links_due(1) and not (model and store.unscored(model.name, 1))


def _refresh_links(store: Store, most: int) -> int:
    due = store.links_due(most)
    if not due:
        return 0
    raised = set(store.raised())
    reasons: dict[Key, str] = {}
    for key in due:
        for each in {key, *(link.other for link in links_of(store, key))}:
            ad = store.get(*each)
            why = raised_because(store, ad) if ad else ""
            if why or each in raised:
                reasons[each] = why
    store.save_raised(reasons, done=due)
    return len(due)


def _score_some(store: Store, model: Model, most: int) -> int:
    ads = store.unscored(model.name, most)
    store.save_scores(model.name, {(ad.site, ad.ad_id): model.score(ad) for ad in ads})
    return len(ads)


def _score(ad: Advertisement, model: Model | None) -> float:
    return model.score(ad) if model else tagger_score(ad)


T = TypeVar("T")


def _mixed(waiting: Iterable[T], audited: Iterable[T]) -> Iterator[T]:
    sample = iter(audited)
    for place, queued in enumerate(waiting, 1):
        yield queued
        if place % (EVERY - 1) == 0:
            yield from islice(sample, 1)
    yield from sample
