"""monthly.csv: advertisements by month, in all and by species."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.tables.table import COUNT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


def monthly(data: ReportData) -> Table:
    """One row for every month of the period, months without advertisements too."""
    species = data.context.species
    counts = data.count("month", "species")
    rows = []
    for month in data.context.months:
        by_species = [counts[month, name] for name in species]
        rows.append((month, sum(by_species), *by_species))
    return make_table("monthly", {"month": TEXT} | dict.fromkeys(["all", *species], COUNT), rows)
