"""monthly.csv: advertisements by month, in all and by species."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.tables.table import COUNT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


NOT_SEARCHED, SAME_SITES = "sites_not_searched", "same_sites"
"""The last columns of the table, after the species."""


def monthly(data: ReportData) -> Table:
    """One row for every month of the period, months without advertisements too.

    A month in which no site was searched has no numbers, unless records of it were kept all the
    same. `sites_not_searched` is the number of monitored sites that were not searched.
    `same_sites` counts the sites that were searched in every month with a search; it is empty if
    there are none, or no others.
    """
    species = data.context.species
    counts, by_site = data.count("month", "species"), data.count("month", "site")
    panel = same_sites(data)
    rows = []
    for month in data.context.months:
        by_species = [counts[month, name] for name in species]
        numbers: list[int | None] = [sum(by_species), *by_species]
        gap = data.is_gap(month)
        if gap and not numbers[0]:
            numbers = [None] * len(numbers)
        same = sum(by_site[month, site] for site in panel) if panel and not gap else None
        rows.append((month, *numbers, len(data.coverage.missed(month)), same))
    columns = {"month": TEXT} | dict.fromkeys(["all", *species], COUNT)
    columns |= {NOT_SEARCHED: COUNT, SAME_SITES: COUNT}
    return make_table("monthly", columns, rows)


def same_sites(data: ReportData) -> frozenset[str]:
    """Sites searched in every month of the period with a search; none if these are all sites."""
    searched = [data.coverage.searched(month) for month in data.covered_months]
    if len(searched) < 2:
        return frozenset()
    always = frozenset.intersection(*searched)
    return always if always != frozenset.union(*searched) else frozenset()
