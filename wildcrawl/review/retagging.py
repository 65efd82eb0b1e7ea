"""Retagging: the tags of advertisements on record after the rules changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.apply import tag_again
from wildcrawl.items import Advertisement, Key, Relevance, Verdict
from wildcrawl.store import OtherRules, Store
from wildcrawl.store.documents import moment
from wildcrawl.store.forgotten import is_forgotten
from wildcrawl.store.identity import keep_waiting
from wildcrawl.store.tags import FIELD, TAGS, note_tags, stays_raised

BATCH = 200
"""Advertisements retagged in one transaction."""
SAMPLE = 10
"""Changed advertisements that are kept to be shown."""


@dataclass(frozen=True)
class Retag:
    """One advertisement whose tags change: before, and after."""

    before: Advertisement
    after: Advertisement

    @property
    def changed(self) -> str:
        """The tags that change, as the history has them; "" if none does."""
        if len(self.after.history) == len(self.before.history):
            return ""
        change = self.after.history[-1]
        return f"{change.old} → {change.new}" if change.field == FIELD else ""


@dataclass
class Retagged:
    """Result of retagging: counts before and after, and a sample of what changed.

    `species` counts likely advertisements by primary group, `relevance` and `strength` all.
    """

    read: int = 0
    changed: int = 0
    species: tuple[Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    relevance: tuple[Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    strength: tuple[Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    sample: list[Retag] = field(default_factory=list)

    def add(self, one: Retag) -> None:
        """Counts one advertisement."""
        self.read += 1
        for place, ad in enumerate((one.before, one.after)):
            if ad.relevance == Relevance.LIKELY:
                self.species[place][ad.species[0] if ad.species else "none"] += 1
            self.relevance[place][ad.relevance or "not tagged"] += 1
            self.strength[place][ad.strength or "none"] += 1
        if one.changed:
            self.changed += 1
            if len(self.sample) < SAMPLE:
                self.sample.append(one)


def retag(store: Store, tagger: Tagger, at: datetime, *, write: bool) -> Retagged:
    """Tags again, by the rules of `tagger`, what other rules tagged and no person decided.

    Advertisements with a verdict and values given by a person stay. The old tags go to the
    history at the moment `at`. Without `write` nothing is stored. Stopped half-way, it can be
    repeated. StoreError if the store is unavailable.
    """
    result = Retagged()
    at = moment(at, "the moment of retagging:")
    for batch in _batches(store.tagged_otherwise(tagger.fingerprint)):
        done: dict[Key, Retag] = {}

        def change(ad: Advertisement, done: dict[Key, Retag] = done) -> None:
            before = copy(ad)
            if _retag(ad, tagger, at):
                done[ad.site, ad.ad_id] = Retag(before, copy(ad))

        if write:
            store.revise([(ad.site, ad.ad_id) for ad in batch], change)
        else:
            for ad in batch:
                change(ad)
        for one in done.values():
            result.add(one)
    return result


def _retag(ad: Advertisement, tagger: Tagger, at: datetime) -> bool:
    """Retags one advertisement; False if it was judged or retagged meanwhile."""
    if ad.verdict not in ("", Verdict.PENDING) or ad.rules == tagger.fingerprint:
        return False
    if is_forgotten(ad.ad_id):
        # Without its texts it keeps the tags that it is counted by.
        ad.rules = tagger.fingerprint
        return True
    before = copy(ad)
    tag_again(ad, tagger)
    if stays_raised(before, ad):
        for name in TAGS:
            setattr(ad, name, getattr(before, name))
    keep_waiting(ad)
    note_tags(before, ad, at)
    return True


def _batches(ads: Iterable[Advertisement]) -> Iterator[Sequence[Advertisement]]:
    rows = iter(ads)
    while batch := list(islice(rows, BATCH)):
        yield batch


def rules_sentence(others: OtherRules) -> str:
    """A sentence on advertisements that other rules tagged; "" if there are none."""
    total = others.open + others.judged
    if not total:
        return ""
    parts = []
    if others.open:
        parts.append(
            f"{others.open:,} without a verdict ('scrapy retag --dry-run' shows what would change)"
        )
    if others.judged:
        parts.append(f"{others.judged:,} judged, which keep their tags")
    return (
        "Advertisements on record that were tagged by other rules than those of the vocabulary: "
        f"{total:,}; {', '.join(parts)}."
    )
