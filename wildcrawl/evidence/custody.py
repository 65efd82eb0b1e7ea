"""Custody log: an append-only list of who captured, looked, judged, exported, chained by hash."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from wildcrawl.evidence.canonical import digest
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.store.base import DocumentStore
from wildcrawl.store.documents import clean_surrogates

KIND = "custody"
HEAD = "custody_head"
FIRST = "0" * 64
"""The previous hash of the first link."""

_BLOCK = 3
"""Digits of a key that vary within one read of the log: a thousand links."""
_DIGITS = 12
_TRIES = 1000


class Action(StrEnum):
    """What was done with evidence."""

    CAPTURED = "captured"
    LOOKED = "looked"
    JUDGED = "judged"
    PACKED = "packed"
    """The files of a bundle were named, before it was written."""
    EXPORTED = "exported"
    ERASED = "erased"
    FORGOTTEN = "forgotten"
    LOST = "lost"
    """The files of captures are nowhere any longer, as a person declared."""
    SEALED = "sealed"


@dataclass(frozen=True)
class LogEntry:
    """One entry of the log; `at` is ISO 8601 in UTC, `hash` covers all other fields."""

    number: int
    at: str
    who: str
    action: str
    entries: tuple[str, ...]
    previous: str
    hash: str

    def computed(self) -> str:
        """The hash that the other fields give."""
        return _hash(asdict(self))


class Head(NamedTuple):
    """Number and hash of the last link; 0 and FIRST for an empty log."""

    number: int
    hash: str


class LogFault(NamedTuple):
    """A fault of the log: `number` is the link's, 0 if it concerns none."""

    number: int
    problem: str


class Custody:
    """The custody log in `store`, safe for several processes at once."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def append(
        self,
        action: Action,
        who: str,
        entries: Sequence[str],
        at: datetime | None = None,
    ) -> LogEntry:
        """Adds a link with `entries` (canonical JSON texts) at the moment `at`, now by default."""
        (link,) = self.append_each([(action, who, entries)], at)
        return link

    def append_each(
        self, parts: Iterable[tuple[Action, str, Sequence[str]]], at: datetime | None = None
    ) -> Iterator[LogEntry]:
        """Adds a link for each action, person and entries, yielding each once it is stored.

        The log's head is read once before them and saved once after them.
        """
        when = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")
        last: LogEntry | None = None
        head = self.head()
        try:
            for part in parts:
                last = self._append(head, when, *part)
                head = Head(last.number, last.hash)
                yield last
        finally:
            if last:
                self._save_head(last)

    def _append(
        self, head: Head, when: str, action: Action, who: str, entries: Sequence[str]
    ) -> LogEntry:
        """Stores a link behind `head`, or behind what others have added since."""
        texts = tuple(clean_surrogates(entry) for entry in entries)
        for _ in range(_TRIES):
            values: dict[str, Any] = {
                "number": head.number + 1,
                "at": when,
                "who": clean_surrogates(who),
                "action": str(action),
                "entries": texts,
                "previous": head.hash,
            }
            link = LogEntry(**values, hash=_hash(values))
            if self._put(link):
                return link
            head = self.head()
        raise EvidenceError("the custody log is busy; try again")

    def head(self) -> Head:
        """The last link's number and hash."""
        number, known = self._saved_head()
        # A process may have ended between writing a link and saving the head.
        while link := self._read(number + 1):
            number, known = link.number, link.hash
        return Head(number, known)

    def links(self) -> Iterator[LogEntry]:
        """Streams the links by number."""
        last = self._saved_head().number // 10**_BLOCK
        for block in itertools.count():
            documents = self._block(block)
            if not documents and block > last:
                return
            yield from (_from_document(document) for document in documents.values())

    def entries_since(self, moment: str) -> set[str]:
        """The entries of all links since an ISO moment, and some of earlier ones."""
        found: set[str] = set()
        for block in reversed(range(self.head().number // 10**_BLOCK + 1)):
            links = [_from_document(document) for document in self._block(block).values()]
            found.update(entry for link in links for entry in link.entries)
            # Machines' clocks differ, so that a single earlier link says nothing.
            if links and all(link.at < moment for link in links):
                break
        return found

    def check(self) -> list[LogFault]:
        """Faults of the chain: links that were changed, removed, replaced or cut off."""
        return [*check_chain(self.links(), self._saved_head())]

    def _put(self, link: LogEntry) -> bool:
        key = _key(link.number)
        document = {**asdict(link), "entries": list(link.entries)}
        return key in self._store.put_documents(KIND, {key: document}, replace=False)

    def _read(self, number: int) -> LogEntry | None:
        documents = self._store.documents(KIND, keys=[_key(number)])
        return next((_from_document(document) for document in documents.values()), None)

    def _block(self, block: int) -> dict[str, dict[str, Any]]:
        return self._store.documents(KIND, prefix=f"{block:0{_DIGITS - _BLOCK}}")

    def _saved_head(self) -> Head:
        document = self._store.documents(HEAD, keys=["head"]).get("head")
        return Head(document["number"], document["hash"]) if document else Head(0, FIRST)

    def _save_head(self, link: LogEntry) -> None:
        if self._saved_head().number < link.number:
            document = {"number": link.number, "hash": link.hash}
            self._store.put_documents(HEAD, {"head": document})


def check_chain(links: Iterable[LogEntry], head: Head) -> Iterator[LogFault]:
    """Faults of a chain of links by number, which should reach `head` at least."""
    expected, previous = 1, FIRST
    for link in links:
        for number in range(expected, link.number):
            yield LogFault(number, "missing")
        if link.number < expected:
            yield LogFault(link.number, "out of order, or there twice")
        if link.hash != link.computed():
            yield LogFault(link.number, "changed: its content does not give its hash")
        elif link.number == expected and link.previous != previous:
            yield LogFault(link.number, "does not follow the link before it, which was replaced")
        if link.number == head.number and link.hash != head.hash:
            yield LogFault(link.number, "is not the link that the head of the log names")
        expected, previous = link.number + 1, link.hash
    for number in range(expected, head.number + 1):
        yield LogFault(number, "missing at the end")


def _key(number: int) -> str:
    return f"{number:0{_DIGITS}}"


def _hash(values: Mapping[str, Any]) -> str:
    return digest({name: value for name, value in values.items() if name != "hash"})


def _from_document(document: Mapping[str, Any]) -> LogEntry:
    values = {name: document.get(name, "") for name in LogEntry.__dataclass_fields__}
    return LogEntry(**{**values, "entries": tuple(document.get("entries") or ())})
