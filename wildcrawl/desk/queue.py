"""Screening order of the desk: the first places of the queue, kept between requests.

The store has the order. Some places are read at a time, so that a page waits for a reading only now
and then. Advertisements put off for later are only known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.items import Key
    from wildcrawl.review.queue import Queued


COUNTED = 20.0
"""Seconds after which pending advertisements are counted again: others judge and crawl too."""
SOON = 8.0
"""Seconds after which a worker counts them between two cards, so that none waits for it."""
SPARED = 30
"""Times as long as a count took until the next one: a server without indexes reads all for it."""
READ = 100
"""Places read at a time: a whole number of the queue's intervals between audited ones."""


class Queue:
    """Keys of the first advertisements pending a verdict, in the order of `read`.

    They are read on first use, when all that were read are gone, and on request. `count` is the
    number of all that are pending.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Queued]],
        count: Callable[[], int],
        most: int = READ,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._read = read
        self._count = count
        self._most = most
        self._clock = clock
        self._counted = self._took = 0.0
        self._why: dict[Key, str] = {}
        self._put_off: dict[Key, str] = {}
        self._number: int | None = None
        self._lock = Lock()

    @property
    def number(self) -> int:
        """How many advertisements are pending, as of some seconds ago and what was judged since."""
        with self._lock:
            # A card that was opened from a list comes before the first reading.
            if self._number is None or self._is_older(COUNTED, 2 * SPARED):
                return self._recount()
            return self._number

    def recount(self, count: Callable[[], int]) -> None:
        """Takes the number that a worker counts, unless one was counted just now."""
        with self._lock:
            before = self._number
            if before is None or not self._is_older(SOON, SPARED):
                return
        start, number = self._clock(), count()
        with self._lock:
            self._took = self._clock() - start
            # What was judged while it was counted may be in the number or not.
            if self._number == before:
                self._counted, self._number = start, number

    def _is_older(self, seconds: float, times: float) -> bool:
        """Whether the number is older than `seconds`, and than `times` what counting took."""
        return self._clock() - self._counted > max(seconds, times * self._took)

    def _recount(self) -> int:
        start = self._clock()
        self._counted, self._number = start, self._count()
        self._took = self._clock() - start
        return self._number

    def keys(self, *, anew: bool = False) -> list[Key]:
        """Keys of the next advertisements, the first one first; `anew` reads them again."""
        with self._lock:
            if anew or not self._why:
                self._fill()
            return list(self._why)

    def _fill(self) -> None:
        self._recount()
        self._why = {}
        put_off: dict[Key, str] = {}
        for queued in self._read():
            key = (queued.ad.site, queued.ad.ad_id)
            kept = put_off if key in self._put_off else self._why
            kept[key] = queued.why
            if len(self._why) >= self._most:
                return
        # Those put off come last, in the order in which they were put off.
        self._why |= {key: put_off[key] for key in self._put_off if key in put_off}
        self._put_off = {key: put_off[key] for key in self._put_off if key in put_off}

    def first(self, number: int) -> list[Key]:
        """The first keys of the queue as it was last read."""
        with self._lock:
            return list(islice(self._why, number))

    def why(self, key: Key) -> str:
        """The reason why an advertisement is in the queue; "" if it is not."""
        with self._lock:
            return self._why.get(key, "")

    def drop(self, key: Key) -> None:
        """Removes an advertisement that was judged."""
        with self._lock:
            found = self._why.pop(key, None), self._put_off.pop(key, None)
            if self._number is not None:
                self._number -= found != (None, None)

    def put_first(self, key: Key) -> None:
        """Moves an advertisement whose verdict was undone to the front."""
        with self._lock:
            if self._why and self._number is not None:
                self._number += key not in self._why and key not in self._put_off
                self._put_off.pop(key, None)
                self._why = {key: self._why.get(key, ""), **self._why}

    def put_last(self, key: Key) -> None:
        """Moves an advertisement that was put off behind all others."""
        with self._lock:
            if key in self._why:
                self._put_off.pop(key, None)
                self._put_off[key] = self._why.pop(key)
