"""coverage.csv: monitored sites, keywords and species by month, and the sites not searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.context import GENERAL
from exports.tables.table import COUNT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


def coverage(data: ReportData) -> Table:
    """Numbers of sites, keywords and species monitored in each month of the period.

    A species is monitored in the months of its keywords; keywords of the group `general` count
    as keywords but not as a species. Where the runs of a month are known, keywords that none
    of them searched do not count. `not_searched` names the sites that were not searched, each
    with the reason: no_run, limited, or the health of its last run.
    """
    terms = {
        group.name: {keyword.term for keyword in group.keywords} for group in data.context.groups
    }
    rows = []
    for month in data.context.months:
        searched, missed = data.keywords(month), data.coverage.missed(month)
        species = sum(bool(terms[name] & searched) for name in terms if name != GENERAL)
        names = "; ".join(f"{site} ({reason})" for site, reason in missed.items())
        sites = len(data.sites(month))
        rows.append((month, sites, len(searched), species, len(missed), names))
    columns = {"month": TEXT, "sites": COUNT, "keywords": COUNT, "species": COUNT}
    return make_table(
        "coverage", columns | {"sites_not_searched": COUNT, "not_searched": TEXT}, rows
    )
