"""Data frame of advertisements: its schema, and the conversion from stored rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from wildcrawl.items import ADVERTISEMENT_COLUMNS
from wildcrawl.store.base import StoreError
from wildcrawl.store.documents import COUNTS, LISTS, MOMENTS, MONEY

if TYPE_CHECKING:
    from polars.datatypes import DataType, DataTypeClass

CHUNK = 10_000
"""Rows held as Python objects at a time."""

ORDER = ("first_seen", "site", "ad_id")
"""Columns by which a frame's rows are sorted."""


NUMBERS_SCHEMA = pl.Schema(
    {
        "month": pl.Int32(),
        **dict.fromkeys(("site", "species", "verdict", "relevance"), pl.String()),
        "number": pl.Int64(),
    }
)
"""Column names and types of monthly numbers; a month is 201605, species as in a frame."""


def _dtype(name: str) -> DataType:
    if name in MOMENTS:
        return pl.Datetime("us", "UTC")
    if name in MONEY:
        return pl.Decimal(18, 4 if name in ("price_amount", "rate") else 2)
    if name in COUNTS:
        return pl.Int32()
    return {"audit": pl.Boolean(), "rate_date": pl.Date()}.get(name, pl.String())


FRAME_SCHEMA = pl.Schema(
    {
        name: _dtype(name)
        for name in (
            *ADVERTISEMENT_COLUMNS,
            "price_amount",
            "price_currency",
            "reason",
            "audit",
        )
    }
)
"""Column names and types of a frame; text is "" when not given, a list is joined with ";"."""


def raw_dtype(name: str) -> DataTypeClass:
    """Type of a column as read from a store: moments as milliseconds, money as text."""
    if name in MOMENTS or name in COUNTS:
        return pl.Int64
    return pl.Boolean if name == "audit" else pl.String


def wanted(columns: Sequence[str] | None) -> list[str]:
    """Columns to read: the requested ones and those that rows are sorted by.

    StoreError names the columns that a frame does not have.
    """
    return list(dict.fromkeys([*checked(columns), *ORDER]))


def checked(columns: Sequence[str] | None) -> list[str]:
    """The requested columns, all if None; StoreError names those that a frame does not have."""
    asked = list(FRAME_SCHEMA) if columns is None else list(columns)
    unknown = [name for name in asked if name not in FRAME_SCHEMA]
    if unknown:
        raise StoreError(
            f"data frames have no column {', '.join(unknown)}; "
            f"choose from {', '.join(FRAME_SCHEMA)}"
        )
    return asked


def build(
    chunks: Iterable[pl.DataFrame], read: Sequence[str], columns: Sequence[str] | None
) -> pl.DataFrame:
    """One sorted frame of the chunks, which have the columns `read` in their raw types.

    A number that does not fit its column becomes null; its text stays in `price`.
    """
    parts = list(cast(chunks, read))
    if not parts:
        parts = [pl.DataFrame(schema={name: FRAME_SCHEMA[name] for name in read})]
    frame = pl.concat(parts).sort(ORDER)
    return frame if columns is None else frame.select(columns)


def cast(chunks: Iterable[pl.DataFrame], read: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The chunks with the columns `read` cast to their types of FRAME_SCHEMA."""
    casts = [_cast(name) for name in read]
    for chunk in chunks:
        yield chunk.select(casts)


def numbers_of(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The monthly numbers of frames with the columns first_seen and those of NUMBERS_SCHEMA."""
    keys = list(NUMBERS_SCHEMA)[:-1]
    local = pl.col("first_seen").dt.convert_time_zone("Asia/Shanghai")
    month = (local.dt.year() * 100 + local.dt.month().cast(pl.Int32)).alias("month")
    parts = [pl.DataFrame(schema=NUMBERS_SCHEMA)]
    for frame in frames:
        rows = frame.select(month, *keys[1:])
        parts.append(rows.group_by(keys).agg(number=pl.len().cast(pl.Int64)))
    return pl.concat(parts).group_by(keys).agg(pl.col("number").sum())


def _cast(name: str) -> pl.Expr:
    column, dtype = pl.col(name), FRAME_SCHEMA[name]
    if name in MOMENTS:
        return column.cast(pl.Datetime("ms")).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if name == "rate_date":
        return column.str.to_date("%Y-%m-%d", strict=False)
    return column if raw_dtype(name) == dtype else column.cast(dtype, strict=False)


JOINED = LISTS & set(FRAME_SCHEMA)
"""The columns that are lists in the store and text in a frame."""
