"""Removals: the state of each notified advertisement, as rows of removals.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Protocol

from wildcrawl.items import Advertisement, Key
from wildcrawl.months import CHINA
from wildcrawl.review.notices.letters import letters, sent_days
from wildcrawl.review.notices.model import Notified, Recheck, State, checks, notified
from wildcrawl.store import DocumentStore
from wildcrawl.store.forgotten import is_forgotten


class NoticeStore(DocumentStore, Protocol):
    """Part of a Store that removals need: documents and advertisements."""

    def get(self, site: str, ad_id: str) -> Advertisement | None: ...


@dataclass(frozen=True)
class Removal:
    """Numbers of one site's notified advertisements by state; the fields are the table's columns.

    removed + still_up + unknown = notified. An advertisement counts as removed from the recheck
    that did not find it, so the removal itself may have been earlier. Days are days in China from
    the day on which the letter was sent: sent on the 1st and gone on the 8th counts as removed
    within 7 days. `not_sent` are those whose letter is not marked as sent, which are in no number
    of days; `median_days` is of those removed on or after that day, None if there are none.

    For each term, notified = not_sent + removed_before_sent + removed within + not yet over +
    unclear + those that a recheck found up after it; see `TermState`.
    """

    site: str
    notified: int
    removed: int
    removed_within_7_days: int
    removed_within_30_days: int
    still_up: int
    unknown: int
    not_sent: int = 0
    median_days: Decimal | None = None
    removed_before_sent: int = 0
    not_yet_7_days: int = 0
    not_yet_30_days: int = 0
    unclear_7_days: int = 0
    unclear_30_days: int = 0


class TermState(StrEnum):
    """What is known of an advertisement when a number of days after the letter have passed."""

    NOT_SENT = "not_sent"
    BEFORE = "before"
    """Found removed before the letter was sent."""
    WITHIN = "within"
    """Found removed by the last day of the term."""
    NOT_YET = "not_yet"
    """The term is not over, and it was not found removed."""
    AFTER = "after"
    """A recheck on the last day of the term or later found it up."""
    UNCLEAR = "unclear"
    """No recheck tells: it was not rechecked, or removed at some time since the last one."""


@dataclass(frozen=True)
class RemovalOutcome:
    """A notified advertisement and how the last recheck found it; see `Removal` for the days.

    `sent` is the first day of the clock, None if its letter is not marked as sent; `checked` is
    the day of the recheck that decides the state, and `days` those between. `up` is the last day
    on which a recheck or a search found it, before it was removed.
    """

    site: str
    ad_id: str
    url: str
    month: str
    notified: date
    sent: date | None
    state: State
    checked: date | None
    days: int | None
    up: date | None = None

    def after(self, days: int, today: date | None = None) -> TermState:
        """What is known of it `days` after its letter; without `today` every term is over."""
        if self.sent is None:
            return TermState.NOT_SENT
        if self.days is not None and self.days <= days:
            return TermState.WITHIN if self.days >= 0 else TermState.BEFORE
        if today is not None and (today - self.sent).days <= days:
            return TermState.NOT_YET
        found_up = self.up is not None and (self.up - self.sent).days >= days
        return TermState.AFTER if found_up else TermState.UNCLEAR


def removals(
    store: NoticeStore, months: Collection[str] | None = None, today: date | None = None
) -> list[Removal]:
    """A row for each notified site, by name, for the notices of `months` or for all."""
    return removals_of(outcomes(store, months), today)


def removals_of(found: Sequence[RemovalOutcome], today: date | None = None) -> list[Removal]:
    """A row for each site of the outcomes, by name; without `today` every term is over."""
    sites = sorted({outcome.site for outcome in found})
    return [_removal(site, [each for each in found if each.site == site], today) for site in sites]


def outcomes(store: NoticeStore, months: Collection[str] | None = None) -> list[RemovalOutcome]:
    """The notified advertisements of the notices of `months` or of all, by site and moment."""
    ads = [ad for ad in notified(store) if months is None or ad.month in months]
    history = _with_sightings(store, ads, checks(store))
    current = latest_checks(history)
    up = _last_up(history, current)
    written = letters(store)
    sent, lettered = sent_days(written), {(letter.site, letter.month) for letter in written}
    found = []
    for ad in ads:
        key = (ad.site, ad.ad_id)
        # Notices from before letters were recorded were sent on the day on which they were written.
        legacy = None if (ad.site, ad.month) in lettered else _day(ad.at)
        found.append(_outcome(ad, current.get(key), sent.get(key, legacy), up.get(key)))
    return sorted(found, key=lambda outcome: outcome.site)


def _last_up(history: Iterable[Recheck], current: Mapping[Key, Recheck]) -> dict[Key, date]:
    """The last day on which each was found up, until the check that decides its state."""
    days: dict[Key, date] = {}
    for check in history:
        key = (check.site, check.ad_id)
        decided = current.get(key)
        removed = decided is not None and decided.state == State.REMOVED
        if check.state == State.UP and not (removed and decided and check.at > decided.at):
            days[key] = _day(check.at)
    return days


def _outcome(
    ad: Notified, check: Recheck | None, start: date | None, up: date | None = None
) -> RemovalOutcome:
    state = check.state if check else State.UNKNOWN
    checked = _day(check.at) if check else None
    days = (checked - start).days if checked and start and state == State.REMOVED else None
    at = _day(ad.at)
    return RemovalOutcome(ad.site, ad.ad_id, ad.url, ad.month, at, start, state, checked, days, up)


def latest_checks(history: Iterable[Recheck]) -> dict[Key, Recheck]:
    """The check that decides the state of each advertisement; `history` is oldest first.

    It is the last one not UNKNOWN; of consecutive ones with the same state, the first.
    """
    last: dict[Key, Recheck] = {}
    for check in history:
        key = (check.site, check.ad_id)
        before = last.get(key)
        again = before is not None and before.state == check.state
        if check.state != State.UNKNOWN and not again:
            last[key] = check
    return last


def _with_sightings(
    store: NoticeStore, ads: Iterable[Notified], history: Iterable[Recheck]
) -> list[Recheck]:
    """The checks, oldest first, in which a removed advertisement seen again by a search is up."""
    history = list(history)
    current = latest_checks(history)
    back = []
    for ad in ads:
        key = (ad.site, ad.ad_id)
        if key in current and current[key].state == State.REMOVED:
            recorded = store.get(*key)
            if recorded and recorded.last_seen and recorded.last_seen > current[key].at:
                back.append(Recheck(*key, recorded.last_seen, State.UP, "seen by a search"))
    return sorted([*history, *back], key=lambda check: check.at) if back else history


def still_to_check(store: NoticeStore, site: str) -> list[Notified]:
    """Notified advertisements of a site that are not known to be removed, oldest first.

    Forgotten ones have no address, and cannot be checked.
    """
    ads = notified(store, site)
    current = latest_checks(_with_sightings(store, ads, checks(store, site)))
    return [
        ad
        for ad in ads
        if not is_forgotten(ad.ad_id)
        and ((check := current.get((ad.site, ad.ad_id))) is None or check.state != State.REMOVED)
    ]


def _removal(site: str, found: Sequence[RemovalOutcome], today: date | None) -> Removal:
    week, month = (Counter(each.after(days, today) for each in found) for days in (7, 30))
    states = Counter(outcome.state for outcome in found)
    after = [each.days for each in found if each.days is not None and each.days >= 0]
    return Removal(
        site=site,
        notified=len(found),
        removed=states[State.REMOVED],
        removed_within_7_days=week[TermState.WITHIN],
        removed_within_30_days=month[TermState.WITHIN],
        still_up=states[State.UP],
        unknown=states[State.UNKNOWN],
        not_sent=week[TermState.NOT_SENT],
        median_days=_median(after),
        removed_before_sent=week[TermState.BEFORE],
        not_yet_7_days=week[TermState.NOT_YET],
        not_yet_30_days=month[TermState.NOT_YET],
        unclear_7_days=week[TermState.UNCLEAR],
        unclear_30_days=month[TermState.UNCLEAR],
    )


def _median(days: Sequence[int]) -> Decimal | None:
    """The median to one decimal, which a half always fits."""
    return Decimal(str(median(days))).quantize(Decimal("0.1")) if days else None


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
