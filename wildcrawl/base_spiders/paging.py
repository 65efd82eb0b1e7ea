"""Paging check: finds out after a run whether its searches were read to their end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from wildcrawl.base_spiders.searched import Ending, Searched
from wildcrawl.base_spiders.stated_totals import is_counted, overcount, shortfall

TOLERATED = 0.05
"""Share of the stated results that may be missing: sites count sold and double ones too."""
TOLERATED_AT_THE_END = 0.25
"""The same where the last page was not full, so that the list did end there."""
HIDDEN = 0.1
"""The same where all pages that the total fills were read, and the site hides results on them."""
LEAST_MISSING = 2
"""Missing results from which on a total counts as not reached."""
SAME = 3
"""Searches with the same number of results on the first page that make it a full page, or with the
same total that make it the total of the whole site."""
FULL = 5
"""Results on a page below which their equal number is chance."""
LEAST_LIMIT = 10
"""Largest stated total below which its being that of several searches is chance."""
ROUND = frozenset((10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 44, 48, 50, 60, 80, 96, 100))
"""Usual page sizes."""
SHUFFLED = 0.2
"""Share of a run's results on several pages of their search that means no fixed order."""
ROUND_END = 100
"""A list that ends at a multiple of this number of results may be cut off there."""
ROUND_OF_TWO = 50
"""The same of two lists that end alike: not certain, but cut off at one of ROUND_END."""
ROUND_OF_MORE = 10
"""The same of SAME lists: not certain below LEAST_CAP."""
LEAST_CAP = 50
"""Results below which a site's limit is less likely than chance, since most lists are as short."""
MANY_ENDS = 2
"""Lists that end with a page without results from which on this is how the site ends them."""
NAMED = 3
"""Searches named in a message."""


@dataclass
class PagingCheck:
    """Record of a run's searches; `turned`: a page after the first brought something new."""

    searches: list[Searched] = field(default_factory=list)
    cut_off: list[Searched] = field(default_factory=list)
    """Searches that ended at a further page that could not be read."""
    turned: bool = False
    followed: bool = False
    """Whether further pages are reached by links or cursors."""

    @property
    def worked(self) -> bool:
        """Whether a page after the first brought results of its own search."""
        return self.turned and not self._same_for_all()

    def broken(self) -> str:
        """A sentence if further pages repeat each other, or none was read although there is more.

        Else "".
        """
        alike = [each for each in self._limited() if each.pages.overlap and not each.complete]
        if alike:
            return (
                f"page after page mostly repeats the one before in {len(alike)} of "
                f"{len(self.searches)} searches ({_some(alike)}); check page_step, or {{page}} in "
                "search_url"
            )
        if self.worked:
            return ""
        promised = self._promised()
        lost = self.short() or promised
        if not lost or (shortfall(self._ended()) > 1 and not promised):
            return ""
        return (
            f"no page after the first was read, although the site has more for {len(lost)} of "
            f"{len(self.searches)} searches ({_some(lost)}); check next_page, or {{page}} in "
            "search_url, or declare max_pages = 1"
        )

    def thin(self) -> str:
        """A sentence if results were left out, or may have been, else ""."""
        short = self.short()
        if short and not self.worked and (ratio := shortfall(self._ended())) > 1:
            return (
                f"the site states {ratio - 1:.0%} more results than were read, for all searches "
                f"alike ({_some(self._ended())}): it may count sold goods, or 'card' may miss "
                "some; compare a page with a browser, and check next_page, and {page} in "
                "search_url"
            )
        if short:
            return (
                f"{len(short)} of {len(self.searches)} searches were not read to their end: the "
                f"site states more results than it showed ({_some(short)})"
            )
        longest = max((each.first for each in self.searches), default=0)
        blank = [
            each
            for each in self.searches
            if each.ending == Ending.BLANK
            and not each.complete
            and each.pages.is_full
            and each.first >= longest
        ]
        if blank:
            return (
                f"{len(blank)} of {len(self.searches)} searches ended after a full page at one "
                f"that shows neither results nor 'nothing found' ({_some(blank)})"
            )
        lost = self._left_off()
        if lost:
            return (
                f"{len(lost)} of {len(self.searches)} searches ended at a page that brought "
                f"nothing, although the page before leads on ({_some(lost)})"
            )
        return self._cut_off() or self._shown_again()

    def _cut_off(self) -> str:
        """A sentence if lists ended alike, as if the site showed no more of any; else ""."""
        full = [] if self.worked else self.full()
        if full:
            return (
                f"{len(full)} searches ended after a first page of {full[0].first} results, as "
                "many as it ever shows, and a further page showed the same or was not linked; if "
                f"the site shows the {full[0].first} best results only, declare max_pages = 1, "
                "else check next_page, more, or {page} in search_url"
            )
        capped = self._capped()
        if capped:
            return (
                f"{len(capped)} searches ended with a full page {len(capped[0].pages.sizes)}, "
                f"further than which none got ({_some(capped)}): the site may show no more; "
                "search more narrowly"
            )
        equal = self._equal_ends()
        if _are_cut_off(equal):
            return (
                f"{len(equal)} searches ended at exactly {equal[0].own} results, more than which "
                f"none has ({_some(equal)}): the site may show no more of any list; search more "
                "narrowly"
            )
        alike = self._alike_totals()
        if alike:
            return (
                f"the site states at most {alike[0].total} results, for {len(alike)} searches "
                f"alike ({_some(alike)}), and shows no more of any list; search more narrowly"
            )
        return ""

    def _shown_again(self) -> str:
        """A sentence if pages showed the results of another page or search; else ""."""
        unsorted = self._unsorted()
        if unsorted:
            return (
                f"the pages of {len(unsorted)} of {len(self.searches)} searches show the same "
                f"results again ({_some(unsorted)}), as if each page were sorted anew, so that "
                "some may be missing; add the site's sort order to search_url"
            )
        again = self._repeated_full()
        if again:
            return (
                f"the page after a full one showed the same results again in {len(again)} of "
                f"{len(self.searches)} searches ({_some(again)}), where other lists do not end so: "
                "some may be missing; run it again, with a longer 'pace'"
            )
        foreign = self._foreign_ends()
        if foreign:
            return (
                f"{_number(foreign)} ended, after a full page, with a page of results that another "
                f"search shows as well ({_some(foreign)}): some of their own may be missing; run "
                "it again, with a longer 'pace'"
            )
        return ""

    def _foreign_ends(self) -> list[Searched]:
        """Searches whose last page is one of another search, although their first pages differ.

        None if lists that ended before that page end so as well: the site then adds it to any.
        """
        longest = max((each.first for each in self.searches), default=0)
        shown: dict[frozenset[str], list[Searched]] = {}
        for each in self.searches:
            for page in {each.pages.first, each.pages.last}:
                shown.setdefault(page, []).append(each)
        foreign = [
            each
            for each in self._unlimited()
            if len(each.sizes) > 1
            and len(each.pages.last) >= FULL
            and not each.complete
            and any(
                each.pages.first.isdisjoint(other.pages.first)
                for other in shown[each.pages.last]
                if other is not each
            )
        ]
        return [] if any(each.sizes[-2] < longest for each in foreign) else foreign

    def _repeated_full(self) -> list[Searched]:
        """Searches that ended as the site ends none: a full page was followed by its repetition.

        Empty if the site shows known results past the end of other lists, or too few of these. If
        the others just lead no further, full pages must lead on to such a page more often than
        lists would fill their last page by chance.
        """
        longest = max((each.first for each in self.searches), default=0)
        others = [each for each in self.searches if each.sizes and each.sizes[-1] < longest]
        ends = Counter(each.ending for each in others)
        if longest < FULL:
            return []
        again = [
            each
            for each in self.searches
            if each.ending in (Ending.REPEATED, Ending.LED_BACK)
            and not ends[each.ending]
            and not each.complete
            and each.sizes
            and each.sizes[-1] >= longest
        ]
        if ends[Ending.EMPTY] + ends[Ending.MISSING] >= MANY_ENDS:
            return again
        led = [each for each in again if each.promised or self.followed]
        many = len(led) > 1 and len(led) * longest > 2 * (len(others) + len(again))
        return led if many and ends[Ending.LAST] >= MANY_ENDS else []

    def failed(self) -> str:
        """A sentence about searches that a page which could not be read has cut off, else ""."""
        cut_off = [*self.cut_off, *self.failed_ends()]
        longest = max((each.first for each in (*self.searches, *cut_off)), default=0)
        lost = [
            each
            for each in cut_off
            if not each.complete
            and (each.total or each.promised or each.pages.sizes[-1] >= longest)
        ]
        if not lost:
            return ""
        searches = "1 search was" if len(lost) == 1 else f"{len(lost)} searches were"
        return f"{searches} cut off by a page that could not be read ({_some(lost)})"

    def failed_ends(self) -> list[Searched]:
        """The searches that an error ended below a full page, where errors are not the usual end.

        A list that ends with a page that is not full is read to its end.
        """
        longest = max((each.first for each in self.searches), default=0)
        errors = [each for each in self.searches if each.ending == Ending.ERROR]
        full = [
            each for each in errors if each.pages.sizes[-1] >= longest >= FULL and not each.complete
        ]
        return [] if len(errors) - len(full) >= max(SAME, len(full)) else full

    def error_ends(self) -> str:
        """A sentence about searches whose end the site marks with an error, else ""."""
        errors = [each for each in self.searches if each.ending == Ending.ERROR]
        number = len(errors) - len(self.failed_ends())
        if not number:
            return ""
        return f"the page after the last one was answered with status 500 in {number} searches"

    def overcounted(self) -> str:
        """A sentence if the site states more results than it shows, for all alike; else ""."""
        ratio = self._overcount()
        if ratio == 1.0 and not self.short():
            ratio = shortfall(self._ended())
        if ratio != 1.0:
            more = [each for each in self._ended() if each.total and each.total > each.seen]
            return (
                f"the site states {ratio - 1:.0%} more results than its pages show, for all "
                f"searches alike ({_some(more)}), as sites do that count sold goods; if pages show "
                "results that are not read, check 'card'"
            )
        hidden = [each for each in self._ended() if self._hides_some(each)]
        if not hidden:
            return ""
        return (
            f"all pages of {_number(hidden)} were read, and show fewer results than the site "
            f"states ({_some(hidden)}), as on sites that leave sold goods out of their pages; if "
            "pages show results that are not read, check 'card'"
        )

    def deep_full(self) -> str:
        """A sentence about several, but few searches that ended with a full page, else "".

        None got further, but fewer did so than would show that the site ends its lists there.
        """
        deepest = max((len(each.pages.sizes) for each in self.searches), default=0)
        longest = max((each.first for each in self.searches), default=0)
        full = [
            each
            for each in self._unlimited()
            if len(each.pages.sizes) == deepest and each.pages.is_full and not each.complete
        ]
        if deepest < 2 or longest < FULL or len(full) < 2 or self._capped():
            return ""
        return (
            f"{_number(full)} ended with a full page {deepest}, further than which none got "
            f"({_some(full)}): not certain that these are all"
        )

    def full_ends(self) -> str:
        """A sentence about searches that ended with a full page, where others go on; else "".

        Two by chance are rare, but do not show that the site has more.
        """
        longest = max((each.first for each in self.searches), default=0)
        full = [
            each
            for each in self._unlimited()
            if each.sizes
            and each.sizes[-1] == each.pages.fresh[-1] >= longest >= FULL
            and not each.complete
        ]
        several = len({each.pages.last for each in full}) > 1
        if not self.worked or not several or self.deep_full() or self._capped():
            return ""
        return (
            f"{_number(full)} ended with a full page, after which others go on ({_some(full)}): "
            "not certain that these are all"
        )

    def equal_gap(self, step: int) -> str:
        """A sentence if each page with one after it has as many results, and fewer than `step`.

        Sites that leave sold goods out of their pages show now more of them, now fewer.
        """
        long = [each for each in self.searches if len(each.sizes) > 1 and not each.complete]
        inner = [size for each in long for size in each.sizes[:-1]]
        if len(inner) < SAME or len(set(inner)) > 1 or not FULL <= inner[0] < step:
            return ""
        return (
            f"each page shows {inner[0]} results, and the next one begins {step} further on: not "
            "certain that none is between; check 'card', and page_step or next_page"
        )

    def one_full(self) -> str:
        """A sentence about few searches whose only page has the length of a full one, else "".

        By chance a list ends so, where no page of the run shows that the site turns pages.
        """
        longest = max((each.first for each in self.searches), default=0)
        if self.worked or longest not in ROUND or self.full():
            return ""
        ends = (Ending.LAST, Ending.REPEATED, Ending.LED_BACK)
        alone = [
            each
            for each in self.searches
            if each.first == longest and not each.complete and each.ending in ends
        ]
        if not alone:
            return ""
        return (
            f"{_number(alone)} showed exactly {longest} results, a usual length of a page, and no "
            f"further page was found ({_some(alone)}): not certain that these are all"
        )

    def estimated(self) -> str:
        """A sentence about searches that showed far less than a rounded number states, or ""."""
        short = self.short()
        far = [
            each
            for each in self._unlimited()
            if each not in short
            and each.at_least
            and each.at_least - each.seen > TOLERATED_AT_THE_END * each.at_least
        ]
        if not far:
            return ""
        return (
            f"the site states rounded numbers of results, of which {_number(far)} showed far fewer "
            f"({_some(far)}): not certain that these are all"
        )

    def limits(self) -> str:
        """A sentence about searches that met the page limit with more to read, else ""."""
        pages_of_site = self._pages_of_the_site()
        limited = [each for each in self._limited() if not each.complete]
        cut = [
            each
            for each in limited
            if each.total
            or (each.at_least or 0) > each.seen
            or each.promised
            or (each.lacks_pages and each.pages.stated not in pages_of_site)
        ]
        if cut:
            return f"{_number(cut)} met the page limit with more to read ({_some(cut)})"
        longest = max((*(each.first for each in self.searches), FULL))
        full = [each for each in limited if each.first >= longest]
        if not full:
            return ""
        return f"{_number(full)} met the page limit, beyond which more may be ({_some(full)})"

    def short(self) -> list[Searched]:
        """The searches that saw fewer results, or pages, than the site states."""
        of_site, pages_of_site = self._totals_of_the_site(), self._pages_of_the_site()
        longest = self._length_of_a_page()
        ratio = self._overcount()
        return [
            each
            for each in self._unlimited()
            if (
                each.stated not in of_site
                and _misses_results(each, longest)
                and not (ratio > 1 and not each.promised and is_counted(each, ratio))
                and not self._hides_some(each)
            )
            or (each.lacks_pages and each.pages.stated not in pages_of_site)
        ]

    def _length_of_a_page(self) -> int:
        """The length of a full page: the longest first page, if this is not one list's own length.

        A length that no other search has, and that no site uses, is chance unless a page follows,
        or all lists lack the same share.
        """
        longest = max((each.first for each in self.searches), default=0)
        different = {each.pages.first for each in self.searches if each.first == longest}
        followed = any(each.first == longest and len(each.sizes) > 1 for each in self.searches)
        promised = any(each.first == longest and each.promised for each in self.searches)
        usual = longest in ROUND or len(different) > 1 or followed or promised
        usual = usual or shortfall(self._ended()) > 1
        return longest if usual else longest + 1

    def unreached(self) -> str:
        """A sentence about searches of one page that show fewer results than stated, else "".

        No other page is as long, so that nothing shows that theirs is full.
        """
        longest = max((each.first for each in self.searches), default=0)
        short, ratio = self.short(), self._overcount()
        few = [
            each
            for each in self._unlimited()
            if each not in short
            and len(each.sizes) == 1
            and each.first == longest >= FULL
            and _misses_results(each, longest)
            and each.stated not in self._totals_of_the_site()
            and not (ratio > 1 and is_counted(each, ratio))
        ]
        if not few or self._length_of_a_page() == longest:
            return ""
        return (
            f"the site states more results than {_number(few)} of one page showed ({_some(few)}): "
            "not certain that these are all"
        )

    def _hides_some(self, searched: Searched) -> bool:
        """Whether a search read all pages that its total fills, some of which hide results.

        Then the pages of a site have different lengths, also before the last one.
        """
        longest = max((each.first for each in self.searches), default=0)
        total = searched.total or 0
        if longest < FULL or searched.promised or searched.ending == Ending.BLANK:
            return False
        shown = sum(searched.sizes)
        missing = total - shown
        lengths = {size for each in self.searches for size in each.sizes[:-1]}
        return (
            len(lengths) > 1
            and shown == searched.seen
            and len(searched.sizes) * longest >= total
            and LEAST_MISSING <= missing <= HIDDEN * total
        )

    def full(self) -> list[Searched]:
        """The searches whose first page was as long as the longest, if too many for chance."""
        shown = [each for each in self.searches if each.first]
        longest = max((each.first for each in shown), default=0)
        full = [
            each
            for each in shown
            if each.first == longest
            and (not each.complete or self._counts_pages(longest))
            and each.ending != Ending.LIMIT
        ]
        different = len({each.pages.first for each in full})
        most = len(full) * 2 >= len(shown)
        usual = longest in ROUND
        stated = all(each.ending == Ending.STATED for each in full)
        if longest < FULL or different < (2 if usual and most and not stated else SAME):
            return []
        if stated and not most:
            return []
        return full if most or usual else []

    def _counts_pages(self, longest: int) -> bool:
        """Whether the stated totals only count the results of a page: several are a full one."""
        full = {each.pages.first for each in self.searches if each.total == each.first == longest}
        return len(full) >= SAME

    def _promised(self) -> list[Searched]:
        """The searches whose page leads on, unless every page does, whatever it shows."""
        longest = max((each.first for each in self.searches), default=0)
        always = any(
            each.promised and each.first < longest and each.total is None
            for each in self._unlimited()
        )
        sizes = {each.pages.first for each in self.searches if each.first == longest}
        if always and (longest < FULL or len(sizes) < 2):
            return []
        return [each for each in self._unlimited() if each.promised and not each.complete]

    def _left_off(self) -> list[Searched]:
        """The searches whose last page leads on to a page that brought nothing.

        None if this site also links a next page from a page that is not full, or from each that
        is, and no page behind that one.
        """
        shown = [each for each in self._unlimited() if each.first]
        longest = max((each.first for each in shown), default=0)
        full = [each for each in shown if each.pages.sizes[-1] >= longest]
        if longest < FULL or any(each.promised and each not in full for each in shown):
            return []
        if all(each.promised for each in full):
            full = [each for each in full if each.pages.linked > len(each.sizes) + 1]
        return [each for each in full if each.promised and not each.complete]

    def _capped(self) -> list[Searched]:
        """The searches that ended with a full page, as most of those do that got as far."""
        deepest = max((len(each.pages.sizes) for each in self.searches), default=0)
        longest = max((each.first for each in self.searches), default=0)
        deep = [each for each in self.searches if len(each.pages.sizes) == deepest]
        full = [
            each
            for each in deep
            if each.pages.is_full and not each.complete and each.ending != Ending.LIMIT
        ]
        different = len({each.pages.first for each in full})
        enough = different >= SAME and 2 * len(full) >= len(deep)
        return full if enough and deepest > 1 and longest >= FULL else []

    def _equal_ends(self) -> list[Searched]:
        """The searches of several pages with as many results as the longest, however these end.

        A site's limit of results need not fill its last page. Only lists that differ count.
        """
        most = max((each.own for each in self.searches), default=0)
        equal = {
            each.pages.first: each
            for each in self._unlimited()
            if each.own == most >= LEAST_LIMIT and len(each.sizes) > 1 and not each.complete
        }
        return list(equal.values()) if most % ROUND_OF_MORE == 0 else []

    def round_end(self) -> str:
        """A sentence if the longest lists end at a round number of results, maybe all, else ""."""
        equal = self._equal_ends()
        if _are_cut_off(equal):
            return ""
        if len(equal) >= SAME or (len(equal) > 1 and equal[0].own % ROUND_OF_TWO == 0):
            return (
                f"{len(equal)} searches ended at exactly {equal[0].own} results, more than which "
                f"none has ({_some(equal)}): not certain that these are all; search more narrowly"
            )
        if len(equal) != 1 or equal[0].own % ROUND_END or equal[0].pages.is_full:
            return ""
        return (
            f"the longest list, of '{equal[0].phrase}', ends at exactly {equal[0].own} results: "
            "not certain that these are all; search more narrowly"
        )

    def _alike_totals(self) -> list[Searched]:
        """The searches whose stated total is the largest of all, if too many for chance.

        A site that shows the best results only may state their number as the total.
        """
        stated = [each for each in self.searches if each.complete and each.pages.is_full]
        most = max((each.total or 0 for each in self.searches), default=0)
        longest = max((each.first for each in self.searches), default=0)
        alike = [
            each
            for each in stated
            if each.total == most >= LEAST_LIMIT and each.first >= longest >= FULL
        ]
        return alike if len({each.pages.first for each in alike}) >= SAME else []

    def _unsorted(self) -> list[Searched]:
        """The searches of which several pages show the same, if this makes up much of the run."""
        long = [
            each
            for each in self._unlimited()
            if len(each.pages.sizes) > 1 and not each.complete and not each.pages.slides
        ]
        longer = [each for each in long if len(each.pages.sizes) > 2]
        again = {each.phrase: each.pages.repeated - each.pages.always for each in longer}
        shuffled = _shuffled(longer, again, sum(each.seen for each in longer))
        further = sum(sum(each.sizes[1:]) for each in long)
        return shuffled or _shuffled(long, self._mixed(long), further)

    def _mixed(self, searches: list[Searched]) -> dict[str, set[str]]:
        """By phrase, the results that a page repeats between new ones.

        Goods that other searches show too are promoted: they are on pages of any search.
        """
        counts = Counter(ad_id for each in searches for ad_id in each.pages.first)
        return {
            each.phrase: {ad_id for ad_id in each.pages.mixed if counts[ad_id] < 2}
            for each in searches
        }

    def sliding(self) -> str:
        """A sentence if each page begins with much of the page before, else ""."""
        sliding = [each for each in self.searches if each.pages.slides]
        if not sliding:
            return ""
        return (
            f"each page begins with results of the one before in {len(sliding)} of "
            f"{len(self.searches)} searches ({_some(sliding)}); page_step is too small"
        )

    def _same_for_all(self) -> bool:
        """Whether the further pages show the same results for all that is searched for."""
        further = {each.pages.first: each.pages.later for each in self.searches if each.pages.later}
        counts = Counter(ad_id for later in further.values() for ad_id in later)
        return len(further) >= SAME and min(counts.values()) > len(further) / 2

    def _ended(self) -> list[Searched]:
        """The searches with results that the site's own pager ended."""
        open_ends = (Ending.LIMIT, Ending.BLANK, Ending.FAILED)
        return [
            each
            for each in self.searches
            if each.first and each.ending not in open_ends and not each.promised
        ]

    def _overcount(self) -> float:
        longest = max((each.first for each in self.searches), default=0)
        return overcount(self._ended(), longest)

    def _limited(self) -> list[Searched]:
        return [each for each in self.searches if each.ending == Ending.LIMIT]

    def _unlimited(self) -> list[Searched]:
        return [each for each in self.searches if each.ending != Ending.LIMIT]

    def _pages_of_the_site(self) -> set[int]:
        """Numbers of pages that searches of any length share."""
        longest = max((each.first for each in self.searches), default=0)
        firsts: dict[int, set[frozenset[str]]] = {}
        short: set[int] = set()
        for each in self.searches:
            if each.first and each.pages.stated > 1:
                firsts.setdefault(each.pages.stated, set()).add(each.pages.first)
                if len(each.pages.sizes) == 1 and each.first < longest:
                    short.add(each.pages.stated)
        return {number for number in short if len(firsts[number]) >= SAME}

    def _totals_of_the_site(self) -> set[int]:
        """Totals that searches with different results share."""
        shared: dict[int, set[frozenset[str]]] = {}
        seen: dict[int, int] = {}
        for each in self.searches:
            if each.stated:
                first = each.pages.first or frozenset((each.phrase,))
                shared.setdefault(each.stated, set()).add(first)
                seen[each.stated] = max(seen.get(each.stated, 0), each.seen)
        return {
            total
            for total, pages in shared.items()
            if total > seen[total]
            and (len(pages) >= SAME or (len(pages) > 1 and total >= SAME * seen[total]))
        }


def same_address(one: str, other: str) -> bool:
    """Whether two addresses differ at most in scheme, fragment and order of their queries.

    >>> same_address("https://m.example/s?a=1&b=2", "http://m.example/s/?b=2&a=1#top")
    True
    """
    return _plain(one) == _plain(other)


def _plain(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(url)
    query = sorted(parse_qsl(parts.query, keep_blank_values=True))
    return parts.netloc, parts.path.rstrip("/"), tuple(query)


def _shuffled(
    searches: list[Searched], again: Mapping[str, Collection[str]], of: int
) -> list[Searched]:
    """The searches that show results `again`, by phrase, if these are many of a number."""
    shuffled = [each for each in searches if again[each.phrase]]
    if len({each.pages.first for each in shuffled}) < SAME:
        return []
    return shuffled if sum(map(len, again.values())) >= SHUFFLED * of else []


def _are_cut_off(equal: Sequence[Searched]) -> bool:
    """Whether so many lists of so round a length are no chance."""
    if len(equal) < 2:
        return False
    length = equal[0].own
    several = len(equal) >= SAME and length >= LEAST_CAP
    return length % ROUND_END == 0 or several or len(equal) > SAME


def _misses_results(searched: Searched, longest: int) -> bool:
    """Whether a search saw fewer results than stated, beyond what sites count too many."""
    if not searched.stated:
        return False
    missing = searched.stated - searched.seen
    several = len(searched.pages.sizes) > 1
    if searched.pages.is_full and (several or searched.first >= longest):
        return missing >= LEAST_MISSING and missing > TOLERATED * searched.stated
    # Rounded numbers are estimates, which a list that ends by itself does not contradict.
    if not searched.total and several:
        return False
    return missing > max(LEAST_MISSING, TOLERATED_AT_THE_END * searched.stated)


def _number(searches: Sequence[Searched]) -> str:
    return "1 search" if len(searches) == 1 else f"{len(searches)} searches"


def _some(searches: Iterable[Searched]) -> str:
    searches = list(searches)
    more = len(searches) - NAMED
    named = ", ".join(each.figures for each in searches[:NAMED])
    return named + (f" and {more} more" if more > 0 else "")
