"""removals.csv: state of the advertisements reported to operators, by site."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table
from wildcrawl.analysis.contacts import hide_in_address

if TYPE_CHECKING:
    from exports.dataset import ReportData


def removals(data: ReportData) -> Table:
    """One row for each site that received notices of the period, by name.

    `reposted` is the number of its removed advertisements that were reposted, on any site; it is
    empty if nothing that came later was compared.
    """
    columns = {
        "site": TEXT,
        "notified": COUNT,
        "removed": COUNT,
        "removed_within_7_days": COUNT,
        "removed_within_30_days": COUNT,
        "still_up": COUNT,
        "unknown": COUNT,
        "not_sent": COUNT,
        "median_days": PERCENT,
        "removed_before_sent": COUNT,
        "not_yet_7_days": COUNT,
        "not_yet_30_days": COUNT,
        "unclear_7_days": COUNT,
        "unclear_30_days": COUNT,
        "reposted": COUNT,
    }
    reposts = data.context.reposts
    by_site = reposts.by_site() if reposts and reposts.known else None
    rows = [
        (*astuple(row), None if by_site is None else by_site.get(row.site, 0))
        for row in data.context.removals
    ]
    return make_table("removals", columns, rows)


def notified(data: ReportData) -> Table:
    """One row for each advertisement reported to an operator, by site: the list behind removals.

    Contacts in addresses are hidden.
    """
    columns = {
        "site": TEXT,
        "ad_id": TEXT,
        "url": TEXT,
        "notice": TEXT,
        "notified": TEXT,
        "sent": TEXT,
        "state": TEXT,
        "checked": TEXT,
        "days": COUNT,
    }
    rows = [
        (
            each.site,
            each.ad_id,
            hide_in_address(each.url),
            each.month,
            f"{each.notified}",
            f"{each.sent or ''}",
            each.state.value,
            f"{each.checked or ''}",
            each.days,
        )
        for each in data.context.outcomes
    ]
    return make_table("notified", columns, rows)
