"""comparable.csv and comparable_searches.csv: the months on a fixed set of sites and keywords."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from exports.comparable import comparable_series, fixed_set
from exports.tables.table import COUNT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


def comparable(data: ReportData) -> Table:
    """One row for every month of a period of several: in all, on fixed sites, of fixed searches.

    A number that is not known is empty: of a month without a search, or if there is no such set.
    """
    columns = {"month": TEXT} | dict.fromkeys(
        ("all", "fixed_sites", "fixed_searches", "without_keyword"), COUNT
    )
    several = len(data.context.months) > 1
    rows = [astuple(row) for row in comparable_series(data, fixed_set(data))] if several else []
    return make_table("comparable", columns, rows)


def comparable_searches(data: ReportData) -> Table:
    """One row for each site and keyword of the fixed set; a site without one has an empty one."""
    several = len(data.context.months) > 1
    keywords = fixed_set(data).keywords if several else {}
    rows = [(site, term) for site, terms in keywords.items() for term in sorted(terms) or [""]]
    return make_table("comparable_searches", {"site": TEXT, "keyword": TEXT}, rows)
