"""Documents beside the advertisements in MongoDB, one collection per kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from pymongo import ReplaceOne
from pymongo.collection import Collection

from wildcrawl.store.documents import Document, clean_surrogates, prefix_end

_UPDATES = 50
"""Updates in one command; FerretDB keeps a connection open for each, and has a hundred."""
_LOOK_UPS = 10_000
"""Keys in one query; a command has a limit of 16 MiB."""


def cleaned(documents: Mapping[str, Document]) -> dict[str, Document]:
    """The documents with halves of characters fixed, which the database does not take."""
    return {
        key: json.loads(clean_surrogates(json.dumps(document, ensure_ascii=False)))
        for key, document in documents.items()
    }


def batches(documents: Mapping[str, Document], size: int) -> Iterator[dict[str, Document]]:
    """The documents in parts of `size`."""
    rows = iter(documents.items())
    while some := dict(islice(rows, size)):
        yield some


def put(
    collection: Collection[dict[str, Any]],
    documents: Mapping[str, Document],
    new: set[str],
    *,
    replace: bool,
) -> None:
    """Writes the documents under the caller's lock; adds to `new` the keys that were not there.

    They are told before they are written, so that a second try after a broken one takes none back.
    """
    ids = {key: clean_surrogates(key) for key in documents}
    found = collection.find({"_id": {"$in": list(ids.values())}}, {"_id": 1})
    there = {each["_id"] for each in found}
    new |= {key for key, name in ids.items() if name not in there}
    rows = {ids[key]: {"_id": ids[key], "document": each} for key, each in documents.items()}
    fresh = [row for name, row in rows.items() if name not in there]
    if fresh:
        collection.insert_many(fresh, ordered=False)
    if replace:
        writes = [ReplaceOne({"_id": name}, rows[name]) for name in rows if name in there]
        for start in range(0, len(writes), _UPDATES):
            collection.bulk_write(writes[start : start + _UPDATES], ordered=False)


def read(
    collection: Collection[dict[str, Any]], prefix: str, keys: Iterable[str] | None
) -> dict[str, Document]:
    """The documents of the collection by key, as `Store.documents`."""
    prefix = clean_surrogates(prefix)
    end = prefix_end(prefix)
    queries: list[Document] = [{"_id": {"$gte": prefix} | ({} if end is None else {"$lt": end})}]
    if keys is not None:
        wanted = sorted(key for key in map(clean_surrogates, keys) if key.startswith(prefix))
        parts = (wanted[i : i + _LOOK_UPS] for i in range(0, len(wanted), _LOOK_UPS))
        queries = [{"_id": {"$in": part}} for part in parts]
    rows = {each["_id"]: each["document"] for query in queries for each in collection.find(query)}
    return dict(sorted(rows.items()))
