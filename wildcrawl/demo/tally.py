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
    kept = {key for key, ad in stored_ads.items() if is_kept(ad)}
    seen = [ad for ad in relevant if ad.key in kept]
    wrongly_kept = [ad for ad in decoys if ad.key in kept]
    return Tally(
        planted=len(relevant),
        found=len(seen),
        decoys=len(decoys),
        decoys_kept=len(wrongly_kept),
        decoys_set_aside=sum(ad.key in stored_ads and ad.key not in kept for ad in decoys),
        missed=tuple(ad for ad in relevant if ad.key not in kept),
        wrongly_kept=tuple(wrongly_kept),
    )


def is_kept(ad: Advertisement) -> bool:
    """Whether it is, or was, in the screening queue: what was judged since counts as before."""
    return ad.relevance == Relevance.LIKELY or ad.verdict == Verdict.VALID


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
