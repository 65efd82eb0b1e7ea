"""Screening order of the desk, cached between requests.

Reading pending advertisements is cheap, ranking them is not: a learned ranking reads every text.
Advertisements put off for later are also only known here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.review.queue import Queued

Key = tuple[str, str]
"""Key of an advertisement: (site, ad_id)."""


class Queue:
    """Keys of the advertisements pending a verdict, in the order of `read`.

    They are read on first use, when the queue is empty, and on request.
    """

    def __init__(self, read: Callable[[], Sequence[Queued]]) -> None:
        self._read = read
        self._why: dict[Key, str] | None = None
        self._lock = Lock()

    def keys(self, *, anew: bool = False) -> list[Key]:
        """Keys of all pending advertisements, the next one first; `anew` reads them again."""
        with self._lock:
            if anew or not self._why:
                self._why = {
                    (queued.ad.site, queued.ad.ad_id): queued.why for queued in self._read()
                }
            return list(self._why)

    def first(self, number: int) -> list[Key]:
        """The first keys of the queue as it was last read."""
        with self._lock:
            return list(islice(self._why or (), number))

    def why(self, key: Key) -> str:
        """The reason why an advertisement is in the queue; "" if it is not."""
        with self._lock:
            return (self._why or {}).get(key, "")

    def drop(self, key: Key) -> None:
        """Removes an advertisement that was judged."""
        with self._lock:
            if self._why:
                self._why.pop(key, None)

    def put_first(self, key: Key) -> None:
        """Moves an advertisement whose verdict was undone to the front."""
        with self._lock:
            if self._why is not None:
                self._why = {key: self._why.get(key, ""), **self._why}

    def put_last(self, key: Key) -> None:
        """Moves an advertisement that was put off to the end."""
        with self._lock:
            if self._why and key in self._why:
                self._why[key] = self._why.pop(key)
