"""Worker: a background thread that runs tasks after a delay, so that no request waits for them."""

from __future__ import annotations

import heapq
import logging
import time
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread

_LAST = 30.0
"""Seconds for which the task that runs is waited for at the end."""

_log = logging.getLogger(__name__)


class Worker:
    """Runs tasks one at a time in a daemon thread, which starts with the first task."""

    def __init__(self) -> None:
        self._tasks: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._changed = Condition()
        self._thread: Thread | None = None
        self._closed = False

    def after(self, seconds: float, task: Callable[[], None]) -> None:
        """Runs `task` once `seconds` have passed, unless closed by then; an exception is logged."""
        with self._changed:
            if self._closed:
                return
            due = time.monotonic() + seconds
            heapq.heappush(self._tasks, (due, next(self._numbers), task))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="desk worker", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Drops the tasks that wait, and waits for the one that runs."""
        with self._changed:
            self._closed = True
            self._tasks.clear()
            self._changed.notify()
            thread = self._thread
        if thread:
            thread.join(_LAST)

    def _run(self) -> None:
        while task := self._next():
            try:
                task()
            except Exception:
                _log.exception("A background task of the desk failed")

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._closed:
                left = self._tasks[0][0] - time.monotonic() if self._tasks else None
                if left is not None and left <= 0:
                    return heapq.heappop(self._tasks)[2]
                self._changed.wait(left)
            return None
