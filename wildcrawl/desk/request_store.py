"""Store of a request: opened on first use, closed when the request ends."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from flask import Flask, g

if TYPE_CHECKING:
    from wildcrawl.desk.model import Desk
    from wildcrawl.store import Store


def store_of_request(desk: Desk) -> Store:
    """The current request's store; StoreError if it cannot be opened."""
    if "store" not in g:
        opened = ExitStack()
        g.store = opened.enter_context(desk.store())
        g.opened = opened
    store: Store = g.store
    return store


def close_with_request(app: Flask) -> None:
    """Registers with `app` that each request closes the store it opened."""
    app.teardown_appcontext(_close)


def _close(_error: BaseException | None) -> None:
    opened: ExitStack | None = g.pop("opened", None)
    g.pop("store", None)
    if opened:
        opened.close()
