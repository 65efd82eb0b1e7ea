"""SQLite table of text hashes: which advertisements have the same title or description.

Triggers keep it in step with the advertisements, in the same transaction.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache

from wildcrawl.items import Advertisement, Key
from wildcrawl.store.same_texts import LEAST, text_hash, text_hashes

_READ = 2_000
"""Advertisements with one text that are sorted at most; a seller may have any number of them."""


def add_functions(connection: sqlite3.Connection) -> None:
    """Adds the function that the triggers call; without it a connection cannot write."""
    connection.create_function("wc_text_hash", 2, _text_hash, deterministic=True)


# Cached: a trigger asks for each hash twice.
@lru_cache(maxsize=4)
def _text_hash(field: str, text: str) -> int | None:
    return text_hash(field, text)


def _hashes(row: str) -> str:
    return ", ".join(f"wc_text_hash('{field}', {row}.{field})" for field in LEAST)


def _put(row: str, source: str = "") -> str:
    """The statement that adds the hashes of a row, or of all rows of a `source`."""
    return "INSERT INTO same_texts " + " UNION ALL ".join(
        f"SELECT wc_text_hash('{field}', {row}.{field}), {row}.site, {row}.ad_id{source}"
        f" WHERE wc_text_hash('{field}', {row}.{field}) IS NOT NULL"
        for field in LEAST
    )


_REMOVE = (
    f"DELETE FROM same_texts WHERE hash IN ({_hashes('old')})"
    " AND site = old.site AND ad_id = old.ad_id"
)
_OLD, _NEW = (", ".join(f"{row}.{field}" for field in LEAST) for row in ("old", "new"))
SCHEMA = (
    "CREATE TABLE same_texts (hash INTEGER NOT NULL, site TEXT NOT NULL, ad_id TEXT NOT NULL,"
    " PRIMARY KEY (hash, site, ad_id)) WITHOUT ROWID",
    f"CREATE TRIGGER same_texts_new AFTER INSERT ON advertisements BEGIN {_put('new')}; END",
    "CREATE TRIGGER same_texts_changed AFTER UPDATE ON advertisements"
    f" WHEN ({_OLD}) IS NOT ({_NEW}) BEGIN {_REMOVE}; {_put('new')}; END",
    f"CREATE TRIGGER same_texts_gone AFTER DELETE ON advertisements BEGIN {_REMOVE}; END",
)
"""Statements that create the table beside the advertisements."""
FILL = (_put("advertisements", " FROM advertisements"),)
"""Statements that fill a new table from the advertisements there are."""


def keys_of(connection: sqlite3.Connection, ad: Advertisement, most: int) -> list[Key]:
    """The advertisements with the title or description of `ad`, the newest first."""
    hashes = text_hashes(ad)
    if not hashes:
        return []
    named = " UNION ".join(
        ["SELECT * FROM (SELECT site, ad_id FROM same_texts WHERE hash = ? LIMIT ?)"] * len(hashes)
    )
    query = (
        f"SELECT site, ad_id FROM ({named}) CROSS JOIN listing USING (site, ad_id)"
        " ORDER BY first_seen DESC, site, ad_id LIMIT ?"
    )
    values = [value for each in hashes for value in (each, _READ)]
    return connection.execute(query, (*values, most)).fetchall()
