"""One writer at a time on MongoDB, so that what is read for a merge is what it is written over."""

from __future__ import annotations

import random
import threading
import time
import uuid
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pymongo.errors import DuplicateKeyError, PyMongoError

from wildcrawl.store.base import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pymongo.collection import Collection

_ID = "writer"


class WriterLock:
    """A document that only one process can insert; who has it writes, and deletes it then.

    A process that died while it wrote leaves the document behind. Another one takes over when it
    has seen the same document for `lease` seconds; it compares no clocks of two machines.
    """

    def __init__(
        self, collection: Collection[dict[str, Any]], lease: float = 30.0, patience: float = 120.0
    ) -> None:
        self._collection = collection
        self._lease = lease
        self._patience = patience
        self._threads = threading.Lock()
        self._holder = uuid.uuid4().hex

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the lock; StoreError if others keep it for longer than `patience`."""
        with self._threads:
            token = uuid.uuid4().hex
            self._acquire(token)
            try:
                yield
            finally:
                # If it cannot be deleted now, the next one to hold it does so.
                with suppress(PyMongoError):
                    self._collection.delete_one({"_id": _ID, "token": token})

    def _acquire(self, token: str) -> None:
        start = since = time.monotonic()
        last_token = ""
        while True:
            with suppress(DuplicateKeyError):
                self._collection.insert_one({"_id": _ID, "token": token, "holder": self._holder})
                return
            current = self._collection.find_one({"_id": _ID})
            now = time.monotonic()
            if current is None:
                continue
            if current["token"] != last_token:
                last_token, since = current["token"], now
            if current["holder"] == self._holder or now - since > self._lease:
                self._collection.delete_one({"_id": _ID, "token": last_token})
            elif now - start > self._patience:
                raise StoreError(
                    f"other processes have been writing for {self._patience:.0f} s without a "
                    "pause; try again once they end"
                )
            else:
                time.sleep(random.uniform(0.005, 0.03))  # noqa: S311 (not for secrets)
