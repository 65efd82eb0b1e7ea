"""advertisements.csv: all counted advertisements as recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exports.tables.table import Table

if TYPE_CHECKING:
    import polars as pl

    from exports.dataset import ReportData


def advertisements(data: ReportData) -> Table:
    """Advertisements by first_seen, site and ad_id; the page shows the newest, latest first.

    Moments are ISO 8601 in China's time.
    """
    spill, months = data.spill, list(data.context.months)

    def whole() -> Iterator[pl.DataFrame]:
        parts = [spill.month("")] if not data.total else (spill.month(month) for month in months)
        yield from parts

    return Table("advertisements", spill.newest(months), whole)
