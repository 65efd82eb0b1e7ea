"""SQLite store: one file, no server, safe for several processes at once."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wildcrawl.items import Verdict
from wildcrawl.store import (
    merge,
    sqlite_documents,
    sqlite_health,
    sqlite_same_texts,
    sqlite_transfer,
    turns,
)
from wildcrawl.store import sqlite_listing as listing
from wildcrawl.store import sqlite_schema as file
from wildcrawl.store.base import (
    Address,
    Judged,
    Numbers,
    OtherRules,
    Outcome,
    StoreError,
    StoreGoneError,
    UnknownAdvertisementError,
    Waiting,
)
from wildcrawl.store.documents import (
    Document,
    Prefix,
    changed_documents,
    clean_surrogates,
    from_ms,
    head_from_document,
    moment,
    to_ms,
)
from wildcrawl.store.search import COUNTED, PAGE, Count, ListQuery, Page, Place

if TYPE_CHECKING:
    import polars as pl

    from wildcrawl.items import Advertisement, Key, Run, RunHead
    from wildcrawl.store.corrections import Decision

_DOUBTFUL = 60.0
"""Seconds that a file is checked whose write-ahead log has become smaller."""


class SQLiteStore:
    """A Store in the file `path`, which is created if it is missing.

    A writer waits up to `patience` seconds for another one. A batch is one transaction: it is
    recorded completely or not at all.
    """

    def __init__(self, path: Path, patience: float = 60.0) -> None:
        self.path = path
        self._patience = patience
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = file.open_file(path, patience)
        self._identity = sqlite_health.identity_of(path)
        self._log = sqlite_health.log_identity(path)
        self._log_size = 0
        """Bytes of the write-ahead log when it was last looked at: it does not become smaller."""
        self._mostly_new = True
        """Whether the last batch was: the next one is then prepared as if all of it were new."""
        self._on_disk: set[str] = set()
        """Runs that were seen in the file itself, and not only in its write-ahead log."""

    def record(self, ads: Sequence[Advertisement], run: str) -> list[Outcome]:
        sightings = merge.checked(ads)
        # Before the transaction, for which other writers wait.
        plan = merge.plan(sightings, {}, run) if self._mostly_new else merge.MergePlan()
        rows = [file.to_row(ad) for ad in plan.new.values()]
        with self._transaction() as connection:
            found = file.rows_of(connection, list({(ad.site, ad.ad_id) for ad in sightings}))
            if found or not self._mostly_new:
                stored = {key: file.from_row(row) for key, row in found.items()}
                plan = merge.plan(sightings, stored, run)
                rows = [file.to_row(ad) for ad in (*plan.new.values(), *plan.updated.values())]
            connection.executemany(file.UPSERT, rows)
        self._mostly_new = 2 * plan.outcomes.count(Outcome.NEW) > len(plan.outcomes)
        return plan.outcomes

    def known(self, site: str, ad_ids: Collection[str]) -> set[str]:
        stored = {ad_id: clean_surrogates(ad_id) for ad_id in ad_ids}
        with self._reading() as connection:
            found = file.ids_among(connection, site, list(stored.values()))
        return {ad_id for ad_id, cleaned in stored.items() if cleaned in found}

    def addresses(self, site: str) -> Iterator[Address]:
        query = "SELECT ad_id, url, title, seller FROM advertisements WHERE site = ? ORDER BY ad_id"
        with self._snapshot() as connection:
            for row in connection.execute(query, (site,)):
                yield Address(*row)

    def get(self, site: str, ad_id: str) -> Advertisement | None:
        with self._reading() as connection:
            row = connection.execute(file.SELECT_ONE, (site, clean_surrogates(ad_id))).fetchone()
            return file.from_row(row) if row else None

    def get_all(self, keys: Collection[Key]) -> dict[Key, Advertisement]:
        by_stored = {(clean_surrogates(site), clean_surrogates(ad_id)): (site, ad_id)
                     for site, ad_id in keys}  # fmt: skip
        with self._reading() as connection:
            rows = file.rows_of(connection, list(by_stored))
        return {by_stored[key]: file.from_row(row) for key, row in rows.items()}

    def judge(
        self,
        site: str,
        ad_id: str,
        decision: Decision,
        beside: Mapping[str, Mapping[str, Document]] | None = None,
    ) -> Judged:
        with self._transaction() as connection:
            row = connection.execute(file.SELECT_ONE, (site, ad_id)).fetchone()
            if not row:
                raise UnknownAdvertisementError(
                    f"{self.path} has no advertisement '{ad_id}' of site '{site}'"
                )
            stored = file.from_row(row)
            ad = merge.judged(stored, decision)
            connection.execute(file.UPSERT, file.to_row(ad))
            for kind, documents in (beside or {}).items():
                sqlite_documents.put(connection, kind, documents, replace=True)
        return Judged(stored, ad)

    def advertisements(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        site: str | None = None,
    ) -> Iterator[Advertisement]:
        where, values = _where(start, end, site)
        query = f"{file.SELECT}{where} ORDER BY first_seen, site, ad_id"
        with self._snapshot() as connection:
            for row in connection.execute(query, values):
                yield file.from_row(row)

    def pending(self) -> Iterator[Advertisement]:
        with self._snapshot() as connection:
            for row in connection.execute(file.SELECT_PENDING):
                yield file.from_row(row)

    def waiting(
        self,
        *,
        learned: bool = False,
        audit: bool = False,
        after: tuple[float | str, ...] = (),
        most: int = 100,
    ) -> list[Waiting]:
        chosen = listing.waiting(learned=learned, audit=audit, after=after, most=most)
        with self._reading() as connection:
            # One view of the store: an advertisement could be erased in between.
            connection.execute("BEGIN")
            try:
                rows = connection.execute(*chosen).fetchall()
                ads = file.rows_of(connection, [row[2:4] for row in rows])
            finally:
                connection.execute("COMMIT")
        return [
            Waiting(file.from_row(ads[site, ad_id]), score, raised, audit, (*order, site, ad_id))
            for *order, site, ad_id, score, raised in rows
        ]

    def waiting_numbers(self) -> Numbers:
        with self._reading() as connection:
            parts = ("likely", "audit")
            counts = (connection.execute(listing.COUNT_QUEUE, (part,)) for part in parts)
            return Numbers(*(count.fetchone()[0] for count in counts))

    def queue_scan(self) -> AbstractContextManager[None]:
        return nullcontext()

    def unscored(self, model: str, most: int) -> list[Advertisement]:
        with self._reading() as connection:
            rows = connection.execute(file.SELECT_UNSCORED, {"model": model, "most": most})
            return [file.from_row(row) for row in rows]

    def save_scores(self, model: str, scores: Mapping[Key, float]) -> None:
        with self._transaction() as connection:
            listing.set_learned(connection, model, scores)

    def links_due(self, most: int) -> list[Key]:
        query = "SELECT site, ad_id FROM links_due ORDER BY site, ad_id LIMIT ?"
        with self._reading() as connection:
            return connection.execute(query, (most,)).fetchall()

    def mark_links(self, keys: Collection[Key]) -> None:
        with self._transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO links_due VALUES (?, ?)", _clean(keys))

    def save_raised(self, reasons: Mapping[Key, str], done: Collection[Key] = ()) -> None:
        with self._transaction() as connection:
            listing.set_raised(connection, reasons)
            query = "DELETE FROM links_due WHERE site = ? AND ad_id = ?"
            connection.executemany(query, _clean(done))

    def raised(self) -> list[Key]:
        query = "SELECT site, ad_id FROM listing WHERE raised <> '' ORDER BY site, ad_id"
        with self._reading() as connection:
            return connection.execute(query).fetchall()

    def set_removed(self, states: Mapping[Key, bool]) -> None:
        query = "UPDATE listing SET removed = ? WHERE site = ? AND ad_id = ?"
        rows = ((int(states[key]), *_clean([key])[0]) for key in states)
        with self._transaction() as connection:
            connection.executemany(query, rows)

    def search(self, query: ListQuery, *, after: str = "", most: int = PAGE) -> Page:
        place = Place.from_text(after) if after else None
        if query.words:
            self._index_some()
        with self._snapshot() as connection:
            connection.execute("BEGIN")
            chosen = listing.Chosen(connection, query).page(place, most + 1)
            places = [Place(*row) for row in connection.execute(*chosen)]
            keys = [(place.site, place.ad_id) for place in places[:most]]
            rows = file.rows_of(connection, keys)
        last = places[most - 1].to_text() if len(places) > most else ""
        return Page(tuple(file.from_row(rows[key]) for key in keys), last)

    def same_texts(self, ad: Advertisement, most: int = PAGE) -> list[Advertisement]:
        with self._snapshot() as connection:
            connection.execute("BEGIN")
            keys = sqlite_same_texts.keys_of(connection, ad, most)
            rows = file.rows_of(connection, keys)
        return [file.from_row(rows[key]) for key in keys]

    def count(self, query: ListQuery, most: int = COUNTED) -> Count:
        with self._snapshot() as connection:
            connection.execute("BEGIN")
            chosen = listing.Chosen(connection, query).count(most + 1)
            (number,) = connection.execute(*chosen).fetchone()
        return Count(min(number, most), number > most)

    def index_texts(self, most: int = listing.MOST_DUE) -> int:
        with self._transaction() as connection:
            return listing.index_texts(connection, most)

    def _index_some(self) -> None:
        """Indexes some texts that wait, unless another process is writing."""
        with self._reading() as connection:
            if not connection.execute("SELECT 1 FROM texts_due LIMIT 1").fetchone():
                return
            # A search finds what is not indexed too.
            with suppress(StoreError), self._transaction(patience=0.05) as writing:
                listing.index_texts(writing, listing.MOST_DUE)

    def judged(self) -> Iterator[Advertisement]:
        with self._snapshot() as connection:
            for row in connection.execute(file.SELECT_JUDGED):
                yield file.from_row(row)

    def count_by_site(self, start: datetime, end: datetime) -> dict[str, int]:
        where, values = _where(start, end, None)
        query = f"SELECT site, count(*) FROM listing{where} GROUP BY site"  # noqa: S608
        with self._reading() as connection:
            return dict(connection.execute(query, values).fetchall())

    def other_rules(self, rules: str) -> OtherRules:
        with self._reading() as connection:
            counts: Counter[str] = Counter()
            for verdict, number in connection.execute(file.COUNT_OTHERWISE, (rules,)):
                counts[verdict] += number
        unjudged = counts.get("", 0) + counts.get(Verdict.PENDING.value, 0)
        return OtherRules(unjudged, sum(counts.values()) - unjudged)

    def tagged_otherwise(self, rules: str) -> Iterator[Advertisement]:
        with self._snapshot() as connection:
            for row in connection.execute(file.SELECT_OTHERWISE, (rules,)):
                yield file.from_row(row)

    def revise(self, keys: Sequence[Key], change: Callable[[Advertisement], None]) -> None:
        with self._transaction() as connection:
            for site, ad_id in keys:
                key = (site, clean_surrogates(ad_id))
                row = connection.execute(file.SELECT_ONE, key).fetchone()
                if row:
                    ad = file.from_row(row)
                    change(ad)
                    connection.execute(file.UPSERT, file.to_row(ad))

    def forget(
        self,
        keys: Collection[Key],
        remains: Callable[[Advertisement], Advertisement | None],
    ) -> int:
        with self._transaction() as connection:
            connection.execute("PRAGMA secure_delete = ON")  # overwrites what is erased with zeros
            number = sum(_forget(connection, key, remains) for key in _clean(keys))
        with self._reading() as connection:
            # Erased texts would otherwise stay readable in the index, and in the log beside it.
            connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._log_size = sqlite_health.log_size(self.path, self._log)
        return number

    def frame(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        # Imported here: crawls need no frames, and polars takes 25 MB.
        from wildcrawl.store import sqlite_frames
        from wildcrawl.store.frame import build, wanted

        read, chosen = wanted(columns), _where(start, end, None)
        with self._snapshot() as connection:
            return build(sqlite_frames.read(connection, chosen, read), read, columns)

    def frames(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[pl.DataFrame]:
        from wildcrawl.store.frame import checked

        return self._frames(_where(start, end, None), checked(columns))

    def _frames(
        self, chosen: tuple[str, list[str | int]], read: Sequence[str]
    ) -> Iterator[pl.DataFrame]:
        from wildcrawl.store import sqlite_frames
        from wildcrawl.store.frame import cast

        with self._snapshot() as connection:
            yield from cast(sqlite_frames.read(connection, chosen, read), read)

    def month_numbers(self, first: str, last: str) -> pl.DataFrame:
        from wildcrawl.store.sqlite_frames import read_numbers

        with self._snapshot() as connection:
            return read_numbers(
                connection, *(int(month.replace("-", "")) for month in (first, last))
            )

    def save_unmatched(self, site: str, fingerprints: Mapping[str, str]) -> None:
        rows = [
            (site, clean_surrogates(ad_id), fingerprint)
            for ad_id, fingerprint in fingerprints.items()
        ]
        with self._transaction() as connection:
            connection.executemany("REPLACE INTO passed_over VALUES (?, ?, ?)", rows)

    def unmatched(self, site: str, fingerprints: Mapping[str, str]) -> set[str]:
        query = "SELECT 1 FROM passed_over WHERE site = ? AND ad_id = ? AND mark = ?"
        with self._reading() as connection:
            return {
                ad_id
                for ad_id, fingerprint in fingerprints.items()
                if connection.execute(
                    query, (site, clean_surrogates(ad_id), fingerprint)
                ).fetchone()
            }

    def put_documents(
        self, kind: str, documents: Mapping[str, Document], *, replace: bool = True
    ) -> set[str]:
        with self._transaction() as connection:
            return sqlite_documents.put(connection, kind, documents, replace=replace)

    def documents(
        self, kind: str, *, prefix: Prefix = "", keys: Collection[str] | None = None
    ) -> dict[str, Document]:
        with self._reading() as connection:
            return sqlite_documents.read(connection, kind, prefix, keys)

    def each_document(self, kind: str) -> Iterator[tuple[str, Document]]:
        with self._snapshot() as connection:
            yield from sqlite_documents.stream(connection, kind)

    def revise_documents(
        self, kind: str, keys: Collection[str], change: Callable[[dict[str, Document]], None]
    ) -> None:
        with self._transaction() as connection:
            before = sqlite_documents.read(connection, kind, "", keys)
            written, removed = changed_documents(before, change)
            if written:
                sqlite_documents.put(connection, kind, written, replace=True)
            if removed:
                sqlite_documents.remove(connection, kind, removed)

    def remove_documents(self, kind: str, keys: Collection[str]) -> int:
        with self._transaction() as connection:
            return sqlite_documents.remove(connection, kind, keys)

    def save_run(self, run: Run) -> None:
        values = sqlite_transfer.run_row(run)
        with self._transaction() as connection:
            connection.execute("REPLACE INTO runs VALUES (?, ?, ?, ?)", values)

    def runs(self, site: str | None = None) -> list[Run]:
        where, values = ("", ()) if site is None else (" WHERE site = ?", (site,))
        query = f"SELECT document FROM runs{where} ORDER BY started, site, id"  # noqa: S608
        with self._reading() as connection:
            rows = connection.execute(query, values).fetchall()
        return [sqlite_transfer.run_of_text(text) for (text,) in rows]

    def get_run(self, run: str) -> Run | None:
        with self._reading() as connection:
            row = connection.execute("SELECT document FROM runs WHERE id = ?", (run,)).fetchone()
        return sqlite_transfer.run_of_text(row[0]) if row else None

    def check_intact(self, seconds: float = 2.0) -> bool:
        with self._snapshot() as connection:
            return sqlite_health.check_intact(connection, self.path, seconds)

    def is_current(self) -> bool:
        try:
            self._check_file()
        except (StoreError, OSError):
            return False
        return True

    def _check_file(self) -> None:
        """StoreGoneError unless the file and its log are those that were opened, and whole."""
        sqlite_health.check_present(self.path, self._identity)
        size = sqlite_health.log_size(self.path, self._log)
        if size < self._log_size:
            # Another process that erases empties it, too, once all of it is in the file.
            try:
                with file.errors(self.path), closing(self._connected()) as connection:
                    sqlite_health.check_intact(connection, self.path, _DOUBTFUL)
            except StoreError as error:
                raise StoreGoneError(
                    f"the store {self.path}: the log beside it was cut short while it was in use; "
                    "what was written last is lost, so nothing more is written"
                ) from error
        self._log_size = size

    def _connected(self) -> sqlite3.Connection:
        return file.connect(self.path, self._patience)

    def check_present(self, run: str) -> None:
        self._check_file()
        with self._reading() as connection:
            query = "SELECT 1 FROM runs WHERE id = ?"
            missing = connection.execute(query, (run,)).fetchone() is None
        if run in self._on_disk:
            missing = missing or not sqlite_health.is_on_disk(self.path, run)
        elif self._write_back() and sqlite_health.is_on_disk(self.path, run):
            self._on_disk.add(run)
        if missing:
            raise StoreGoneError(
                f"the store {self.path} was replaced or emptied while it was in use: the run that "
                "it had is missing"
            )

    def _write_back(self) -> bool:
        """Whether everything in the write-ahead log is now in the file."""
        with self._reading() as connection:
            busy, frames, done = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return not busy and bool(frames == done)

    def run_heads(
        self, since: datetime | None = None, sites: Collection[str] | None = None
    ) -> list[RunHead]:
        begin = moment(since, "the start").isoformat() if since else ""
        with self._reading() as connection:
            if sites is None:
                rows = connection.execute(file.SELECT_HEADS, (begin,)).fetchall()
            else:
                rows = [
                    row
                    for site in sorted(set(sites))
                    for row in connection.execute(file.SELECT_SITE_HEADS, (site, begin))
                ]
        return sorted(map(_head, rows), key=lambda head: (head.started, head.site, head.id))

    def run_bounds(self) -> dict[str, tuple[RunHead, RunHead]]:
        with self._reading() as connection:
            rows = connection.execute(file.SELECT_RUN_BOUNDS).fetchall()
        heads = ((_head((first,)), _head((last,))) for first, last in rows)
        return {first.site: (first, last) for first, last in heads}

    def first_months(self) -> dict[str, datetime]:
        with self._reading() as connection:
            rows = connection.execute(listing.FIRST_SEEN).fetchall()
        return {site: from_ms(first) for site, first in rows}

    @contextmanager
    def snapshot(self) -> Iterator[sqlite_transfer.SQLiteSnapshot]:
        with self._snapshot() as connection:
            yield sqlite_transfer.SQLiteSnapshot(connection)

    def is_empty(self) -> bool:
        with self.snapshot() as snapshot:
            return not snapshot.sections()

    def load(self, section: str, records: Iterable[Document]) -> None:
        with self._transaction() as connection:
            sqlite_transfer.load(connection, section, records)

    def close(self) -> None:
        with self._lock:
            if self._connection:
                if self._log and sqlite_health.is_present(self.path, self._identity):
                    sqlite_health.keep_other_log(self.path, self._log)
                self._connection.close()
                self._connection = None
                if self._log and not sqlite_health.is_present(self.path, self._identity):
                    sqlite_health.set_log_aside(self.path, self._log)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, file.errors(self.path):
            if self._connection is None:
                raise StoreError(f"the store {self.path} has been closed; open it again")
            yield self._connection

    @contextmanager
    def _transaction(self, patience: float | None = None) -> Iterator[sqlite3.Connection]:
        """Writes, once other processes have written; StoreError after `patience` seconds."""
        patience = self._patience if patience is None else patience
        queued = turns.queued(self.path.parent, min(patience, turns.QUEUED))
        with self._reading() as connection, queued:
            self._check_file()
            # A statement copies each page that it changes. SQLite else keeps 64 kB of these copies
            # in memory, and writes the rest to a file: a new row changes more.
            connection.execute("PRAGMA temp_store = MEMORY")
            self._begin(connection, patience)
            try:
                yield connection
                connection.execute("COMMIT")
                self._log_size = sqlite_health.log_size(self.path, self._log)
            finally:
                # On a full disk, SQLite may have rolled back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                connection.execute("PRAGMA temp_store = DEFAULT")

    def _begin(self, connection: sqlite3.Connection, patience: float) -> None:
        """Begins to write. SQLite's own pauses grow with the waiting, which is unfair and slow."""
        start = time.monotonic()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    waited = time.monotonic() - start
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or waited > patience:
                        raise
                    time.sleep(turns.pause(waited))
                else:
                    return
        finally:
            connection.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """A separate connection, so that long reads neither see nor block writes."""
        with self._reading():
            # Connecting to a deleted file would create an empty one.
            self._check_file()
            connection = self._connected()
        with closing(connection), file.errors(self.path):
            yield connection


def _clean(keys: Iterable[Key]) -> list[Key]:
    return [(clean_surrogates(site), clean_surrogates(ad_id)) for site, ad_id in keys]


def _forget(
    connection: sqlite3.Connection,
    key: Key,
    remains: Callable[[Advertisement], Advertisement | None],
) -> bool:
    """Erases an advertisement within the caller's transaction; whether there was one."""
    row = connection.execute(file.SELECT_ONE, key).fetchone()
    if row:
        query = "SELECT removed FROM listing WHERE site = ? AND ad_id = ?"
        (removed,) = connection.execute(query, key).fetchone()
        left = remains(file.from_row(row))
        connection.execute("DELETE FROM advertisements WHERE site = ? AND ad_id = ?", key)
        if left:
            connection.execute(file.UPSERT, file.to_row(left))
            query = "UPDATE listing SET removed = ? WHERE site = ? AND ad_id = ?"
            connection.execute(query, (removed, left.site, left.ad_id))
    for table in ("passed_over", "links_due"):
        connection.execute(f"DELETE FROM {table} WHERE site = ? AND ad_id = ?", key)  # noqa: S608
    return row is not None


def _head(row: tuple[str]) -> RunHead:
    document = json.loads(row[0])
    for name in ("started", "finished"):
        document[name] = file.from_iso(document[name])
    return head_from_document(document)


def _where(
    start: datetime | None, end: datetime | None, site: str | None
) -> tuple[str, list[str | int]]:
    tests: list[str] = []
    values: list[str | int] = []
    if start:
        tests.append("first_seen >= ?")
        values.append(to_ms(moment(start, "the start")))
    if end:
        tests.append("first_seen < ?")
        values.append(to_ms(moment(end, "the end")))
    if site is not None:
        tests.append("site = ?")
        values.append(site)
    return (f" WHERE {' AND '.join(tests)}" if tests else ""), values
