"""removals.csv: state of the advertisements reported to operators, by site."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table
from wildcrawl.analysis.contacts import hide_in_address

if TYPE_CHECKING:
    from exports.dataset import ReportData


def removals(data: ReportData) -> Table:
    """One row for each site that received notices of the period, by name."""
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
    }
    return make_table("removals", columns, [astuple(row) for row in data.context.removals])


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
