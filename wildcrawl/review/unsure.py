"""Unsure cards: pending advertisements of which a person left the verdict to a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wildcrawl.items import Key
from wildcrawl.store import DocumentStore
from wildcrawl.store.documents import clean_surrogates

KIND = "unsure"
"""Kind of the documents, by site and ad_id."""


@dataclass(frozen=True)
class Unsure:
    """An advertisement that `by` was not sure of at the ISO moment `at`, with a note."""

    key: Key
    by: str
    note: str
    at: str


def put_unsure(store: DocumentStore, key: Key, by: str, note: str, at: datetime) -> None:
    """Notes that `by` leaves the verdict to a second person."""
    document = {
        "site": key[0], "ad_id": key[1], "by": by, "note": note,
        "at": at.isoformat(timespec="milliseconds"),
    }  # fmt: skip
    store.put_documents(KIND, {_name(key): document})


def remove_unsure(store: DocumentStore, key: Key) -> None:
    """Takes the note back, since there is a verdict."""
    name = _name(key)
    # Looked up first, since nearly no advertisement has a note and writers wait for each other.
    if store.documents(KIND, keys=[name]):
        store.remove_documents(KIND, [name])


def all_unsure(store: DocumentStore) -> dict[Key, Unsure]:
    """The noted advertisements by key, the earliest first."""
    found = [
        Unsure((each["site"], each["ad_id"]), each["by"], each["note"], each["at"])
        for each in store.documents(KIND).values()
    ]
    return {each.key: each for each in sorted(found, key=lambda each: each.at)}


def _name(key: Key) -> str:
    return clean_surrogates(f"{key[0]}\n{key[1]}")
