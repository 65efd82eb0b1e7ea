"""advertisements.csv: every counted advertisement, as it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exports.tables.table import Table

if TYPE_CHECKING:
    import polars as pl

    from exports.dataset import Ledger


def advertisements(ledger: Ledger) -> Table:
    """All by first_seen, site and ad_id; the page shows the newest, latest first.

    Moments are ISO 8601 in China's time.
    """
    shelf, months = ledger.shelf, list(ledger.context.months)

    def whole() -> Iterator[pl.DataFrame]:
        parts = [shelf.month("")] if not ledger.total else (shelf.month(each) for each in months)
        yield from parts

    return Table("advertisements", shelf.newest(months), whole)
