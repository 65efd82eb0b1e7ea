"""Held pages: answers of what matched nothing, for the capture of what the second reader raises."""

from __future__ import annotations

from heapq import heappop, heappush

from wildcrawl.crawl.received import Received
from wildcrawl.items import Key

MOST_BYTES = 32_000_000
"""Bytes of the bodies that are held; the page of the lowest score is given up first."""


class HeldPages:
    """The pages of the best-scored advertisements, at most `most` of them, for one run.

    Advertisements of one page of results share its answer, which counts once.
    """

    def __init__(self, most: int, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._scores: list[tuple[float, Key]] = []
        self._pages: dict[Key, Received] = {}

    def add(self, key: Key, score: float, page: Received) -> None:
        """Holds the page of an advertisement, or gives up one of a lower score."""
        if key not in self._pages:
            heappush(self._scores, (score, key))
        self._pages[key] = page
        while len(self._scores) > self._most or self._bytes() > self._most_bytes:
            _, lowest = heappop(self._scores)
            del self._pages[lowest]

    def get(self, key: Key) -> Received | None:
        """The page of an advertisement, None if it is not held."""
        return self._pages.get(key)

    def _bytes(self) -> int:
        pages = {id(page): page for page in self._pages.values()}
        return sum(len(page.body) for page in pages.values())
