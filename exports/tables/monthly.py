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
    same; nor has a species of which no keyword was searched. `sites_not_searched` is the number of
    monitored sites that were not searched. `same_sites` counts the sites that were searched in
    every month with a search; it is empty if there are none, or no others.
    """
    by_site, panel = data.count("month", "site"), same_sites(data)
    rows = []
    for month in data.context.months:
        missed, same = len(data.coverage.missed(month)), None
        if panel and not data.is_gap(month):
            same = sum(by_site[month, site] for site in panel)
        rows.append((month, *_numbers(data, month), missed, same))
    columns = {"month": TEXT} | dict.fromkeys(["all", *data.context.species], COUNT)
    columns |= {NOT_SEARCHED: COUNT, SAME_SITES: COUNT}
    return make_table("monthly", columns, rows)


def _numbers(data: ReportData, month: str) -> list[int | None]:
    """Numbers of the month, in all and by species; None where nothing is known."""
    species, counts = data.context.species, data.count("month", "species")
    whole = sum(counts[month, name] for name in species)
    if data.is_gap(month) and not whole:
        return [None] * (1 + len(species))
    unknown = data.unsearched_species(month)
    by_species = [counts[month, name] or (None if name in unknown else 0) for name in species]
    return [whole, *by_species]


def same_sites(data: ReportData) -> frozenset[str]:
    """Sites searched in every month of the period with a search; none if these are all sites."""
    searched = [data.coverage.searched(month) for month in data.covered_months]
    if len(searched) < 2:
        return frozenset()
    always = frozenset.intersection(*searched)
    return always if always != frozenset.union(*searched) else frozenset()
