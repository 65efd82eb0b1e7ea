"""What goes to MongoDB and comes from it: changes as update operators, documents as columns."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import polars as pl

from wildcrawl.store.documents import MOMENTS
from wildcrawl.store.frame import CHUNK, JOINED, raw_dtype

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from wildcrawl.store.documents import Document

_GROWING = ("found_by", "by_person")


def operators(before: Document, after: Document) -> Document:
    """The update that turns one document into the other.

    Moments only move the one way and lists only grow, even if another process writes meanwhile;
    but what a person takes back goes.
    """
    update: dict[str, Document] = {}
    for name, value in after.items():
        old = before[name]
        if value == old:
            continue
        if name == "last_seen":
            update.setdefault("$max", {})[name] = value
        elif name in ("first_seen", "found_at"):
            update.setdefault("$min", {})[name] = value
        elif name in _GROWING and not {*old} - {*value}:
            added = [each for each in value if each not in old]
            update.setdefault("$addToSet", {})[name] = {"$each": added}
        elif name == "history" and value[: len(old)] == old:
            update.setdefault("$push", {})[name] = {"$each": value[len(old) :]}
        else:
            update.setdefault("$set", {})[name] = value
    return update


def chunks(documents: Iterable[Document], read: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Documents, some thousands at a time, as frames of the columns `read` in their raw types."""
    rows = iter(documents)
    while some := list(islice(rows, CHUNK)):
        yield pl.DataFrame(
            [pl.Series(name, _column(some, name), dtype=raw_dtype(name)) for name in read]
        )


def _column(documents: Sequence[Document], name: str) -> list[Any]:
    if name in JOINED:
        return [";".join(each[name]) for each in documents]
    if name in MOMENTS:
        return [int(each[name]) for each in documents]
    return [each[name] for each in documents]
