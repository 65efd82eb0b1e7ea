"""Single hits: searches with one result, which the site answers with that result's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.base_spiders.unread_boxes import shape_of

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row, Search

FEW = 0.5
"""Share of the searches up to which own pages that were not read are results that the run lacks,
and beyond which it has hardly searched the site."""


class SingleHits:
    """Records pages without results to which a search was redirected, and the results' addresses.

    A page at an address of their shape is an advertisement's own. Since results may come later,
    what a page shows waits for the end of the run.
    """

    def __init__(self) -> None:
        self._shapes: set[tuple[str, ...]] = set()
        self._led_to: dict[str, str] = {}
        self._waiting: list[tuple[Search, str, list[Row]]] = []
        """Searches, where they were led to, and what may be their only result."""

    def add_result(self, url: str) -> None:
        """Records the address of a result."""
        if url:
            self._shapes.add(shape_of(url))

    def is_result(self, url: str) -> bool:
        """Whether an address has the shape of those of results."""
        return shape_of(url) in self._shapes

    def led_to(self, search: Search, url: str, rows: list[Row]) -> bool:
        """Records that a search was redirected to `url`, which shows no results.

        `rows` is what the page shows as an own page. Returns whether it may be one: it has a number
        in its address, and no other search led to it.
        """
        may_be = any(map(str.isdigit, url)) and url not in self._led_to.values()
        self._led_to[search.phrase] = url
        if may_be:
            self._waiting.append((search, url, rows))
        return may_be

    def proven(self) -> list[tuple[Search, list[Row]]]:
        """The results on own pages, as the other results of the run show them to be."""
        proven = [each for each in self._waiting if each[2] and self.is_result(each[1])]
        self._waiting = [each for each in self._waiting if each not in proven]
        for search, _, _ in proven:
            self._led_to.pop(search.phrase)
        return [(search, rows) for search, _, rows in proven]

    def unrecognised(self, searches: int) -> int:
        """The number of recorded pages of a run that count as neither results nor nothing found."""
        others = sum(not self.is_result(url) for _, url, _ in self._waiting)
        hits = len(self._waiting) - others
        return others + (hits if hits > FEW * searches else 0)

    def note(self) -> str:
        """A sentence about pages that no result of the run shows to be own pages, else ""."""
        others = {phrase: url for phrase, url in self._led_to.items() if not self.is_result(url)}
        if not others:
            return ""
        phrase, url = next(iter(others.items()))
        return (
            f"searches were redirected to pages without results (searches: {len(others)}, such as "
            f"'{phrase}': {url}); if they are the own pages of single results, give patterns an "
            "ad_id that is in the address, and declare a detail_url of its shape"
        )

    def message(self) -> str:
        """A sentence about own pages that were not read, else ""."""
        hits = {phrase: url for phrase, url in self._led_to.items() if self.is_result(url)}
        if not hits:
            return ""
        phrase, url = next(iter(hits.items()))
        return (
            "the site answers a search that has one result with its own page, which was not read "
            f"(searches: {len(hits)}, such as '{phrase}': {url}); give patterns an ad_id that is "
            "in the address, and declare a detail_url of its shape"
        )
