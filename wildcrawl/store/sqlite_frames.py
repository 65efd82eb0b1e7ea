"""Data frames of a SQLite file's advertisements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import polars as pl

from wildcrawl.store.frame import CHUNK, JOINED, raw_dtype


def read(
    connection: sqlite3.Connection, chosen: tuple[str, list[str | int]], names: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """Frames of CHUNK rows each, with the columns `names` in their raw types.

    `chosen` is the condition of the rows, with its values. The connection is read in one
    transaction, in the file's order, which is faster than the order of an index.
    """
    where, values = chosen
    # One JSON text per column, which polars parses without creating Python objects.
    columns = ", ".join(f"json_group_array({name})" for name in names)
    query = (
        f"SELECT {columns} FROM temp.chosen CROSS JOIN advertisements"
        " ON advertisements.rowid = ad WHERE chosen.rowid > ? AND chosen.rowid <= ?"
    )
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("BEGIN")
    connection.execute(
        f"CREATE TEMP TABLE chosen AS SELECT rowid AS ad FROM advertisements{where} ORDER BY rowid",
        values,
    )
    (number,) = connection.execute("SELECT count(*) FROM temp.chosen").fetchone()
    for first in range(0, number, CHUNK):
        yield _chunk(connection.execute(query, (first, first + CHUNK)).fetchone(), names)


def _chunk(columns: tuple[str, ...], read: Sequence[str]) -> pl.DataFrame:
    """Frame of columns that are JSON texts, in their raw types."""
    texts = pl.DataFrame(dict(zip(read, columns, strict=True)))
    chunk = texts.select(_column(name).explode() for name in read)
    return chunk.with_columns(
        pl.col(name).str.json_decode(pl.List(pl.String)).list.join(";")
        for name in read
        if name in JOINED
    )


def _column(name: str) -> pl.Expr:
    if name == "audit":  # SQLite stores booleans as 0 or 1
        return pl.col(name).str.json_decode(pl.List(pl.Int64)).cast(pl.List(pl.Boolean))
    return pl.col(name).str.json_decode(pl.List(raw_dtype(name)))
