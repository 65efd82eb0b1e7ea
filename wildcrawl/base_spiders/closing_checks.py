"""Closing checks: a few requests at the end of a run that test what its searches cannot show."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from scrapy.http import HtmlResponse, Response

from wildcrawl.base_spiders.bare_answers import TAIL, BareAnswers
from wildcrawl.base_spiders.closing_evidence import (
    LEAST,
    MANY,
    Check,
    ClosingEvidence,
    Shown,
    changed_ids,
    is_missed_page,
    left_out,
    moved_up,
    narrowing_word,
    round_end,
    skipped_by,
    unsorted,
)
from wildcrawl.base_spiders.extraction import ResultPage, Row, Search
from wildcrawl.base_spiders.keyword_mentions import NONSENSE, KeywordMentions
from wildcrawl.base_spiders.page_gaps import PageGaps, between
from wildcrawl.base_spiders.page_numbers import COUNTED
from wildcrawl.base_spiders.page_steps import PageSteps, at_number
from wildcrawl.base_spiders.paging import FULL, ROUND_END, PagingCheck
from wildcrawl.base_spiders.recaptures import Recaptures
from wildcrawl.base_spiders.recommended import RecommendedGoods, names, text_of, touches
from wildcrawl.base_spiders.responses import NO_SUCH_PAGE, Missing, PageError
from wildcrawl.base_spiders.search_form import FormSearch
from wildcrawl.base_spiders.searched import Ending, Searched
from wildcrawl.base_spiders.short_pages import ReadPage, ShortPages
from wildcrawl.base_spiders.shrunk_lists import ShrunkLists

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from wildcrawl.base_spiders.page_numbers import PageNumberCheck

MOST = 14
"""Requests that the checks of a run cost at most."""
MOST_EMPTY = 6
"""First pages without results that are requested again."""
MOST_ENDS = 2
"""Further pages without results, after a full page, that are requested again."""
MOST_NARROWER = 4
"""Pages of the narrower search that are requested."""
RUNS = 6
"""Earlier runs that show for which keywords a site usually has something."""
BETWEEN = 3
"""Searches after the first one from which on it is repeated."""
ROUND_PAGES = 5
"""The same for its number of pages."""
FAR = 2
"""How many times as long another list is that makes a round end rather chance."""


@dataclass
class Narrowed:
    """The pages of a narrower search, as far as they were read."""

    ids: set[str] = field(default_factory=set)
    pages: int = 0
    strict: bool = True
    """Whether all its results name the further word."""
    missing: int = 0
    """Results that the wider list left out."""
    equal: int = 0
    """Others that it left out, and that equal one of its own in title and price."""

    @property
    def clears(self) -> bool:
        """Whether nothing speaks against the wider list: an equal one may be a repost."""
        return self.equal < LEAST


@dataclass(frozen=True)
class FirstPage:
    """The first page of a search, as the run has read it; `search` holds what it saw in all."""

    search: Search
    ids: Sequence[str]
    titles: Sequence[str]


@dataclass(frozen=True)
class EmptyPage:
    """A page without results, of a search; `url`: its address, if no search makes it."""

    search: Search
    url: str | None = None


class ClosingChecks(FormSearch):
    """The part of a search that repeats some of its requests once all others have ended.

    They are ordinary requests, at the site's pace and under its robots.txt. One that fails proves
    nothing, except that a site has stopped answering.
    """

    paging: PagingCheck
    numbers: PageNumberCheck
    bare: BareAnswers
    recommended: RecommendedGoods
    mentions: KeywordMentions
    recaptures: Recaptures
    searches_left: Counter[str]
    good_search: Search | None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.first_pages: list[FirstPage] = []
        """First pages with results, in their order."""
        self.empty_pages: list[EmptyPage] = []
        self.page_steps = PageSteps(cursors=bool(self.cursor))
        self.short_pages = ShortPages()
        self.shrunk = ShrunkLists()
        self.gaps = PageGaps(self.page_step)
        self.closing = ClosingEvidence()
        self.checks: deque[tuple[Search, str | None]] | None = None
        """Checks that are still to be made; None before the last search has ended."""
        self.checks_made = 0
        self._yields: dict[str, int] | None = None
        self.short_asked: dict[tuple[str, int], ReadPage] = {}
        """Short pages that are requested again, by phrase and page."""
        self.narrowed = Narrowed()
        self.has_cookies = False
        """Whether a request for results had cookies."""

    @property
    def follows_links(self) -> bool:
        """Whether further pages are reached by links or cursors, and not by counting."""
        return bool(getattr(self, "next_page", "") or self.cursor) or "{page}" not in (
            self.search_url + self.search_body + "".join(self.form_data.values())
        )

    def limited(self) -> set[str]:
        """Phrases of the searches that a page limit has ended."""
        return {each.phrase for each in self.paging.searches if each.ending == Ending.LIMIT}

    # Requests

    @property
    def all_searched(self) -> bool:
        """Whether all searches of the run have ended."""
        left = self.searches_left
        return len(left) == len(self.keywords) and not any(each > 0 for each in left.values())

    def most_checks(self) -> int:
        """The number of requests that the checks of the run may cost."""
        return MOST

    def closing_checks(self) -> Iterator[Any]:
        """The request for the next check, once all searches have ended; nothing if none is left.

        Before it come the results that the other searches have proven.
        """
        if not self.all_searched:
            return
        yield from self.late_hits()
        if self.checks is None:
            self.checks = deque(self.planned_checks())
        while self.checks and self.checks_made < self.most_checks():
            search, url = self.checks.popleft()
            request = self.search_request(search, url)
            if request is None:
                continue
            self.checks_made += 1
            once = {"dont_retry": True, "dont_merge_cookies": search.check == Check.NO_COOKIES}
            yield request.replace(meta={**request.meta, **once})
            return

    def planned_checks(self) -> Iterator[tuple[Search, str | None]]:
        """The checks of a run, the most telling ones first."""
        yield from self._stopped()
        for search in islice(self._for_first_page(), 1):
            yield search, None
        yield from self._between()
        for search in islice(self._within(), 1):
            yield search, None
        yield from self._framed()
        yield from self._repeated()
        yield from self._shrunk()
        yield from self._nonsense()
        yield from self._narrower()
        limited = self.limited()
        # On a site that allows few checks, none is made without a reason.
        samples = self.most_checks() >= MOST
        missing = [each.search.phrase for each in self.recaptures.left_out()]
        yield from self._short(
            self.short_pages.doubtful(self._usual(), limited, missing, samples=samples)
        )
        for page in self._empty():
            yield replace(page.search, check=Check.EMPTY), page.url

    def pages_of_today(self) -> list[FirstPage]:
        """First pages with results that may be compared with what the site shows now."""
        return [page for page in self.first_pages if not page.search.earlier]

    def _stopped(self) -> Iterator[tuple[Search, None]]:
        """The last search with results, if several after it had none.

        A site may answer so once it has had enough.
        """
        good = self.good_search
        if good is None or len(self.bare.tail) < TAIL:
            return
        self.bare.asked_again = good.phrase
        yield replace(good, check=Check.STOPPED), None

    def _for_first_page(self) -> Iterator[Search]:
        """Searches of the page before the first one, if nothing shows that this is the first.

        If no search has had results, its keywords are taken in their order.
        """
        complete = any(each.complete and each.total for each in self.paging.searches)
        if self.first_page < self.page_step or self.numbers.confirmed or complete:
            return
        if "{page}" not in self.search_url + self.search_body + "".join(self.form_data.values()):
            return
        limited = self.limited()
        whole = [page for page in self.pages_of_today() if page.search.phrase not in limited]
        longest = sorted(whole, key=lambda page: len(page.ids), reverse=True)
        searches = [page.search for page in longest]
        if not self.first_pages:
            searches = [page.search for page in self.empty_pages if not page.search.earlier]
        plain = [each for each in searches if not each.keyword.extreme]
        for search in plain or searches:
            yield replace(search, page=self.first_page - 1, check=Check.BEFORE)

    def _between(self) -> Iterator[tuple[Search, str]]:
        """The page between two, if links led past one, or past results, in every search."""
        doubtful = self.page_steps.doubtful()
        if doubtful is None:
            return
        step, number = doubtful
        for page in self.pages_of_today():
            if page.search.phrase == step.phrase:
                url = at_number(step.address, step.name, number)
                yield replace(page.search, check=Check.BETWEEN), url
                return

    def _within(self) -> Iterator[Search]:
        """Searches that begin within the first page, if {page} counts results.

        If it leaps over some, these are between the first page and the second. A total that was
        reached on several pages shows that it does not. What follows a first page that a limit made
        the last one was never to be read.
        """
        self.gaps.longest = self.numbers.longest
        if self.page_step < COUNTED or self.follows_links or self.gaps.longest < FULL:
            return
        searches = [page.search for page in self.pages_of_today()]
        several = [each for each in searches if len(each.pages.sizes) > 1]
        if any(each.total and len(each.ad_ids) >= each.total for each in several):
            return
        limited = self.limited()
        full = [
            page.search
            for page in self.pages_of_today()
            if len(page.ids) >= self.gaps.longest and page.search.phrase not in limited
        ]
        suited = sorted(several, key=lambda each: len(each.ad_ids), reverse=True) or full
        self.gaps.possible = len(suited)
        for search in suited:
            yield replace(search, shift=self.page_step // 2, check=Check.WITHIN)

    def _framed(self) -> Iterator[tuple[Search, str]]:
        """The frame within the longest first page that has one for its keyword."""
        limited = self.limited()
        pages = [
            page
            for page in self.pages_of_today()
            if page.search.phrase in self.frames.keys() - limited
        ]
        if pages:
            page = max(pages, key=lambda page: len(page.ids))
            yield replace(page.search, check=Check.FRAME), self.frames[page.search.phrase]

    def _nonsense(self) -> Iterator[tuple[Search, None]]:
        """A word that does not exist, if results hardly mention what was searched for."""
        if self.mentions.doubtful:
            searches = [page.search for page in self.pages_of_today() or self.first_pages]
            plain = [each for each in searches if not each.keyword.extreme]
            search = (plain or searches)[0]
            yield replace(search, phrase=NONSENSE, ad_ids=set(), check=Check.NONSENSE), None

    def _short(self, pages: Iterable[ReadPage]) -> Iterator[tuple[Search, str | None]]:
        """Pages that are shorter than others."""
        for page in pages:
            self.short_asked[page.search.phrase, page.search.page] = page
            yield replace(page.search, check=Check.SHORT), page.url

    def _shrunk(self) -> Iterator[tuple[Search, str | None]]:
        """Pages after which their list shrank."""
        for page in self.shrunk.plan():
            yield replace(page.search, check=Check.SHRUNK), page.url

    def _repeated(self) -> Iterator[tuple[Search, None]]:
        """The first search of the run, and the longest one without the site's cookies."""
        today = self.pages_of_today()
        long = [page for page in today if len(page.ids) >= FULL]
        early = [page for page in today[:-BETWEEN] if len(page.ids) >= FULL]
        if early:
            pages = self.short_pages.pages
            self.short_pages.repeated += [each for each in pages if each.search is early[0].search]
            yield replace(early[0].search, check=Check.AGAIN), None
        if not self.has_cookies or self.first_visit or self.search_form:
            return
        limited = self.limited()
        whole = [page for page in long if page.search.phrase not in limited]
        if whole:
            most = max(whole, key=lambda page: len(page.search.ad_ids))
            yield replace(most.search, check=Check.NO_COOKIES), None

    def _narrower(self) -> Iterator[tuple[Search, None]]:
        """A narrower search than the longest one whose list ends with a full page."""
        ended = self._cut_off()
        pages = {each.search.phrase: each for each in self.first_pages}
        if ended is None or (page := pages.get(ended.phrase)) is None:
            return
        if _is_round(ended) or self.paging.deep_full():
            most = max(each.seen for each in self.paging.searches)
            self.closing.unknown = round_end(ended.phrase, ended.seen, len(ended.sizes), most)
            self.closing.exceeded = most >= FAR * ended.seen
        word = narrowing_word(page.titles, ended.phrase)
        if word and not page.search.earlier:
            narrow = replace(page.search, phrase=f"{ended.phrase} {word}", check=Check.NARROWER)
            yield narrow, None

    def _cut_off(self) -> Searched | None:
        """The longest search whose list ends with a full page, if any.

        Rather one at a round number. A single page need not be a full one, except where others of
        its length go on.
        """
        longest = max((each.first for each in self.paging.searches), default=0)
        least = 1 if self.paging.worked else 2
        full = [
            each
            for each in self.paging.searches
            if len(each.sizes) >= least
            and each.sizes[-1] >= longest >= FULL
            and not each.complete
            and each.ending not in (Ending.LIMIT, Ending.FAILED, Ending.ERROR)
        ]
        deepest = max((len(each.sizes) for each in self.paging.searches), default=0)
        deep = deepest if self.paging.deep_full() else 0

        def doubt(each: Searched) -> tuple[bool, bool, int]:
            # A page that is filled up with results of the one before ends a list of any length.
            is_cut = _is_round(each) and each.pages.fresh[-1] >= longest
            return len(each.sizes) == deep, is_cut, len(each.sizes)

        return max(full, key=doubt, default=None)

    def _empty(self) -> list[EmptyPage]:
        """Pages without results, those first that other runs or pages contradict."""
        if not self.first_pages:
            return []
        usual = self._usual()
        missed = {each.search.phrase: len(each.missed) for each in self.recaptures.left_out()}
        groups = Counter(page.search.keyword.group for page in self.first_pages)
        today = [page for page in self.empty_pages if not page.search.earlier]
        first = [page for page in today if page.search.page == self.first_page]
        ends = [page for page in today if page.search.page > self.first_page]

        def doubt(page: EmptyPage) -> tuple[int, int, int]:
            keyword = page.search.keyword
            found_by_others = missed.get(page.search.phrase, 0)
            return -found_by_others, -usual(keyword.term), -groups[keyword.group]

        full = [page for page in ends if page.search.pages.is_full]
        return [*sorted(first, key=doubt)[:MOST_EMPTY], *full[:MOST_ENDS]]

    def _usual(self) -> Callable[[str], int]:
        """How many advertisements earlier runs of the site found by a keyword, at most."""
        if self._yields is None:
            self._yields = self.usual_yields()
        yields = self._yields
        return lambda term: yields.get(term, 0)

    def usual_yields(self) -> dict[str, int]:
        """Keyword to the number of advertisements that earlier runs of the site found by it."""
        counts: Counter[str] = Counter()
        for run in self.session.store.runs(self.name)[-RUNS:]:
            counts.update({term: found for term, (found, _) in run.yields.items()})
        return counts

    # Answers

    def check_answered(self, response: Response, search: Search) -> Iterator[Any]:
        """Compares the page that a check requested with what the run has read."""
        try:
            answer, page = self.read_answer(response)
        except PageError as error:
            self.logger.info("%s: %s, so it proves nothing", response.url, error)
            self.check_unread(search, missing=isinstance(error, Missing))
        else:
            ended = not page.rows and self.is_further(search) and search.phrase in answer.text
            if page.recognised or page.bare or ended:
                yield from self.compared(search, page, answer)
            elif self.may_visit_again(response):
                yield self.visit_again(response)
                return
            else:
                self.check_unread(search)
        yield from self.closing_checks()

    def check_failed(self, failure: Failure, search: Search) -> Iterator[Any]:
        """Goes on after a check that could not be fetched."""
        response = getattr(failure.value, "response", None)
        if search.check == Check.STOPPED:
            self.check_unread(search)
            self.request_failed(failure)
        elif response is not None and response.status in NO_SUCH_PAGE:
            self.check_unread(search, missing=True)
        yield from self.closing_checks()

    def is_further(self, search: Search) -> bool:
        """Whether a check requests a further page of a narrower search."""
        return search.check == Check.NARROWER and search.page > self.first_page

    def check_unread(self, search: Search, *, missing: bool = False) -> None:
        """Records a check without results: it can only prove that a site stopped answering.

        `missing`: the page does not exist, which ends the list of a narrower search.
        """
        if missing and self.is_further(search):
            self.compare_narrower(search, [], ResultPage([]))
        elif search.check == Check.STOPPED:
            self.bare.stopped = True
            self.checks = deque()
        elif search.check == Check.AGAIN:
            self.closing.filtered = (
                f"'{search.phrase}', the first search with results, had none when it was repeated "
                "at the end of the run: the site stopped answering before, and searches without "
                "results may have some"
            )

    def compared(self, search: Search, page: ResultPage, answer: HtmlResponse) -> Iterator[Any]:
        """Records what a check shows; yields the results that the run has missed."""
        rows = self.rows_checked(page, search)
        shown = Shown(
            search.phrase, [row["ad_id"] for row in rows], mentioning(rows, search.phrase)
        )
        match search.check:
            case Check.EMPTY:
                yield from self.compare_empty(search, rows)
            case Check.WITHIN:
                yield from self.compare_within(search, shown, rows)
            case Check.SHORT:
                self.short_pages.asked += 1
                asked = self.short_asked[search.phrase, search.page]
                yield from self.compare_short(asked, search, shown, rows)
            case Check.SHRUNK:
                self.shrunk.answered += 1
                moved = self.shrunk.compare(shown, search.ad_ids)
                yield from self.found_late(moved, search, rows)
            case Check.FRAME:
                yield from self.compare_frame(search, shown, rows, answer.url)
            case Check.NONSENSE:
                self.mentions.nonsense = len(set(shown.ids))
            case Check.STOPPED | Check.AGAIN if not rows:
                self.check_unread(search)
            case Check.AGAIN:
                yield from self.compare_again(search, shown, rows)
            case Check.NARROWER:
                self.compare_narrower(search, rows, page)
            case _:
                self.compare_others(search, shown, answer)

    def compare_empty(self, search: Search, rows: Iterable[Row]) -> Iterator[Any]:
        """Records the results of a page that had none; reads them."""
        self.closing.asked_empty += 1
        missed = [row for row in rows if row["ad_id"] not in search.ad_ids]
        if missed:
            self.closing.refound[search.phrase] = len(missed)
            yield from self.found(missed, search.keyword)

    def compare_frame(
        self, search: Search, shown: Shown, rows: Iterable[Row], url: str
    ) -> Iterator[Any]:
        """Records the results of a frame that its page does not show; reads them."""
        unseen = shown.unseen(search.ad_ids)
        if len(unseen) >= max(LEAST, MANY * len(shown.ids)):
            self.closing.framed = (
                f"a frame, tab or later part of the page of '{search.phrase}' shows {len(unseen)} "
                f"results that the page itself does not ({url}); search at this address too, or "
                "leave it out on purpose with ignored_tabs"
            )
            yield from self.found_late(unseen, search, rows)

    def compare_others(self, search: Search, shown: Shown, answer: HtmlResponse) -> None:
        """Compares a page that the run did not request, or requested with cookies."""
        match search.check:
            case Check.BEFORE if is_missed_page(shown, search.ad_ids):
                self.record_missed(search, shown)
            case Check.BETWEEN if skipped := skipped_by(shown, search.ad_ids):
                self.closing.between = (
                    f"{answer.url} shows {skipped} results of '{search.phrase}' that were never "
                    "read, since next_page led past it; check 'card', and next_page, which may "
                    "select the link to the last page"
                )
            case Check.NO_COOKIES:
                self.compare_cookies(search, shown)

    def record_missed(self, search: Search, shown: Shown) -> None:
        """Records a page before the first one; another search must show one too."""
        evidence = self.closing
        evidence.before[search.phrase] = len(shown.unseen(search.ad_ids))
        evidence.first_page = self.first_page - self.page_step
        others = [each for each in self._for_first_page() if each.phrase not in evidence.before]
        if len(evidence.before) == 1 and others and self.checks is not None:
            self.checks.appendleft((others[0], None))

    def compare_again(self, search: Search, shown: Shown, rows: Iterable[Row]) -> Iterator[Any]:
        """Compares the first page of the run's first search with what it showed at first."""
        rows = list(rows)
        page = self.short_pages.repeated[0]
        first = next(each for each in self.first_pages if each.search.phrase == search.phrase)
        titles = [str(row.get("title") or "") for row in rows]
        changed = changed_ids(
            zip(first.ids, first.titles, strict=True), zip(shown.ids, titles, strict=True)
        )
        pages = [each.ids for each in self.short_pages.pages if each.search.phrase == search.phrase]
        moved = moved_up(shown.ids, pages)
        gone = left_out(page.ids, shown.ids)
        if changed:
            self.closing.ids = (
                f"{changed} results of '{search.phrase}' have another id when it is repeated, so "
                "that each run counts them again; fix ad_id, which reads a value of the request"
            )
        elif moved:
            self.closing.unsorted = unsorted(search.phrase, len(moved))
        elif gone:
            self.closing.filtered = (
                f"{len(gone)} of the first {page.length} results of '{search.phrase}' were missing "
                "between the others when it was repeated at the end of the run: the site shows a "
                "visitor fewer goods after some requests; set custom_settings = "
                "{\"COOKIES_ENABLED\": False} in its spider, or a longer 'pace'"
            )
        else:
            yield from self.compare_short(page, search, shown, rows)

    def compare_within(self, search: Search, shown: Shown, rows: Iterable[Row]) -> Iterator[Any]:
        """Compares a page that begins within the first one with it and the second one."""
        first = next(each.ids for each in self.first_pages if each.search.phrase == search.phrase)
        missed = between(shown, first, search.ad_ids)
        self.gaps.add(search.phrase, len(missed))
        self.gaps.between_pages |= bool(shown.ids) and shown.ids[0] != first[0]
        if self.gaps.open and self.checks is not None:
            other = next(islice(self._within(), self.gaps.tried, None), None)
            if other is not None:
                self.checks.appendleft((other, None))
        yield from self.found_late(missed, search, rows)

    def compare_short(
        self, page: ReadPage, search: Search, shown: Shown, rows: Iterable[Row]
    ) -> Iterator[Any]:
        """Compares a page with what it showed at first; reads what it left out."""
        if self.shrunk.moved_away(page, shown.ids, self.short_pages.longest):
            return
        if self.short_pages.compare(page, shown):
            self.check_other_short_pages()
            yield from self.found_late(shown.unseen(search.ad_ids), search, rows)
        elif self.short_pages.unclear is page and self.checks is not None:
            self.checks.extendleft(self._short([page]))

    def check_other_short_pages(self) -> None:
        """Plans to request the other short pages too, as far as the number of checks allows."""
        if self.checks is not None:
            self.checks.extend(self._short(self.short_pages.others(self.short_asked.values())))

    def found_late(
        self, ad_ids: Collection[str], search: Search, rows: Iterable[Row]
    ) -> Iterator[Any]:
        """Reads results that a check has found."""
        missed = [row for row in rows if row["ad_id"] in set(ad_ids)]
        search.ad_ids |= set(ad_ids)
        yield from self.found(missed, search.keyword)

    def compare_cookies(self, search: Search, shown: Shown) -> None:
        """Compares a search without cookies with what was read of it with cookies."""
        more = shown.unseen(search.ad_ids)
        if len(more) >= LEAST and len(more) >= MANY * len(shown.ids):
            self.closing.cookies = (
                f"without the site's cookies, '{search.phrase}' shows {len(more)} results that it "
                'leaves out with them; set custom_settings = {"COOKIES_ENABLED": False} in its '
                "spider"
            )

    def compare_narrower(self, search: Search, rows: Sequence[Row], page: ResultPage) -> None:
        """Compares a page of a narrower search with the list that ended with a full page.

        A full page is followed by the next one: only the end of the narrower list shows that the
        wider one lacks none of it. A search without results proves nothing.
        """
        phrase, _, word = search.phrase.rpartition(" ")
        narrowed = self.narrowed
        longest = max(len(page.ids) for page in self.first_pages)
        fresh = [row for row in rows if row["ad_id"] not in narrowed.ids]
        narrowed.ids |= {row["ad_id"] for row in fresh}
        narrowed.pages += 1
        narrowed.strict &= all(names(word, text_of(row)) for row in fresh)
        left_out = [
            row
            for row in fresh
            if row["ad_id"] not in search.ad_ids and names(phrase, text_of(row))
        ]
        equal = sum(self.copies.is_copy_of_any(row, search.ad_ids) for row in left_out)
        narrowed.equal += equal
        narrowed.missing += len(left_out) - equal
        if narrowed.missing >= LEAST:
            self.closing.narrower = (
                f"the list of '{phrase}' ends with a full page at {len(search.ad_ids)} results, "
                f"but '{search.phrase}' shows {narrowed.missing} that it left out: the site shows "
                "no more of any list; search more narrowly"
            )
        elif narrowed.pages == 1 and len(rows) < longest:
            self.closing.unknown = "" if rows and narrowed.clears else self.closing.unknown
        elif narrowed.strict and narrowed.clears and self.closing.unknown:
            if len(fresh) < longest or not page.more:
                self.closing.unknown = ""
            elif narrowed.pages < MOST_NARROWER and self.checks is not None:
                further = replace(search, page=search.page + 1, cursor=page.cursor or "")
                self.checks.appendleft((further, page.next_url))

    def rows_checked(self, page: ResultPage, search: Search) -> list[Row]:
        """The rows of a page that a check requested, without goods that are recommended.

        Only those of a search that is asked again are counted as rows of the run.
        """
        if search.check == Check.EMPTY:
            rows = [row for row in page.rows if self.has_id(row)]
        else:
            rows = [row for row in page.rows if self.identify(row) is not None]
        phrase = search.phrase
        return self.recommended.sift(
            rows, phrase, page.words, self.blocked, empty=page.nothing_found
        ).found

    def late_hits(self) -> Iterator[Any]:
        """Results that only others show to be some; a search implements it."""
        raise NotImplementedError

    def found(self, rows: Iterable[Row], keyword: Any) -> Iterator[Any]:
        """The items and requests for results; a search implements it."""
        raise NotImplementedError


def _is_round(searched: Searched) -> bool:
    """Whether a list ends at a number of results or pages where sites cut lists off."""
    return (
        0 in (searched.seen % ROUND_END, searched.own % ROUND_END)
        or len(searched.sizes) % ROUND_PAGES == 0
    )


def mentioning(rows: Iterable[Row], phrase: str) -> frozenset[str]:
    """Ids of the results that mention a phrase, or show no text."""
    texts = {row["ad_id"]: text_of(row) for row in rows}
    return frozenset(ad_id for ad_id, text in texts.items() if not text or touches(phrase, text))
