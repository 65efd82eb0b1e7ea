"""Logs beside a SQLite file: what another process wrote to them, and the store lacks."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from wildcrawl.items import STORED_FIELDS, Advertisement, Verdict
from wildcrawl.store import sqlite_schema
from wildcrawl.store.base import Store, StoreError
from wildcrawl.store.sqlite_log_pages import Value, read_log, rows

_AT_ONCE = 500
"""Advertisements that are compared with the store at once."""
_ALL = f"{sqlite_schema.SELECT} NOT INDEXED"
_REPLACED = "of-replaced"
_KINDS = {"INTEGER": int, "TEXT": str}
_LEAST_COLUMNS = len(STORED_FIELDS) - 4
"""Columns of a row of the first layout, to which upgrades added four."""
_HEAD, _FRAME_HEAD = 32, 24
"""Bytes of a log before its pages, and before each of them."""
_OPEN = ("", Verdict.PENDING)


def other_logs(path: Path) -> list[Path]:
    """The logs kept beside the file at `path`: another process's, and those of replaced files."""
    return sorted(
        log
        for kept in ("beside", _REPLACED)
        for log in path.parent.glob(f"{path.name}-wal-{kept}-*")
    )


def lacking(path: Path, log: Path, store: Store) -> Iterator[Advertisement]:
    """What the log has and the store, of the file at `path`, lacks.

    An advertisement comes with each moment at which it was seen, as if it were two sightings.
    StoreError at the end if a part of the log could not be read.
    """
    of_replaced = f"-wal-{_REPLACED}-" in log.name
    opened = _rows_of_replaced(path, log) if of_replaced else _put_together(path, log)
    with sqlite_schema.errors(log), opened as connection:
        rows = connection.execute(_ALL)
        while ads := [sqlite_schema.from_row(row) for row in rows.fetchmany(_AT_ONCE)]:
            stored = store.get_all([(ad.site, ad.ad_id) for ad in ads])
            for ad in ads:
                there = stored.get((ad.site, ad.ad_id))
                if there is None:
                    yield replace(ad, found_at=ad.first_seen)
                if _is_later(ad, there):
                    yield replace(ad, found_at=ad.last_seen)


def _check_read(connection: sqlite3.Connection, log: Path) -> None:
    """StoreError if SQLite read less of the log than its length; it passes over what is damaged."""
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    _, read, _ = connection.execute("PRAGMA wal_checkpoint").fetchone()
    whole = max(0, log.stat().st_size - _HEAD) // (size + _FRAME_HEAD)
    if read < whole:
        raise StoreError(f"only {max(read, 0)} of the {whole} pages of {log} can be read")


def _is_later(ad: Advertisement, there: Advertisement | None) -> bool:
    """Whether the advertisement of a log adds something to its first sighting, or to the stored."""
    if there is None:
        return ad.last_seen != ad.first_seen
    judged = ad.verdict not in _OPEN and there.verdict in _OPEN
    seen = ad.last_seen and there.last_seen and ad.last_seen > there.last_seen
    return bool(judged or seen or {*ad.found_by} - {*there.found_by})


@contextmanager
def _put_together(path: Path, log: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the file as it is with that log; its indexes may contradict its tables.

    The log's process began from an earlier state of the file. Its pages are taken before the
    file's, so that all it wrote is found by reading the table from its root.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        shutil.copy(log, copy.with_name(f"{copy.name}-wal"))
        with closing(sqlite3.connect(copy)) as connection:
            yield connection
            _check_read(connection, log)


@contextmanager
def _rows_of_replaced(path: Path, log: Path) -> Iterator[sqlite3.Connection]:
    """A table with the rows in the pages of a log whose file is gone.

    That file was often another state of the one at `path`, so that SQLite cannot read them as one.
    """
    found = read_log(log)
    with closing(sqlite3.connect(path)) as file:
        query = "SELECT sql FROM sqlite_master WHERE name = 'advertisements'"
        (schema,) = file.execute(query).fetchone()
        columns = file.execute("SELECT name, type FROM pragma_table_info('advertisements')")
        names, types = zip(*columns.fetchall(), strict=True)
    unread = 0
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(schema)
        # A row of an earlier layout has fewer columns.
        for row in rows(found, range(_LEAST_COLUMNS, len(names) + 1)):
            unread += not (row and _added(connection, row, names, types))
        yield connection
    if found.read < found.whole or unread:
        lost = "advertisement goes" if unread == 1 else "advertisements go"
        raise StoreError(
            f"only {found.read} of the {found.whole} pages of {log} can be read"
            + (f", and {unread} {lost} on in pages that it lacks" if unread else "")
        )


def _added(
    connection: sqlite3.Connection, row: Sequence[Value], names: Sequence[str], types: Sequence[str]
) -> bool:
    """Whether a row has the types of the columns, and was added to the table."""
    given = zip(row, types[: len(row)], strict=True)
    if not all(isinstance(value, _KINDS[name] | None) for value, name in given):
        return False
    with suppress(sqlite3.IntegrityError):
        connection.execute(
            f"INSERT INTO advertisements ({', '.join(names[: len(row)])})"
            f" VALUES ({', '.join('?' * len(row))})",
            row,
        )
        return True
    return False
