"""What became of notified advertisements: the rows of removals.csv."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from wildcrawl.notices.keeping import checks, notified
from wildcrawl.notices.model import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from wildcrawl.notices.keeping import Keeper
    from wildcrawl.notices.model import Check, Notified

Key = tuple[str, str]


@dataclass(frozen=True)
class Removal:
    """What became of one site's notified advertisements; the fields are the table's columns.

    removed + still_up + unknown = notified. An advertisement counts as removed from the
    recheck that found it gone, so a removal may have been earlier than it seems.
    """

    site: str
    notified: int
    removed: int
    removed_within_7_days: int
    removed_within_30_days: int
    still_up: int
    unknown: int


def removals(store: Keeper, months: Collection[str] | None = None) -> list[Removal]:
    """A row for each site to which notices went, by name; of the notices of `months` or of all."""
    ads = [ad for ad in notified(store) if months is None or ad.month in months]
    standing = standings(checks(store))
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


def still_to_check(store: Keeper, site: str) -> list[Notified]:
    """What was notified to the site and has not been found removed, oldest first."""
    standing = standings(checks(store, site))
    return [
        ad
        for ad in notified(store, site)
        if (check := standing.get((ad.site, ad.ad_id))) is None or check.state != State.REMOVED
    ]


def _removal(site: str, ads: list[Notified], standing: dict[Key, Check]) -> Removal:
    after: list[timedelta] = []
    up = 0
    for ad in ads:
        check = standing.get((ad.site, ad.ad_id))
        if check and check.state == State.REMOVED:
            after.append(check.at - ad.at)
        elif check:
            up += 1
    return Removal(
        site=site,
        notified=len(ads),
        removed=len(after),
        removed_within_7_days=sum(each <= timedelta(days=7) for each in after),
        removed_within_30_days=sum(each <= timedelta(days=30) for each in after),
        still_up=up,
        unknown=len(ads) - len(after) - up,
    )
