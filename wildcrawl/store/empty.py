"""Empty store for a restore: it is in place only once everything was loaded and compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from wildcrawl.store import (
    Store,
    StoreError,
    open_store,
    redact_url,
    restoring_path,
    sqlite_path,
)

_FULL = (
    "is not empty; a backup is restored into an empty store: name another in WILDCRAWL_STORE, or "
    "move this one away"
)


@contextmanager
def empty_store(url: str) -> Iterator[Store]:
    """An empty store that is at `url` when the block ends without an error.

    StoreError if there is something at `url`. An interrupted restore leaves a file or a database
    that is refused as a store until the restore is repeated.
    """
    path = sqlite_path(url)
    if path is None:
        from wildcrawl.store.mongo_restore import restoring

        with restoring(url) as store:
            yield store
        return
    with _file(path) as store:
        yield store


@contextmanager
def _file(path: Path) -> Iterator[Store]:
    _check_empty(path)
    part = restoring_path(path)
    _remove(part)
    try:
        with closing(open_store(f"sqlite:///{part}")) as store:
            yield store
            if not store.is_current():
                raise StoreError(f"another restore to {path} began meanwhile; wait until it ends")
        # Again, since a crawl may have begun meanwhile.
        _check_empty(path)
        _remove(path)
        part.replace(path)
    finally:
        _remove(part)


def _check_empty(path: Path) -> None:
    if not path.exists():
        return
    store = open_store(f"sqlite:///{path}")
    try:
        if not store.is_empty():
            raise StoreError(f"the store {redact_url(str(path))} {_FULL}")
    finally:
        store.close()


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
