"""Documents of other kinds than advertisements in SQLite, in a table created on first use."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping

from wildcrawl.store.documents import Document, Prefix, clean_surrogates, prefix_bounds

CREATE = (
    "CREATE TABLE IF NOT EXISTS kept (kind TEXT NOT NULL, key TEXT NOT NULL, "
    "document TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
)

_LOOK_UPS = 500
"""Keys per query; older SQLite takes 999 values."""


def put(
    connection: sqlite3.Connection, kind: str, documents: Mapping[str, Document], *, replace: bool
) -> set[str]:
    """Writes the documents within the caller's transaction; returns the keys that are new."""
    connection.execute(CREATE)
    new = set()
    for key, document in documents.items():
        clean_key = clean_surrogates(key)
        text = clean_surrogates(json.dumps(document, ensure_ascii=False))
        values = (kind, clean_key, text)
        if connection.execute("INSERT OR IGNORE INTO kept VALUES (?, ?, ?)", values).rowcount:
            new.add(key)
        elif replace:
            connection.execute("REPLACE INTO kept VALUES (?, ?, ?)", values)
    return new


def read(
    connection: sqlite3.Connection, kind: str, prefix: Prefix, keys: Collection[str] | None
) -> dict[str, Document]:
    """The documents of a kind, as `Store.documents`; {} if the table does not exist yet."""
    bounds, found = prefix_bounds(prefix), dict[str, Document]()
    if keys is not None:
        begin = tuple(start for start, _ in bounds)
        wanted = sorted({key for key in map(clean_surrogates, keys) if key.startswith(begin)})
        for start in range(0, len(wanted), _LOOK_UPS):
            part = wanted[start : start + _LOOK_UPS]
            marks = ", ".join("?" * len(part))
            query = f"SELECT key, document FROM kept WHERE kind = ? AND key IN ({marks})"
            found |= _found(connection, query, [kind, *part])
        return found
    for first, end in bounds:
        query = "SELECT key, document FROM kept WHERE kind = ? AND key >= ?"
        found |= _found(
            connection,
            query if end is None else f"{query} AND key < ?",
            [kind, first] if end is None else [kind, first, end],
        )
    return dict(sorted(found.items())) if len(bounds) > 1 else found


def _found(connection: sqlite3.Connection, query: str, values: list[str]) -> dict[str, Document]:
    try:
        rows = connection.execute(f"{query} ORDER BY key", values)
    except sqlite3.OperationalError:
        # Asked afterwards, since it is there nearly always.
        if _exists(connection):
            raise
        return {}
    return {key: json.loads(text) for key, text in rows}


def stream(connection: sqlite3.Connection, kind: str) -> Iterator[tuple[str, Document]]:
    """The keys and documents of a kind, in the keys' order."""
    if _exists(connection):
        query = "SELECT key, document FROM kept WHERE kind = ? ORDER BY key"
        for key, text in connection.execute(query, (kind,)):
            yield key, json.loads(text)


def kinds(connection: sqlite3.Connection) -> list[str]:
    """The kinds of which there are documents."""
    if not _exists(connection):
        return []
    return [kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM kept ORDER BY kind")]


def remove(connection: sqlite3.Connection, kind: str, keys: Collection[str]) -> int:
    """Erases documents within the caller's transaction; returns how many there were."""
    connection.execute(CREATE)
    connection.execute("PRAGMA secure_delete = ON")  # overwrites what is erased with zeros
    rows = [(kind, clean_surrogates(key)) for key in set(keys)]
    return connection.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", rows).rowcount


def _exists(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'kept'"
    return connection.execute(query).fetchone() is not None
