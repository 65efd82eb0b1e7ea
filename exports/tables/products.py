"""product_types.csv: product types by species, on websites and on social media."""

from __future__ import annotations

from collections import Counter

import polars as pl

from exports.dataset import PRODUCT_TYPES, ReportData, closed, primary_species
from exports.rounding import percent
from exports.tables.social import posts_of_period
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table


def product_types(data: ReportData) -> Table:
    """Share of each product type in a species' advertisements, by channel.

    Advertisements without a type count as `unknown`, so that the shares of a species add up to
    100; combinations without advertisements have no row.
    """
    channels = {
        "web": data.count("species", "product_type"),
        "social": _social(data),
    }
    rows = []
    for channel, counts in channels.items():
        own = {name for name, _ in counts}
        for species in [*data.context.species, *sorted(own - set(data.context.species))]:
            numbers = [
                (product_type, counts[species, product_type]) for product_type in PRODUCT_TYPES
            ]
            whole = sum(number for _, number in numbers)
            rows += [
                (channel, species, product_type, n, percent(n, whole))
                for product_type, n in numbers
                if n
            ]
    columns = {"channel": TEXT, "species": TEXT, "product_type": TEXT}
    return make_table(
        "product_types", columns | {"advertisements": COUNT, "share_percent": PERCENT}, rows
    )


def _social(data: ReportData) -> Counter[tuple[str, ...]]:
    posts = posts_of_period(data.context)
    if posts is None:
        return Counter()
    named = posts.select(
        primary_species().alias("species"),
        closed(pl.col("product_type"), PRODUCT_TYPES, PRODUCT_TYPES[-1]),
    )
    rows = named.group_by("species", "product_type").len().rows()
    return Counter({row[:-1]: row[-1] for row in rows})
