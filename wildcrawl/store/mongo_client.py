"""MongoDB connection: opening a database, the writer lock, and readable errors."""

from __future__ import annotations

import re
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from pymongo import ASCENDING, IndexModel, MongoClient, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import (
    AutoReconnect,
    DuplicateKeyError,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from wildcrawl.items import Advertisement
from wildcrawl.processes import has_ended, own_process
from wildcrawl.store import mongo_listing, turns
from wildcrawl.store.base import StoreError, redact_url
from wildcrawl.store.documents import Document, clean_surrogates, from_document
from wildcrawl.store.same_texts import text_hashes

VERSION = 3
"""Version of the documents' layout; earlier ones are upgraded, databases of a later one refused."""

_DEFAULTS: dict[str, Any] = {
    "serverSelectionTimeoutMS": 5_000,
    "socketTimeoutMS": 120_000,
    "w": "majority",
}
_ATTEMPTS = 5
_COLLECTIONS = ("advertisements", "runs", "passed_over", "layout")
"""Collections whose documents only a database with our layout can have."""
_INDEXES = (IndexModel([("first_seen", ASCENDING), ("site", ASCENDING), ("ad_id", ASCENDING)]),)
_FILLED = 500
"""Advertisements whose listing is filled per acquisition of the lock."""


RESTORE = "restore"
"""Id of the mark in a database that a restore has not completed."""


def open_database(
    url: str, *, restore: bool = False
) -> tuple[MongoClient[Document], Database[Document]]:
    """The client and its database (`wildcrawl` unless the URL names one), checked to answer.

    Time-outs and write concern in the URL override the defaults. StoreError says what is wrong;
    it also refuses an incomplete restore, unless `restore`.
    """
    options = {
        name: value
        for name, value in _DEFAULTS.items()
        if not re.search(f"[?&]{name}=", url, re.IGNORECASE)
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)  # PyMongo only warns about a wrong option
            client: MongoClient[Document] = MongoClient(url, tz_aware=True, **options)
        database = client.get_default_database("wildcrawl")
    except (PyMongoError, UserWarning, ValueError, TypeError) as error:
        # No cause: its traceback might show the password.
        raise StoreError(
            f"the store URL '{redact_url(url)}' is wrong{_reason(error, url)}; write "
            "mongodb://user:password@host:27017/wildcrawl, and special characters of the "
            "password as %XX"
        ) from None
    try:
        if not client.write_concern.acknowledged:
            raise StoreError(
                f"the store {redact_url(url)}: with w=0 writes are not confirmed; remove w=0 from "
                "the URL in WILDCRAWL_STORE"
            )
        with errors(url):
            _answer(client, database, url)
            if not restore and database["layout"].find_one({"_id": RESTORE}):
                raise StoreError(
                    f"the store {redact_url(url)} is incomplete, since its restore was "
                    "interrupted; repeat it: scrapy restore FILE"
                )
    except BaseException:
        client.close()
        raise
    return client, database


def _answer(client: MongoClient[Document], database: Database[Document], url: str) -> None:
    """Checks that the server answers and prepares the database.

    Dropped connections, which happen when two processes prepare a database at once, are retried;
    an unreachable server is not, since its time-out is over already.
    """
    for left in reversed(range(_ATTEMPTS)):
        try:
            client.admin.command("ping")
            _prepare(database, url)
        except ServerSelectionTimeoutError:
            raise
        except AutoReconnect:
            if not left:
                raise
            time.sleep(0.2)
        else:
            return


def _reason(error: Exception, url: str) -> str:
    """The error's message, unless it contains a part of the user's name or password."""
    secrets = re.split("[:@/?]", url.partition("://")[2].rpartition("@")[0])
    leaks = any(secret and secret in str(error) for secret in secrets)
    return "" if leaks else f": {str(error).rstrip('.')}"


def _prepare(database: Database[Document], url: str) -> None:
    layout = database["layout"].find_one({"_id": "layout"})
    if layout and not isinstance(layout.get("version"), int):
        raise _of_another(url, "layout")
    if layout and layout["version"] > VERSION:
        raise StoreError(
            f"the store {redact_url(url)} was written by a later wildcrawl (layout "
            f"{layout['version']}, this one reads up to {VERSION}); update wildcrawl"
        )
    if not layout:
        _check_unused(database, url)
    if not layout or layout["version"] < VERSION:
        _create_indexes(database)
        _fill(database)
        mark = {"$max": {"version": VERSION}}
        # Another process may be first.
        with suppress(DuplicateKeyError):
            database["layout"].update_one({"_id": "layout"}, mark, upsert=True)


def _create_indexes(database: Database[Document]) -> None:
    # FerretDB uses no index but that of _id, and takes time to write the others.
    if is_ferretdb(database):
        return
    database["advertisements"].create_indexes([*_INDEXES, *mongo_listing.INDEXES])
    database["runs"].create_indexes([*mongo_listing.RUN_INDEXES])


def is_ferretdb(database: Database[Document]) -> bool:
    """Whether the server is FerretDB, and not MongoDB."""
    return "ferretdbVersion" in database.client.admin.command("buildInfo")


def _fill(database: Database[Document]) -> None:
    """Gives advertisements that an earlier version stored their listing, or what it lacks."""
    lock = WriterLock(database["locks"])
    listing = {"listing": {"$exists": False}}
    _set_missing(database, lock, listing, lambda ad: {"listing": mongo_listing.filled(ad)})
    texts = {"listing.texts": {"$exists": False}}
    _set_missing(database, lock, texts, lambda ad: {"listing.texts": text_hashes(ad)})


def _set_missing(
    database: Database[Document],
    lock: WriterLock,
    missing: Document,
    made: Callable[[Advertisement], Document],
) -> None:
    """Sets what `made` returns in the advertisements that meet `missing`, some at a time."""
    ads = database["advertisements"]
    # FerretDB would read all documents for each; the lock alone keeps others from writing there.
    still = {} if is_ferretdb(database) else missing
    while found := list(ads.find(missing, {"site": 1}).limit(_FILLED)):
        # Writers of these sites could change what is listed meanwhile.
        with lock.held(*{document["site"] for document in found}):
            chosen = {"_id": {"$in": [document["_id"] for document in found]}, **missing}
            updates = [
                UpdateOne(
                    {"_id": document["_id"], **still},
                    {"$set": made(from_document(document))},
                )
                for document in ads.find(chosen)
            ]
            if updates:
                ads.bulk_write(updates, ordered=False)


def _check_unused(database: Database[Document], url: str) -> None:
    """StoreError if a database without our layout has documents where ours would be."""
    for name in _COLLECTIONS:
        # Another process may have begun the same store meanwhile.
        if database[name].find_one({"_id": {"$nin": ["layout", RESTORE]}}, {"_id": 1}) is not None:
            raise _of_another(url, name)


def _of_another(url: str, name: str) -> StoreError:
    return StoreError(
        f"the store {redact_url(url)} is another program's database: its collection '{name}' has "
        "documents that wildcrawl did not write; name another database in WILDCRAWL_STORE"
    )


_UNAUTHENTICATED, _UNAUTHORIZED = 18, 13


@contextmanager
def errors(url: str) -> Iterator[None]:
    """Turns PyMongo's errors into a StoreError with the fix."""
    try:
        yield
    except AutoReconnect as error:
        first = str(error).partition(", Timeout:")[0]
        raise StoreError(
            f"the store {redact_url(url)} does not answer: {first}; start the server, or fix "
            "its address in WILDCRAWL_STORE"
        ) from error
    except InvalidOperation as error:
        raise StoreError(f"the store {redact_url(url)} has been closed; open it again") from error
    except OperationFailure as error:
        fix = {
            _UNAUTHENTICATED: "; fix the user name or the password in WILDCRAWL_STORE",
            _UNAUTHORIZED: "; let this user read and write the database",
        }.get(error.code or 0, "")
        raise StoreError(f"the store {redact_url(url)}: {error}{fix}") from error
    except PyMongoError as error:
        raise StoreError(f"the store {redact_url(url)}: {error}") from error


class WriterLock:
    """Locks for writers: documents that only one process can insert, and that it deletes later.

    A lock, since an update of FerretDB reads and writes in two steps, so that nothing but the
    insertion of an `_id` is atomic on every server. One for each name, such as a site, so that
    crawls of several sites do not wait for each other. The processes of one machine queue for it,
    so that only the first of each machine asks the server; of these, who has waited longest asks
    most often, and who has just released a lock that others wait for gives way.

    While a lock is held, its document changes every third of `lease` seconds. A process that died
    leaves it behind: one of the same machine takes over at once, one of another machine after
    seeing the same document for `lease` seconds, so that machines need no common clock.
    """

    def __init__(
        self, collection: Collection[dict[str, Any]], lease: float = 10.0, patience: float = 120.0
    ) -> None:
        self._collection = collection
        self._lease = lease
        self._patience = patience
        self._threads = threading.Lock()
        self._holder = uuid.uuid4().hex
        self._process = own_process()
        self._tokens: dict[str, str] = {}
        """Tokens of the locks that are held, by the name of what they lock."""
        self._queues = turns.queues_folder()
        """Where the processes of this machine queue."""

    @contextmanager
    def held(self, *names: str) -> Iterator[None]:
        """Holds the locks; StoreError if others hold one for longer than `patience` seconds."""
        with self._threads, ExitStack() as locks:
            # In one order, so that no two processes wait for each other.
            for name in sorted(set(names)):
                locks.enter_context(self._one(_lock_name(name)))
            yield

    def is_held(self, name: str) -> bool:
        """Whether no other process took over the lock that this one holds."""
        found = self._collection.find_one({"_id": _lock_name(name)})
        return found is not None and found["token"] == self._tokens.get(_lock_name(name))

    @contextmanager
    def _one(self, name: str) -> Iterator[None]:
        token = uuid.uuid4().hex
        start = time.monotonic()
        with turns.queued(self._queue_of(name), min(self._patience, turns.QUEUED)):
            self._acquire(name, token, start)
            self._tokens[name] = token
            ended = threading.Event()
            renewal = threading.Timer(self._lease / 3, self._renew, (name, token, ended))
            renewal.daemon = True
            renewal.start()
            try:
                yield
            finally:
                ended.set()
                renewal.cancel()
                del self._tokens[name]
                # If it cannot be deleted now, the next holder deletes it.
                with suppress(PyMongoError):
                    left = self._collection.find_one_and_delete({"_id": name, "token": token})
                    if left and left.get("wanted"):
                        # The next of this machine would be faster than another machine.
                        time.sleep(turns.LONGEST)

    def _queue_of(self, name: str) -> Path:
        """The folder that the processes of this machine lock in turn for a name."""
        topology = self._collection.database.client.topology_description
        # With those that do not answer just now, else the queue would be another one meanwhile.
        servers = sorted(topology.server_descriptions())
        place = f"{servers} {self._collection.full_name} {name}"
        return turns.queue_in(self._queues, place)

    def _renew(self, name: str, token: str, ended: threading.Event) -> None:
        beat = 0
        while not ended.is_set():
            beat += 1
            with suppress(PyMongoError):
                self._collection.update_one({"_id": name, "token": token}, {"$set": {"beat": beat}})
            ended.wait(self._lease / 3)

    def _acquire(self, name: str, token: str, start: float) -> None:
        """Inserts the lock's document; `start` is when the caller began to wait."""
        mine = {"_id": name, "token": token, "holder": self._holder, "process": self._process}
        since = time.monotonic()
        last = ("", 0)
        current: Mapping[str, Any] | None = None
        while True:
            # Failing inserts would keep the holder from writing; reading does not.
            if current is None:
                with suppress(DuplicateKeyError):
                    self._collection.insert_one({**mine, "beat": 0})
                    return
            current = self._collection.find_one({"_id": name})
            now = time.monotonic()
            if current is None:
                continue
            seen = (str(current["token"]), int(current.get("beat", 0)))
            if seen != last:
                last, since = seen, now
            if not current.get("wanted"):
                found = {"_id": name, "token": last[0]}
                self._collection.update_one(found, {"$set": {"wanted": True}})
            dead = current["holder"] == self._holder or has_ended(current.get("process", ""))
            if dead or now - since > self._lease:
                self._collection.delete_one({"_id": name, "token": last[0]})
                current = None
            elif now - start > self._patience:
                raise StoreError(
                    f"other processes have been writing for {self._patience:.0f} s without a "
                    "pause; try again once they end"
                )
            else:
                time.sleep(turns.pause(now - start))


def _lock_name(name: str) -> str:
    """The `_id` of the lock of a name."""
    return clean_surrogates(f"writer {name}")
