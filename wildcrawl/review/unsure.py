"""Unsure cards: pending advertisements of which a person left the verdict to a second person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wildcrawl.items import Advertisement, Key, VerdictOutcome
from wildcrawl.store import DocumentStore, Store
from wildcrawl.store.documents import clean_surrogates
from wildcrawl.store.verdicts import is_judged, is_same_person

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


def refused_rows(store: Store, rows: Iterable[Advertisement]) -> list[Advertisement]:
    """The rows of a file that decide, without being a second person, what waits for one.

    Each has the reason in its `origin`.
    """
    rows = list(rows)
    noted = _noted(store, rows)
    stored = store.get_all(noted) if noted else {}
    refused = []
    for row in rows:
        key = (row.site, row.ad_id)
        left_by = noted[key] if key in stored and not is_judged(stored[key]) else None
        if left_by is None or row.origin is None or not is_judged(row):
            continue
        if row.screened_by.strip() and not is_same_person(row.screened_by, left_by):
            continue
        row.origin.verdict = VerdictOutcome.REFUSED
        row.origin.conflict = (
            f"verdict: {left_by} left it to a second person; give that person's verdict, with the "
            "name in screened_by, or judge it at the desk"
        )
        refused.append(row)
    return refused


def settle_rows(store: Store, rows: Iterable[Advertisement]) -> None:
    """Takes the notes back on advertisements of stored rows that have a verdict by now."""
    noted = _noted(store, rows)
    stored = store.get_all(noted) if noted else {}
    if settled := [_name(key) for key, ad in stored.items() if is_judged(ad)]:
        store.remove_documents(KIND, settled)


def _noted(store: DocumentStore, rows: Iterable[Advertisement]) -> dict[Key, str]:
    """Who left each of the noted advertisements on which rows of a file give a verdict."""
    keys = {(row.site, row.ad_id) for row in rows if row.origin and is_judged(row)}
    found = store.documents(KIND, keys=[*map(_name, keys)]) if keys else {}
    return {key: found[_name(key)]["by"] for key in keys if _name(key) in found}


def _name(key: Key) -> str:
    return clean_surrogates(f"{key[0]}\n{key[1]}")
