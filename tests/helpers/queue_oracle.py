"""Queue oracle: the order of the screening queue by sorting all advertisements, in few lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wildcrawl.items import Advertisement
from wildcrawl.review.queue import EVERY, Queued
from wildcrawl.review.ranking import Model
from wildcrawl.store.listing import RAISED, chance_of, tagger_score


def queue_order(
    ads: Iterable[Advertisement],
    model: Model | None = None,
    raised: Callable[[Advertisement], str] = lambda _: "",
) -> list[Queued]:
    """The pending ones of `ads`, likeliest first, with the audited ones at every EVERY-th place."""
    waiting: list[Queued] = []
    audited: list[Queued] = []
    for ad in ads:
        score = model.score(ad) if model else tagger_score(ad)
        if ad.verdict not in ("", "pending"):
            continue
        if ad.relevance in ("likely", "second_reader"):
            why = raised(ad)
            said = f"{why}; {ad.reason}" if why else ad.reason
            waiting.append(Queued(ad, max(score, RAISED) if why else score, said))
        elif ad.relevance == "set_aside" and ad.audit:
            audited.append(Queued(ad, score, f"audit of: {ad.reason}", audit=True))
    waiting.sort(key=lambda queued: (queued.ad.site, queued.ad.ad_id))
    waiting.sort(key=lambda queued: (queued.score, _seen(queued.ad)), reverse=True)
    audited.sort(key=lambda queued: _by_chance(queued.ad))
    order: list[Queued] = []
    while waiting or audited:
        full = len(order) % EVERY == EVERY - 1
        order.append((audited if audited and (full or not waiting) else waiting).pop(0))
    return order


def _seen(ad: Advertisement) -> float:
    return ad.first_seen.timestamp() if ad.first_seen else 0.0


def _by_chance(ad: Advertisement) -> tuple[int, str, str]:
    return chance_of(ad.site, ad.ad_id), ad.site, ad.ad_id
