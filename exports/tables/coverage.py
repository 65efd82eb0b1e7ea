"""coverage.csv: how much was monitored, month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.tables.table import COUNT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.ledger import Ledger


def coverage(ledger: Ledger) -> Table:
    """Sites, keywords and species groups that were monitored by each month of the period.

    A species group is monitored from the month of its first keyword.
    """
    starts = [[keyword.since for keyword in group.keywords] for group in ledger.context.groups]
    rows = []
    for month in ledger.context.months:
        keywords = [sum(since <= month for since in group) for group in starts]
        rows.append((month, len(ledger.sites(month)), sum(keywords), sum(map(bool, keywords))))
    return make_table(
        "coverage", {"month": TEXT, "sites": COUNT, "keywords": COUNT, "species": COUNT}, rows
    )
