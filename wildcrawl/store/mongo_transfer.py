"""Transfer of a MongoDB store: its collections read in an order that leaves no reference open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pymongo.database import Database

from wildcrawl.store.documents import (
    Document,
    from_document,
    run_from_document,
    run_to_document,
    to_document,
)
from wildcrawl.store.transfer import (
    ADVERTISEMENTS,
    DOCUMENTS,
    RUNS,
    UNMATCHED,
    run_of,
)

if TYPE_CHECKING:
    from pymongo.collection import Collection

KEPT = "kept_"
"""Prefix of the collections of other documents."""
_TABLES = {ADVERTISEMENTS: "advertisements", RUNS: "runs", UNMATCHED: "passed_over"}


class MongoSnapshot:
    """The records of a MongoDB store.

    A run is stored before its advertisements, these before their captures and verdicts' notices:
    read the other way round, all that a record names is there, although crawls go on.
    """

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._database = database

    def sections(self) -> list[str]:
        names = sorted(self._database.list_collection_names())
        kinds = [DOCUMENTS + name.removeprefix(KEPT) for name in names if name.startswith(KEPT)]
        return [
            section
            for section in (*kinds, UNMATCHED, ADVERTISEMENTS, RUNS)
            if self._collection(section).find_one({}, {"_id": 1}) is not None
        ]

    def records(self, section: str) -> Iterator[Document]:
        with self._collection(section).find().sort("_id", 1) as rows:
            for row in rows:
                yield _record(section, row)

    def _collection(self, section: str) -> Collection[dict[str, Any]]:
        return self._database[collection_name(section)]


def collection_name(section: str) -> str:
    """The collection that holds a section."""
    return _TABLES.get(section) or KEPT + section.removeprefix(DOCUMENTS)


def _record(section: str, row: Document) -> Document:
    if section == ADVERTISEMENTS:
        return to_document(from_document(row))
    if section == RUNS:
        return run_to_document(run_from_document(row))
    if section == UNMATCHED:
        site, _, ad_id = row["_id"].partition(":")
        site = site.replace("%3A", ":").replace("%25", "%")
        return {"site": site, "ad_id": ad_id, "mark": row["mark"]}
    return {"key": row["_id"], "document": row["document"]}


def rows(
    section: str,
    records: Iterable[Document],
    identity: Callable[[str, str], str],
    to_row: Callable[[Document], Document],
) -> list[Document]:
    """The documents to insert for records; `to_row` makes that of an advertisement's record."""
    if section == ADVERTISEMENTS:
        return [to_row(record) for record in records]
    if section == RUNS:
        return [{"_id": record["id"], **run_to_document(run_of(record))} for record in records]
    if section == UNMATCHED:
        return [
            {"_id": identity(record["site"], record["ad_id"]), "mark": record["mark"]}
            for record in records
        ]
    return [{"_id": record["key"], "document": record["document"]} for record in records]
