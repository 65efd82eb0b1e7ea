"""Derived ids: how many of a crawl's ids are not the site's, and whether some are counted twice."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Row

ENOUGH = 6
"""Advertisements from which on a share of them is not chance."""
MOST = 0.5
SOME = 0.1
"""Share of derived ids that is said."""
_SPEAKING = 6
"""Characters of a title from which on two equal ones are hardly of two advertisements."""


class DerivedIdsDetector:
    """Compares the advertisements whose ids come from their addresses with each other."""

    def __init__(self) -> None:
        self.found = 0
        self.derived = 0
        self._alike: dict[tuple[str, ...], set[str]] = {}

    def add(self, row: Row, *, derived: bool) -> None:
        """Records an advertisement that is new to this run; `derived`: the site shows no id."""
        self.found += 1
        if not derived:
            return
        self.derived += 1
        title = _folded(row.get("title", ""))
        pictures = row.get("image_urls") or [""]
        rest = (
            _folded(row.get("price", "")),
            row.get("seller_id") or _folded(row.get("seller", "")) or pictures[0],
        )
        if row["ad_id"].startswith("u-") and title and (any(rest) or len(title) >= _SPEAKING):
            self._alike.setdefault((title, *rest), set()).add(row["ad_id"])

    def repeated(self) -> str:
        """A sentence if most advertisements are shown at several addresses, else ""."""
        several = [ids for ids in self._alike.values() if len(ids) > 1]
        repeated = sum(len(ids) for ids in several)
        if repeated < ENOUGH or repeated < MOST * self.derived:
            return ""
        return (
            f"{repeated} of {self.derived} advertisements with an id from their address are equal "
            f"in title, price and seller to another ({len(several)} different ones): the site "
            "shows one advertisement at several addresses; declare how its id is read (ad_id in "
            "fields or patterns)"
        )

    def unread(self) -> str:
        """A sentence if most ids are missing, for a site that declares how they are read."""
        if self.found < ENOUGH or self.derived <= MOST * self.found:
            return ""
        return (
            f"{self.derived} of {self.found} advertisements show no id where the spider looks for "
            "it, so that their ids are derived; fix ad_id"
        )

    def some(self) -> str:
        """A sentence if several ids are missing, for a site that declares how they are read."""
        if self.derived < ENOUGH or self.derived <= SOME * self.found:
            return ""
        return (
            f"{self.derived} of {self.found} advertisements show no id where the spider looks for "
            "it, so that theirs are derived from their addresses or titles"
        )

    def note(self) -> str:
        """A sentence if most ids are derived, for a site that declares none; else ""."""
        if self.derived <= MOST * self.found:
            return ""
        return (
            f"the ids of {self.derived} of {self.found} advertisements are derived from their "
            "addresses or titles, since none is shown"
        )


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
