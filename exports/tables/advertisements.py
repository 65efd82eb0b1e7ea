"""advertisements.csv: every counted advertisement, as it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exports.tables.table import Table

if TYPE_CHECKING:
    import polars as pl

    from exports.dataset import ReportData


def advertisements(data: ReportData) -> Table:
    """All by first_seen, site and ad_id; the page shows the newest, latest first.

    Moments are ISO 8601 in China's time.
    """
    shelf, months = data.shelf, list(data.context.months)

    def whole() -> Iterator[pl.DataFrame]:
        parts = [shelf.month("")] if not data.total else (shelf.month(each) for each in months)
        yield from parts

    return Table("advertisements", shelf.newest(months), whole)
