"""Staging folder: where files are written until all are whole, so that none is left half-way."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

_LOCK = "lock"
_ATTEMPTS = 10
_UNFINISHED = ".unfinished"


@contextmanager
def staging_folder(folder: Path, name: str) -> Iterator[Path]:
    """Staging folder within `folder`, removed at the end, as are those of killed processes.

    `name` is what theirs begin with, a full stop first. OSError if it cannot be created.
    """
    _remove_stale(folder, name)
    made, lock = _locked_folder(folder, name)
    try:
        yield made
    finally:
        lock.release()
        shutil.rmtree(made, ignore_errors=True)


def _locked_folder(folder: Path, name: str) -> tuple[Path, BaseFileLock]:
    """A new staging folder, and the lock that this process holds in it.

    Another process may take it for that of a dead one before it is locked, and remove it.
    """
    # Imported here: most commands that Scrapy loads stage nothing.
    from filelock import FileLock

    for left in reversed(range(_ATTEMPTS)):
        made = Path(tempfile.mkdtemp(prefix=name, dir=folder))
        lock = FileLock(made / _LOCK)
        try:
            lock.acquire()
            if (made / _LOCK).exists():
                return made, lock
            lock.release()
        except FileNotFoundError:
            if not left or not folder.is_dir():
                raise
    raise FileNotFoundError(f"{folder} does not keep what is written to it")


def _remove_stale(folder: Path, name: str) -> None:
    """Removes staging folders of dead processes, whose locks the system has released."""
    from filelock import FileLock, Timeout

    for left in folder.glob(f"{name}*/{_LOCK}"):
        with suppress(OSError, Timeout), FileLock(left, blocking=False):
            shutil.rmtree(left.parent)


@contextmanager
def unfinished(folder: Path) -> Iterator[None]:
    """Marks `folder` as unfinished until all files are moved to it; also if that is broken off."""
    mark = folder / _UNFINISHED
    mark.touch()
    yield
    mark.unlink(missing_ok=True)


def is_unfinished(folder: Path) -> bool:
    """Whether moving files to `folder` was broken off, or still goes on."""
    return (folder / _UNFINISHED).exists()
