"""Removals: the state of each notified advertisement, as rows of removals.csv."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from wildcrawl.months import CHINA
from wildcrawl.review.notices.model import Check, Notified, State, checks, notified
from wildcrawl.store import DocumentStore

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement

Key = tuple[str, str]


class NoticeStore(DocumentStore, Protocol):
    """Part of a Store that removals need: documents and advertisements."""

    def get(self, site: str, ad_id: str) -> Advertisement | None: ...


@dataclass(frozen=True)
class Removal:
    """Numbers of one site's notified advertisements by state; the fields are the table's columns.

    removed + still_up + unknown = notified. An advertisement counts as removed from the recheck
    that did not find it, so the removal itself may have been earlier. Days are days in China:
    notified on the 1st and gone on the 8th counts as removed within 7 days.
    """

    site: str
    notified: int
    removed: int
    removed_within_7_days: int
    removed_within_30_days: int
    still_up: int
    unknown: int


def removals(store: NoticeStore, months: Collection[str] | None = None) -> list[Removal]:
    """A row for each notified site, by name, for the notices of `months` or for all."""
    ads = [ad for ad in notified(store) if months is None or ad.month in months]
    current = _current_checks(store, ads, checks(store))
    sites = sorted({ad.site for ad in ads})
    return [_removal(site, [ad for ad in ads if ad.site == site], current) for site in sites]


def latest_checks(history: Iterable[Check]) -> dict[Key, Check]:
    """The check that decides the state of each advertisement; `history` is oldest first.

    It is the last one not UNKNOWN; of consecutive ones with the same state, the first.
    """
    last: dict[Key, Check] = {}
    for check in history:
        key = (check.site, check.ad_id)
        before = last.get(key)
        again = before is not None and before.state == check.state
        if check.state != State.UNKNOWN and not again:
            last[key] = check
    return last


def _current_checks(
    store: NoticeStore, ads: Iterable[Notified], history: Iterable[Check]
) -> dict[Key, Check]:
    """Latest checks, in which a removed advertisement seen again by a search is up."""
    history = list(history)
    current = latest_checks(history)
    back = []
    for ad in ads:
        key = (ad.site, ad.ad_id)
        if key in current and current[key].state == State.REMOVED:
            recorded = store.get(*key)
            if recorded and recorded.last_seen and recorded.last_seen > current[key].at:
                back.append(Check(*key, recorded.last_seen, State.UP, "seen by a search"))
    if not back:
        return current
    return latest_checks(sorted([*history, *back], key=lambda check: check.at))


def still_to_check(store: NoticeStore, site: str) -> list[Notified]:
    """Notified advertisements of a site that are not known to be removed, oldest first."""
    ads = notified(store, site)
    current = _current_checks(store, ads, checks(store, site))
    return [
        ad
        for ad in ads
        if (check := current.get((ad.site, ad.ad_id))) is None or check.state != State.REMOVED
    ]


def _removal(site: str, ads: list[Notified], current: dict[Key, Check]) -> Removal:
    after: list[int] = []
    up = 0
    for ad in ads:
        check = current.get((ad.site, ad.ad_id))
        if check and check.state == State.REMOVED:
            after.append((_day(check.at) - _day(ad.at)).days)
        elif check:
            up += 1
    return Removal(
        site=site,
        notified=len(ads),
        removed=len(after),
        removed_within_7_days=sum(days <= 7 for days in after),
        removed_within_30_days=sum(days <= 30 for days in after),
        still_up=up,
        unknown=len(ads) - len(after) - up,
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
