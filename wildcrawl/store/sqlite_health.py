"""SQLite file checks: whether an open file is still at its path, and whether it is intact."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from wildcrawl.store.base import StoreGoneError

logger = logging.getLogger(__name__)

_STEPS = 20_000
"""Instructions of SQLite's virtual machine between two looks at the clock."""
_LOOKS, _PAUSE = 3, 0.1
"""Looks at the file on disk, since one during a checkpoint may see half of it; seconds between."""

FileIdentity = tuple[int, int]


def identity_of(path: Path) -> FileIdentity:
    """Device and inode of the file at `path`; StoreGoneError if there is none."""
    about = _about(path)
    return about.st_dev, about.st_ino


def _about(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise StoreGoneError(
            f"the store {path} was deleted while it was in use; put the file or a backup of it "
            "back, then import what was saved"
        ) from None


def check_present(path: Path, opened: FileIdentity) -> None:
    """StoreGoneError unless the file at `path` is the one that was opened, and not emptied.

    Whoever opens an empty file next deletes its log, in which a part of the store may be left.
    """
    about = _about(path)
    if (about.st_dev, about.st_ino) != opened or not about.st_size:
        raise StoreGoneError(
            f"the store {path} was replaced by another file while it was in use; what is written "
            "now would be lost, so nothing more is written"
        )


def is_present(path: Path, opened: FileIdentity) -> bool:
    """Whether the file at `path` is the one that was opened."""
    try:
        return identity_of(path) == opened
    except (StoreGoneError, OSError):
        return False


def log_identity(path: Path) -> FileIdentity | None:
    """Device and inode of the write-ahead log of the file at `path`; None without one."""
    with suppress(StoreGoneError, OSError):
        return identity_of(_log_of(path))
    return None


def log_size(path: Path, opened: FileIdentity | None) -> int:
    """Bytes of the write-ahead log of the file at `path`; StoreGoneError unless it is `opened`.

    SQLite itself would write on to a log that was removed, which no other process reads.
    """
    if opened is None:
        return 0
    with suppress(FileNotFoundError):
        about = _log_of(path).stat()
        if (about.st_dev, about.st_ino) == opened:
            return about.st_size
    raise StoreGoneError(
        f"the store {path}: the log beside it was removed or replaced while it was in use; what is "
        "written now could be lost, so nothing more is written"
    )


def set_log_aside(path: Path, opened: FileIdentity) -> None:
    """Renames the write-ahead log of a file that is at `path` no longer.

    SQLite would take it for that of the file which is put there, such as a backup, and damage it.
    A process that has opened that file writes to the log already, which then stays.
    """
    if log_identity(path) == opened and not _is_open(path):
        _rename_log(path, f"of-replaced-{opened[1]}", "the file that was replaced")


def keep_other_log(path: Path, opened: FileIdentity) -> None:
    """Renames a log that another process has written in place of `opened`, which was removed.

    SQLite deletes what is there when the last process closes the file. While another one has the
    file open, the log stays.
    """
    if log_identity(path) not in (None, opened) and not _is_open(path, but=os.getpid()):
        _rename_log(path, f"beside-{opened[1]}", "a process that did not find the store's own")


def orphan_log(path: Path) -> Path | None:
    """The write-ahead log of a file that is missing at `path`, with what was written last."""
    log = _log_of(path)
    with suppress(OSError):
        if not path.exists() and log.stat().st_size > _LOG_HEAD:
            return log
    return None


def set_orphan_aside(path: Path) -> Path | None:
    """Renames the log of a file that is missing at `path`, and returns where it is now.

    SQLite would delete it with the first row of a new file, and damage a backup by it.
    """
    log = orphan_log(path)
    if log is None:
        return None
    aside = log.with_name(f"{log.name}-of-replaced-{log.stat().st_ino}")
    log.rename(aside)
    return aside


def _rename_log(path: Path, ending: str, whose: str) -> None:
    log = _log_of(path)
    aside = log.with_name(f"{log.name}-{ending}")
    with suppress(OSError):
        log.rename(aside)
        logger.warning(
            "the log of %s is kept as %s; 'scrapy doctor' says what the store lacks of it",
            whose,
            aside,
        )


def _is_open(path: Path, but: int = 0) -> bool:
    """Whether a process has opened the file at `path`; True where no system table tells.

    Each holds a lock on it until it is closed. Locks of the process `but` do not count. Those of
    this one are listed as well; looking for them by a descriptor would release them.
    """
    try:
        inode = path.stat().st_ino
        locks = [line.split() for line in _LOCKS.read_text().splitlines()]
    except OSError:
        return path.exists()
    return any(pid != str(but) and file.endswith(f":{inode}") for *_, pid, file, _, _ in locks)


_LOCKS = Path("/proc/locks")
_LOG_HEAD = 32
"""Bytes of a log without pages."""


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def check_intact(connection: sqlite3.Connection, path: Path, seconds: float) -> bool:
    """Whether the whole file was checked within `seconds`; StoreGoneError if it is damaged."""
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
        raise StoreGoneError(f"the store {path}: the file is damaged ({detail}); restore a backup")
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
