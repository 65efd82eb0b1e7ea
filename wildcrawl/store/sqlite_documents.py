"""Documents beside the advertisements in SQLite, in a table made on first use."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from wildcrawl.store.documents import Document, clean_surrogates

_CREATE = (
    "CREATE TABLE IF NOT EXISTS kept (kind TEXT NOT NULL, key TEXT NOT NULL, "
    "document TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
)


def keep(
    connection: sqlite3.Connection, kind: str, documents: Mapping[str, Document], *, replace: bool
) -> set[str]:
    """Writes the documents within the caller's transaction; the keys that were not there before."""
    connection.execute(_CREATE)
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


def kept(connection: sqlite3.Connection, kind: str) -> dict[str, Document]:
    """All documents of a kind by key; none if the table has not been needed yet."""
    made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'kept'").fetchone()
    if not made:
        return {}
    rows = connection.execute("SELECT key, document FROM kept WHERE kind = ? ORDER BY key", (kind,))
    return {key: json.loads(text) for key, text in rows}
