"""Restore into a MongoDB database, which is refused as a store until it is complete."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wildcrawl.store.base import StoreError, redact_url
from wildcrawl.store.mongo import MongoStore
from wildcrawl.store.mongo_client import RESTORE, open_database


@contextmanager
def restoring(url: str) -> Iterator[MongoStore]:
    """The store of an empty database, marked as incomplete until the block ends without an error.

    What an interrupted restore had loaded is dropped first. StoreError if the database has
    anything else.
    """
    client, database = open_database(url, restore=True)
    try:
        if database["layout"].find_one({"_id": RESTORE}):
            client.drop_database(database.name)
    finally:
        client.close()
    store = MongoStore(url)
    try:
        if not store.is_empty():
            raise StoreError(
                f"the store {redact_url(url)} is not empty; a backup is restored into an empty "
                "database: name another in WILDCRAWL_STORE"
            )
        marks = store.database["layout"]
        marks.insert_one({"_id": RESTORE})
        yield store
        marks.delete_one({"_id": RESTORE})
    finally:
        store.close()
