"""Transfer of a store's whole content: every record as a line of JSON, the same for each store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from wildcrawl.items import Advertisement, Run
from wildcrawl.store.documents import (
    MOMENTS,
    Document,
    from_document,
    run_from_document,
)

ADVERTISEMENTS, RUNS, UNMATCHED = "advertisements", "runs", "unmatched"
DOCUMENTS = "documents/"
"""Prefix of the sections of other documents, one for each kind."""
BATCH = 500
"""Records loaded at once."""
_MODULUS = 1 << 256


class Snapshot(Protocol):
    """All records of a store at one moment, or on a server without such, none of them half.

    A record refers only to records of sections that `sections` gives later.
    """

    def sections(self) -> list[str]:
        """The sections that have records."""
        ...

    def records(self, section: str) -> Iterator[Document]:
        """Streams the records of a section, as `to_line` takes them."""
        ...


class Transferable(Protocol):
    """A store whose content can be read as a whole, and loaded while it is empty."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The store's content; writers are not held up meanwhile."""
        ...

    def is_empty(self) -> bool:
        """Whether the store has no record of any kind."""
        ...

    def load(self, section: str, records: Iterable[Document]) -> None:
        """Adds the records of a section to a store that lacks them."""
        ...


def advertisement_of(record: Document) -> Advertisement:
    """The advertisement of a record read by `from_line`."""
    record = dict(record)
    for name in MOMENTS:
        record[name] = datetime.fromisoformat(record[name])
    record["history"] = [
        {**change, "at": datetime.fromisoformat(change["at"])} for change in record["history"]
    ]
    return from_document(record)


def run_of(record: Document) -> Run:
    """The run of a record read by `from_line`."""
    record = dict(record)
    for name in ("started", "finished"):
        record[name] = datetime.fromisoformat(record[name]) if record[name] else None
    return run_from_document(record)


def to_line(record: Document) -> bytes:
    """The canonical line of a record, with its end."""
    text = json.dumps(
        record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_moment
    )
    return text.encode() + b"\n"


def from_line(line: bytes) -> Document:
    """The record of a line; ValueError if it is none."""
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError("a line of the backup is not a record")
    return record


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    raise TypeError(f"{type(value).__name__} cannot be written to a backup")


@dataclass
class RecordsDigest:
    """Number of records, and a hash of them that does not depend on their order."""

    records: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Counts the canonical line of a record."""
        self.records += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % _MODULUS

    @property
    def digest(self) -> str:
        """The sum of the lines' SHA-256, modulo 2**256, in hex."""
        return f"{self.total:064x}"


def tally(snapshot: Snapshot, section: str) -> RecordsDigest:
    """The tally of a section of a store."""
    counted = RecordsDigest()
    for record in snapshot.records(section):
        counted.add(to_line(record))
    return counted
