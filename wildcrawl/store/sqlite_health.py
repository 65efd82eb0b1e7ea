"""SQLite file checks: whether an open file is still at its path, and whether it is intact."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from wildcrawl.store.base import StoreError, StoreGoneError

logger = logging.getLogger(__name__)

_STEPS = 20_000
"""Instructions of SQLite's virtual machine between two looks at the clock."""
_LOOKS, _PAUSE = 3, 0.1
"""Looks at the file on disk, since one during a checkpoint may see half of it; seconds between."""

FileIdentity = tuple[int, int]


def identity_of(path: Path) -> FileIdentity:
    """Device and inode of the file at `path`; StoreGoneError if there is none."""
    try:
        about = path.stat()
    except FileNotFoundError:
        raise StoreGoneError(
            f"the store {path} was deleted while it was in use; put the file or a backup of it "
            "back, then import what was saved"
        ) from None
    return about.st_dev, about.st_ino


def check_present(path: Path, opened: FileIdentity) -> None:
    """StoreGoneError unless the file at `path` is the one that was opened."""
    if identity_of(path) != opened:
        raise StoreGoneError(
            f"the store {path} was replaced by another file while it was in use; what is written "
            "now would be lost, so nothing more is written"
        )


def log_identity(path: Path) -> FileIdentity | None:
    """Device and inode of the write-ahead log of the file at `path`; None without one."""
    with suppress(StoreGoneError, OSError):
        return identity_of(_log_of(path))
    return None


def set_log_aside(path: Path, opened: FileIdentity) -> None:
    """Renames the write-ahead log of a file that is at `path` no longer.

    SQLite would take it for that of the file which is put there, such as a backup, and damage it.
    A process that has opened that file writes to the log already, which then stays.
    """
    log = _log_of(path)
    if log_identity(path) == opened and not _is_open(path):
        aside = log.with_name(f"{log.name}-of-replaced-{opened[1]}")
        with suppress(OSError):
            log.rename(aside)
            logger.warning("the log of the file that was replaced is kept as %s", aside)


def _is_open(path: Path) -> bool:
    """Whether a connection has opened the file at `path`; True where no system table tells.

    Each holds a lock on it until it is closed. A lock of one's own process is listed as well, and
    looking for it by a descriptor would release that one.
    """
    try:
        inode = path.stat().st_ino
        locks = _LOCKS.read_text().split()
    except OSError:
        return path.exists()
    return any(each.endswith(f":{inode}") for each in locks)


_LOCKS = Path("/proc/locks")


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def check_intact(connection: sqlite3.Connection, path: Path, seconds: float) -> bool:
    """Whether the whole file was checked within `seconds`; StoreError if it is damaged."""
    end = time.monotonic() + seconds
    connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    finally:
        connection.set_progress_handler(None, 0)
    if result != "ok":
        # The first line names the place: "*** in database main ***".
        detail = str(result).splitlines()[-1]
        raise StoreError(f"the store {path}: the file is damaged ({detail}); restore a backup")
    return True


def is_on_disk(path: Path, run: str, pause: Callable[[float], None] = time.sleep) -> bool:
    """Whether the file at `path`, without its write-ahead log, has the run; True if unknown.

    A file copied over the store leaves the log in place, in which the run is still seen.
    """
    for _ in range(_LOOKS):
        address = f"file:{quote(str(path))}?immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as connection:
                query = "SELECT 1 FROM runs WHERE id = ?"
                if connection.execute(query, (run,)).fetchone():
                    return True
        except sqlite3.Error:
            return True
        pause(_PAUSE)
    return False
