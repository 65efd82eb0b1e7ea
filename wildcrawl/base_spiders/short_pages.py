"""Short pages: pages of results that may have left some out, since others of their site are longer.

A site under load, or one that asks several servers, answers now and then with a part of a page.
Such a page looks like any other; it shows when it is requested again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from wildcrawl.base_spiders.closing_evidence import LEAST, MANY, Shown
from wildcrawl.base_spiders.paging import FULL

if TYPE_CHECKING:
    from wildcrawl.base_spiders.extraction import Search

MOST_WITHIN = 2
"""Short pages with a page after them that are requested again."""
MOST_SPARSE = 4
"""The same of those that are far shorter than a full page."""
SPARSE = 0.5
"""Share of a full page below which one is far shorter."""
MOST_ENDS = 2
"""Short pages that ended their search and are requested again, if it usually finds more."""
MOST_MISSED = 3
"""Searches that left out what others found, of which a page is requested again."""
SEVERAL = 6
"""Ends of searches of which two are tried without earlier runs, and not one."""
MANY_ENDS = 24
"""The same of which four are tried."""
USUAL = 0.5
"""Share of the usual results of a keyword below which its search found few."""
PLACES = 2
"""Places of a page where results are missing, so that it was cut, however few they are."""
LACKING = 0.2
"""Share of the places on pages before the last from which on empty ones are no sold goods."""
_NAMED = 3


@dataclass(frozen=True, eq=False)
class ReadPage:
    """A page of results; `number` is from 1, `url` its address if no search makes it."""

    search: Search
    number: int
    ids: Sequence[str]
    url: str | None = None
    off_topic: frozenset[str] = frozenset()
    """Ids of the results that do not mention the keyword, as promoted goods."""
    body: int = 0
    """The hash of the bytes that the site sent."""
    places: int = 0
    """The results that it would show if it were full, by the page size that it states; else 0."""
    is_size_certain: bool = True
    """Whether the site shows pages of that size: it chose it, and its answer says so."""

    @property
    def lacking(self) -> int:
        """The results that it has less than its stated page size."""
        return max(self.places - self.length, 0)

    @property
    def has_all(self) -> bool:
        """Whether its search found as many as the site states."""
        return bool(self.search.total) and len(self.search.ad_ids) >= (self.search.total or 0)

    @property
    def length(self) -> int:
        """The number of its results."""
        return len(self.ids)

    @property
    def has_next(self) -> bool:
        """Whether a page after it brought something new to its search."""
        return self.number < len(self.search.pages.sizes)


@dataclass
class ShortPages:
    """The pages of a run, and what the short ones showed when they were requested again."""

    pages: list[ReadPage] = field(default_factory=list)
    asked: int = 0
    """Short pages that were requested again."""
    repeated: list[ReadPage] = field(default_factory=list)
    """Pages that another check requests again."""
    grown: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Phrase to the results of such a page, at first and at its most."""
    unclear: ReadPage | None = None
    """The page whose last answer left out results that may be sold, or left out."""
    lost: dict[ReadPage, frozenset[str]] = field(default_factory=dict)
    """The results that such a page left out; it is requested once more."""

    @property
    def longest(self) -> int:
        """The number of results on the longest page."""
        return max((page.length for page in self.pages), default=0)

    def doubtful(
        self,
        usual: Callable[[str], int],
        limited: Collection[str] = (),
        missing: Sequence[str] = (),
        *,
        samples: bool = True,
    ) -> list[ReadPage]:
        """The pages to request again: short ones between others, and ends of searches.

        `usual`: how many advertisements earlier runs found by a keyword. A page that ended its
        search is doubtful if there were far more; without earlier runs, `samples` are tried.
        `limited` are the phrases whose searches a limit ended; `missing` those that left out what
        other searches found, those with the most first.
        """
        within, ends = self._short()
        ends = [page for page in ends if page.search.phrase not in limited]

        def lacking(page: ReadPage) -> int:
            return usual(page.search.keyword.term) - len(page.search.ad_ids)

        few = [
            page
            for page in ends
            if lacking(page) >= LEAST
            and len(page.search.ad_ids) < USUAL * usual(page.search.keyword.term)
        ]
        few.sort(key=lacking, reverse=True)
        within = [page for page in within if page not in self.repeated]
        sparse = sum(page.length < SPARSE * self.longest for page in within)
        most = max(MOST_WITHIN, min(sparse, MOST_SPARSE))
        tried = few[:MOST_ENDS] or (_samples(ends) if samples else [])
        missed = self._of(missing)[:MOST_MISSED]
        return list(dict.fromkeys([*missed, *within[:most], *tried]))

    def _of(self, phrases: Sequence[str]) -> list[ReadPage]:
        """The shortest page of each search of `phrases` that was shorter than a full one."""
        within, ends = self._short()
        pages: dict[str, ReadPage] = {}
        for page in sorted((*within, *ends), key=lambda page: page.length):
            if page not in self.repeated:
                pages.setdefault(page.search.phrase, page)
        return [pages[phrase] for phrase in phrases if phrase in pages]

    def others(self, tried: Iterable[ReadPage]) -> list[ReadPage]:
        """All further short pages, the most telling ones first."""
        within, ends = self._short()
        known = set(tried)
        return [page for page in (*within, *ends) if page not in known]

    def compare(self, page: ReadPage, shown: Shown) -> bool:
        """Records what a page shows when it is requested again; returns whether it was cut.

        New goods push others to the next page and lengthen a list at its beginning, and promoted
        goods are in one place: only a page of which much is missing, or in several places, was cut.
        """
        now = list(dict.fromkeys(shown.ids))
        self.unclear = None
        if page in self.lost:
            return self._are_back(page, shown)
        unseen = set(shown.unseen(page.search.ad_ids))
        if _is_part(page.ids, now, unseen, self.longest):
            few, all_ = page.length, len(now)
        elif _is_cut_elsewhere(page.ids, now, unseen):
            few, all_ = page.length, len({*page.ids, *now})
        elif _is_part(now, page.ids, set(page.ids) - page.off_topic, self.longest):
            few, all_ = len(now), page.length
        elif self._are_both_cut(page, now, shown):
            few, all_ = page.length, len({*page.ids, *now})
        else:
            return False
        self.grown[page.search.phrase] = (few, all_)
        return True

    def grew(self, page: ReadPage, shown: Shown) -> bool:
        """Records a page that another check has requested, if it was cut at first; else False."""
        now = list(dict.fromkeys(shown.ids))
        unseen = set(shown.unseen(page.search.ad_ids))
        part = _is_part(page.ids, now, unseen, self.longest)
        if not part and not _is_cut_elsewhere(page.ids, now, unseen):
            return False
        self.asked += 1
        self.grown[page.search.phrase] = page.length, len({*page.ids, *now})
        return True

    def _are_both_cut(self, page: ReadPage, now: Sequence[str], shown: Shown) -> bool:
        """Whether each of two answers leaves out results of the other that other searches found.

        Without other searches, results that were sold and added look the same.
        """
        only_before, only_now = _in_gaps(page.ids, now)
        only_before = [each for each in only_before if each not in page.off_topic]
        only_now = [each for each in only_now if each in shown.mentions]
        others = self._found_by_others(page)
        if min(len(others & set(only_before)), len(others & set(only_now))) >= LEAST:
            return True
        if len(only_before) >= LEAST and not self.lost:
            self.unclear = page
            self.lost[page] = frozenset(only_before)
        return False

    def _found_by_others(self, page: ReadPage) -> set[str]:
        """Results of other searches, without those on several pages of one, which are promoted."""
        counts = Counter((ad_id, each.search.phrase) for each in self.pages for ad_id in each.ids)
        promoted = {ad_id for (ad_id, _), count in counts.items() if count > 1}
        return {ad_id for ad_id, phrase in counts if phrase != page.search.phrase} - promoted

    def _are_back(self, page: ReadPage, shown: Shown) -> bool:
        """Whether a page shows the results again that its last answer left out: none was sold."""
        back = self.lost[page] & set(shown.ids) & shown.mentions
        if len(back) < LEAST:
            return False
        self.grown[page.search.phrase] = (page.length - len(back), page.length)
        return True

    def free_places(self) -> dict[str, int]:
        """Phrase to the results that its pages before the last show less than full ones."""
        free: Counter[str] = Counter()
        longest = self.longest
        for page in self._short()[0]:
            free[page.search.phrase] += longest - page.length
        return dict(free)

    def sparse_phrases(self) -> frozenset[str]:
        """The phrases of which a page before the last is far shorter than a full one."""
        return frozenset(page.search.phrase for page in self._sparse())

    def thin(self) -> str:
        """A sentence if the site left results out of some pages, else ""."""
        if not self.grown:
            return "" if self._are_capped() else self._less_than_stated(LACKING)
        named = [f"'{phrase}': {few} of {all_}" for phrase, (few, all_) in self.grown.items()]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        return (
            "the site leaves results out of its pages now and then: requested twice, a page showed "
            f"fewer the one time ({', '.join(named[:_NAMED])}{more}); {self.asked} short pages "
            "were requested again; run it again, with a longer 'pace'"
        )

    def note(self) -> str:
        """A sentence about pages between others that stay far shorter than a full one, else ""."""
        sparse = self._sparse()
        if self.thin():
            return ""
        if not sparse:
            return self._less_than_stated(0) or self._less_than_seen() or self._first_shorter()
        named = ", ".join(
            f"'{page.search.phrase}' page {page.number}: {page.length}" for page in sparse[:_NAMED]
        )
        more = f" and {len(sparse) - _NAMED} more" if len(sparse) > _NAMED else ""
        pages = "1 page" if len(sparse) == 1 else f"{len(sparse)} pages"
        return (
            f"{pages} before the last of a search showed less than half of the {self.longest} "
            f"results of a full page ({named}{more}): not certain that these are all"
        )

    def _are_capped(self) -> bool:
        """Whether all pages before the last are alike, and the size that they state not certain."""
        stated = [page for page in self.pages if page.places and page.has_next]
        return len({page.length for page in stated}) == 1 and not stated[0].is_size_certain

    def _less_than_stated(self, share: float) -> str:
        """A sentence if pages before the last lack a `share` of their stated size, else ""."""
        stated = [page for page in self.pages if page.places and page.has_next and not page.has_all]
        lacking = [page for page in stated if page.lacking]
        empty = sum(page.lacking for page in lacking)
        if empty < max(LEAST, share * sum(page.places for page in stated)):
            return ""
        page = max(lacking, key=lambda page: page.lacking)
        return (
            f"pages before the last of a search hold {empty} results less than the page size that "
            f"the site's answers state (such as '{page.search.phrase}' page {page.number}: "
            f"{page.length} of {page.places}): it left them out, or shows no more on a page; ask "
            "for a smaller page in search_url"
        )

    def _less_than_seen(self) -> str:
        """A sentence if pages before the last are often shorter than the longest, else ""."""
        within = [page for page in self.pages if page.has_next and not page.has_all]
        short, longest = self._short()[0], self.longest
        empty = sum(longest - page.length for page in short)
        if empty < max(LEAST, LACKING * longest * len(within)):
            return ""
        page = short[0]
        return (
            f"pages before the last of a search show {empty} results less than full ones with "
            f"{longest} (such as '{page.search.phrase}' page {page.number}: {page.length}): not "
            "certain that these are all"
        )

    def _sparse(self) -> list[ReadPage]:
        longest = self.longest
        return [page for page in self._short()[0] if page.length < SPARSE * longest]

    def _first_shorter(self) -> str:
        """A sentence if the first page of each long list shows fewer results than the next."""
        following = {id(page.search.ad_ids): page.length for page in self.pages if page.number == 2}
        first = [
            page
            for page in self.pages
            if page.number == 1 and page.has_next and following.get(id(page.search.ad_ids))
        ]
        fewer = [page for page in first if page.length + 1 < following[id(page.search.ad_ids)]]
        long = [page for page in first if following[id(page.search.ad_ids)] >= self.longest]
        if len(fewer) < LEAST or not {*long} <= {*fewer} or self.longest < FULL:
            return ""
        page = fewer[0]
        return (
            f"the first pages of {len(fewer)} searches show fewer results than the next ones (such "
            f"as '{page.search.phrase}': {page.length} of {following[id(page.search.ad_ids)]}): "
            "not certain that these are all; check 'card'"
        )

    def _short(self) -> tuple[list[ReadPage], list[ReadPage]]:
        """The short pages between others, and those at the end of a search, the shortest first.

        A search that found as many as the site states lacks none.
        """
        longest = self.longest
        if longest < FULL:
            return [], []
        short = [page for page in self.pages if page.length < longest and not page.has_all]
        short.sort(key=lambda page: page.length)
        within = [page for page in short if page.has_next]
        return within, [page for page in short if not page.has_next]


def _is_part(
    part: Sequence[str], whole: Sequence[str], left_out: Collection[str], full: int
) -> bool:
    """Whether a page shows a part of another; `full` is the length of a full page.

    Much is missing, or it is missing in several places. `left_out` are the results whose absence
    counts.

    >>> _is_part(list("abc"), list("abcdefgh"), set("defgh"), 8)
    True
    >>> _is_part(list("acdfgh"), list("abcdefgh"), set("be"), 8)
    True
    >>> _is_part(list("abcdefg"), list("xabcdefg"), set("x"), 8)
    False
    """
    shown = set(part)
    if not shown <= set(whole):
        return False
    missing = {each for each in whole if each in left_out and each not in shown}
    if len(missing) >= max(LEAST, MANY * full):
        return True
    return _places(whole, shown, missing) >= PLACES


def _is_cut_elsewhere(before: Sequence[str], now: Sequence[str], left_out: Collection[str]) -> bool:
    """Whether a page now shows more, in several places, even if it leaves out some that it showed.

    >>> _is_cut_elsewhere(list("acdfi"), list("abcdefgh"), set("begh"))
    True
    """
    shown, missing = set(before), {each for each in left_out if each not in before}
    return min(len(now) - len(shown), len(missing)) >= LEAST and (
        _places(now, shown, missing) >= PLACES
    )


def _in_gaps(before: Sequence[str], now: Sequence[str]) -> tuple[list[str], list[str]]:
    """The results that only one of two answers shows, where the other shows none between the same.

    Promoted goods take turns in one place, where both show something.

    >>> _in_gaps(list("acdefghij"), list("abcdegij"))
    (['f', 'h'], ['b'])
    >>> _in_gaps(list("abXcdYe"), list("abVcdWe"))
    ([], [])
    """
    common = [each for each in before if each in set(now)]
    if common != [each for each in now if each in set(before)]:
        return [], []
    only_before: list[str] = []
    only_now: list[str] = []
    for one, other in pairwise(common):
        ours, theirs = _between(before, one, other), _between(now, one, other)
        if not theirs:
            only_before += ours
        elif not ours:
            only_now += theirs
    return only_before, only_now


def _between(ids: Sequence[str], one: str, other: str) -> Sequence[str]:
    return ids[ids.index(one) + 1 : ids.index(other)]


def _places(whole: Sequence[str], shown: Collection[str], missing: Collection[str]) -> int:
    """The number of places between results that were `shown` where others are `missing`."""
    known = [place for place, each in enumerate(whole) if each in shown]
    inner = whole[known[0] : known[-1]] if known else ()
    return sum(before in shown and each in missing for before, each in pairwise(inner))


def _samples(ends: Sequence[ReadPage]) -> list[ReadPage]:
    """One of the ends of searches, two of several, four of many; not the shortest or longest."""
    number = 1 if len(ends) < SEVERAL else 2 if len(ends) < MANY_ENDS else 4
    return (
        [ends[len(ends) * place // (number + 1)] for place in range(1, number + 1)] if ends else []
    )
