"""Documents of other kinds than advertisements in MongoDB, one collection per kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Any

from pymongo import ReplaceOne
from pymongo.collection import Collection

from wildcrawl.store.documents import Document, Prefix, clean_surrogates, prefix_bounds

_UPDATES = 50
"""Updates per command; FerretDB uses a connection for each, of a hundred."""
_LOOK_UPS = 10_000
"""Keys per query; a command is limited to 16 MiB."""


def one_of(ids: Sequence[str]) -> str | Document:
    """The condition for an `_id` that is one of `ids`.

    FerretDB finds a single one by its index, and reads all documents for several.
    """
    return ids[0] if len(ids) == 1 else {"$in": list(ids)}


def cleaned(documents: Mapping[str, Document]) -> dict[str, Document]:
    """The documents without lone surrogates, which the database rejects."""
    return {
        key: json.loads(clean_surrogates(json.dumps(document, ensure_ascii=False)))
        for key, document in documents.items()
    }


def batches(documents: Mapping[str, Document], size: int) -> Iterator[dict[str, Document]]:
    """The documents in parts of `size`."""
    rows = iter(documents.items())
    while batch := dict(islice(rows, size)):
        yield batch


def put(
    collection: Collection[dict[str, Any]],
    documents: Mapping[str, Document],
    new: set[str],
    *,
    replace: bool,
) -> None:
    """Writes the documents under the caller's lock; adds the keys that did not exist to `new`.

    They are added before writing, so that a retry after a broken write still reports them as new.
    """
    ids = {key: clean_surrogates(key) for key in documents}
    existing = collection.find({"_id": one_of(list(ids.values()))}, {"_id": 1})
    there = {document["_id"] for document in existing}
    new |= {key for key, name in ids.items() if name not in there}
    if replace:
        write(collection, documents, there)
    else:
        write(collection, {key: documents[key] for key in ids if ids[key] not in there}, set())


def write(
    collection: Collection[dict[str, Any]],
    documents: Mapping[str, Document],
    there: AbstractSet[str],
) -> None:
    """Inserts the documents, or replaces those that are `there`, under the caller's lock."""
    names = ((clean_surrogates(key), document) for key, document in documents.items())
    rows = {name: {"_id": name, "document": document} for name, document in names}
    fresh = [row for name, row in rows.items() if name not in there]
    if fresh:
        collection.insert_many(fresh, ordered=False)
    writes = [ReplaceOne({"_id": name}, rows[name]) for name in rows if name in there]
    for start in range(0, len(writes), _UPDATES):
        collection.bulk_write(writes[start : start + _UPDATES], ordered=False)


def read(
    collection: Collection[dict[str, Any]], prefix: Prefix, keys: Iterable[str] | None
) -> dict[str, Document]:
    """The documents of the collection by key, as `Store.documents`."""
    bounds = prefix_bounds(prefix)
    ranges: list[Document] = [
        {"_id": {"$gte": first} | ({} if end is None else {"$lt": end})} for first, end in bounds
    ]
    # In one query, since FerretDB reads all documents for each.
    queries = ranges if len(ranges) <= 1 else [{"$or": ranges}]
    if keys is not None:
        begin = tuple(first for first, _ in bounds)
        wanted = sorted(key for key in map(clean_surrogates, keys) if key.startswith(begin))
        queries = [{"_id": one_of(part)} for part in _parts(wanted)]
    rows = {row["_id"]: row["document"] for query in queries for row in collection.find(query)}
    return dict(sorted(rows.items()))


def remove(collection: Collection[dict[str, Any]], keys: Iterable[str]) -> int:
    """Erases documents under the caller's lock; returns how many there were."""
    wanted = sorted(set(map(clean_surrogates, keys)))
    results = (collection.delete_many({"_id": one_of(part)}) for part in _parts(wanted))
    return sum(result.deleted_count for result in results)


def _parts(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + _LOOK_UPS] for start in range(0, len(keys), _LOOK_UPS))
