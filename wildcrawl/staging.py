"""Staging folder: where files are written until all are whole, so that none is left half-way."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LOCK = "lock"
_UNFINISHED = ".unfinished"


@contextmanager
def staging_folder(folder: Path, name: str) -> Iterator[Path]:
    """Staging folder within `folder`, removed at the end, as are those of killed processes.

    `name` is what theirs begin with, a full stop first. OSError if it cannot be created.
    """
    # Imported here: most commands that Scrapy loads stage nothing.
    from filelock import FileLock

    _remove_stale(folder, name)
    made = Path(tempfile.mkdtemp(prefix=name, dir=folder))
    try:
        with FileLock(made / _LOCK):
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


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
