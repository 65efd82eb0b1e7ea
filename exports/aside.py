"""Where a report is made until it is whole, and how two exports to one folder take turns."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = ".export-"
_LOCK = "lock"


@contextmanager
def made_aside(folder: Path) -> Iterator[Path]:
    """A new folder within `folder`, which is gone at the end; those that killed exports left too.

    OSError if it cannot be made.
    """
    _clear_left(folder)
    made = Path(tempfile.mkdtemp(prefix=_NAME, dir=folder))
    try:
        with (made / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _clear_left(folder: Path) -> None:
    """Removes what nobody is making any longer: the system lets go of a dead process's lock."""
    for left in folder.glob(f"{_NAME}*/{_LOCK}"):
        with suppress(OSError), left.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Waits until no other export puts its files in place in `folder`, and keeps others waiting."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        # Some network drives lock no folders; two exports at once are rare there too.
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)
