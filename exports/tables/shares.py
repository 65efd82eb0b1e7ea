"""species_share.csv, site_share.csv, price_kinds.csv: shares in the total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from exports.dataset import PRICE_KINDS, ReportData
from exports.rounding import share
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table


def species_share(data: ReportData) -> Table:
    """One row for every species group, in the vocabulary's order.

    A species of which no keyword was searched in the period has no number.
    """
    counts = data.count("species")
    unknown = [data.unsearched_species(month) for month in data.covered_months]
    never = set.intersection(*unknown) if unknown else set()
    return _shares(data, "species_share", "species", data.context.species, counts, never)


def site_share(data: ReportData) -> Table:
    """One row for every site monitored in the period, the largest first.

    A site that was searched in no month of the period has no number, unless records of it were
    kept all the same.
    """
    counts = data.count("site")
    months, coverage = data.context.months, data.coverage
    names = {site for month in months for site in data.sites(month)}
    names |= {site for (site,) in counts}
    searched = {site for month in months for site in coverage.searched(month)}
    missed = Counter(site for month in months for site in coverage.missed(month))
    rows = [
        (name, counts[(name,)], share(counts[(name,)], data.total), missed[name])
        if counts[(name,)] or name in searched or not missed[name]
        else (name, None, None, missed[name])
        for name in sorted(names, key=lambda name: (-counts[(name,)], name))
    ]
    columns = {"site": TEXT, "advertisements": COUNT, "share_percent": PERCENT}
    return make_table("site_share", columns | {"months_not_searched": COUNT}, rows)


def price_kinds(data: ReportData) -> Table:
    """One row for every kind of price."""
    counts = data.count("price_kind")
    return _shares(data, "price_kinds", "kind", PRICE_KINDS, counts)


def _shares(
    data: ReportData,
    table: str,
    column: str,
    names: Sequence[str],
    counts: Counter[tuple[str, ...]],
    unknown: Collection[str] = (),
) -> Table:
    """Table of shares in the total; without numbers if nothing was searched and nothing found.

    Nor have the `unknown` names a number, unless records of them were kept all the same.
    """
    columns = {column: TEXT, "advertisements": COUNT, "share_percent": PERCENT}
    if not data.total and not data.covered_months:
        return make_table(table, columns, [(name, None, None) for name in names])
    rows = [
        (name, number, share(number, data.total))
        if number or name not in unknown
        else (name, None, None)
        for name in names
        for number in [counts[(name,)]]
    ]
    return make_table(table, columns, rows)
