"""Tally: comparison of the stored advertisements with those planted in the marketplaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wildcrawl.demo.truth import Planted, Reused, findable, reused_photographs
from wildcrawl.items import Advertisement, Key, Relevance, Verdict


@dataclass(frozen=True)
class Tally:
    """Numbers of advertisements; decoys are planted ones that are not relevant."""

    planted: int
    found: int
    decoys: int
    decoys_kept: int
    decoys_set_aside: int
    missed: tuple[Planted, ...]
    wrongly_kept: tuple[Planted, ...]


def tally(truth: Sequence[Planted], stored: Iterable[Advertisement], terms: Sequence[str]) -> Tally:
    """Compares `stored` with `truth`; decoys count only if one of `terms` finds them."""
    stored_ads = {(ad.site, ad.ad_id): ad for ad in stored}
    reachable = [ad for ad in truth if findable(ad, terms)]
    relevant = [ad for ad in truth if ad.relevant]
    decoys = [ad for ad in reachable if not ad.relevant]
    waiting = {key for key, ad in stored_ads.items() if waits(ad)}
    seen = [ad for ad in relevant if ad.key in waiting]
    wrongly_kept = [ad for ad in decoys if ad.key in waiting]
    return Tally(
        planted=len(relevant),
        found=len(seen),
        decoys=len(decoys),
        decoys_kept=len(wrongly_kept),
        decoys_set_aside=sum(ad.key in stored_ads and ad.key not in waiting for ad in decoys),
        missed=tuple(ad for ad in relevant if ad.key not in waiting),
        wrongly_kept=tuple(wrongly_kept),
    )


def waits(ad: Advertisement) -> bool:
    """Whether it is in the screening queue, or was judged valid already."""
    if ad.verdict == Verdict.VALID:
        return True
    return ad.relevance == Relevance.LIKELY and ad.verdict in ("", Verdict.PENDING)


@dataclass(frozen=True)
class ReuseTally:
    """Numbers of reused photographs, and those that were not found."""

    planted: int
    found: int
    missed: tuple[Reused, ...]


def reuse_tally(truth: Sequence[Planted], linked: Iterable[tuple[Key, Key]]) -> ReuseTally:
    """Compares the photographs that advertisements took from others with `linked`.

    `linked` are pairs of advertisements of which a picture shows the same, in either order.
    """
    pairs = {frozenset(pair) for pair in linked}
    planted = reused_photographs(truth)
    missed = tuple(each for each in planted if frozenset((each.ad, each.of)) not in pairs)
    return ReuseTally(len(planted), len(planted) - len(missed), missed)
