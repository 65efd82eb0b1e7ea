"""Readings of pictures in the store: what was read, hashes, words and features, by payload."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wildcrawl.evidence.captures import note_change
from wildcrawl.pictures.contacts import keyed_contacts
from wildcrawl.pictures.features import TABLES, Features
from wildcrawl.pictures.hashes import PictureHash

if TYPE_CHECKING:
    from wildcrawl.pictures.reading import Reading
    from wildcrawl.store import DocumentStore

KIND = "picture"
FEATURES = "picture_features"
_KEY_KIND, _KEY = "secret", "contacts"


@dataclass(frozen=True)
class Seen:
    """What was read of the picture with the SHA-256 `sha`.

    `text` is masked and `contacts` are keyed hashes; `scores` are those of a model, by label.
    `hash`, `framed` and `parts` are those of a Likeness; `words`, shape (TABLES, n), belong to
    features that are kept apart. `seen_by` names the readers; `unread` says why nothing was read,
    "" if it was.
    """

    sha: str
    format: str = ""
    width: int = 0
    height: int = 0
    text: str = ""
    contacts: list[str] = field(default_factory=list)
    codes: int = 0
    hash: PictureHash | None = None
    framed: PictureHash | None = None
    parts: list[PictureHash] = field(default_factory=list)
    words: NDArray[np.uint32] | None = None
    scores: dict[str, float] = field(default_factory=dict)
    seen_by: str = ""
    unread: str = ""


def seen_of(sha: str, reading: Reading, key: bytes, seen_by: str) -> Seen:
    """What is kept of a reading: contacts are hashed with `key`."""
    return Seen(
        sha,
        reading.format,
        reading.width,
        reading.height,
        reading.text,
        keyed_contacts(reading.contacts, key),
        reading.codes,
        reading.likeness.hash,
        reading.likeness.framed,
        reading.likeness.parts,
        reading.likeness.words,
        reading.scores,
        seen_by,
    )


def contact_key(store: DocumentStore) -> bytes:
    """The key of the store's contact hashes; made once, the same for every process."""
    if not store.documents(_KEY_KIND, keys=[_KEY]):
        store.put_documents(_KEY_KIND, {_KEY: {"hex": secrets.token_hex(32)}}, replace=False)
    return bytes.fromhex(store.documents(_KEY_KIND, keys=[_KEY])[_KEY]["hex"])


def save(store: DocumentStore, seen: Seen, features: Features | None) -> None:
    """Stores a reading; its features first, so that every reading with words has them."""
    if features is not None:
        view = features.view
        document = {
            "points": _packed(np.round(features.points).astype(np.int16)),
            "codes": _packed(features.codes),
            "width": features.size[0],
            "height": features.size[1],
            "view": "" if view is None else _packed(view),
            "view_width": 0 if view is None else view.shape[1],
            "frame": [round(edge) for edge in features.frame or ()],
        }
        store.put_documents(FEATURES, {seen.sha: document})
    store.put_documents(KIND, {seen.sha: _to_document(seen)})
    note_change(store)


def readings(store: DocumentStore, shas: Collection[str] | None = None) -> dict[str, Seen]:
    """Readings by the SHA-256 of their pictures; of `shas`, or all."""
    documents = store.documents(KIND, keys=shas) if shas is not None else store.documents(KIND)
    return {sha: _from_document(sha, document) for sha, document in documents.items()}


def features_of(store: DocumentStore, sha: str) -> Features | None:
    """The features of a picture; None if it has none."""
    found = store.documents(FEATURES, keys=[sha]).get(sha)
    if found is None:
        return None
    points = np.frombuffer(base64.b85decode(found["points"]), dtype=np.int16).reshape(-1, 2)
    codes = np.frombuffer(base64.b85decode(found["codes"]), dtype=np.uint8).reshape(-1, 16)
    across = found.get("view_width", 0)
    if not across:  # a reading of an earlier version
        return Features(points.astype(np.float32), codes)
    view = np.frombuffer(base64.b85decode(found["view"]), dtype=np.uint8).reshape(-1, across)
    frame = None
    if found.get("frame"):
        left, top, right, bottom = map(float, found["frame"])
        frame = (left, top, right, bottom)
    size = (found["width"], found["height"])
    return Features(points.astype(np.float32), codes, size, view, frame)


def _to_document(seen: Seen) -> dict[str, Any]:
    return {
        "format": seen.format,
        "width": seen.width,
        "height": seen.height,
        "text": seen.text,
        "contacts": seen.contacts,
        "codes": seen.codes,
        "phash": f"{seen.hash.plain:016x}" if seen.hash else "",
        "mirrored": f"{seen.hash.mirrored:016x}" if seen.hash else "",
        "framed": _hex(seen.framed),
        "parts": [_hex(part) for part in seen.parts],
        "words": "" if seen.words is None else _packed(seen.words),
        # A document holds no fractions.
        "scores": [f"{score:.4f} {label}" for label, score in sorted(seen.scores.items())],
        "seen_by": seen.seen_by,
        "unread": seen.unread,
    }


def _from_document(sha: str, document: Mapping[str, Any]) -> Seen:
    scores = (text.split(" ", 1) for text in document["scores"])
    return Seen(
        sha,
        document["format"],
        document["width"],
        document["height"],
        document["text"],
        document["contacts"],
        document["codes"],
        _hash(document),
        _from_hex(document.get("framed", "")),
        [part for text in document.get("parts", ()) if (part := _from_hex(text))],
        _words(document["words"]),
        {label: float(score) for score, label in scores},
        document["seen_by"],
        document["unread"],
    )


def _hash(document: Mapping[str, Any]) -> PictureHash | None:
    if not document["phash"]:
        return None
    return PictureHash(int(document["phash"], 16), int(document["mirrored"], 16))


def _hex(hash_: PictureHash | None) -> str:
    return f"{hash_.plain:016x}{hash_.mirrored:016x}" if hash_ else ""


def _from_hex(text: str) -> PictureHash | None:
    return PictureHash(int(text[:16], 16), int(text[16:], 16)) if text else None


def _words(text: str) -> NDArray[np.uint32] | None:
    if not text:
        return None
    return np.frombuffer(base64.b85decode(text), dtype=np.uint32).reshape(TABLES, -1)


def _packed(array: NDArray[Any]) -> str:
    return base64.b85encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def chosen(scores: Mapping[str, float]) -> Iterator[str]:
    """Labels with their scores in percent, the highest first."""
    for label, score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        yield f"{label} {score:.0%}"
