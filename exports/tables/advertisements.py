"""advertisements.csv: every counted advertisement, as it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from exports.tables.table import Table
from wildcrawl.items import ADVERTISEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exports.ledger import Ledger

SHOWN = 20
"""How many of the newest advertisements the page shows."""

_PART = 50_000


def advertisements(ledger: Ledger) -> Table:
    """All by first_seen, site and ad_id; the page shows the newest, latest first.

    Moments are ISO 8601 in China's time. The rows are taken from the records part by
    part, so that a million of them are never held twice.
    """
    counted = ledger.counted["row"]
    keys = ledger.frame.select("first_seen", "site", "ad_id")[counted]
    order = counted[keys.select(pl.arg_sort_by(keys.columns)).to_series()]

    def whole() -> Iterator[pl.DataFrame]:
        for start in range(0, max(order.len(), 1), _PART):
            yield _print(ledger.frame, order.slice(start, _PART))

    return Table("advertisements", _print(ledger.frame, order.tail(SHOWN).reverse()), whole)


def _print(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    moments = [name for name in ADVERTISEMENT_COLUMNS if frame.schema[name].is_temporal()]
    in_china = pl.col(moments).dt.convert_time_zone("Asia/Shanghai")
    columns = frame.select(ADVERTISEMENT_COLUMNS)
    return columns[rows].with_columns(in_china.dt.strftime("%Y-%m-%dT%H:%M:%S%:z"))
