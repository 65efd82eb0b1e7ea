"""species_share.csv, site_share.csv, price_kinds.csv: the share of each in the total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from exports.dataset import PRICE_KINDS, Ledger
from exports.rounding import percent
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table


def species_share(ledger: Ledger) -> Table:
    """One row for every species group, in the vocabulary's order."""
    counts = ledger.count("species")
    return _shares("species_share", "species", ledger.context.species, counts, ledger.total)


def site_share(ledger: Ledger) -> Table:
    """One row for every site monitored in the period, the largest first."""
    counts = ledger.count("site")
    names = {*ledger.sites(ledger.context.months[-1]), *(site for (site,) in counts)}
    largest_first = sorted(names, key=lambda name: (-counts[(name,)], name))
    return _shares("site_share", "site", largest_first, counts, ledger.total)


def price_kinds(ledger: Ledger) -> Table:
    """One row for every way of giving a price."""
    counts = ledger.count("price_kind")
    return _shares("price_kinds", "kind", PRICE_KINDS, counts, ledger.total)


def _shares(
    table: str, column: str, names: Sequence[str], counts: Counter[tuple[str, ...]], whole: int
) -> Table:
    columns = {column: TEXT, "advertisements": COUNT, "share_percent": PERCENT}
    numbers = [(name, counts[(name,)]) for name in names]
    return make_table(table, columns, [(*each, percent(each[1], whole)) for each in numbers])
