"""View cache: re-encoded pictures in memory, of which those not used for longest are dropped.

Views are not written to disk, so that erasing evidence leaves no copy of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, Semaphore

ViewKey = tuple[str, str]
"""SHA-256 of the picture's bytes, and the name of the view."""


class ViewCache:
    """Views by key, at most `most` bytes of them, made by at most `workers` threads at once."""

    def __init__(self, most: int = 64 * 1024 * 1024, workers: int = 2) -> None:
        self._most = most
        self._size = 0
        self._views: OrderedDict[ViewKey, bytes] = OrderedDict()
        self._lock = Lock()
        self._making = Semaphore(workers)

    def get(self, key: ViewKey, make: Callable[[], bytes]) -> bytes:
        """The view of `key`, made by `make` if it is not in memory; errors are those of `make`."""
        view = self._known(key)
        if view is not None:
            return view
        with self._making:
            # Another thread may have made it meanwhile.
            view = self._known(key)
            if view is None:
                view = make()
                self._keep(key, view)
        return view

    def _known(self, key: ViewKey) -> bytes | None:
        with self._lock:
            if key in self._views:
                self._views.move_to_end(key)
            return self._views.get(key)

    def _keep(self, key: ViewKey, view: bytes) -> None:
        with self._lock:
            self._size += len(view) - len(self._views.pop(key, b""))
            self._views[key] = view
            while self._size > self._most:
                _, dropped = self._views.popitem(last=False)
                self._size -= len(dropped)
