"""Evidence of a store: objects, captures and the custody log, used together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from wildcrawl.evidence.canonical import canonical
from wildcrawl.evidence.captures import Capture, CapturedTexts, Captures
from wildcrawl.evidence.custody import Action, Custody, LogEntry
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.lost import LostObjects
from wildcrawl.evidence.objects import ObjectStore, open_objects, sha256
from wildcrawl.evidence.records import (
    Exchange,
    Origin,
    payload_of,
    raw_digest,
    response_of,
    response_record,
    revisit_record,
)
from wildcrawl.evidence.seals import Seals
from wildcrawl.items import Key
from wildcrawl.store.base import DocumentStore


def open_evidence(store: DocumentStore, address: str | Path) -> Evidence:
    """The evidence of `store`, whose objects are at `address`: a folder or an fsspec address."""
    return Evidence(store, open_objects(address))


LOOKED = "picture"
"""Kind of the documents of what was read in a picture, by the SHA-256 of its bytes."""
DERIVED = (LOOKED, "picture_features", "stock_picture", "picture_covers")
"""Kinds of the documents that were made from a picture, by the SHA-256 of its bytes."""

IN_HAND = timedelta(hours=1)
"""Time in which a capture that was stored is in the hands of the crawl that logs it."""
_ENTRIES = 1000


class Kept(NamedTuple):
    """Where an exchange is kept: the fields of the same names of a Capture."""

    record: str
    source: str
    payload: str
    length: int


class Erased(NamedTuple):
    """What was erased; `shared` objects remain, since other captures need them.

    `size` is in bytes. `payloads` are the SHA-256s of bodies that no capture holds any longer, so
    that what was derived from them can be erased too.
    """

    captures: int = 0
    objects: int = 0
    size: int = 0
    shared: int = 0
    payloads: frozenset[str] = frozenset()


class Evidence:
    """Objects, captures and the custody log of one store."""

    def __init__(self, store: DocumentStore, objects: ObjectStore) -> None:
        self._store = store
        self.objects = objects
        self.captures = Captures(store)
        self.custody = Custody(store)
        self.seals = Seals(store, self.custody)
        self.lost = LostObjects(store)
        self.added: list[Capture] = []
        """Captures added by this object, for the seal of a run."""

    def keep(self, exchange: Exchange, payload: bytes, origin: Origin) -> Kept:
        """Stores the record of an exchange whose decoded body is `payload`.

        The body is stored once: if a capture has the same one, the record only refers to it.
        """
        sha = sha256(payload)
        for first in self.captures.by_payload(sha):
            if first.source or not self.objects.has(first.record):
                continue
            stored = response_of(self.objects.get(first.record))
            if stored.kind == "response" and stored.digest == raw_digest(exchange.body):
                record = revisit_record(exchange, stored.url, first.at, origin)
                return Kept(self.objects.put(record), first.record, sha, len(payload))
        record = response_record(exchange, origin, payload)
        return Kept(self.objects.put(record), "", sha, len(payload))

    def add(
        self,
        captures: Sequence[Capture],
        who: str,
        states: Mapping[Key, CapturedTexts] | None = None,
    ) -> None:
        """Stores captures, whose objects are stored already, and logs them as captured by `who`.

        The states are stored last, so that after an interruption the captures are due again.
        """
        self.captures.add(captures)
        for sha in {sha for item in captures for sha in item.objects}:
            if not self.objects.has(sha):
                self.captures.remove(captures)
                raise EvidenceError(f"the object {sha} of a capture is not stored; put it first")
        self._log(captures, who)
        self.added += captures
        if states:
            self.captures.save_states(states)

    def recover(self, who: str, now: datetime | None = None) -> int:
        """Logs captures whose run ended between storing and logging them; returns their number.

        Only those over an hour old at `now`, since others may be in the hands of a running crawl.
        """
        latest = (now or datetime.now(UTC)) - IN_HAND
        captures = [item for item in self.captures.unlogged() if item.at < latest]
        self._log(captures, who)
        return len(captures)

    def note(self, action: Action, who: str, captures: Sequence[Capture], **more: str) -> LogEntry:
        """Adds a link to the custody log on captures that `who` looked at, judged or exported."""
        digests = [capture.digest for capture in captures]
        return self.custody.append(action, who, [canonical({**more, "captures": digests})])

    def forget(self, keys: Collection[Key], who: str, at: datetime | None = None) -> Erased:
        """Erases all captures of advertisements, and what they showed; `who` asked for it."""
        captures = [capture for key in sorted(keys) for capture in self.captures.of(*key)]
        erased = self.erase(captures, who, "forgotten", at)
        self.captures.remove_states(keys)
        return erased

    def erase(
        self, captures: Sequence[Capture], who: str, reason: str, at: datetime | None = None
    ) -> Erased:
        """Erases captures, and what no other capture needs of their objects; logs their digests.

        After an interruption, the same call completes it.
        """
        if not captures:
            return Erased()
        # The link first, so that nothing disappears without one.
        texts = [canonical({"capture": item.digest, "reason": reason}) for item in captures]
        self.append(Action.ERASED, who, texts, at)
        planned, alone = self._plan(captures)
        gone = {capture.key for capture in captures}
        freed = sum(self._delete(sha, gone) for sha in alone)
        for kind in DERIVED:
            self._store.remove_documents(kind, planned.payloads)
        self.captures.remove(captures)
        self.lost.remove(alone)
        return planned._replace(size=freed)

    def erasable(self, captures: Sequence[Capture]) -> Erased:
        """What `erase` would erase."""
        planned, alone = self._plan(captures)
        present = [sha for sha in alone if self.objects.has(sha)]
        return planned._replace(size=sum(map(self.objects.size, present)))

    def _plan(self, captures: Sequence[Capture]) -> tuple[Erased, set[str]]:
        """What can be erased with captures, its size left out, and the objects only they need."""
        gone = {capture.key for capture in captures}
        objects = {sha for item in captures for sha in item.objects}
        alone = {sha for sha in objects if not self._needed(sha, gone)}
        payloads = frozenset(
            sha
            for sha in {item.payload for item in captures} - {""}
            if not self._others(self.captures.by_payload(sha), gone)
        )
        erased = Erased(len(captures), len(alone), 0, len(objects - alone), payloads)
        return erased, alone

    def _needed(self, sha: str, gone: Set[str]) -> bool:
        return self._others(self.captures.users(sha), gone)

    def _others(self, captures: Iterable[Capture], gone: Set[str]) -> bool:
        return any(capture.key not in gone for capture in captures)

    def _delete(self, sha: str, gone: Set[str]) -> int:
        """Deletes an object, unless another process begins to need it meanwhile."""
        if not self.objects.has(sha):
            return 0
        try:
            data = self.objects.get(sha)
        except EvidenceError:  # damaged, so that it is of no use to another either
            return self.objects.delete(sha)
        freed = self.objects.delete(sha)
        if self._needed(sha, gone):
            self.objects.put(data)
            return 0
        return freed

    def _log(self, captures: Sequence[Capture], who: str) -> None:
        if captures:
            self.append(Action.CAPTURED, who, [entry(capture) for capture in captures])
            self.captures.mark_logged(captures)

    def append(
        self, action: Action, who: str, entries: Sequence[str], at: datetime | None = None
    ) -> None:
        """Adds links of a limited number of entries, since databases limit a document's size."""
        for start in range(0, len(entries), _ENTRIES):
            self.custody.append(action, who, entries[start : start + _ENTRIES], at)

    def payload(self, capture: Capture) -> bytes:
        """The page's body or the picture, after content decoding; its SHA-256 is checked."""
        if not capture.record:
            raise EvidenceError(f"nothing was captured of {capture.url}: {capture.skipped}")
        data = payload_of(self.objects.get(capture.source or capture.record))
        if sha256(data) != capture.payload:
            raise EvidenceError(
                f"the capture of {capture.url} is damaged: its payload has another SHA-256"
            )
        return data

    def reuse(self, capture: Capture, seen: Capture) -> Capture:
        """`capture` of a picture that was fetched before, as `seen`, without another request."""
        return replace(
            capture,
            status=seen.status,
            media_type=seen.media_type,
            record=seen.record,
            source=seen.source,
            payload=seen.payload,
            length=seen.length,
            width=seen.width,
            height=seen.height,
        )


def entry(capture: Capture) -> str:
    """Entry of a capture in the custody log: hashes, without what names a seller."""
    return canonical(
        {
            "capture": capture.digest,
            "kind": capture.kind,
            "site": capture.site,
            "record": capture.record,
            "payload": capture.payload,
        }
    )
