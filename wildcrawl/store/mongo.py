"""MongoDB store, for teams.

Advertisements are read and written by `_id` alone, with operators that FerretDB supports too;
aggregation, but for counting, is left to the callers.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from bson.codec_options import CodecOptions, DatetimeConversion
from pymongo import UpdateOne
from pymongo.collection import Collection as MongoCollection
from pymongo.database import Database
from pymongo.errors import AutoReconnect, BulkWriteError

from wildcrawl.items import QUEUED, Relevance, Verdict
from wildcrawl.months import month_bounds
from wildcrawl.store import merge, mongo_documents, mongo_transfer
from wildcrawl.store import mongo_listing as listing
from wildcrawl.store.base import (
    Address,
    Judged,
    Numbers,
    OtherRules,
    Outcome,
    StoreGoneError,
    UnknownAdvertisementError,
    Waiting,
    redact_url,
)
from wildcrawl.store.documents import (
    RUN_DETAILS,
    Document,
    Prefix,
    changed_documents,
    clean_surrogates,
    from_document,
    from_ms,
    head_from_document,
    moment,
    run_from_document,
    run_to_document,
    to_document,
)
from wildcrawl.store.listing import RAISED, tagger_score
from wildcrawl.store.mongo_client import WriterLock, errors, is_ferretdb, open_database
from wildcrawl.store.same_texts import text_hashes
from wildcrawl.store.search import COUNTED, PAGE, Count, ListQuery, Page, Place, Sort
from wildcrawl.store.transfer import advertisement_of

if TYPE_CHECKING:
    import polars as pl

    from wildcrawl.items import Advertisement, Key, Run, RunHead
    from wildcrawl.store.corrections import Decision

_PENDING: Document = {
    "verdict": {"$in": ["", Verdict.PENDING.value]},
    "$or": [
        {"relevance": {"$in": [each.value for each in QUEUED]}},
        {"relevance": Relevance.SET_ASIDE.value, "audit": True},
    ],
}
_GROWING = ("found_by", "by_person")


def operators(before: Document, after: Document) -> Document:
    """The update that turns `before` into `after`.

    Moments move in one direction and lists only grow, even if another process writes meanwhile;
    only fields that a person undid are removed.
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
            added = [item for item in value if item not in old]
            update.setdefault("$addToSet", {})[name] = {"$each": added}
        elif name == "history" and value[: len(old)] == old:
            update.setdefault("$push", {})[name] = {"$each": value[len(old) :]}
        else:
            update.setdefault("$set", {})[name] = value
    return update


def _update(before: Advertisement, after: Advertisement) -> Document:
    """The update of a stored advertisement, with its listing."""
    update = operators(to_document(before), to_document(after))
    listed = listing.changed(before, after)
    if listed:
        update["$set"] = update.get("$set", {}) | listed
    return update


T = TypeVar("T")

_BATCH = 500
"""Advertisements recorded per acquisition of the lock."""
_UPDATES = 50
"""Updates per command; FerretDB uses a connection for each, of a hundred."""
_LOOK_UPS = 10_000
"""Advertisements looked up per command, which is limited to 16 MiB."""
_FEW = 3
"""Advertisements looked up one by one: FerretDB reads all documents for a query of several."""
_DUPLICATE = 11000


class MongoStore:
    """A Store in the database that `url` names.

    A batch whose connection breaks is retried for `patience` seconds; what was written before
    is detected and not written twice.
    """

    def __init__(self, url: str, patience: float = 15.0, lease: float = 10.0) -> None:
        self._url = url
        self._patience = patience
        self._client, database = open_database(url)
        self._database = database
        self._ads = database["advertisements"]
        self._unmatched = database["passed_over"]
        self._runs = database["runs"]
        self._lock = WriterLock(database["locks"], lease)
        self._insert_first = True
        """Whether most of the last batch was new, as the next one then is likely to be."""
        self._scanning = False
        self._scan: listing.QueueScan | None = None

    @property
    def database(self) -> Database[Document]:
        """The database, for what is not part of a Store."""
        return self._database

    @property
    def _light(self) -> MongoCollection[Document]:
        """The collection with moments as milliseconds, since decoding takes longer than reading."""
        codec: CodecOptions[Document] = CodecOptions(
            datetime_conversion=DatetimeConversion.DATETIME_MS
        )
        return self._ads.with_options(codec_options=codec)

    def record(self, ads: Sequence[Advertisement], run: str) -> list[Outcome]:
        sightings = merge.checked(ads)
        outcomes: list[Outcome] = []
        for start in range(0, len(sightings), _BATCH):
            outcomes += self._record(sightings[start : start + _BATCH], run)
        return outcomes

    def _record(self, sightings: Sequence[Advertisement], run: str) -> list[Outcome]:
        outcomes: list[Outcome] = []

        def attempt() -> list[Outcome]:
            # Inserting needs no lock, since an `_id` is inserted once.
            if self._insert_first and not outcomes and self._all_new(sightings, run, outcomes):
                return outcomes
            with self._lock.held(*{ad.site for ad in sightings}):
                stored = self._stored({(ad.site, ad.ad_id) for ad in sightings})
                plan = merge.plan(sightings, stored, run)
                outcomes[:] = merge.recalled(outcomes, plan.outcomes, sightings, stored, run)
                self._write(plan, stored)
            return outcomes

        outcomes = self._patiently(attempt)
        self._insert_first = 2 * outcomes.count(Outcome.NEW) > len(outcomes)
        return outcomes

    def _all_new(
        self, sightings: Sequence[Advertisement], run: str, outcomes: list[Outcome]
    ) -> bool:
        """Inserts without a look-up, which makes long imports faster; True if all were new.

        If not, `outcomes` has which were inserted; the others have to be read and merged.
        """
        plan = merge.plan(sightings, {}, run)
        outcomes[:] = plan.outcomes
        there = self._insert(plan.new)
        outcomes[:] = [
            Outcome.SEEN if (ad.site, ad.ad_id) in there else outcome
            for ad, outcome in zip(sightings, plan.outcomes, strict=True)
        ]
        return not there

    def _insert(self, new: dict[Key, Advertisement]) -> set[Key]:
        """Inserts advertisements; returns the keys of those that existed already."""
        documents = [
            {"_id": _id(*key), **to_document(ad), "listing": listing.listed(ad)}
            for key, ad in new.items()
        ]
        try:
            self._ads.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            failed = error.details["writeErrors"]
            if any(failure["code"] != _DUPLICATE for failure in failed):
                raise
            keys = list(new)
            return {keys[failure["index"]] for failure in failed}
        return set()

    def _stored(self, keys: Collection[Key]) -> dict[Key, Advertisement]:
        documents = self._ads.find({"_id": mongo_documents.one_of([_id(*key) for key in keys])})
        ads = (from_document(document) for document in documents)
        return {(ad.site, ad.ad_id): ad for ad in ads}

    def _write(self, plan: merge.MergePlan, stored: dict[Key, Advertisement]) -> None:
        if plan.new and self._insert(plan.new):
            # Another process wrote meanwhile: read what it wrote and merge again.
            raise _OvertakenError("another process took over the writer lock")
        updates = [
            UpdateOne({"_id": _id(*key)}, _update(stored[key], ad))
            for key, ad in plan.updated.items()
        ]
        for start in range(0, len(updates), _UPDATES):
            self._ads.bulk_write(updates[start : start + _UPDATES], ordered=False)

    def _write_judged(self, before: Advertisement, after: Advertisement) -> None:
        """Writes a verdict on `before`, unless another process took over the lock and judged it."""
        name = {"_id": _id(before.site, before.ad_id)}
        unchanged: Document = {
            **name,
            "verdict": before.verdict,
            "screened_by": before.screened_by,
            "history": {"$size": len(before.history)},
        }
        if self._finds_by_id_alone:
            # It would read all documents for more conditions, and is in no case atomic.
            unchanged = name if self._lock.is_held(before.site) else {"_id": ""}
        if not self._ads.update_one(unchanged, _update(before, after)).matched_count:
            raise _OvertakenError("another process took over the writer lock")

    @cached_property
    def _finds_by_id_alone(self) -> bool:
        """Whether the server uses an index for `_id` as the only condition, as FerretDB."""
        return is_ferretdb(self._database)

    def _patiently(self, attempt: Callable[[], T]) -> T:
        end = time.monotonic() + self._patience
        pause = 0.1
        with errors(self._url):
            while True:
                try:
                    return attempt()
                except AutoReconnect:
                    if time.monotonic() + pause > end:
                        raise
                time.sleep(pause)
                pause = min(2 * pause, 2.0)

    def known(self, site: str, ad_ids: Collection[str]) -> set[str]:
        by_id = {_id(site, ad_id): ad_id for ad_id in ad_ids}
        ids = list(by_id)

        def read(part: list[str]) -> set[str]:
            documents = self._ads.find({"_id": {"$in": part}}, {"_id": 1})
            return {by_id[document["_id"]] for document in documents}

        known: set[str] = set()
        for start in range(0, len(ids), _LOOK_UPS):
            known |= self._patiently(partial(read, ids[start : start + _LOOK_UPS]))
        return known

    def addresses(self, site: str) -> Iterator[Address]:
        projection = {"_id": 0, **dict.fromkeys(Address._fields, 1)}
        with errors(self._url), self._ads.find({"site": site}, projection) as rows:
            yield from sorted(Address(**row) for row in rows)

    def get(self, site: str, ad_id: str) -> Advertisement | None:
        document = self._patiently(lambda: self._ads.find_one({"_id": _id(site, ad_id)}))
        return from_document(document) if document else None

    def get_all(self, keys: Collection[Key]) -> dict[Key, Advertisement]:
        by_id = {_id(*key): key for key in keys}
        ids = list(by_id)

        def read(part: list[str]) -> dict[Key, Advertisement]:
            documents = self._ads.find({"_id": mongo_documents.one_of(part)})
            return {by_id[each["_id"]]: from_document(each) for each in documents}

        found: dict[Key, Advertisement] = {}
        size = 1 if len(ids) <= _FEW else _LOOK_UPS
        for start in range(0, len(ids), size):
            found |= self._patiently(partial(read, ids[start : start + size]))
        return found

    def judge(
        self,
        site: str,
        ad_id: str,
        decision: Decision,
        beside: Mapping[str, Mapping[str, Document]] | None = None,
    ) -> Judged:
        key = (site, ad_id)

        def attempt() -> Judged:
            with self._lock.held(site):
                stored = self._stored([key])
                if key not in stored:
                    raise UnknownAdvertisementError(
                        f"{redact_url(self._url)} has no advertisement '{ad_id}' of site '{site}'"
                    )
                ad = merge.judged(stored[key], decision)
                for kind, documents in (beside or {}).items():
                    self._upsert(kind, documents)
                if ad != stored[key]:
                    self._write_judged(stored[key], ad)
                return Judged(stored[key], ad)

        return self._patiently(attempt)

    def advertisements(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        site: str | None = None,
    ) -> Iterator[Advertisement]:
        return self._in_order(_bounds(start, end) | ({} if site is None else {"site": site}))

    def pending(self) -> Iterator[Advertisement]:
        return self._in_order(_PENDING)

    def waiting(
        self,
        *,
        learned: bool = False,
        audit: bool = False,
        after: tuple[float | str, ...] = (),
        most: int = 100,
    ) -> list[Waiting]:
        scan = self._scanned() if not after and most <= listing.FIRST else None
        if scan:
            documents = scan.first(most, learned=learned, audit=audit)
        else:
            chosen, order = listing.waiting(learned=learned, audit=audit, after=after)
            documents = self._patiently(
                lambda: list(self._ads.find(chosen).sort(order).limit(most))
            )
        return [
            Waiting(
                from_document(document),
                document["listing"]["learned" if learned else "score"],
                document["listing"]["raised"],
                audit,
                listing.waiting_place(document, learned=learned, audit=audit),
            )
            for document in documents
        ]

    @contextmanager
    def queue_scan(self) -> Iterator[None]:
        self._scanning = True
        try:
            yield
        finally:
            self._scanning, self._scan = False, None

    def _scanned(self) -> listing.QueueScan | None:
        """The reading of a `queue_scan`; None outside of it, and if the server has indexes."""
        if self._scanning and self._scan is None and self._finds_by_id_alone:

            def read() -> listing.QueueScan:
                with self._ads.find({}, batch_size=1000) as documents:
                    return listing.QueueScan(documents)

            self._scan = self._patiently(read)
        return self._scan

    def waiting_numbers(self) -> Numbers:
        if scan := self._scanned():
            return Numbers(scan.numbers["likely"], scan.numbers["audit"])
        counted = self._counted({"listing.queue": {"$in": ["likely", "audit"]}}, "listing.queue")
        return Numbers(counted["likely"], counted["audit"])

    def _counted(self, chosen: Document, field: str) -> Counter[str]:
        """The number of chosen advertisements by a field.

        In one question, since FerretDB reads all documents for each.
        """
        stages = [{"$match": chosen}, {"$group": {"_id": f"${field}", "number": {"$sum": 1}}}]
        rows = self._patiently(lambda: list(self._ads.aggregate(stages)))
        return Counter({row["_id"]: row["number"] for row in rows})

    def unscored(self, model: str, most: int) -> list[Advertisement]:
        if (scan := self._scanned()) and scan.scored_by <= {model}:
            return []
        chosen = {
            "listing.learned_by": {"$ne": model},
            "listing.queue": {"$in": ["likely", "audit"]},
        }
        return self._patiently(
            lambda: [from_document(document) for document in self._ads.find(chosen).limit(most)]
        )

    def save_scores(self, model: str, scores: Mapping[Key, float]) -> None:
        raised = {_id(*key) for key in self.raised()}
        self._write_listing(
            {
                key: {
                    "learned": max(score, RAISED) if _id(*key) in raised else score,
                    "learned_by": model,
                }
                for key, score in scores.items()
            }
        )

    def links_due(self, most: int) -> list[Key]:
        if most <= listing.MOST_DUE and (scan := self._scanned()):
            return scan.links_due[:most]
        return self._keys({"listing.links_due": True}, most)

    def mark_links(self, keys: Collection[Key]) -> None:
        self._write_listing({key: {"links_due": True} for key in keys})

    def save_raised(self, reasons: Mapping[Key, str], done: Collection[Key] = ()) -> None:
        stored = self._patiently(lambda: self._stored(reasons))
        changes: dict[Key, Document] = {}
        for key, why in reasons.items():
            ad = stored.get((clean_surrogates(key[0]), clean_surrogates(key[1])))
            if ad is None:
                continue
            # Learned anew, since only the model knows the score of one that is not raised.
            score = max(tagger_score(ad), RAISED) if why else tagger_score(ad)
            changes[key] = {"raised": why, "score": score, "learned": score, "learned_by": ""}
        for key in done:
            changes[key] = {**changes.get(key, {}), "links_due": False}
        self._write_listing(changes)

    def raised(self) -> list[Key]:
        if scan := self._scanned():
            return sorted(scan.raised)
        return sorted(self._keys({"listing.raised": {"$gt": ""}}))

    def set_removed(self, states: Mapping[Key, bool]) -> None:
        self._write_listing({key: {"removed": removed} for key, removed in states.items()})

    def _keys(self, chosen: Document, most: int = 0) -> list[Key]:
        fields = {"_id": 0, "site": 1, "ad_id": 1}
        return self._patiently(
            lambda: [
                (row["site"], row["ad_id"]) for row in self._ads.find(chosen, fields).limit(most)
            ]
        )

    def _write_listing(self, changes: Mapping[Key, Document]) -> None:
        """Sets fields of the listing of stored advertisements."""
        self._scan = None
        keys = list(changes)
        for start in range(0, len(keys), _UPDATES):
            part = keys[start : start + _UPDATES]
            batch = [
                UpdateOne(
                    {"_id": _id(*key)},
                    {"$set": {f"listing.{name}": value for name, value in changes[key].items()}},
                )
                for key in part
            ]
            with self._lock.held(*{site for site, _ in part}):
                self._patiently(partial(self._ads.bulk_write, batch, ordered=False))

    def search(self, query: ListQuery, *, after: str = "", most: int = PAGE) -> Page:
        chosen = self._chosen(query)
        if after:
            beyond = listing.beyond(query.sort, Place.from_text(after))
            chosen = {"$and": [chosen, beyond]} if chosen else beyond
        found = self._ads.find(chosen).sort(listing.order_of(query.sort)).limit(most + 1)
        if query.words:
            found = found.max_time_ms(listing.TIME)
        with errors(self._url):
            documents = list(found)
        page, more = documents[:most], len(documents) > most
        last = listing.place_of(page[-1], query.sort).to_text() if more else ""
        return Page(tuple(map(from_document, page)), last)

    def same_texts(self, ad: Advertisement, most: int = PAGE) -> list[Advertisement]:
        hashes = text_hashes(ad)
        if not hashes:
            return []
        found = self._ads.find({"listing.texts": {"$in": hashes}})
        found = found.sort(listing.order_of(Sort.NEWEST)).limit(most)
        with errors(self._url):
            return list(map(from_document, found))

    def count(self, query: ListQuery, most: int = COUNTED) -> Count:
        chosen = self._chosen(query)
        bound: dict[str, Any] = {"maxTimeMS": listing.TIME} if query.words else {}
        with errors(self._url):
            number = self._ads.count_documents(chosen, limit=most + 1, **bound)
        return Count(min(number, most), number > most)

    def _chosen(self, query: ListQuery) -> Document:
        runs: list[str] = []
        if query.health:
            found = self._patiently(
                lambda: list(self._runs.find({"health": query.health}, {"_id": 1}))
            )
            runs = [row["_id"] for row in found]
        return listing.conditions(query, runs)

    def index_texts(self, most: int = 0) -> int:  # noqa: ARG002 (texts are not indexed here)
        return 0

    def judged(self) -> Iterator[Advertisement]:
        chosen = {"verdict": {"$nin": ["", Verdict.PENDING.value]}}
        with errors(self._url), self._ads.find(chosen) as cursor:
            for document in cursor:
                yield from_document(document)

    def count_by_site(self, start: datetime, end: datetime) -> dict[str, int]:
        # The index on first_seen has the site too.
        projection = {"_id": 0, "site": 1}
        with errors(self._url), self._ads.find(_bounds(start, end), projection) as rows:
            return dict(sorted(Counter(row["site"] for row in rows).items()))

    def other_rules(self, rules: str) -> OtherRules:
        if scan := self._scanned():
            counted: Counter[str] = Counter()
            for (tagged_by, verdict), number in scan.tagged.items():
                counted[verdict] += number * (tagged_by != rules)
        else:
            counted = self._counted({"rules": {"$ne": rules}}, "verdict")
        unjudged = sum(counted[verdict] for verdict in _PENDING["verdict"]["$in"])
        return OtherRules(unjudged, counted.total() - unjudged)

    def tagged_otherwise(self, rules: str) -> Iterator[Advertisement]:
        return self._in_order(_otherwise(rules))

    def revise(self, keys: Sequence[Key], change: Callable[[Advertisement], None]) -> None:
        def attempt(part: Sequence[Key]) -> None:
            with self._lock.held(*{site for site, _ in part}):
                stored = self._stored(part)
                revised = {key: deepcopy(ad) for key, ad in stored.items()}
                for ad in revised.values():
                    change(ad)
                changed = {key: ad for key, ad in revised.items() if ad != stored[key]}
                self._write(merge.MergePlan(updated=changed), stored)

        for start in range(0, len(keys), _BATCH):
            self._patiently(partial(attempt, keys[start : start + _BATCH]))

    def forget(
        self,
        keys: Collection[Key],
        remains: Callable[[Advertisement], Advertisement | None],
    ) -> int:
        there: set[Key] = set()

        def attempt(key: Key) -> None:
            name = {"_id": _id(*key)}
            with self._lock.held(key[0]):
                document = self._ads.find_one(name)
                if document:
                    there.add(key)
                    removed = bool(document.get("listing", {}).get("removed"))
                    left = remains(from_document(document))
                    if left:
                        kept = {"_id": _id(left.site, left.ad_id), **to_document(left)}
                        kept["listing"] = listing.listed(left) | {"removed": removed}
                        self._ads.replace_one({"_id": kept["_id"]}, kept, upsert=True)
                    self._ads.delete_one(name)
                self._unmatched.delete_one(name)

        for key in keys:
            self._patiently(partial(attempt, key))
        return len(there)

    def _in_order(self, chosen: Document) -> Iterator[Advertisement]:
        order = [("first_seen", 1), ("site", 1), ("ad_id", 1)]
        with errors(self._url), self._ads.find(chosen).sort(order) as cursor:
            for document in cursor:
                yield from_document(document)

    def frame(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        # Imported here: crawls need no frames, and polars takes 25 MB.
        from wildcrawl.store.frame import build, wanted

        read = wanted(columns)
        return build(self._chunks(start, end, read), read, columns)

    def frames(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[pl.DataFrame]:
        from wildcrawl.store.frame import cast, checked

        read = checked(columns)
        return cast(self._chunks(start, end, read), read)

    def month_numbers(self, first: str, last: str) -> pl.DataFrame:
        from wildcrawl.store.frame import NUMBERS_SCHEMA, numbers_of

        columns = ["first_seen", *list(NUMBERS_SCHEMA)[1:-1]]
        return numbers_of(self.frames(*month_bounds(first, last), columns))

    def _chunks(
        self, start: datetime | None, end: datetime | None, read: Sequence[str]
    ) -> Iterator[pl.DataFrame]:
        from wildcrawl.store.mongo_frames import chunks

        chosen = _bounds(start, end)
        projection: dict[str, Any] = {"_id": 0, **dict.fromkeys(read, 1)}
        with errors(self._url), self._light.find(chosen, projection, batch_size=5000) as rows:
            yield from chunks(rows, read)

    def save_unmatched(self, site: str, fingerprints: Mapping[str, str]) -> None:
        updates = [
            UpdateOne({"_id": _id(site, ad_id)}, {"$set": {"mark": fingerprint}}, upsert=True)
            for ad_id, fingerprint in fingerprints.items()
        ]
        for start in range(0, len(updates), _UPDATES):
            batch = updates[start : start + _UPDATES]
            with self._lock.held(site):
                self._patiently(partial(self._unmatched.bulk_write, batch, ordered=False))

    def unmatched(self, site: str, fingerprints: Mapping[str, str]) -> set[str]:
        by_id = {_id(site, ad_id): ad_id for ad_id in fingerprints}
        documents = self._patiently(
            lambda: list(self._unmatched.find({"_id": {"$in": list(by_id)}}))
        )
        return {
            by_id[document["_id"]]
            for document in documents
            if document["mark"] == fingerprints[by_id[document["_id"]]]
        }

    def put_documents(
        self, kind: str, documents: Mapping[str, Document], *, replace: bool = True
    ) -> set[str]:
        collection = self._database[f"kept_{kind}"]
        new: set[str] = set()
        for batch in mongo_documents.batches(mongo_documents.cleaned(documents), _BATCH):
            with self._lock.held(f"documents {kind}"):
                self._patiently(
                    partial(mongo_documents.put, collection, batch, new, replace=replace)
                )
        return new

    def documents(
        self, kind: str, *, prefix: Prefix = "", keys: Collection[str] | None = None
    ) -> dict[str, Document]:
        collection = self._database[f"kept_{kind}"]
        return self._patiently(lambda: mongo_documents.read(collection, prefix, keys))

    def _upsert(self, kind: str, documents: Mapping[str, Document]) -> None:
        """Writes documents without their lock: each key is one caller's own."""
        for key, document in mongo_documents.cleaned(documents).items():
            name = clean_surrogates(key)
            row = {"_id": name, "document": document}
            self._database[f"kept_{kind}"].replace_one({"_id": name}, row, upsert=True)

    def each_document(self, kind: str) -> Iterator[tuple[str, Document]]:
        collection = self._database[f"kept_{kind}"]
        with errors(self._url), collection.find().sort("_id") as cursor:
            for row in cursor:
                yield row["_id"], row["document"]

    def revise_documents(
        self, kind: str, keys: Collection[str], change: Callable[[dict[str, Document]], None]
    ) -> None:
        collection = self._database[f"kept_{kind}"]

        def attempt() -> None:
            with self._lock.held(f"documents {kind}"):
                before = mongo_documents.read(collection, "", keys)
                written, removed = changed_documents(before, change)
                if written:
                    cleaned = mongo_documents.cleaned(written)
                    mongo_documents.write(collection, cleaned, there=set(before))
                if removed:
                    mongo_documents.remove(collection, removed)

        self._patiently(attempt)

    def remove_documents(self, kind: str, keys: Collection[str]) -> int:
        collection = self._database[f"kept_{kind}"]
        with self._lock.held(f"documents {kind}"):
            return self._patiently(lambda: mongo_documents.remove(collection, keys))

    def save_run(self, run: Run) -> None:
        document = {"_id": run.id, **run_to_document(run)}
        self._patiently(lambda: self._runs.replace_one({"_id": run.id}, document, upsert=True))

    def runs(self, site: str | None = None) -> list[Run]:
        chosen = {} if site is None else {"site": site}
        runs = self._patiently(lambda: [run_from_document(d) for d in self._runs.find(chosen)])
        return sorted(runs, key=lambda run: (run.started, run.site, run.id))

    def get_run(self, run: str) -> Run | None:
        document = self._patiently(lambda: self._runs.find_one({"_id": run}))
        return run_from_document(document) if document else None

    def check_intact(self, seconds: float = 2.0) -> bool:  # noqa: ARG002
        return True

    def is_current(self) -> bool:
        return True

    def check_present(self, run: str) -> None:
        if self._patiently(lambda: self._runs.find_one({"_id": run}, {"_id": 1})) is None:
            raise StoreGoneError(
                f"the store {redact_url(self._url)} was replaced or emptied while it was in use: "
                "the run that it had is missing"
            )

    def run_heads(
        self, since: datetime | None = None, sites: Collection[str] | None = None
    ) -> list[RunHead]:
        chosen: Document = {"started": {"$gte": moment(since, "the start")}} if since else {}
        if sites is not None:
            chosen["site"] = {"$in": sorted(set(sites))}
        return self._heads(chosen)

    def _heads(self, chosen: Document) -> list[RunHead]:
        fields = dict.fromkeys(RUN_DETAILS, 0)
        heads = self._patiently(
            lambda: [head_from_document(row) for row in self._runs.find(chosen, fields)]
        )
        return sorted(heads, key=lambda head: (head.started, head.site, head.id))

    def run_bounds(self) -> dict[str, tuple[RunHead, RunHead]]:
        fields = {"_id": 1, "site": 1, "started": 1}
        rows = self._patiently(lambda: list(self._runs.find({}, fields)))
        rows.sort(key=lambda row: (row["started"], row["_id"]))
        last = {row["site"]: row["_id"] for row in rows}
        first = {row["site"]: row["_id"] for row in reversed(rows)}
        ids = list({*first.values(), *last.values()})
        heads = {head.id: head for head in self._heads({"_id": {"$in": ids}})} if ids else {}
        return {site: (heads[first[site]], heads[last[site]]) for site in sorted(first)}

    def first_months(self) -> dict[str, datetime]:
        # One pass over the index: on FerretDB, a look-up per site would take a pass each.
        by_index = {"site": {"$gte": ""}}
        projection = {"_id": 0, "site": 1, "first_seen": 1}
        firsts: dict[str, int] = {}
        with errors(self._url), self._light.find(by_index, projection, batch_size=5000) as rows:
            for row in rows:
                site, first = row["site"], int(row["first_seen"])
                if first < firsts.get(site, first + 1):
                    firsts[site] = first
        return {site: from_ms(firsts[site]) for site in sorted(firsts)}

    @contextmanager
    def snapshot(self) -> Iterator[mongo_transfer.MongoSnapshot]:
        with errors(self._url):
            yield mongo_transfer.MongoSnapshot(self._database)

    def is_empty(self) -> bool:
        with self.snapshot() as snapshot:
            return not snapshot.sections()

    def load(self, section: str, records: Iterable[Document]) -> None:
        rows = mongo_transfer.rows(section, records, _id, _row)
        with errors(self._url):
            self._database[mongo_transfer.collection_name(section)].insert_many(rows)

    def close(self) -> None:
        self._client.close()


def _otherwise(rules: str) -> Document:
    """The query for advertisements pending a verdict that other rules tagged."""
    return {"rules": {"$ne": rules}, "verdict": _PENDING["verdict"]}


class _OvertakenError(AutoReconnect):
    """Raised when another process took over the lock; retried like a lost connection."""


def _row(record: Document) -> Document:
    """The document of an advertisement's record in a backup."""
    ad = advertisement_of(record)
    return {"_id": _id(ad.site, ad.ad_id), **to_document(ad), "listing": listing.filled(ad)}


def _id(site: str, ad_id: str) -> str:
    """`site:ad_id`; colons in the site's name are escaped, so that ids are unique."""
    return clean_surrogates(f"{site.replace('%', '%25').replace(':', '%3A')}:{ad_id}")


def _bounds(start: datetime | None, end: datetime | None) -> Document:
    bounds: Document = {}
    if start:
        bounds["$gte"] = moment(start, "the start")
    if end:
        bounds["$lt"] = moment(end, "the end")
    return {"first_seen": bounds} if bounds else {}
