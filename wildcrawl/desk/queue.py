"""The order in which advertisements are screened, remembered between pages.

Reading what waits is cheap, scoring it is not: a learned ranking reads every text. What is to be
seen later is also known here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.review.queue import Queued

Key = tuple[str, str]
"""What an advertisement is known by: (site, ad_id)."""


class Queue:
    """The keys of what waits for a verdict, in the order that `read` gives.

    It is read when first asked for and when it has run empty, and anew on request.
    """

    def __init__(self, read: Callable[[], Sequence[Queued]]) -> None:
        self._read = read
        self._why: dict[Key, str] | None = None
        self._lock = Lock()

    def keys(self, *, anew: bool = False) -> list[Key]:
        """All that wait, what to read first in front."""
        with self._lock:
            if anew or not self._why:
                self._why = {(each.ad.site, each.ad.ad_id): each.why for each in self._read()}
            return list(self._why)

    def why(self, key: Key) -> str:
        """Why it waits; "" if it does not."""
        with self._lock:
            return (self._why or {}).get(key, "")

    def drop(self, key: Key) -> None:
        """Takes out what has its verdict."""
        with self._lock:
            if self._why:
                self._why.pop(key, None)

    def put_first(self, key: Key) -> None:
        """Puts in front what has lost its verdict again."""
        with self._lock:
            if self._why is not None:
                self._why = {key: self._why.get(key, ""), **self._why}

    def put_last(self, key: Key) -> None:
        """Puts behind the others what somebody wants to see later."""
        with self._lock:
            if self._why and key in self._why:
                self._why[key] = self._why.pop(key)
