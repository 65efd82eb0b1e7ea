"""Store pool: opened stores kept between requests, so that a card does not wait for opening one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock, Timer
from typing import NamedTuple

from wildcrawl.store import Store

IDLE = 5.0
"""Seconds after which an unused store is closed, so that SQLite moves its log into the file."""
MOST = 4
"""Unused stores that are kept open."""

_log = logging.getLogger(__name__)


class _Unused(NamedTuple):
    store: Store
    closing: ExitStack
    since: float


class StorePool:
    """Stores opened by `open_one`; each is lent to one user at a time. Safe for threads."""

    def __init__(
        self,
        open_one: Callable[[], AbstractContextManager[Store]],
        idle: float = IDLE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_one = open_one
        self._idle = idle
        self._clock = clock
        self._unused: list[_Unused] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    @contextmanager
    def lend(self) -> Iterator[Store]:
        """A store that is open; StoreError if none can be opened.

        After an exception it is closed, since a broken connection may be the reason.
        """
        store, closing = self._take() or self._opened()
        with ExitStack() as failed:
            failed.enter_context(closing)
            yield store
            failed.pop_all()
        self._give_back(store, closing)

    def close(self) -> None:
        """Closes the unused stores."""
        with self._lock:
            unused, self._unused = self._unused, []
            if self._timer:
                self._timer.cancel()
                self._timer = None
        _close(unused)

    def close_idle(self) -> None:
        """Closes the stores that nobody has used for the idle time."""
        with self._lock:
            self._timer = None
            end = self._clock() - self._idle
            idle = [each for each in self._unused if each.since <= end]
            self._unused = [each for each in self._unused if each.since > end]
            self._await_idle()
        _close(idle)

    def _take(self) -> tuple[Store, ExitStack] | None:
        while True:
            with self._lock:
                if not self._unused:
                    return None
                unused = self._unused.pop()
            # A file may have been deleted or replaced meanwhile.
            if unused.store.is_current():
                return unused.store, unused.closing
            _close([unused])

    def _opened(self) -> tuple[Store, ExitStack]:
        closing = ExitStack()
        return closing.enter_context(self._open_one()), closing

    def _give_back(self, store: Store, closing: ExitStack) -> None:
        with self._lock:
            self._unused.append(_Unused(store, closing, self._clock()))
            spare, self._unused = self._unused[:-MOST], self._unused[-MOST:]
            self._await_idle()
        _close(spare)

    def _await_idle(self) -> None:
        if self._unused and self._timer is None:
            self._timer = Timer(self._idle, self.close_idle)
            self._timer.daemon = True
            self._timer.start()


def _close(stores: list[_Unused]) -> None:
    for each in stores:
        try:
            each.closing.close()
        # What was written is stored; the request that gave it back has its answer.
        except Exception as error:
            _log.warning("A store was not closed: %s", error)
