"""Retention: advertisements that become counts once they have not been seen for some months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wildcrawl.evidence.retention import months_before, read_months
from wildcrawl.items import Key, Relevance, Verdict
from wildcrawl.review.forgetting import ErasurePlan, plan_of_keys
from wildcrawl.store import Store
from wildcrawl.store.forgotten import is_forgotten

SETTING = "WILDCRAWL_KEEP"
COLUMNS = ("site", "ad_id", "verdict", "relevance", "audit", "last_seen")
_EXAMPLE = "set_aside=12, irrelevant=12, fake=24, old=60"


class RetentionError(ValueError):
    """Raised for a setting that is not of the form `set_aside=12, old=60`."""


class Rule(StrEnum):
    """What an advertisement is kept as: a name in the setting."""

    SET_ASIDE = "set_aside"
    """Set aside by the filter, without a verdict."""
    IRRELEVANT = "irrelevant"
    FAKE = "fake"
    OLD = "old"
    """Any of these, and those judged valid."""


@dataclass
class PastRetention:
    """Advertisements beyond their months, by the rule, and how many wait for a verdict."""

    keys: dict[Key, Rule] = field(default_factory=dict)
    waiting: int = 0
    """Advertisements beyond the months that remain, since a person has to judge them."""

    @property
    def numbers(self) -> Counter[Rule]:
        return Counter(self.keys.values())

    @property
    def plan(self) -> ErasurePlan:
        """All of them remain as counts, so that the numbers of past months do."""
        return plan_of_keys(self.keys)


def read_retention(text: str) -> dict[Rule, int]:
    """Months by rule of the setting WILDCRAWL_KEEP; {} keeps everything.

    RetentionError for a text that is not of this form.

    >>> read_retention("set_aside=12, old = 60")
    {<Rule.SET_ASIDE: 'set_aside'>: 12, <Rule.OLD: 'old'>: 60}
    """
    return read_months(text, Rule, SETTING, "rule", _EXAMPLE, RetentionError)


def due(store: Store, limits: Mapping[Rule, int], now: datetime) -> PastRetention:
    """The advertisements that were last seen before the months in `limits`; StoreError.

    Counted from the last sighting, since one that is still on its site would come back as new.
    """
    found = PastRetention()
    if not limits:
        return found
    earliest = {rule: months_before(now, months) for rule, months in limits.items()}
    for frame in store.frames(columns=COLUMNS):
        for site, ad_id, verdict, relevance, audit, seen in frame.select(COLUMNS).iter_rows():
            if seen is None or is_forgotten(ad_id):
                continue
            past = [rule for rule in _rules(verdict, relevance) if seen < earliest.get(rule, seen)]
            if not past:
                continue
            judged = verdict not in (None, "", Verdict.PENDING)
            if not judged and (relevance != Relevance.SET_ASIDE or audit):
                found.waiting += 1
            else:
                found.keys[site, ad_id] = past[0]
    return found


def _rules(verdict: str | None, relevance: str | None) -> list[Rule]:
    """The rules for an advertisement, its own first."""
    if verdict in (Rule.IRRELEVANT, Rule.FAKE):
        return [Rule(verdict), Rule.OLD]
    if verdict in (None, "", Verdict.PENDING) and relevance == Relevance.SET_ASIDE:
        return [Rule.SET_ASIDE, Rule.OLD]
    return [Rule.OLD]
