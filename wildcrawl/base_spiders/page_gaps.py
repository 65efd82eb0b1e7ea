"""Page gaps: results between two pages that a `page_step` which counts results leaps over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from wildcrawl.base_spiders.closing_evidence import LEAST, Shown, is_missed_page

ENOUGH = 2
"""Searches with a gap that make it the step's."""


def between(shown: Shown, first: Collection[str], seen: Collection[str]) -> list[str]:
    """The results that were never read, between those of the first page and of a later one.

    `shown` is a page that begins within the first page; `seen` are all results of its search.

    >>> ids = list("cdefgh")
    >>> between(Shown("", ids, frozenset(ids)), first="abcd", seen="abcdgh")
    ['e', 'f']
    >>> ids = list("xcdgh")
    >>> between(Shown("", ids, frozenset(ids)), first="abcd", seen="abcdgh")
    []
    """
    unseen = shown.unseen(seen)
    before = [place for place, ad_id in enumerate(shown.ids) if ad_id in first]
    after = [place for place, ad_id in enumerate(shown.ids) if ad_id in seen and ad_id not in first]
    if not before and not is_missed_page(shown, seen):
        return []
    start = before[-1] if before else -1
    end = min((place for place in after if place > start), default=len(shown.ids))
    between = set(shown.ids[start + 1 : end])
    return [ad_id for ad_id in unseen if ad_id in between]


@dataclass
class PageGaps:
    """The gaps that checks have found; `step` is the declared `page_step`."""

    step: int
    longest: int = 0
    """Results on the longest page."""
    gaps: dict[str, int] = field(default_factory=dict)
    """Phrase to the number of results between its first two pages."""
    tried: int = 0
    between_pages: bool = False
    """Whether the site has shown a page that begins within another, so that gaps would show."""
    possible: int = 0
    """Searches that can be tried."""

    def add(self, phrase: str, gap: int) -> None:
        """Records a search that was tried."""
        self.tried += 1
        if gap:
            self.gaps[phrase] = gap

    @property
    def open(self) -> bool:
        """Whether another search is to be tried: goods that were removed leave a gap too."""
        return bool(self.gaps) and self.tried < min(ENOUGH, self.possible)

    def broken(self) -> str:
        """A sentence if `page_step` leaps over results, else ""."""
        sizes = set(self.gaps.values())
        if not sizes or self.open:
            return ""
        several = len(self.gaps) >= ENOUGH and (len(sizes) == 1 or min(sizes) >= LEAST)
        alone = self.possible < ENOUGH and (
            min(sizes) >= LEAST or sizes == {self.step - self.longest}
        )
        if not several and not alone:
            return ""
        named = ", ".join(f"'{phrase}': {count}" for phrase, count in self.gaps.items())
        step = self.step - min(sizes) if 2 * min(sizes) <= self.step else self.longest
        return (
            f"page_step = {self.step} leaps over results that are between the pages read "
            f"({named}); declare page_step = {step}"
        )

    def note(self) -> str:
        """A sentence about results that were between two pages for another reason, else ""."""
        if not self.gaps or self.broken():
            return ""
        named = ", ".join(f"'{phrase}': {count}" for phrase, count in self.gaps.items())
        return (
            f"results moved between pages while these were read ({named} read afterwards), so that "
            "single ones may be missing"
        )
