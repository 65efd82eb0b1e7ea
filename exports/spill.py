"""Spill files: counted advertisements in temporary Arrow files by month, to bound memory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from wildcrawl.items import ADVERTISEMENT_COLUMNS
from wildcrawl.store.frame import FRAME_SCHEMA

ORDER = ("first_seen", "site", "ad_id")

NEWEST = 20
"""Number of newest advertisements available without reading the others."""

_SCHEMA = {name: FRAME_SCHEMA[name] for name in ADVERTISEMENT_COLUMNS}
_HELD = 100_000
"""Advertisements held in memory before they are written to a file."""


class SpillFiles:
    """Advertisements by month: added in any order, read month by month in order.

    They are stored in files under `folder` (by default the system's temporary folder), which are
    removed with this object, so that a million advertisements do not fill memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="spill-", dir=folder)
        self._held: list[pl.DataFrame] = []
        self._files: dict[str, list[Path]] = {}
        self._newest = pl.DataFrame(schema={"month": pl.String, **_SCHEMA})

    @property
    def folder(self) -> Path:
        """Folder of the files."""
        return Path(self._folder.name)

    def add(self, rows: pl.DataFrame) -> None:
        """Adds advertisements with the store's columns and the `month` in which each counts."""
        self._held.append(rows)
        if sum(part.height for part in self._held) >= _HELD:
            self._spill()

    def month(self, month: str) -> pl.DataFrame:
        """Advertisements of one month, in ORDER; moments are text in China's time."""
        self._spill()
        files = self._files.get(month)
        if not files:
            return _print(pl.LazyFrame(schema=_SCHEMA)).collect()
        return _print(pl.scan_ipc(files).sort(ORDER)).collect()

    def newest(self, months: Sequence[str]) -> pl.DataFrame:
        """The NEWEST latest advertisements of the months, latest first."""
        self._spill()
        rows = self._newest.lazy().filter(pl.col("month").is_in(list(months)))
        return _print(rows.sort(ORDER).tail(NEWEST).reverse()).collect()

    def _spill(self) -> None:
        if not self._held:
            return
        rows = pl.concat(self._held)
        self._held.clear()
        self._keep_newest(rows)
        for (month,), part in rows.partition_by("month", as_dict=True, include_key=False).items():
            files = self._files.setdefault(str(month), [])
            path = self.folder / f"{month}-{len(files)}.ipc"
            part.write_ipc(path)
            files.append(path)

    def _keep_newest(self, rows: pl.DataFrame) -> None:
        seen = pl.concat([self._newest, rows.with_columns(pl.col("month").cast(pl.String))])
        keys = seen.lazy().select("month", *ORDER).with_row_index("place")
        # Sorting only the latest few is many times faster than sorting all.
        late = keys.filter(pl.col("first_seen") >= _latest("first_seen").over("month"))
        newest = late.sort(ORDER).group_by("month").tail(NEWEST).collect()
        chosen = seen[newest["place"]]
        # Copied, since a selection of rows would keep the whole part in memory; as texts, since
        # polars loads NumPy to look at decimals.
        texts = chosen.with_columns(pl.col(pl.Decimal).cast(pl.String))
        copied = (pl.Series(each.name, each.to_list(), each.dtype) for each in texts)
        self._newest = pl.DataFrame(copied).cast(chosen.schema)


def _latest(column: str) -> pl.Expr:
    return pl.col(column).top_k(NEWEST).min()


def _print(rows: pl.LazyFrame) -> pl.LazyFrame:
    moments = [name for name in ADVERTISEMENT_COLUMNS if FRAME_SCHEMA[name] == pl.Datetime]
    in_china = pl.col(moments).dt.convert_time_zone("Asia/Shanghai")
    return rows.select(ADVERTISEMENT_COLUMNS).with_columns(
        in_china.dt.strftime("%Y-%m-%dT%H:%M:%S%:z"), pl.col("rate_date").dt.to_string("%Y-%m-%d")
    )
