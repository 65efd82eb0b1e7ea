"""Captures: what was seen of an advertisement at one moment, as documents in the store."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from wildcrawl.evidence.canonical import digest
from wildcrawl.items import Key
from wildcrawl.store.base import DocumentStore
from wildcrawl.store.documents import clean_surrogates, moment

KIND = "capture"
INDEX = "capture_index"
STATE = "captured"
_CHANGE, _LAST = "evidence_change", "last"

_UNLOGGED = "unlogged\n"
"""Prefix of index entries of captures whose link in the custody log is not written yet."""

_LONGEST_SKIPPED = 2000
"""Characters of an address that was not fetched; data: addresses hold whole pictures."""


class CaptureKind(StrEnum):
    """What a capture holds."""

    PAGE = "page"
    PICTURE = "picture"
    SCREENSHOT = "screenshot"


class View(StrEnum):
    """What a screenshot shows: the whole page, or the card of one advertisement on it."""

    PAGE = ""
    CARD = "card"


class CaptureReason(StrEnum):
    """Why a capture was made."""

    FIRST_SIGHT = "first_sight"
    CHANGED = "changed"
    REMOVED = "removed"
    IMAGE_ONLY = "image_only"


@dataclass(frozen=True)
class Capture:
    """What was seen of an advertisement at the moment `at` (UTC, to the millisecond).

    `record` is the object that holds the WARC record, and `source` the one that holds the payload
    if `record` only refers to it; "" otherwise. `payload` is the SHA-256 of the page's body or of
    the picture, after content decoding, and `length` its bytes. `width` and `height` are pixels,
    0 if unknown. `skipped` is the reason for which nothing was captured, "" if it was. `view` is of
    screenshots that a crawl made.
    """

    site: str
    ad_id: str
    at: datetime
    run: str
    kind: CaptureKind
    url: str
    status: int = 0
    media_type: str = ""
    record: str = ""
    source: str = ""
    payload: str = ""
    length: int = 0
    width: int = 0
    height: int = 0
    reason: CaptureReason = CaptureReason.FIRST_SIGHT
    skipped: str = ""
    view: View = View.PAGE

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", moment(self.at, "the moment of a capture"))
        for name in ("site", "ad_id", "url"):
            object.__setattr__(self, name, clean_surrogates(getattr(self, name)))
        if self.skipped and len(self.url) > _LONGEST_SKIPPED:
            object.__setattr__(self, "url", f"{self.url[:_LONGEST_SKIPPED]}…")

    @property
    def objects(self) -> frozenset[str]:
        """The objects that the capture needs: its record, and the one that this refers to."""
        return frozenset({self.record, self.source} - {""})

    @cached_property
    def key(self) -> str:
        """Key of the capture's document: site, ad_id, moment, kind, and part of the digest."""
        return f"{_prefix(self.site, self.ad_id)}{_iso(self.at)}\n{self.kind}-{self.digest[:16]}"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all fields that are not empty, by which the custody log knows the capture."""
        # Empty ones are left out, so that a field of a later version changes no earlier digest.
        return digest({name: value for name, value in _to_document(self).items() if value})


@dataclass(frozen=True)
class CapturedTexts:
    """Texts of an advertisement at its last page capture."""

    title: str
    description: str
    price: str
    at: datetime


_FIELDS = tuple(field.name for field in fields(Capture))


class Captures:
    """The captures kept in `store`."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def add(self, captures: Sequence[Capture]) -> None:
        """Stores captures, as unlogged; one that is stored already is left as it is."""
        if not captures:
            return
        entries = [f"{entry}{item.key}" for item in captures for entry in _entries(item)]
        entries += [f"{_UNLOGGED}{capture.key}" for capture in captures]
        # The index first: an entry without its capture is ignored, the reverse would not be found.
        self._store.put_documents(INDEX, {entry: {} for entry in entries}, replace=False)
        documents = {capture.key: _to_document(capture) for capture in captures}
        self._store.put_documents(KIND, documents, replace=False)
        note_change(self._store)

    def unlogged(self) -> list[Capture]:
        """Captures that were stored, and are not in the custody log yet."""
        return self._indexed(_UNLOGGED)

    def mark_logged(self, captures: Iterable[Capture]) -> None:
        """Notes that captures are in the custody log."""
        marks = [f"{_UNLOGGED}{capture.key}" for capture in captures]
        if marks:
            self._store.remove_documents(INDEX, marks)

    def remove(self, captures: Sequence[Capture]) -> None:
        """Erases the documents of captures; their objects are left."""
        if captures:
            entries = [f"{entry}{item.key}" for item in captures for entry in _entries(item)]
            self._store.remove_documents(KIND, [capture.key for capture in captures])
            self._store.remove_documents(INDEX, entries)
            self.mark_logged(captures)
            note_change(self._store)

    def remove_states(self, keys: Collection[Key]) -> None:
        """Erases what advertisements showed when their pages were captured."""
        self._store.remove_documents(STATE, [_prefix(*key) for key in keys])

    def of(self, site: str, ad_id: str) -> list[Capture]:
        """The captures of an advertisement, oldest first; those that were skipped too."""
        return self.of_all([(site, ad_id)])[site, ad_id]

    def of_all(self, keys: Collection[Key]) -> dict[Key, list[Capture]]:
        """The captures of several advertisements, as `of`, read at once."""
        found: dict[Key, list[Capture]] = {}
        prefixes = tuple(_prefix(*key) for key in keys)
        for capture in self._read(self._store.documents(KIND, prefix=prefixes)):
            found.setdefault((capture.site, capture.ad_id), []).append(capture)
        return {
            (site, ad_id): found.get((clean_surrogates(site), clean_surrogates(ad_id)), [])
            for site, ad_id in keys
        }

    def all(self) -> Iterator[Capture]:
        """Streams all captures, by site, advertisement and moment."""
        return (_from_document(document) for _, document in self._store.each_document(KIND))

    def picture(self, url: str) -> Capture | None:
        """The latest capture of the picture at the address `url`, for any advertisement."""
        found = [
            capture
            for capture in self._indexed(f"address\n{_hash(url)}\n")
            if capture.url == clean_surrogates(url)
        ]
        return max(found, key=lambda capture: capture.at, default=None)

    def by_payload(self, sha: str) -> list[Capture]:
        """The captures that hold the payload `sha`, oldest first."""
        return sorted(self._indexed(f"payload\n{sha}\n"), key=lambda capture: capture.at)

    def stored(self, captures: Sequence[Capture]) -> list[Capture]:
        """Those of some captures that were not erased."""
        if not captures:
            return []
        there = self._store.documents(KIND, keys=[capture.key for capture in captures])
        return [capture for capture in captures if clean_surrogates(capture.key) in there]

    def users(self, record: str) -> list[Capture]:
        """The captures that need the object `record`."""
        return self._indexed(f"object\n{record}\n")

    def sample(self, most: int) -> list[str]:
        """At most `most` objects that captures need, evenly chosen; all of them if they are fewer.

        Asks for few index entries of many: digests are random, so those that begin alike will do.
        """
        start, shas = secrets.token_hex(3), set[str]()
        for digits in range(len(start), -1, -1):
            entries = self._store.documents(INDEX, prefix=f"object\n{start[:digits]}")
            shas = {entry.split("\n")[1] for entry in entries}
            if len(shas) >= most:
                break
        return sorted(shas)[:: max(1, -(-len(shas) // most))]

    def last_state(self, site: str, ad_id: str) -> CapturedTexts | None:
        """The advertisement's texts at its last page capture; None if there was none."""
        return self.last_states([(site, ad_id)]).get((site, ad_id))

    def last_states(self, keys: Collection[Key]) -> dict[Key, CapturedTexts]:
        """The texts of advertisements at their last page captures, by (site, ad_id)."""
        names = {clean_surrogates(_prefix(*key)): key for key in keys}
        documents = self._store.documents(STATE, keys=list(names)) if names else {}
        return {names[name]: _to_state(document) for name, document in documents.items()}

    def save_states(self, states: Mapping[Key, CapturedTexts]) -> None:
        """Keeps what advertisements showed when their pages were captured."""
        documents = {
            _prefix(*key): {**vars(state), "at": _iso(state.at)} for key, state in states.items()
        }
        if documents:
            self._store.put_documents(STATE, documents)

    def _indexed(self, prefix: str) -> list[Capture]:
        entries = self._store.documents(INDEX, prefix=prefix)
        keys = [entry.removeprefix(prefix) for entry in entries]
        return list(self._read(self._store.documents(KIND, keys=keys))) if keys else []

    def _read(self, documents: Mapping[str, dict[str, Any]]) -> Iterator[Capture]:
        return (_from_document(document) for document in documents.values())


def note_change(store: DocumentStore) -> None:
    """Notes that captures, readings of pictures or links between advertisements have changed."""
    store.put_documents(_CHANGE, {_LAST: {"token": secrets.token_hex(8)}})


def last_change(store: DocumentStore) -> str:
    """A token that differs once evidence has changed; "" if none was ever kept."""
    token: str = store.documents(_CHANGE, keys=[_LAST]).get(_LAST, {}).get("token", "")
    return token


def _entries(capture: Capture) -> Iterable[str]:
    """Prefixes of the index entries by which a capture is found; its key follows each."""
    for sha in capture.objects:
        yield f"object\n{sha}\n"
    if capture.payload:
        yield f"payload\n{capture.payload}\n"
    if capture.kind is CaptureKind.PICTURE and capture.record:
        yield f"address\n{_hash(capture.url)}\n"


def _hash(text: str) -> str:
    return hashlib.sha256(clean_surrogates(text).encode()).hexdigest()


def _prefix(site: str, ad_id: str) -> str:
    return f"{site}\n{ad_id}\n"


def _iso(at: datetime) -> str:
    return moment(at, "the moment of a capture").isoformat(timespec="milliseconds")


def _to_document(capture: Capture) -> dict[str, Any]:
    document = {name: getattr(capture, name) for name in _FIELDS} | {"at": _iso(capture.at)}
    return {
        name: clean_surrogates(str(value)) if isinstance(value, str) else value
        for name, value in document.items()
    }


def _from_document(document: Mapping[str, Any]) -> Capture:
    values = {name: document[name] for name in _FIELDS if name in document}
    return Capture(
        **{
            **values,
            "at": datetime.fromisoformat(document["at"]).astimezone(UTC),
            "kind": CaptureKind(document["kind"]),
            "reason": CaptureReason(document["reason"]),
            "view": View(document.get("view", "")),
        }
    )


def _to_state(document: Mapping[str, Any]) -> CapturedTexts:
    at = datetime.fromisoformat(document["at"]).astimezone(UTC)
    return CapturedTexts(document["title"], document["description"], document["price"], at)
