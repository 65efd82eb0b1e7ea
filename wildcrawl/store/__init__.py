"""Stores of advertisements: one protocol, on SQLite or on MongoDB."""

from __future__ import annotations

from pathlib import Path

from wildcrawl.store.base import (
    DocumentStore,
    OtherRules,
    Outcome,
    Store,
    StoreError,
    StoreGoneError,
    UnknownAdvertisementError,
    redact_url,
    store_name,
)

__all__ = [
    "DocumentStore",
    "OtherRules",
    "Outcome",
    "Store",
    "StoreError",
    "StoreGoneError",
    "UnknownAdvertisementError",
    "existing_store",
    "open_store",
    "redact_url",
    "store_name",
]

_FORMS = (
    "sqlite:///wildcrawl.db (a relative path), sqlite:////folder/wildcrawl.db (an absolute path) "
    "or mongodb://host/wildcrawl"
)


def open_store(url: str) -> Store:
    """The opened store of `url`.

    StoreError, which never shows a password, if the URL is not valid or the database cannot be
    reached.
    """
    scheme, separator, rest = url.strip().partition("://")
    if scheme == "sqlite" and separator:
        from wildcrawl.store.sqlite import SQLiteStore

        path = rest.removeprefix("/")
        if path == rest or path in ("", ":memory:") or path.endswith("/"):
            raise StoreError(f"the store URL '{url}' does not name a file; write {_FORMS}")
        _check_restored(Path(path))
        return SQLiteStore(Path(path))
    if scheme in ("mongodb", "mongodb+srv") and separator:
        # Only teams with a server need to load the driver.
        from wildcrawl.store.mongo import MongoStore

        return MongoStore(url.strip())
    raise StoreError(f"the store URL '{redact_url(url)}' is not valid; write {_FORMS}")


def existing_store(url: str) -> Store:
    """The opened store of `url`, as `open_store`; StoreError if it names a file that is missing."""
    path = sqlite_path(url)
    if path is not None and path.is_dir():
        raise StoreError(f"the store {path} is a folder; name a file in it")
    if path is not None:
        _check_restored(path)
    if path is not None and not path.is_file():
        raise StoreError(f"the store {path} does not exist; restore a backup of it, or run a crawl")
    return open_store(url)


def restoring_path(path: Path) -> Path:
    """The file that a restore fills, before it becomes the store at `path`."""
    return path.with_name(f".restoring-{path.name}")


def _check_restored(path: Path) -> None:
    """StoreError if a restore was to bring a file that is not there.

    A crawl would begin an empty store, and count everything as new.
    """
    if not path.exists() and restoring_path(path).exists():
        raise StoreError(
            f"the store {path} is incomplete, since its restore was interrupted; repeat it: scrapy "
            "restore FILE"
        )


def sqlite_path(url: str) -> Path | None:
    """The file of a store's URL; None if it is a database server."""
    scheme, _, rest = url.strip().partition("://")
    return Path(rest.removeprefix("/")) if scheme == "sqlite" else None
