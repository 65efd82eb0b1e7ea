"""Paging check: finds out after a run whether its searches were read to their end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

TOLERATED = 0.1
"""Share of the stated results that may be missing: sites count sold and double ones too."""
LEAST_MISSING = 2
"""Missing results from which on a total counts as not reached."""
SAME = 3
"""Searches with the same number of results on the first page that make it a full page, or with the
same total that make it the total of the whole site."""
FULL = 5
"""Results on a page below which their equal number is chance."""
NAMED = 3
"""Searches named in a message."""


class Ending(StrEnum):
    """How a search ended."""

    LAST = "last"
    """Nothing led to a further page."""
    REPEATED = "repeated"
    """A further page showed nothing new."""
    EMPTY = "empty"
    """A further page showed no results."""
    MISSING = "missing"
    """A further page does not exist (404)."""
    STATED = "stated"
    """The site says that there is no further page."""
    LIMIT = "limit"
    """The declared or requested number of pages was read."""


@dataclass(frozen=True)
class Searched:
    """A search that has ended: what it showed, and what the site says of the rest.

    `first` is the number of results on its first page, `total` the number that the site states,
    `promised` whether the last page that brought results shows that there is a further one.
    """

    phrase: str
    seen: int
    first: int
    ending: Ending
    total: int | None = None
    promised: bool = False

    @property
    def figures(self) -> str:
        """The search with what was read of it: "'象牙': 12 of 16"."""
        return f"'{self.phrase}': {self.seen}" + (f" of {self.total}" if self.total else "")


@dataclass
class PagingCheck:
    """Record of a run's searches; `worked`: a page after the first brought something new."""

    searches: list[Searched] = field(default_factory=list)
    worked: bool = False

    def broken(self) -> str:
        """A sentence if no search got past its first page although there is more, else ""."""
        if self.worked:
            return ""
        lost = self.short() or [
            each for each in self._unlimited() if each.promised and each.ending != Ending.LIMIT
        ]
        if not lost:
            return ""
        return (
            f"no page after the first was read, although the site has more for {len(lost)} of "
            f"{len(self.searches)} searches ({_some(lost)}); check next_page, or {{page}} in "
            "search_url, or declare max_pages = 1"
        )

    def thin(self) -> str:
        """A sentence if results were left out, or may have been, else ""."""
        short = self.short()
        if short:
            return (
                f"{len(short)} of {len(self.searches)} searches were not read to their end: the "
                f"site states more results than it showed ({_some(short)})"
            )
        full = [] if self.worked else self.full()
        if full:
            return (
                f"{len(full)} searches ended after a first page of {full[0].first} results, as "
                "many as it ever shows, and a further page showed the same or was not linked; "
                "check next_page, or {page} in search_url, or declare max_pages = 1"
            )
        return ""

    def short(self) -> list[Searched]:
        """The searches that saw fewer results than the site states."""
        of_site = self._totals_of_the_site()
        return [
            each
            for each in self._unlimited()
            if each.total
            and each.total not in of_site
            and each.total - each.seen >= LEAST_MISSING
            and each.seen < each.total * (1 - TOLERATED)
        ]

    def full(self) -> list[Searched]:
        """The searches whose first page was as long as the longest, if too many for chance."""
        shown = [each for each in self.searches if each.first]
        longest = max((each.first for each in shown), default=0)
        full = [
            each
            for each in shown
            if each.first == longest and each.ending in (Ending.LAST, Ending.REPEATED)
        ]
        if longest < FULL or len(full) < SAME or len(full) * 2 < len(shown):
            return []
        return full

    def _unlimited(self) -> list[Searched]:
        return [each for each in self.searches if each.ending != Ending.LIMIT]

    def _totals_of_the_site(self) -> set[int]:
        """Totals that searches with different numbers of results share."""
        totals = Counter(each.total for each in self.searches if each.total)
        return {
            total
            for total, count in totals.items()
            if count >= SAME
            and len({each.seen for each in self.searches if each.total == total}) > 1
        }


def _some(searches: Sequence[Searched]) -> str:
    more = len(searches) - NAMED
    named = ", ".join(each.figures for each in searches[:NAMED])
    return named + (f" and {more} more" if more > 0 else "")
