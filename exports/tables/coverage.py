"""coverage.csv: monitored sites, keywords and species by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.context import GENERAL
from exports.tables.table import COUNT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


def coverage(data: ReportData) -> Table:
    """Numbers of sites, keywords and species monitored in each month of the period.

    A species is monitored in the months of its keywords; those of the group `general` count as
    keywords but not as a species.
    """
    rows = []
    for month in data.context.months:
        keywords = {
            group.name: sum(keyword.monitored(month) for keyword in group.keywords)
            for group in data.context.groups
        }
        species = sum(bool(number) for name, number in keywords.items() if name != GENERAL)
        rows.append((month, len(data.sites(month)), sum(keywords.values()), species))
    return make_table(
        "coverage", {"month": TEXT, "sites": COUNT, "keywords": COUNT, "species": COUNT}, rows
    )
