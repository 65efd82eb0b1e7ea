"""Data frames of a SQLite file's advertisements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

import polars as pl

from wildcrawl.store.frame import CHUNK, JOINED, NUMBERS_SCHEMA, raw_dtype

LISTED = frozenset(
    {"site", "ad_id", "first_seen", "verdict", "relevance", "species", "age_claim", "seller"}
)
"""Columns that the narrow listing has too; reading a million rows of it takes half as long."""
_SCANNED = 50_000
"""Ids of the listing that are read at once."""
_FEW = 100_000
"""Rows that are read by the index of their moment, at once, if they are few of all."""


def read(
    connection: sqlite3.Connection, chosen: tuple[str, list[str | int]], names: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """Frames of CHUNK rows each, with the columns `names` in their raw types.

    `chosen` is the condition of the rows, with its values. The connection is read in one
    transaction, in the file's order, which is faster than the order of an index.
    """
    if LISTED.issuperset(names):
        yield from _read_listing(connection, chosen, names)
        return
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


def _read_listing(
    connection: sqlite3.Connection, chosen: tuple[str, list[str | int]], names: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """The same frames from the listing, in one transaction."""
    where, values = chosen
    query = f"SELECT {', '.join(f'json_group_array({name})' for name in names)} FROM listing"
    connection.execute("BEGIN")
    (last,) = connection.execute("SELECT coalesce(max(id), 0) FROM listing").fetchone()
    (number,) = connection.execute(f"SELECT count(*) FROM listing{where}", values).fetchone()
    if not number:
        return
    if number <= min(_FEW, last // 4):
        yield _listed(connection.execute(query + where, values).fetchone(), names)
        return
    # A plus keeps SQLite from the index, which leads from row to row.
    among = f" AND {where.removeprefix(' WHERE ').replace('first_seen', '+first_seen')}"
    query += f" WHERE id > ? AND id <= ?{among if where else ''}"
    for first in range(0, last, _SCANNED):
        ids = (first, first + _SCANNED)
        yield _listed(connection.execute(query, (*ids, *values)).fetchone(), names)


def read_numbers(connection: sqlite3.Connection, first: int, last: int) -> pl.DataFrame:
    """Monthly numbers of the months `first` to `last`, such as 201605."""
    rows = connection.execute(
        f"SELECT {', '.join(NUMBERS_SCHEMA)} FROM month_numbers WHERE month BETWEEN ? AND ?",
        (first, last),
    ).fetchall()
    values = zip(*rows, strict=True) if rows else ((),) * len(NUMBERS_SCHEMA)
    made = zip(NUMBERS_SCHEMA.items(), values, strict=True)
    return _without_ends(pl.DataFrame([pl.Series(key, each, kind) for (key, kind), each in made]))


def _listed(columns: tuple[str, ...], read: Sequence[str]) -> pl.DataFrame:
    """Frame of columns of the listing, in which each species has semicolons on both sides."""
    chunk = _exploded(columns, read)
    return _without_ends(chunk) if "species" in read else chunk


def _without_ends(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col("species").str.strip_prefix(";").str.strip_suffix(";"))


def _exploded(columns: tuple[str, ...], read: Sequence[str]) -> pl.DataFrame:
    """Frame of columns that are JSON lists of one value a row."""
    texts = pl.DataFrame(dict(zip(read, columns, strict=True)))
    return texts.select(_column(name).explode() for name in read)


def _chunk(columns: tuple[str, ...], read: Sequence[str]) -> pl.DataFrame:
    """Frame of columns that are JSON texts, in their raw types."""
    return _exploded(columns, read).with_columns(
        pl.col(name).str.json_decode(pl.List(pl.String)).list.join(";")
        for name in read
        if name in JOINED
    )


def _column(name: str) -> pl.Expr:
    if name == "audit":  # SQLite stores booleans as 0 or 1
        return pl.col(name).str.json_decode(pl.List(pl.Int64)).cast(pl.List(pl.Boolean))
    return pl.col(name).str.json_decode(pl.List(raw_dtype(name)))
