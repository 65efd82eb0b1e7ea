"""advertisements.csv: all counted advertisements as recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from exports.tables.table import Table
from wildcrawl.analysis.return_keys import return_key
from wildcrawl.tabular.tables import KEY

if TYPE_CHECKING:
    from exports.dataset import ReportData


def advertisements(data: ReportData) -> Table:
    """Advertisements by first_seen, site and ad_id; the page shows the newest, latest first.

    Moments are ISO 8601 in China's time.
    """
    spill, months = data.spill, list(data.context.months)

    def whole() -> Iterator[pl.DataFrame]:
        parts = [spill.month("")] if not data.total else (spill.month(month) for month in months)
        yield from map(with_keys, parts)

    return Table("advertisements", with_keys(spill.newest(months)), whole)


def with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their return keys in the last column, by which verdicts come back."""
    ids = zip(rows["site"], rows["ad_id"], strict=True)
    keys = [return_key(site, ad_id) for site, ad_id in ids]
    return rows.with_columns(pl.Series(KEY, keys, dtype=pl.String))
