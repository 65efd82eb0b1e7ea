"""Earlier layouts of a SQLite file: a copy is kept before the file is upgraded."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from wildcrawl.store.base import StoreError
from wildcrawl.utils import NotWrittenError, replacing

logger = logging.getLogger(__name__)


def earlier_copy(path: Path, layout: int) -> Path:
    """Where the copy of a file of an earlier layout is kept."""
    return path.with_name(f"{path.stem}-layout-{layout}{path.suffix}")


def keep_earlier(path: Path, layout: int, version: int) -> None:
    """Copies the file, whose caller holds its write lock, before it is upgraded.

    StoreError, so that it is not upgraded, if there is no room for a copy.
    """
    copy = earlier_copy(path, layout)
    try:
        with (
            replacing(copy, 0o600) as part,
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
            # One file, without a log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
    except (NotWrittenError, sqlite3.Error) as error:
        raise StoreError(
            f"the store {path} has the earlier layout {layout} and cannot be copied before it is "
            f"upgraded to {version}: {error}; make room beside it, or move it to another disk"
        ) from error
    logger.warning("the store %s is upgraded; the earlier file is kept as %s", path, copy)
