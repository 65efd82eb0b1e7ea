"""Single hits: searches with one result, which the site answers with that result's own page."""

from __future__ import annotations

from wildcrawl.base_spiders.unread_boxes import shape_of


class SingleHits:
    """Records pages without results to which a search was redirected, and the results' addresses.

    A page at an address of their shape is an advertisement's own, and was not read.
    """

    def __init__(self) -> None:
        self._shapes: set[tuple[str, ...]] = set()
        self._led_to: dict[str, str] = {}

    def add_result(self, url: str) -> None:
        """Records the address of a result."""
        if url:
            self._shapes.add(shape_of(url))

    def is_result(self, url: str) -> bool:
        """Whether an address has the shape of those of results."""
        return shape_of(url) in self._shapes

    def led_to(self, phrase: str, url: str) -> None:
        """Records that the search for `phrase` was redirected to `url`, which shows no results."""
        self._led_to[phrase] = url

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
