"""Shrunk lists: results that moved to a page already read, since others were removed meanwhile.

What stood first on the next page stands last on the one before once goods above it are sold. The
totals that a site states show it, and requesting that page again finds it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wildcrawl.base_spiders.closing_evidence import Shown
    from wildcrawl.base_spiders.short_pages import ReadPage

MOST = 6
"""Pages that are requested again at most."""
MUCH = 0.5
"""Share of a page by which a total may fall; one that falls further counts something else."""


@dataclass
class ShrunkLists:
    """The pages of a run after which their list shrank, and what they then showed."""

    pages: list[ReadPage] = field(default_factory=list)
    planned: int = 0
    answered: int = 0
    """Pages that were requested again, and of which the answer could be read."""
    moved: set[str] = field(default_factory=set)
    """Ids of results that had moved to a page already read."""
    _last: dict[int, tuple[ReadPage, int]] = field(default_factory=dict)
    """Search to its last page and the total that this stated."""

    def add(self, page: ReadPage, total: int | None) -> None:
        """Records a page of results, with the total that it states."""
        if not total:
            return
        key = id(page.search.ad_ids)
        before, stated = self._last.get(key, (page, total))
        self._last[key] = page, total
        counts_page = total <= page.length
        if 0 < stated - total <= MUCH * before.length and not counts_page:
            self.pages.append(before)

    def plan(self) -> Iterator[ReadPage]:
        """The pages to request again, as far as their number allows."""
        while self.planned < min(MOST, len(self.pages)):
            self.planned += 1
            yield self.pages[self.planned - 1]

    def compare(self, shown: Shown, seen: Collection[str]) -> list[str]:
        """The results of a page that moved to it; new goods stand before all others."""
        self.answered += 1
        known = [place for place, ad_id in enumerate(shown.ids) if ad_id in seen]
        later = set(shown.ids[known[0] :]) if known else set()
        moved = [ad_id for ad_id in shown.unseen(seen) if ad_id in later]
        self.moved.update(moved)
        return moved

    def note(self) -> str:
        """A sentence about what moved, and about the pages that were not requested again."""
        if not self.pages:
            return ""
        left = len(self.pages) - self.answered
        if not left:
            return (
                "goods were removed while the lists were read, so that others moved to pages "
                f"already read: {self.answered} of these were requested again and had "
                f"{len(self.moved)} more"
            )
        return (
            "goods were removed while the lists were read, so that others moved to pages already "
            f"read: {self.answered} of these were requested again and had {len(self.moved)} more, "
            f"and {left} were not: not certain that nothing is missing"
        )
