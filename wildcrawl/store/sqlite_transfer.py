"""Transfer of a SQLite store: one transaction's view of all tables, and loading into empty ones."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from wildcrawl.items import Run
from wildcrawl.store import sqlite_documents
from wildcrawl.store import sqlite_schema as file
from wildcrawl.store.documents import Document, run_from_document, run_to_document, to_document
from wildcrawl.store.transfer import (
    ADVERTISEMENTS,
    DOCUMENTS,
    RUNS,
    UNMATCHED,
    advertisement_of,
    run_of,
)


class SQLiteSnapshot:
    """The records of a SQLite store within the read transaction of `connection`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        # The first read fixes the moment.
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM runs LIMIT 1").fetchone()

    def sections(self) -> list[str]:
        kinds = [DOCUMENTS + kind for kind in sqlite_documents.kinds(self._connection)]
        tables = {ADVERTISEMENTS: "advertisements", RUNS: "runs", UNMATCHED: "passed_over"}
        filled = [
            section
            for section, table in tables.items()
            if self._connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        ]
        return [*kinds, *filled]

    def records(self, section: str) -> Iterator[Document]:
        run = self._connection.execute
        if section == ADVERTISEMENTS:
            for row in run(f"{file.SELECT} ORDER BY rowid"):
                yield to_document(file.from_row(row))
        elif section == RUNS:
            for (text,) in run("SELECT document FROM runs ORDER BY id"):
                yield run_to_document(run_of_text(text))
        elif section == UNMATCHED:
            for site, ad_id, mark in run("SELECT site, ad_id, mark FROM passed_over"):
                yield {"site": site, "ad_id": ad_id, "mark": mark}
        else:
            kind = section.removeprefix(DOCUMENTS)
            for key, document in sqlite_documents.stream(self._connection, kind):
                yield {"key": key, "document": document}


def run_of_text(text: str) -> Run:
    """The run of a row's JSON."""
    document = json.loads(text)
    for name in ("started", "finished"):
        document[name] = file.from_iso(document[name])
    return run_from_document(document)


def load(connection: sqlite3.Connection, section: str, records: Iterable[Document]) -> None:
    """Adds records within the caller's transaction."""
    if section == ADVERTISEMENTS:
        rows = (file.to_row(advertisement_of(record)) for record in records)
        connection.executemany(file.UPSERT, rows)
    elif section == RUNS:
        connection.executemany(
            "INSERT INTO runs VALUES (?, ?, ?, ?)", (run_row(run_of(record)) for record in records)
        )
    elif section == UNMATCHED:
        marks = ((record["site"], record["ad_id"], record["mark"]) for record in records)
        connection.executemany("INSERT INTO passed_over VALUES (?, ?, ?)", marks)
    else:
        kind = section.removeprefix(DOCUMENTS)
        documents = {record["key"]: record["document"] for record in records}
        sqlite_documents.put(connection, kind, documents, replace=False)


def run_row(run: Run) -> tuple[str, str, str, str]:
    """The row of a run."""
    document = run_to_document(run)
    for name in ("started", "finished"):
        document[name] = document[name].isoformat() if document[name] else None
    return run.id, run.site, document["started"], json.dumps(document, ensure_ascii=False)
