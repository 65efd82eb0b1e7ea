"""Shrunk lists: results that moved to a page already read, since others were removed meanwhile.

What was first on the next page is last on the one before once goods above it are sold. The
totals that a site states show it, and requesting that page again finds it. Of a list without a
total, the page in its middle is requested again: at least half of what can be lost moves it. Of a
long one that has not moved, the pages at its quarters are requested as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.base_spiders.closing_evidence import LEAST, MANY
from wildcrawl.base_spiders.paging import NAMED
from wildcrawl.base_spiders.searched import Ending

if TYPE_CHECKING:
    from wildcrawl.base_spiders.closing_evidence import Shown
    from wildcrawl.base_spiders.extraction import Search
    from wildcrawl.base_spiders.short_pages import ReadPage

MOST = 6
"""Pages that are requested again at most."""
MUCH = 0.5
"""Share of a page by which a total may fall; one that falls further counts something else."""
MOST_FURTHER = 12
"""Further pages of lists whose middle has moved that are requested again in a run at most."""
LONG = 6
"""Pages of a list from which on its quarters are requested again too."""
MOST_QUARTERS = 16
"""Quarters of lists that are requested again in a run at most."""
OPEN_ENDS = (Ending.LIMIT, Ending.FAILED, Ending.ERROR)
"""Endings of a search that do not show its whole list."""


@dataclass
class Reread:
    """A list that has ended: the page requested again, and those that wait for it."""

    search: Search
    """The search as it was when its last page had been read."""
    ending: Ending
    asked: ReadPage
    below: deque[ReadPage]
    """The pages after the middle, which move with it."""
    above: deque[ReadPage]
    """The pages before it, the nearest first, which need not have moved."""
    quarters: deque[ReadPage]
    """Pages that are requested while nothing of the list has moved."""


@dataclass
class ShrunkLists:
    """The pages of a run after which their list shrank, and what they then showed."""

    pages: list[ReadPage] = field(default_factory=list)
    planned: int = 0
    answered: int = 0
    """Pages that were requested again, and of which the answer could be read."""
    moved: set[str] = field(default_factory=set)
    """Ids of results that had moved to a page already read."""
    rereads: dict[str, Reread] = field(default_factory=dict)
    """Phrase to its list without a total, of which pages are requested again."""
    asked: set[ReadPage] = field(default_factory=set)
    """Pages of such lists that were requested again."""
    quarters: int = 0
    """Those of them at the quarters of a list."""
    unsorted: str = ""
    """Sentence: that such a list is sorted anew with each request."""
    removed: set[str] = field(default_factory=set)
    """Phrases of such lists that have moved."""
    shortened: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Phrase to the results of its last page that were left when it had moved up, and of how many.
    """
    _lists: dict[int, list[ReadPage]] = field(default_factory=dict)
    """Search to its pages."""
    _last: dict[int, tuple[ReadPage, int]] = field(default_factory=dict)
    """Search to its last page and the total that this stated."""

    def add(self, page: ReadPage, total: int | None) -> None:
        """Records a page of results, with the total that it states."""
        key = id(page.search.ad_ids)
        self._lists.setdefault(key, []).append(page)
        if not total:
            return
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

    def begin(self, search: Search, ending: Ending) -> ReadPage | None:
        """The page in the middle of a list that has ended, if it is to be requested again."""
        pages = self._lists.get(id(search.ad_ids), [])
        if len(pages) < 2 or search.total or ending in OPEN_ENDS:
            return None
        middle = (len(pages) - 1) // 2
        below, above = deque(pages[middle + 1 : -1]), deque(reversed(pages[:middle]))
        places = [(len(pages) - 1) // 4, 3 * (len(pages) - 1) // 4] if len(pages) >= LONG else []
        quarters = deque(pages[place] for place in places)
        self.rereads[search.phrase] = Reread(search, ending, pages[middle], below, above, quarters)
        return pages[middle]

    def go_on(self, phrase: str, shown: Shown | None) -> ReadPage | None:
        """The next page of a list to request again, if the one just requested has moved.

        `shown`: what that page shows; None if it could not be read.
        """
        reread = self.rereads[phrase]
        page = reread.asked
        if shown is not None:
            self.asked.add(page)
        if shown is None or not has_moved_up(page.ids, shown.ids, self._after(page)):
            if phrase not in self.removed:
                return reread.asked if shown is not None and self._seek(reread) else None
            reread.above.clear()
            if not self._is_below(page):
                return None
        else:
            self.removed.add(phrase)
        further = reread.below or reread.above
        if not further or len(self.asked) - self._middles() - self.quarters >= MOST_FURTHER:
            return None
        reread.asked = further.popleft()
        return reread.asked

    def _seek(self, reread: Reread) -> bool:
        """Takes the next quarter of a list of which nothing has moved, if its number allows."""
        if not reread.quarters or self.quarters >= MOST_QUARTERS:
            return False
        self.quarters += 1
        reread.asked = reread.quarters.popleft()
        pages = self._lists[id(reread.asked.search.ad_ids)]
        place, middle = reread.asked.number - 1, (len(pages) - 1) // 2
        first, last = (0, middle) if place < middle else (middle + 1, len(pages) - 1)
        reread.above = deque(reversed(pages[first:place]))
        reread.below = deque(pages[place + 1 : last])
        return True

    def pages_from(self, search: Search) -> list[Sequence[str]]:
        """The results of the page that is requested again, and of those after it, as first read."""
        first = self.rereads[search.phrase].asked.number
        return [page.ids for page in self._lists[id(search.ad_ids)] if page.number >= first]

    def moved_away(self, page: ReadPage, now: Sequence[str], longest: int) -> bool:
        """Whether the results of a last page moved up, so that a site left none of them out.

        It then shows its last results, or none; `longest` is the length of a full page.
        """
        phrase, gone = page.search.phrase, page.length - len(now)
        moved = phrase in self.removed or any(each.search.phrase == phrase for each in self.pages)
        end = list(page.ids[gone:]) if gone > 0 else []
        if not moved or page.has_next or list(now) != end:
            return False
        if gone >= max(LEAST, MANY * longest):
            self.shortened[phrase] = len(now), page.length
        return True

    def thin(self) -> str:
        """A sentence if lists shrank by so much that results must be missing, else ""."""
        if self.unsorted or not self.shortened or not self._left()[1]:
            return self.unsorted
        kept = [f"'{phrase}': {few} of {all_}" for phrase, (few, all_) in self.shortened.items()]
        more = f" and {len(kept) - NAMED} more" if len(kept) > NAMED else ""
        number = "1 search" if len(kept) == 1 else f"{len(kept)} searches"
        return (
            "so many goods were removed while the lists were read that the last page of "
            f"{number} had moved up when it was requested again "
            f"({', '.join(kept[:NAMED])}{more} left): results of the pages before may be missing; "
            "run it again, at a time when fewer goods are removed"
        )

    def _middles(self) -> int:
        return len({id(page.search.ad_ids) for page in self.asked})

    def _is_below(self, page: ReadPage) -> bool:
        """Whether a page is after the middle of its list."""
        return page.number > (len(self._lists[id(page.search.ad_ids)]) + 1) // 2

    def _after(self, page: ReadPage) -> set[str]:
        """The results of the pages after a page, and not on it."""
        pages = self._lists[id(page.search.ad_ids)]
        later = {ad_id for each in pages if each.number > page.number for ad_id in each.ids}
        return later.difference(*(each.ids for each in pages if each.number <= page.number))

    def compare(self, shown: Shown, seen: Collection[str]) -> list[str]:
        """The results of a page that moved to it; new goods stand before all others."""
        known = [place for place, ad_id in enumerate(shown.ids) if ad_id in seen]
        later = set(shown.ids[known[0] :]) if known else set()
        moved = [ad_id for ad_id in shown.unseen(seen) if ad_id in later]
        self.moved.update(moved)
        return moved

    def _left(self) -> tuple[int, int]:
        """The number of pages that were requested again, and of those that were not."""
        answered, left = self.answered, len(self.pages) - self.answered
        if self.removed:
            answered += len(self.asked)
            left += sum(
                page not in self.asked
                for reread in self.rereads.values()
                for page in self._lists[id(reread.asked.search.ad_ids)][:-1]
            )
        return answered, left

    def note(self) -> str:
        """A sentence about what moved, and about the pages that were not requested again."""
        if not self.pages and (not self.removed or self.unsorted):
            return ""
        answered, left = self._left()
        if not left:
            return (
                "goods were removed while the lists were read, so that others moved to pages "
                f"already read: {answered} of these were requested again and had "
                f"{len(self.moved)} more"
            )
        return (
            "goods were removed while the lists were read, so that others moved to pages already "
            f"read: {answered} of these were requested again and had {len(self.moved)} more, "
            f"and {left} were not: not certain that nothing is missing"
        )


def has_moved_up(before: Sequence[str], now: Sequence[str], later: Collection[str]) -> bool:
    """Whether a page now ends with results that stood after it, below those it still shows.

    `later` are the results of the pages after it. A page that is sorted anew has not moved.

    >>> has_moved_up(list("abcd"), list("bcde"), set("efgh"))
    True
    >>> has_moved_up(list("abcd"), list("xabc"), set("efgh"))
    False
    >>> has_moved_up(list("abcd"), list("cebd"), set("efgh"))
    False
    """
    kept = [ad_id for ad_id in now if ad_id in set(before)]
    if len(kept) < 2 or kept != [ad_id for ad_id in before if ad_id in set(now)]:
        return False
    tail = now[now.index(kept[-1]) + 1 :]
    gone = len(kept) < len(before)
    return gone and any(ad_id in later or ad_id not in before for ad_id in tail)
