"""removals.csv: state of the advertisements reported to operators, by site."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from exports.tables.table import COUNT, TEXT, Table, make_table

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
    }
    return make_table("removals", columns, [astuple(row) for row in data.context.removals])
