"""Worker: a background thread that runs tasks after a delay, so that no request waits for them."""

from __future__ import annotations

import heapq
import logging
import time
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread

_log = logging.getLogger(__name__)


class Worker:
    """Runs tasks one at a time in a daemon thread, which starts with the first task."""

    def __init__(self) -> None:
        self._tasks: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._changed = Condition()
        self._thread: Thread | None = None

    def after(self, seconds: float, task: Callable[[], None]) -> None:
        """Runs `task` once `seconds` have passed; an exception is logged."""
        with self._changed:
            due = time.monotonic() + seconds
            heapq.heappush(self._tasks, (due, next(self._numbers), task))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="desk worker", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            task = self._next()
            try:
                task()
            except Exception:
                _log.exception("A background task of the desk failed")

    def _next(self) -> Callable[[], None]:
        with self._changed:
            while True:
                left = self._tasks[0][0] - time.monotonic() if self._tasks else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._tasks)[2]
                self._changed.wait(left)
