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
    """Small documents, and when a search last saw an advertisement; a Store is one."""

    def get(self, site: str, ad_id: str) -> Advertisement | None: ...


@dataclass(frozen=True)
class Removal:
    """What became of one site's notified advertisements; the fields are the table's columns.

    removed + still_up + unknown = notified. An advertisement counts as removed from the
    recheck that found it gone, so a removal may have been earlier than it seems. Days are days
    in China: what was notified on the 1st and found gone on the 8th was removed within 7 days.
    """

    site: str
    notified: int
    removed: int
    removed_within_7_days: int
    removed_within_30_days: int
    still_up: int
    unknown: int


def removals(store: NoticeStore, months: Collection[str] | None = None) -> list[Removal]:
    """A row for each site to which notices went, by name; of the notices of `months` or of all."""
    ads = [ad for ad in notified(store) if months is None or ad.month in months]
    standing = _standings_now(store, ads, checks(store))
    sites = sorted({ad.site for ad in ads})
    return [_removal(site, [ad for ad in ads if ad.site == site], standing) for site in sites]


def standings(found: Iterable[Check]) -> dict[Key, Check]:
    """The check that tells how each advertisement stands, of checks oldest first.

    It is the last that proved anything; of several that found it removed, the first.
    """
    last: dict[Key, Check] = {}
    for check in found:
        key = (check.site, check.ad_id)
        before = last.get(key)
        again = before is not None and before.state == check.state
        if check.state != State.UNKNOWN and not again:
            last[key] = check
    return last


def _standings_now(
    store: NoticeStore, ads: Iterable[Notified], found: Iterable[Check]
) -> dict[Key, Check]:
    """The standings, of which a removal no longer holds once a search has seen it again."""
    found = list(found)
    standing = standings(found)
    back = []
    for ad in ads:
        key = (ad.site, ad.ad_id)
        if key in standing and standing[key].state == State.REMOVED:
            recorded = store.get(*key)
            if recorded and recorded.last_seen and recorded.last_seen > standing[key].at:
                back.append(Check(*key, recorded.last_seen, State.UP, "seen by a search"))
    if not back:
        return standing
    return standings(sorted([*found, *back], key=lambda check: check.at))


def still_to_check(store: NoticeStore, site: str) -> list[Notified]:
    """What was notified to the site and, as far as is known, is not removed, oldest first."""
    ads = notified(store, site)
    standing = _standings_now(store, ads, checks(store, site))
    return [
        ad
        for ad in ads
        if (check := standing.get((ad.site, ad.ad_id))) is None or check.state != State.REMOVED
    ]


def _removal(site: str, ads: list[Notified], standing: dict[Key, Check]) -> Removal:
    after: list[int] = []
    up = 0
    for ad in ads:
        check = standing.get((ad.site, ad.ad_id))
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
