"""advertisements.csv: all counted advertisements as recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from exports.return_keys import return_keys
from exports.tables.table import Table
from wildcrawl.tabular.tables import KEY

if TYPE_CHECKING:
    from exports.dataset import ReportData
    from exports.spill import SpillFiles


def advertisements(data: ReportData) -> Table:
    """Advertisements by first_seen, site and ad_id; the page shows the newest, latest first.

    Moments are ISO 8601 in China's time.
    """
    months = list(data.context.months)

    def whole() -> Iterator[pl.DataFrame]:
        yield from every_part(data.spill, months)

    return Table("advertisements", with_keys(data.spill.newest(months)), whole, data.total)


def every_part(spill: SpillFiles, months: Sequence[str]) -> Iterator[pl.DataFrame]:
    """All advertisements of `months` with their keys, a part a month."""
    yield from (with_keys(spill.month(month)) for month in months)


def with_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their return keys in the last column, by which verdicts come back."""
    return rows.with_columns(return_keys(rows).alias(KEY))
