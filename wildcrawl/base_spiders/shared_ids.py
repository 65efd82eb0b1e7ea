"""Shared ids: results of a crawl that have one id, and are different advertisements."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wildcrawl.analysis.text import squeezed

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row

ENOUGH = 6
"""Results with the id of another from which on this is not an edited title."""
MANY = 0.1
"""Share of all advertisements that they must reach."""
SEVERAL = 3
"""Different titles with one id and one address on a page of results that are not one's variants."""
ALIKE = 0.5
"""Share of the shorter title's pairs of characters beyond which titles are alike."""


class SharedIdsDetector:
    """Compares the titles of results with the same id.

    Sites shorten a title around the keyword, so titles that are alike are one advertisement's.
    """

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, str]] = {}
        """Id to title and address of its first result."""
        self._others: set[tuple[str, str]] = set()
        """Ids and titles of other advertisements."""
        self._on_page: dict[str, list[str]] = {}
        """Id to its different titles on the current page of results."""
        self._titles: dict[str, set[str]] = {}
        """Id to all its titles on the current page of results, also those that are alike."""
        self._pages = 0
        """Pages of results with several titles."""
        self._one_id = 0
        """Those of them on which most titles have one id."""
        self._mostly: set[tuple[str, str]] = set()
        """Ids and titles of such pages that have many."""
        self._paths: dict[str, set[str]] = {}
        """Id to the paths of its addresses on the current page that do not name it."""
        self._elsewhere: set[tuple[str, str]] = set()
        """Ids and paths of pages on which one id leads to several places, however titles read."""

    def new_page(self) -> None:
        """Ends a page of results and begins another."""
        total = sum(map(len, self._titles.values()))
        ad_id, titles = max(
            self._titles.items(), key=lambda item: len(item[1]), default=("", set())
        )
        self._pages += total > 1
        if total > 1 and len(titles) > total / 2:
            self._one_id += 1
            if len(titles) >= ENOUGH:
                self._mostly |= {(ad_id, title) for title in titles}
        for ad_id, paths in self._paths.items():
            if len(paths) >= SEVERAL:
                self._elsewhere |= {(ad_id, path) for path in sorted(paths)[1:]}
        self._on_page.clear()
        self._titles.clear()
        self._paths.clear()

    def add(self, row: Row, *, derived: bool) -> None:
        """Records a result; `derived`: its id comes from its address or title."""
        title, url = squeezed(str(row.get("title", ""))), str(row.get("url") or "")
        named = derived or str(row["ad_id"]) in url
        if not named and (path := urlsplit(url).path).strip("/"):
            self._paths.setdefault(row["ad_id"], set()).add(path)
        if not title:
            return
        first, address = self._first.setdefault(row["ad_id"], (title, url))
        one_page = url and url == address and not derived
        if first != title and not one_page and not _are_alike(first, title):
            self._others.add((row["ad_id"], title))
        self._titles.setdefault(row["ad_id"], set()).add(title)
        titles = self._on_page.setdefault(row["ad_id"], [])
        if len(titles) < SEVERAL and not any(_are_alike(title, other) for other in titles):
            titles.append(title)
            if len(titles) == SEVERAL:
                self._others |= {(row["ad_id"], other) for other in titles[1:]}

    def message(self) -> str:
        """A sentence if many results have the id of another advertisement, else ""."""
        self.new_page()
        # Variants of one advertisement may fill a page, but not most pages.
        others = self._others | (self._mostly if 2 * self._one_id >= self._pages else set())
        if len(self._elsewhere) >= max(ENOUGH, len(others)):
            others = self._elsewhere
        elif len(others) < ENOUGH or len(others) < MANY * len(self._first):
            return ""
        return (
            f"{len(others)} results have the id of another advertisement, with another "
            f"title or address ({len({ad_id for ad_id, _ in others})} ids), and are not counted; "
            "ad_id may be a place on the page, and the url another page's: fix ad_id"
        )


def _are_alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    pairs = {shorter[index : index + 2] for index in range(len(shorter) - 1)} or {shorter}
    return sum(pair in longer for pair in pairs) > ALIKE * len(pairs)
