"""SQLite schema: opening a store's file, layout versions, and row conversion."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from json.encoder import encode_basestring
from operator import attrgetter
from pathlib import Path
from typing import Any

from wildcrawl.items import STORED_FIELDS, Advertisement, Change
from wildcrawl.store import sqlite_health, sqlite_listing, sqlite_months, sqlite_same_texts
from wildcrawl.store.base import StoreError, StoreGoneError
from wildcrawl.store.documents import (
    COUNTS,
    LISTS,
    MOMENTS,
    MONEY,
    RUN_DETAILS,
    change_to_document,
    from_document,
    from_ms,
    money_to_text,
    to_ms,
)
from wildcrawl.store.sqlite_earlier import keep_earlier

VERSION = 7
"""Version of the tables' layout; files of earlier versions are upgraded, later ones refused."""

_APPLICATION = 0x77696C64


def _column(name: str) -> str:
    if name in MOMENTS or name == "audit":
        return f"{name} INTEGER NOT NULL"
    if name in COUNTS:
        return f"{name} INTEGER"
    optional = name in MONEY or name in ("rate_date", "strength")
    return f"{name} TEXT" if optional else f"{name} TEXT NOT NULL"


_UNJUDGED = "verdict IN ('', 'pending')"
"""The partial index's condition; SQLite uses the index only for queries that repeat it."""
_BY_PENDING = (
    "CREATE INDEX IF NOT EXISTS by_pending ON advertisements (first_seen, site, ad_id)"
    f" WHERE {_UNJUDGED}"
)
_BY_RULES = "CREATE INDEX by_rules ON advertisements (rules, verdict)"
_SCHEMA = (
    f"CREATE TABLE advertisements ({', '.join(map(_column, STORED_FIELDS))},"
    " PRIMARY KEY (site, ad_id))",
    "CREATE INDEX by_first_seen ON advertisements (first_seen, site, ad_id)",
    _BY_PENDING,
    _BY_RULES,
    "CREATE TABLE passed_over (site TEXT NOT NULL, ad_id TEXT NOT NULL, mark TEXT NOT NULL,"
    " PRIMARY KEY (site, ad_id)) WITHOUT ROWID",
    "CREATE TABLE runs (id TEXT PRIMARY KEY, site TEXT NOT NULL, started TEXT NOT NULL,"
    " document TEXT NOT NULL)",
    *sqlite_listing.SCHEMA,
    *sqlite_months.SCHEMA,
    *sqlite_same_texts.SCHEMA,
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
_UPGRADES = {
    # NULL in both: documents.from_document reads them from the reason.
    1: (
        *(
            f"ALTER TABLE advertisements ADD COLUMN {_column(name)}"
            for name in ("strength", "supports")
        ),
        _BY_PENDING,
    ),
    # "" is the fingerprint of unknown rules.
    2: ("ALTER TABLE advertisements ADD COLUMN rules TEXT NOT NULL DEFAULT ''", _BY_RULES),
    3: ("ALTER TABLE advertisements ADD COLUMN picture_text TEXT NOT NULL DEFAULT ''",),
    4: (*sqlite_listing.SCHEMA, *sqlite_listing.FILL),
    5: (*sqlite_months.SCHEMA, *sqlite_months.FILL),
    6: (*sqlite_same_texts.SCHEMA, *sqlite_same_texts.FILL),
}
"""Statements that upgrade each version of the layout to the next."""
SELECT = f"SELECT {', '.join(STORED_FIELDS)} FROM advertisements"
SELECT_ONE = f"{SELECT} WHERE site = ? AND ad_id = ?"
_LOOK_UPS = 400
"""Advertisements per query; older SQLite takes 999 values."""
SELECT_PENDING = (
    f"{SELECT} WHERE {_UNJUDGED} AND (relevance IN ('likely', 'second_reader')"
    " OR (relevance = 'set_aside' AND audit))"
    " ORDER BY first_seen, site, ad_id"
)
SELECT_OTHERWISE = f"{SELECT} WHERE rules <> ? AND {_UNJUDGED} ORDER BY first_seen, site, ad_id"
_COUNT = "SELECT verdict, count(*) FROM advertisements WHERE"
# Two ranges of the index, in its order: nothing tagged by the rules is read, nothing sorted.
COUNT_OTHERWISE = (
    f"{_COUNT} rules < ?1 GROUP BY rules, verdict"
    f" UNION ALL {_COUNT} rules > ?1 GROUP BY rules, verdict"
)
_NAMED = ", ".join(f"advertisements.{name}" for name in STORED_FIELDS)
SELECT_UNSCORED = (
    # Two ranges of the index on learned_by: those that have their score are not read.
    f"SELECT {_NAMED} FROM (SELECT * FROM ("
    "SELECT site, ad_id FROM listing WHERE queue <> '' AND learned_by < :model"
    " UNION ALL SELECT site, ad_id FROM listing WHERE queue <> '' AND learned_by > :model)"
    " LIMIT :most) CROSS JOIN advertisements USING (site, ad_id)"
)
SELECT_JUDGED = (
    f"SELECT {_NAMED} FROM listing INDEXED BY listing_verdict CROSS JOIN advertisements"
    " USING (site, ad_id) WHERE listing.verdict NOT IN ('', 'pending')"
)
_DETAILS = ", ".join(f"'$.{name}'" for name in RUN_DETAILS)
_HEAD = f"json_remove(document, {_DETAILS})"
SELECT_HEADS = f"SELECT {_HEAD} FROM runs WHERE started >= ?"
SELECT_SITE_HEADS = f"SELECT {_HEAD} FROM runs WHERE site = ? AND started >= ?"
SELECT_RUN_BOUNDS = (
    "WITH RECURSIVE sites (site) AS (SELECT min(site) FROM runs UNION ALL"
    " SELECT (SELECT min(site) FROM runs WHERE runs.site > sites.site) FROM sites"
    " WHERE site IS NOT NULL) SELECT "
    + ", ".join(
        f"(SELECT {_HEAD} FROM runs WHERE runs.site = sites.site"
        f" ORDER BY started{way}, id{way} LIMIT 1)"
        for way in ("", " DESC")
    )
    + " FROM sites WHERE site IS NOT NULL"
)
UPSERT = (
    f"INSERT INTO advertisements ({', '.join(STORED_FIELDS)}) "
    f"VALUES ({', '.join('?' * len(STORED_FIELDS))}) "
    "ON CONFLICT (site, ad_id) DO UPDATE SET "
    + ", ".join(
        f"{name} = excluded.{name}" for name in STORED_FIELDS if name not in ("site", "ad_id")
    )
)


def open_file(path: Path, patience: float) -> sqlite3.Connection:
    """A connection to the store's file, created if missing; StoreError says what is wrong."""
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} of the store {path.name} is missing; create it")
    _check_file(path)
    _check_log(path)
    with errors(path):
        connection = connect(path, patience)
        try:
            _prepare(connection, path, patience)
        except BaseException:
            connection.close()
            raise
    return connection


_BEGINNING = 10.0
"""Seconds that a file may be empty, since another process has just begun it."""


def _check_file(path: Path) -> None:
    """StoreError for an empty file or a link to nothing, which SQLite takes for a new store.

    SQLite itself leaves a file empty only for a moment, while it is being created.
    """
    if path.is_symlink() and not path.exists():
        raise StoreError(
            f"the store {path} is a link to {path.readlink()}, which is missing; make it available "
            "(is its disk mounted?), or remove the link for a new store"
        )
    end = time.monotonic() + _BEGINNING
    with suppress(FileNotFoundError):
        while path.is_file() and not (about := path.stat()).st_size:
            if time.monotonic() > end or time.time() > about.st_mtime + _BEGINNING:
                raise StoreError(
                    f"the store {path} is an empty file: what was in it is lost; restore a backup, "
                    "or remove the file for a new store"
                )
            time.sleep(0.02)


def _check_log(path: Path) -> None:
    """StoreError, once, if the file is missing and its log is not; the log is kept aside."""
    with errors(path):
        aside = sqlite_health.set_orphan_aside(path)
    if aside:
        raise StoreError(
            f"the store {path} was deleted or moved, and its log, with what was written last, was "
            f"still there; it is kept as {aside.name}. Put the file or a backup of it back, and "
            "then run 'scrapy doctor --rescue'; or run this again for a new store"
        )


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """A connection with explicit transactions."""
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False
    )
    sqlite_listing.add_functions(connection)
    sqlite_months.add_functions(connection)
    sqlite_same_texts.add_functions(connection)
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, patience: float) -> None:
    # In one transaction, since another process may be creating the file.
    connection.execute("BEGIN")
    try:
        layout = _layout(connection, path)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    if layout == VERSION:
        return
    _write_ahead(connection, patience)
    connection.execute("BEGIN IMMEDIATE")
    layout = _layout(connection, path)  # another process may have been faster
    if 0 < layout < VERSION:
        keep_earlier(path, layout, VERSION)
    if not layout:
        for statement in _SCHEMA:
            connection.execute(statement)
    elif layout < VERSION:
        for version in range(layout, VERSION):
            for statement in _UPGRADES[version]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _layout(connection: sqlite3.Connection, path: Path) -> int:
    """Layout version of a store's file, 0 if it is empty; StoreError if it is another file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != _APPLICATION and (tables or version):
        raise StoreError(f"{path} is another program's database; name another file for the store")
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a later wildcrawl (layout {version}, this one reads up to "
            f"{VERSION}); update wildcrawl"
        )
    return int(version)


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Switches to write-ahead logging; retried here, since SQLite does not wait for this switch."""
    end = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


_FIXES = {
    sqlite3.SQLITE_BUSY: "another process has been writing to it too long; try again once it ends",
    sqlite3.SQLITE_CANTOPEN: "make the file and its folder readable and writable",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_FULL: "the disk is full; free some space and try again",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written; check it and its free space",
    sqlite3.SQLITE_NOTADB: "the file is not a SQLite database; name another file for the store",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable",
}

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def errors(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into a StoreError with the fix."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the kind of error, the others its details.
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        fix = _FIXES.get(kind, "")
        made = StoreGoneError if kind in _DAMAGED else StoreError
        raise made(f"the store {path}: {error}{'; ' if fix else ''}{fix}") from error


def from_iso(text: str | None) -> datetime | None:
    """The moment of an ISO text; None for None or an empty text."""
    return datetime.fromisoformat(text) if text else None


# Made once: json.dumps makes an encoder for each text.
_to_json = json.JSONEncoder(ensure_ascii=False).encode


def _texts_to_json(texts: Sequence[str]) -> str:
    """A list of texts as JSON, without the set-up of an encoder.

    >>> _texts_to_json(["象牙", 'a"b']) == _to_json(["象牙", 'a"b'])
    True
    """
    return f"[{', '.join(map(encode_basestring, texts))}]" if texts else "[]"


def _history_to_json(history: Sequence[Change]) -> str:
    if not history:
        return "[]"
    changes = map(change_to_document, history)
    return _to_json([{**change, "at": change["at"].isoformat()} for change in changes])


_WRITERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(MOMENTS, to_ms),
    **dict.fromkeys(LISTS, _texts_to_json),
    **dict.fromkeys(MONEY, money_to_text),
    "rate_date": lambda day: day.isoformat() if day else None,
    "history": _history_to_json,
}
_PLACED_WRITERS = tuple((STORED_FIELDS.index(name), write) for name, write in _WRITERS.items())
_values = attrgetter(*STORED_FIELDS)


def to_row(ad: Advertisement) -> list[Any]:
    """Row of an advertisement: its values in the order of the table's columns."""
    row = list(_values(ad))
    for place, write in _PLACED_WRITERS:
        row[place] = write(row[place])
    return row


def rows_of(
    connection: sqlite3.Connection, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Rows of SELECT by (site, ad_id); those that are not stored are missing."""
    found = {}
    site, ad_id = STORED_FIELDS.index("site"), STORED_FIELDS.index("ad_id")
    for start in range(0, len(keys), _LOOK_UPS):
        part = keys[start : start + _LOOK_UPS]
        # Joined in this order, since SQLite would read all rows for an IN of pairs.
        wanted = f"(VALUES {', '.join(['(?, ?)'] * len(part))}) AS wanted"
        query = SELECT.replace("FROM", f"FROM {wanted} CROSS JOIN") + (
            " ON site = wanted.column1 AND ad_id = wanted.column2"
        )
        for row in connection.execute(query, [value for key in part for value in key]):
            found[row[site], row[ad_id]] = row
    return found


def ids_among(connection: sqlite3.Connection, site: str, ad_ids: Sequence[str]) -> set[str]:
    """Those of `ad_ids` under which the site has an advertisement."""
    found: set[str] = set()
    for start in range(0, len(ad_ids), _LOOK_UPS):
        part = ad_ids[start : start + _LOOK_UPS]
        marks = ", ".join("?" * len(part))
        query = f"SELECT ad_id FROM advertisements WHERE site = ? AND ad_id IN ({marks})"
        found.update(ad_id for (ad_id,) in connection.execute(query, (site, *part)))
    return found


def from_row(row: tuple[Any, ...]) -> Advertisement:
    """The advertisement of a row of SELECT."""
    document = dict(zip(STORED_FIELDS, row, strict=True))
    for name in MOMENTS:
        document[name] = from_ms(document[name])
    for name in LISTS:
        document[name] = json.loads(document[name])
    document["audit"] = bool(document["audit"])
    document["history"] = [
        {**change, "at": from_iso(change["at"])} for change in json.loads(document["history"])
    ]
    return from_document(document)
