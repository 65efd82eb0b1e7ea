"""species_share.csv, site_share.csv, price_kinds.csv: shares in the total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from exports.dataset import PRICE_KINDS, ReportData
from exports.rounding import percent
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table


def species_share(data: ReportData) -> Table:
    """One row for every species group, in the vocabulary's order."""
    counts = data.count("species")
    return _shares("species_share", "species", data.context.species, counts, data.total)


def site_share(data: ReportData) -> Table:
    """One row for every site monitored in the period, the largest first."""
    counts = data.count("site")
    names = {*data.sites(data.context.months[-1]), *(site for (site,) in counts)}
    largest_first = sorted(names, key=lambda name: (-counts[(name,)], name))
    return _shares("site_share", "site", largest_first, counts, data.total)


def price_kinds(data: ReportData) -> Table:
    """One row for every kind of price."""
    counts = data.count("price_kind")
    return _shares("price_kinds", "kind", PRICE_KINDS, counts, data.total)


def _shares(
    table: str, column: str, names: Sequence[str], counts: Counter[tuple[str, ...]], whole: int
) -> Table:
    columns = {column: TEXT, "advertisements": COUNT, "share_percent": PERCENT}
    numbers = [(name, counts[(name,)]) for name in names]
    return make_table(table, columns, [(*row, percent(row[1], whole)) for row in numbers])
