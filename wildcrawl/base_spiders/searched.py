"""Searched: what a search that has ended showed on its pages, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MANY_PAGES = 4
"""Pages from which on their repeating each other is not chance."""
MOSTLY = 0.8
"""Share of a page that, if it is on every page, makes it a repetition."""


class Ending(StrEnum):
    """How a search ended."""

    LAST = "last"
    """Nothing led to a further page."""
    REPEATED = "repeated"
    """A further page showed nothing new."""
    EMPTY = "empty"
    """A further page showed no results."""
    BLANK = "blank"
    """A further page showed neither results nor the search, nor that nothing was found."""
    LED_BACK = "led back"
    """The request for a further page was redirected to the first one, or to the home page."""
    MISSING = "missing"
    """A further page does not exist (404)."""
    STATED = "stated"
    """The site says that there is no further page."""
    FAILED = "failed"
    """A further page could not be read."""
    ERROR = "error"
    """The request for a further page was answered with status 500."""
    LIMIT = "limit"
    """The declared or requested number of pages was read."""


@dataclass
class Pages:
    """The pages of one search that brought something new, in their order."""

    address: str = ""
    """Address of the first page, after redirects."""
    addresses: list[str] = field(default_factory=list)
    """Addresses of the pages, after redirects."""
    first: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()
    """Results that are on every page."""
    sizes: list[int] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)
    later: set[str] = field(default_factory=set)
    """Results that were first shown on a page after the first."""
    repeated: set[str] = field(default_factory=set)
    """Results that several pages show, the last page left out: some sites fill it up."""
    stated: int = 0
    """The number of pages that the site states."""
    linked: int = 0
    """The largest number on a link of the last page's pager."""
    mixed: set[str] = field(default_factory=set)
    """Results that an earlier page has shown, in no order that a site would keep."""
    slid: int = 0
    """Pages that begin with the second half of the page before, or more of it."""
    _last: list[str] = field(default_factory=list)
    _shown: set[str] = field(default_factory=set)
    _again: set[str] = field(default_factory=set)
    _places: dict[str, int] = field(default_factory=dict)
    """Place on its last page of each result."""

    def add(self, ad_ids: Collection[str], fresh: int, address: str, stated: int = 0) -> None:
        """Records a page with results, of which `fresh` are new to the search."""
        ids = frozenset(ad_ids)
        if not self.sizes:
            self.address, self.first, self.always = address, ids, ids
        self.stated = max(self.stated, stated)
        if fresh:
            self.repeated |= self._again
            self._again = set(ids & self._shown)
            if self.sizes:
                self.later |= ids - self._shown
                self.mixed |= _out_of_order(list(ad_ids), self._places)
                self.slid += _slides(self._last, list(ad_ids))
            self._last = list(ad_ids)
            self._shown |= ids
            self._places.update({ad_id: place for place, ad_id in enumerate(ad_ids)})
            self.always &= ids
            self.addresses.append(address)
            self.sizes.append(len(ids))
            self.fresh.append(fresh)

    @property
    def last(self) -> frozenset[str]:
        """Results of the last page."""
        return frozenset(self._last)

    @property
    def is_full(self) -> bool:
        """Whether the last page had as many results as the first."""
        return bool(self.sizes) and self.sizes[-1] >= self.sizes[0]

    @property
    def slides(self) -> bool:
        """Whether page after page begins with results of the one before, in their order."""
        further = len(self.sizes) - 1
        return further > 1 and 2 * self.slid > further

    @property
    def overlap(self) -> bool:
        """Whether page after page mostly repeats the results of the pages before."""
        later = self.sizes[1:]
        if len(self.sizes) < MANY_PAGES:
            return False
        own = sum(later) - len(self.always) * len(later)
        return 2 * sum(self.fresh[1:]) < own or len(self.always) >= MOSTLY * self.sizes[0]


@dataclass(frozen=True)
class Searched:
    """A search that has ended: what it showed, and what the site says of the rest.

    `total` is the number of results that the site states, `promised` whether the last page that
    brought results shows that there is a further one, `at_least` the fewest results that a rounded
    number stands for where the site states no other.
    """

    phrase: str
    seen: int
    ending: Ending
    total: int | None = None
    promised: bool = False
    pages: Pages = field(default_factory=Pages)
    at_least: int | None = None

    @property
    def stated(self) -> int | None:
        """The number of results that the site states, or the fewest if that is rounded."""
        return self.total or self.at_least

    @property
    def first(self) -> int:
        """The number of results on the first page."""
        return len(self.pages.first)

    @property
    def sizes(self) -> list[int]:
        """The number of results on each page."""
        return self.pages.sizes

    @property
    def figures(self) -> str:
        """The search with what was read of it: "'象牙': 12 of 16"."""
        if self.total and self.total > self.seen:
            return f"'{self.phrase}': {self.seen} of {self.total}"
        if self.at_least and self.at_least > self.seen:
            return f"'{self.phrase}': {self.seen} of {self.at_least}+"
        if self.lacks_pages:
            return f"'{self.phrase}': {len(self.pages.sizes)} of {self.pages.stated} pages"
        return f"'{self.phrase}': {self.seen}"

    @property
    def own(self) -> int:
        """The number of results without those that are on each of several pages, as promoted."""
        return self.seen - (len(self.pages.always) if len(self.sizes) > 1 else 0)

    @property
    def complete(self) -> bool:
        """Whether as many results were seen as the site states."""
        return self.total is not None and self.seen >= self.total

    @property
    def lacks_pages(self) -> bool:
        """Whether fewer pages were read than the site states."""
        return not self.complete and 0 < len(self.pages.sizes) < self.pages.stated


def _out_of_order(ad_ids: list[str], places: Mapping[str, int]) -> set[str]:
    """The results of a page that were shown before, in no order that a site would keep.

    `places`: the results shown before, with their place on their page. Some sites fill up the last
    page, and new goods push others on: both repeat results at the beginning or at the end of a
    page, in their order. Promoted goods keep their place.
    """
    new = [place for place, ad_id in enumerate(ad_ids) if ad_id not in places]
    if not new:
        return set()
    head, tail = ad_ids[: new[0]], ad_ids[new[-1] + 1 :]
    again = [ad_id for ad_id in ad_ids[new[0] : new[-1]] if ad_id in places]
    for block in (head, tail):
        if [places[ad_id] for ad_id in block] != sorted(places[ad_id] for ad_id in block):
            again += block
    return {ad_id for ad_id in again if places[ad_id] != ad_ids.index(ad_id)}


def _slides(before: list[str], after: list[str]) -> bool:
    """Whether a page begins with the end of the page before: half of it, or more."""
    for length in range(min(len(before), len(after)), 0, -1):
        if before[-length:] == after[:length]:
            return 2 * length >= len(after)
    return False
