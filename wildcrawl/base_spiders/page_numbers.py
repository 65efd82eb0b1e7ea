"""Page numbers check: compares `first_page` and `page_step` with what the site's pager says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.base_spiders.paging import ROUND

if TYPE_CHECKING:
    from wildcrawl.base_spiders.pager_numbers import Pager

COUNTED = 5
"""A page_step from which on {page} counts results and not pages."""
HIDDEN = 0.75
"""Share of page_step below which a page's results cannot be all, even if the site hides some."""


@dataclass(frozen=True)
class Numbering:
    """How a site numbers its pages: the value on the first page, and by how much it grows."""

    first: int
    step: int

    def value(self, number: int) -> int:
        """The value of page `number`, from 1."""
        return self.first + (number - 1) * self.step


@dataclass
class PageNumberCheck:
    """Compares the pages that were requested with the pagers on them."""

    declared: Numbering
    followed: bool = False
    """Whether `next_page` leads from page to page."""
    links: Counter[Numbering | None] = field(default_factory=Counter)
    """Pagers by the numbering that their links follow; None: one that the links leave open."""
    marks: dict[object, dict[int, int]] = field(default_factory=dict)
    """By search: number of the requested page, from 1, to the one that the site marks."""
    longest: int = 0
    """Results on the longest page."""
    further: bool = False
    """Whether a page after the first brought results."""
    confirmed: bool = False
    """Whether a pager has confirmed the number of the first page."""

    def add(self, search: object, number: int, pager: Pager, results: int) -> None:
        """Records page `number`, from 1, of a search, with its pager and number of results."""
        self.longest = max(self.longest, results)
        self.further = self.further or number > 1
        if pager.current is not None:
            self.marks.setdefault(search, {})[number] = pager.current
        pairs = dict(pager.links)
        if pager.following is not None:
            pairs.setdefault((pager.current or number) + 1, pager.following)
        if pairs:
            self.links[self._numbering(pairs)] += 1
        numbered = pager.links and self._numbering(dict(pager.links)) == self.declared
        if numbered or (number == 1 and pager.current == 1):
            self.confirmed = True

    def broken(self) -> str:
        """A sentence if pages were left out because of how they are numbered, else ""."""
        found, declared = self._of_links(), self.declared
        if found and found.first < declared.first:
            return (
                f"the site's own pager leads to its first page by {found.first}, but the first "
                f"page requested is {declared.first}, so that results before it were never read; "
                f"{self._fix(found)}"
            )
        if found and found.step < declared.step:
            return (
                f"the site's own pager goes on by {found.step}, but page_step is {declared.step}, "
                f"so that pages between were never read; {self._fix(found)}"
            )
        if found and found.first > declared.first:
            return (
                f"the site's own pager numbers its first page {found.first}, but the first page "
                f"requested is {declared.first}, which may be the same page; {self._fix(found)}"
            )
        return self._by_marks() or self._too_few()

    def note(self) -> str:
        """A sentence if pages overlap because of a small page_step, else ""."""
        found = self._of_links()
        if not found or found.step <= self.declared.step:
            return ""
        return (
            f"the site's own pager goes on by {found.step}, but page_step is "
            f"{self.declared.step}, so that pages overlap; {self._fix(found)}"
        )

    def _fix(self, found: Numbering) -> str:
        first = f"first_page = {found.first}" if found.first != self.declared.first else ""
        step = f"page_step = {found.step}" if found.step != self.declared.step else ""
        return "declare " + ", ".join(filter(None, (first, step)))

    def _numbering(self, pairs: dict[int, int]) -> Numbering | None:
        """The numbering that the links of one pager follow: the declared one, if they can."""
        if all(value == self.declared.value(number) for number, value in pairs.items()):
            return self.declared
        (one, low), *more = sorted(pairs.items())
        if not more:
            return self._of_one(one, low)
        other, high = more[-1]
        step, rest = divmod(high - low, other - one)
        found = Numbering(low - (one - 1) * step, step)
        fits = all(value == found.value(number) for number, value in pairs.items())
        return found if fits and not rest and step > 0 and found.first >= 0 else None

    def _of_one(self, number: int, value: int) -> Numbering | None:
        """The numbering if a single link leads to page `number` with this value."""
        first = value - number + 1
        if self.declared.step == 1 and first in (0, 1):
            return Numbering(first, 1)
        for first in (self.declared.first, 0, 1):
            step, rest = divmod(value - first, max(number - 1, 1))
            if number > 1 and not rest and step in ROUND:
                return Numbering(first, step)
        return None

    def _of_links(self) -> Numbering | None:
        """The numbering of most pagers, if it is not the declared one."""
        if not self.links:
            return None
        found, count = self.links.most_common(1)[0]
        return found if found != self.declared and 2 * count > self.links.total() else None

    def _by_marks(self) -> str:
        marks = list(self.marks.values())
        late = [each for each in marks if self._is_late(each)]
        if late and 2 * len(late) > sum(1 in each for each in marks):
            return self._first_page_missed(self.declared.first - self.declared.step)
        leaps = [leap for each in marks for leap in _leaps(each)]
        wide = Counter(leap for leap in leaps if leap > 1)
        if not wide or 2 * wide.total() <= len(leaps):
            return ""
        most = wide.most_common(1)[0][0]
        step, rest = divmod(self.declared.step, most)
        fits = step and not rest and not self.followed
        fix = f"declare page_step = {step}" if fits else "check next_page, or page_step"
        return (
            f"the page after page 1 is page {most + 1} by the site's own pager, so that pages "
            f"between were never read; {fix}"
        )

    def _is_late(self, marks: dict[int, int]) -> bool:
        """Whether the first page requested is marked as the second."""
        return marks.get(1) == 2 and all(mark == number + 1 for number, mark in marks.items())

    def _first_page_missed(self, first: int) -> str:
        fix = f"declare first_page = {first}" if first >= 0 else "check search_url"
        return (
            "the first page requested is page 2 by the site's own pager, so that page 1 was never "
            f"read; {fix}"
        )

    def _too_few(self) -> str:
        step = self.declared.step
        if step < COUNTED or self.followed or not self.further or self.longest >= HIDDEN * step:
            return ""
        return (
            f"a page shows at most {self.longest} results, but page_step is {step}, so that "
            f"results between were never read; check whether page_step = {self.longest} is right"
        )


def _leaps(marks: dict[int, int]) -> Iterator[int]:
    """By how many pages the site's mark grows from one page requested to the next."""
    for number, mark in marks.items():
        if number + 1 in marks and marks[number + 1] > mark:
            yield marks[number + 1] - mark
