"""Comparison of what a crawl stored with the advertisements planted in the marketplaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wildcrawl.demo.truth import Planted, findable
from wildcrawl.items import Advertisement, Relevance, Verdict


@dataclass(frozen=True)
class Tally:
    """Numbers of advertisements; decoys are those that only look like one."""

    planted: int
    found: int
    decoys: int
    decoys_kept: int
    decoys_set_aside: int
    species_right: int
    missed: tuple[Planted, ...]
    wrongly_kept: tuple[Planted, ...]


def tally(truth: Sequence[Planted], stored: Iterable[Advertisement], terms: Sequence[str]) -> Tally:
    """Compares `stored` with `truth`; only what some of `terms` finds on its site can be found."""
    kept = {(ad.site, ad.ad_id): ad for ad in stored}
    reachable = [each for each in truth if findable(each, terms)]
    relevant = [each for each in truth if each.relevant]
    decoys = [each for each in reachable if not each.relevant]
    waiting = {key for key, ad in kept.items() if waits(ad)}
    found = [each for each in relevant if each.key in waiting]
    wrongly_kept = [each for each in decoys if each.key in waiting]
    return Tally(
        planted=len(relevant),
        found=len(found),
        decoys=len(decoys),
        decoys_kept=len(wrongly_kept),
        decoys_set_aside=sum(each.key in kept and each.key not in waiting for each in decoys),
        species_right=sum(kept[each.key].species[:1] == [each.species[0]] for each in found),
        missed=tuple(each for each in relevant if each.key not in waiting),
        wrongly_kept=tuple(wrongly_kept),
    )


def waits(ad: Advertisement) -> bool:
    """Whether an analyst gets to see it, or has judged it valid already."""
    if ad.verdict == Verdict.VALID:
        return True
    return ad.relevance == Relevance.LIKELY and ad.verdict in ("", Verdict.PENDING)
