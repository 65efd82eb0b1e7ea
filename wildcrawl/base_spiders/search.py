"""SearchSpider: searches a site with its own search, keyword by keyword."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from wildcrawl.analysis.charsets import quote_keyword, widest
from wildcrawl.analysis.result_totals import pages_beside
from wildcrawl.base_spiders.bare_answers import BareAnswers
from wildcrawl.base_spiders.closing_checks import ClosingChecks, EmptyPage, FirstPage, mentioning
from wildcrawl.base_spiders.closing_evidence import Check
from wildcrawl.base_spiders.constant_results import ConstantResultsDetector
from wildcrawl.base_spiders.extraction import Find, ResultPage, Row, Search
from wildcrawl.base_spiders.keyword_charset import KeywordCharsetCheck, box_of
from wildcrawl.base_spiders.keyword_mentions import KeywordMentions, distinct_words
from wildcrawl.base_spiders.own_words import words_of
from wildcrawl.base_spiders.page_numbers import COUNTED, Numbering, PageNumberCheck
from wildcrawl.base_spiders.paging import PagingCheck, same_address
from wildcrawl.base_spiders.recaptures import Recaptures
from wildcrawl.base_spiders.recommended import RecommendedGoods, text_of, touches
from wildcrawl.base_spiders.responses import (
    BAD_PAGE_NUMBER,
    NO_SUCH_PAGE,
    SERVER_ERROR,
    Blocked,
    Missing,
    PageError,
    Unreadable,
    codec_of,
    plain,
)
from wildcrawl.base_spiders.resumed_search import ResumedSearch
from wildcrawl.base_spiders.searched import Ending, Searched
from wildcrawl.base_spiders.short_pages import ReadPage
from wildcrawl.base_spiders.withheld_results import (
    FailedSearches,
    ShortenedLists,
    WithheldResults,
)
from wildcrawl.crawl.parts import parse_part
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Sighting
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import HtmlResponse
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from wildcrawl.analysis.vocabulary import Keyword
    from wildcrawl.base_spiders.pager_numbers import Pager


WORDS = "//body/descendant::text()[normalize-space() and not(ancestor::script or ancestor::style)]"
"""XPath of the texts that a page shows."""


class SearchSpider(ResumedSearch):
    """A site that is searched keyword by keyword, page by page."""

    arguments: ClassVar[tuple[str, ...]] = (*ClosingChecks.arguments, "part")

    def __init__(self, **kwargs: Any) -> None:
        part = kwargs.pop("part", "")
        super().__init__(**kwargs)
        self.part = parse_part(part)
        """The part of the keywords that this run searches; None: all."""
        self.constant_results = ConstantResultsDetector()
        self.paging = PagingCheck(followed=self.follows_links)
        self.numbers = PageNumberCheck(
            Numbering(self.first_page, self.page_step), followed=self.follows_links
        )
        self.recommended = RecommendedGoods()
        self.mentions = KeywordMentions()
        self.recaptures = Recaptures()
        self.withheld = WithheldResults()
        self.failed_searches = FailedSearches()
        self.shortened = ShortenedLists()
        self.keyword_charset = KeywordCharsetCheck(widest(self.charset))
        self.bare = BareAnswers()
        self.good_search: Search | None = None
        """The last search whose first page had results."""
        self.searches_left: Counter[str] = Counter()
        self.cursors: Counter[bool] = Counter()
        """Pages of results with the declared cursor (True) and without it (False)."""
        self.of_all = 0
        """Number of all keywords, if this run searches a part of them."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.part:
            spider.of_all = len(spider.keywords)
            spider.keywords = spider.part.share(spider.keywords)
            spider.session.run.keywords = [keyword.term for keyword in spider.keywords]
            spider.session.run.part = str(spider.part)
            if not spider.keywords:
                raise ValueError(f"-a part={spider.part}: there are only {spider.of_all} keywords")
        return spider

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        if arguments.get("part") and not cls.can_resume():
            raise ValueError(f"-a part=: {cls.name} cannot be searched in parts")

    @property
    def whole(self) -> bool:
        return super().whole and not self.part

    def first_requests(self) -> Iterator[Request]:
        if not self.search_form:
            yield from self.first_searches()
            return
        self.forms.extend(self.first_searches())
        yield from self.next_form()

    def first_searches(self) -> Iterator[Request]:
        """The first request of each search."""
        for keyword in self.keywords:
            if keyword.term in self.resumed:
                continue
            phrases = self.phrases(keyword)
            self.searches_left[keyword.term] = len(phrases)
            for phrase in phrases:
                request = self.search_request(Search(keyword, phrase, self.first_page))
                if request is None:
                    self.finish_search(keyword)
                else:
                    yield request

    def sample_request(self, phrase: str) -> Request:
        from wildcrawl.analysis.vocabulary import Keyword

        keyword = Keyword(phrase, "general", "", ambiguous=False, since=self.since)
        request = self.search_request(Search(keyword, phrase, self.first_page))
        if request is None:
            raise ValueError(f"'{phrase}' cannot be written in {self.charset}")
        return request

    def phrases(self, keyword: Keyword) -> list[str]:
        """The texts to search for `keyword`, one search each."""
        if keyword.extreme and self.ambiguous_words:
            return [f"{keyword.term} {word}" for word in self.ambiguous_words]
        return [keyword.term]

    def search_request(self, search: Search, url: str | None = None) -> Request | None:
        """The request for a page of results; None if the site's charset lacks the keyword."""
        quoted = quote_keyword(search.phrase, self.charset)
        if quoted is None:
            self.stats.inc_value(Stat.KEYWORDS_UNSENDABLE)
            self.logger.warning(
                "'%s' cannot be written in %s and is not searched",
                search.phrase,
                self.charset,
            )
            return None
        page = self.page_number(search)
        if url is None:
            within = self.ambiguous_url if search.keyword.extreme else ""
            template = self.address(self.settings, within or self.search_url)
            cursor = quote(search.cursor or self.first_cursor, safe="")
            url = template.format(keyword=quoted, page=page, cursor=cursor)
            if self.search_form:
                return self.form_page_request(search, url)
        # Search pages go first: all keywords of an advertisement are known when it is read.
        return Request(
            url,
            method="POST" if self.search_body else "GET",
            body=self.body_of(search, quoted, page),
            headers=self.headers,
            callback=self.parse_results,
            errback=self.search_failed,
            cb_kwargs={"search": search},
            meta=self.request_meta(),
            priority=10,
            dont_filter=True,
        )

    def body_of(self, search: Search, quoted: str, page: int) -> str:
        """The body that a search posts; "" for a GET."""
        cursor = search.cursor or self.first_cursor
        if self.search_body.lstrip().startswith(("{{", "[")):
            keyword, cursor = (json.dumps(text)[1:-1] for text in (search.phrase, cursor))
        else:
            keyword, cursor = quoted, quote(cursor, safe="")
        return self.search_body.format(keyword=keyword, page=page, cursor=cursor)

    def parse_results(self, response: Response, search: Search) -> Iterator[Any]:
        """Reads one page of results; after the last of the run, some requests are repeated."""
        if response.request is not None and response.request.headers.get("Cookie"):
            self.has_cookies = True
        if search.check == Check.MIDDLE:
            yield from self.reread(response, search)
            yield from self.closing_checks()
            return
        if search.check is not None:
            yield from self.check_answered(response, search)
            return
        self.save_page(response, search)
        yield from self.read_search_page(response, search)
        yield from self.closing_checks()

    def read_search_page(self, response: Response, search: Search) -> Iterator[Any]:
        """Reads one page of results: yields its advertisements, then the next request."""
        self.stats.inc_value(Stat.PAGES)
        if search.page > self.first_page and self.is_led_back(response, search):
            yield from self.close_search(search, Ending.LED_BACK)
            return
        try:
            answer, page = self.read_answer(response)
        except PageError as error:
            yield from self.not_read(response, search, error)
            return
        if not page.recognised and self.may_visit_again(response):
            yield self.visit_again(response)
            return
        self.compare_form(page, search.phrase, further=search.page > self.first_page)
        if not page.rows and self.is_past_the_end(search):
            # An empty list without words, or with those of the search, is the site's own page.
            repeats = search.phrase in answer.text or not answer.xpath(WORDS).get()
            known = page.recognised or page.bare or repeats or not search.pages.is_full
            self.note_empty(search, response)
            words = page.words if self.in_data else words_of(answer)
            self.failed_searches.add(search.phrase, words, found=False)
            self.look_past_the_end(answer)
            yield from self.close_search(search, Ending.EMPTY if known else Ending.BLANK)
            return
        self.check_charset(answer, search, page.rows)
        if not page.recognised:
            self.not_recognised(answer, search, page)
            return
        self.answered.add(search.keyword.term)
        self.look_beside(answer, search.phrase)
        if self.cursor and page.rows:
            self.cursors[page.cursor is not None] += 1
        rows = self.results_of(page, search, response)
        if search.page == self.first_page:
            self.constant_results.add(search.keyword, mentions(search.phrase, rows))
            self.note_results(search, rows, response)
            words = page.words if page.rows or self.in_data else words_of(answer)
            self.withheld.add(search.phrase, words, found=bool(rows))
            self.failed_searches.add(search.phrase, words, found=bool(rows))
            self.mentions.groups = self.mentions.groups or distinct_words(self.keywords)
            self.mentions.add(search.keyword, search.phrase, map(text_of, rows))
            self.look_within(answer, search.phrase, rows)
        yield from self.found(rows, search.keyword)
        ending, following = self.after(search, page, rows, answer)
        if ending is not None:
            yield from self.close_search(search, ending)
        elif following is None:
            self.finish_search(search.keyword)
        else:
            yield following

    def not_read(self, response: Response, search: Search, error: PageError) -> Iterator[Request]:
        """Ends a search at a page that cannot be read; a lost session is begun again first."""
        if isinstance(error, Missing) and self.is_past_the_end(search):
            yield from self.close_search(search, Ending.MISSING)
        elif isinstance(error, Unreadable) and self.may_visit_again(response):
            yield self.visit_again(response)
        else:
            self.skip_page(response, error)
            self.cut_short(search)

    def not_recognised(self, response: HtmlResponse, search: Search, page: ResultPage) -> None:
        """Ends a search at a page that has neither results nor an empty result."""
        if page.bare and search.page == self.first_page:
            self.bare.add(search.keyword.term)
            self.note_empty(search, response)
            self.finish_search(search.keyword)
            return
        why = "the page shows neither advertisements nor an empty result"
        led = search.page == self.first_page and response.meta.get("redirect_urls")
        if led and self.single_hits.led_to(search, response.url, self.possible_hit(response)):
            self.log_fault(response.request, response.url, why)
            self.cut_short(search)
            return
        self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, why)
        self.cut_short(search)

    def possible_hit(self, response: HtmlResponse) -> list[Row]:  # noqa: ARG002
        """What may be the only result of a search, on the page to which the search was led."""
        return []

    def late_hits(self) -> Iterator[Any]:
        """Reads the only results of searches that were led to pages like those of others."""
        for search, rows in self.single_hits.proven():
            self.answered.add(search.keyword.term)
            yield from self.found(filter(self.has_id, rows), search.keyword)

    def note_results(self, search: Search, rows: Sequence[Row], response: Response) -> None:
        """Records whether the first page of a search has results."""
        if not rows:
            self.bare.nothing(search.keyword.term)
            self.note_empty(search, response)
            return
        self.bare.results()
        self.good_search = search
        titles = [str(row.get("title") or "") for row in rows]
        self.first_pages.append(FirstPage(search, [row["ad_id"] for row in rows], titles))

    def keep_page(
        self, search: Search, rows: Sequence[Row], response: Response, page: ResultPage
    ) -> None:
        """Records a page of results, which may be requested again at the end if it is short."""
        if search.earlier:
            return
        ids = tuple(dict.fromkeys(row["ad_id"] for row in rows))
        number = len(search.pages.sizes)
        address = self.linked_address(search, response)
        off_topic = frozenset(ids) - mentioning(rows, search.phrase)
        places = max(page.places - (len(page.rows) - len(ids)), 0)
        # A size that was asked for, or is said to visitors, may be more than the site ever shows.
        asked = re.search(rf"(?<!\d){page.places}(?!\d)", self.search_url + self.search_body)
        certain = self.in_data and not asked
        read = ReadPage(search, number, ids, address, off_topic, page.body, places, certain)
        self.short_pages.pages.append(read)
        self.shrunk.add(read, page.total)

    def note_empty(self, search: Search, response: Response) -> None:
        """Records a page without results, which may be requested again at the end."""
        self.empty_pages.append(EmptyPage(search, self.linked_address(search, response)))

    def linked_address(self, search: Search, response: Response) -> str | None:
        """The address of a page that a link led to, None if its search makes it."""
        linked = search.page > self.first_page and self.follows_links and not self.cursor
        return response.url if linked else None

    def check_charset(self, answer: HtmlResponse, search: Search, rows: Iterable[Row]) -> None:
        """Records whether the first page of a search shows that its keyword was understood."""
        if search.page > self.first_page:
            return
        phrase, codec = search.phrase, codec_of(answer)
        # A browser hands over text, and many an API answers in UTF-8 whatever it is asked in.
        if (answer.request and answer.meta.get("playwright")) or (
            self.in_data and codec == "utf-8"
        ):
            codec = ""
        mentioned = any(not text or touches(phrase, text) for text in map(text_of, rows))
        text = plain(answer) if self.in_data else answer.text
        box = "" if self.in_data else box_of(answer.selector, self.search_url)
        self.keyword_charset.add(phrase, text, box, codec, mentioned=mentioned)

    def results_of(self, page: ResultPage, search: Search, response: Response) -> list[Row]:
        """The rows of a page that have an id, without goods that the site recommends instead.

        A page that refuses the search above other goods ends the run.
        """
        rows = [row for row in page.rows if self.has_id(row)]
        sifted = self.recommended.sift(
            rows, search.phrase, page.words, self.blocked, empty=page.nothing_found
        )
        if sifted.refusal:
            self.answered.discard(search.keyword.term)
            why = f"the site shows other goods in place of results ('{sifted.refusal}')"
            self.skip_page(response, Blocked(why))
        if not sifted.recommended:
            return sifted.found
        if not self.stats.get_value(Stat.ROWS_RECOMMENDED):
            self.logger.warning(
                "'%s': the site reports that nothing was found and recommends other goods, which "
                "are not read",
                search.phrase,
            )
        self.stats.inc_value(Stat.ROWS_RECOMMENDED, len(sifted.recommended))
        return sifted.found

    def after(
        self, search: Search, page: ResultPage, rows: list[Row], answer: HtmlResponse
    ) -> tuple[Ending | None, Request | None]:
        """How a search ended with a page, or the request for the next one."""
        rows = without_earlier(rows, search.ad_ids)
        fresh = {row["ad_id"] for row in rows} - search.ad_ids
        search.ad_ids |= fresh
        first = search.page == self.first_page
        if not rows:
            return self.ending_of_none(search, page), None
        number = search.page - self.first_page + 1
        pages = page.pages or pages_beside(page.words.all, number)
        search.pages.add([row["ad_id"] for row in rows], len(fresh), answer.url, pages)
        if fresh:
            search.total = page.total or search.total
            search.at_least = page.at_least or search.at_least
        if not fresh:
            return Ending.REPEATED, None
        if not first:
            self.paging.turned = True
            if self.follows_links:
                before, sizes = search.pages.addresses[-2], search.pages.sizes
                self.page_steps.add(search.phrase, before, answer.url, sizes)
        self.shortened.add(search.phrase, page.words, len(search.ad_ids))
        self.keep_page(search, rows, answer, page)
        search.promised = self.promises_more(answer, page, number)
        pager = self.pager_in(answer, page, search)
        search.pages.linked = max(pager.links, default=0)
        self.numbers.add(id(search.ad_ids), number, pager, len(rows))
        if page.more and self.leads_nowhere(search, page):
            return Ending.STATED if self.cursor else Ending.LAST, None
        if page.more and self.is_at_limit(search):
            self.stats.inc_value(Stat.PAGE_LIMITS_REACHED)
            if self.page_limit(search) < self.page_limit(search, self.max_pages):
                self.stats.inc_value(Stat.LIMITED)
            return Ending.LIMIT, None
        if not page.more:
            return Ending.STATED if page.last else Ending.LAST, None
        return None, self.next_request(search, page)

    def ending_of_none(self, search: Search, page: ResultPage) -> Ending:
        """The ending of a search at a page without results; a total on its first page is kept."""
        if search.page == self.first_page and not page.rows and not page.nothing_found:
            search.total, search.at_least = page.total, page.at_least
        return Ending.EMPTY

    def pager_in(self, answer: HtmlResponse, page: ResultPage, search: Search) -> Pager:
        """The pager of a page of results; its links are read if pages are counted up."""
        within = search.keyword.extreme and self.ambiguous_url
        counted = not (self.follows_links or within or self.search_body or self.search_form)
        template = self.address(self.settings, self.search_url) if counted else ""
        return self.pager_of(answer, page, template)

    def next_request(self, search: Search, page: ResultPage) -> Request | None:
        """The request for the page after this one."""
        further = replace(search, page=search.page + 1, cursor=page.cursor or "")
        return self.search_request(further, page.next_url)

    def leads_nowhere(self, search: Search, page: ResultPage) -> bool:
        """Whether a declared cursor or form cannot ask for the page after this one."""
        if self.cursor:
            # Some APIs mark the end by repeating the cursor that was sent.
            return page.cursor == search.cursor
        if self.search_form and not page.next_url:
            return not any("{page}" in value for value in self.form_data.values())
        return False

    def is_at_limit(self, search: Search) -> bool:
        """Whether a search may request no further page."""
        return search.page - self.first_page + 1 >= self.page_limit(search)

    def page_limit(self, search: Search, wanted: int | None = None) -> int:
        """The page limit of a search if `wanted` pages are asked for; by default, the run's."""
        limit = wanted or self.pages_wanted or self.max_pages
        return min(limit, self.ambiguous_pages) if search.keyword.ambiguous else limit

    def is_led_back(self, response: Response, search: Search) -> bool:
        """Whether the request for a further page led to the first one, or to the home page."""
        if response.request is None or not search.pages.address:
            return False
        asked = response.meta.get("redirect_urls", [response.request.url])[0]
        first = search.pages.address
        if same_address(asked, response.url) or same_address(asked, first):
            return False
        home = self.address(self.settings, self.home)
        return same_address(response.url, first) or same_address(response.url, home)

    def is_past_the_end(self, search: Search) -> bool:
        """Whether a page without results is the end of a search, and no fault.

        It is after the first page, unless the page before shows that there is a further one.
        """
        return search.page > self.first_page and (self.paging.turned or not search.promised)

    def end_search(self, search: Search, ending: Ending) -> None:
        """Records a search that has ended without a fault."""
        self.paging.searches.append(_ended(search, ending))
        if not self.is_narrowed(search):
            self.recaptures.end(search, ending)
        self.save_found(search)
        self.finish_search(search.keyword)

    def is_narrowed(self, search: Search) -> bool:
        """Whether a search is made within a category, or with a further word."""
        return search.keyword.extreme and bool(self.ambiguous_url or self.ambiguous_words)

    def cut_short(self, search: Search) -> None:
        """Records a search that ends at a page that cannot be read."""
        self.spoil(search.keyword)
        if search.pages.sizes:
            self.paging.cut_off.append(_ended(search, Ending.FAILED))
        self.finish_search(search.keyword)

    def finish_search(self, keyword: Keyword) -> None:
        """Counts a keyword once all its searches have ended."""
        self.searches_left[keyword.term] -= 1
        if self.searches_left[keyword.term] <= 0:
            self.stats.inc_value(Stat.KEYWORDS_DONE)
            self.save_searched(keyword)

    def found(self, rows: Iterable[Row], keyword: Keyword) -> Iterator[Any]:
        """The items and requests for results: new to this run, or found by a further keyword."""
        new_rows = {}
        for row in rows:
            find = self.finds.get(row["ad_id"])
            if find is None:
                new_rows[row["ad_id"]] = row
                self.finds[row["ad_id"]] = Find([keyword.term])
            elif keyword.term not in find.keywords:
                find.keywords.append(keyword.term)
                if find.read:
                    yield Sighting(self.name, row["ad_id"], found_by=[keyword.term])
        if new_rows:
            self.stats.inc_value(Stat.FOUND, len(new_rows))
            self.recaptures.add(new_rows.values())
            for row in new_rows.values():
                self.single_hits.add_result(str(row.get("url") or ""))
            self.count_rows(new_rows.values(), self.fields)
        try:
            yield from self.first_found(new_rows)
        except StoreError:
            self.not_found(new_rows)
            raise

    def search_lost(self, search: Search) -> Iterator[Any]:
        if search.check is None:
            self.spoil(search.keyword)
            self.finish_search(search.keyword)
        elif search.check == Check.MIDDLE:
            yield from self.after_reread(search, None)
        else:
            self.check_unread(search)
        yield from self.closing_checks()

    def search_failed(self, failure: Failure) -> Iterator[Any]:
        """Counts a search page that could not be fetched, and ends its search."""
        search: Search = failure.request.cb_kwargs["search"]  # type: ignore[attr-defined]
        if search.check == Check.MIDDLE:
            yield from self.after_reread(search, None)
            yield from self.closing_checks()
            return
        if search.check is not None:
            yield from self.check_failed(failure, search)
            return
        yield from self.count_failed(failure, search)
        yield from self.closing_checks()

    def count_failed(self, failure: Failure, search: Search) -> Iterator[Request]:
        """Counts a search page that could not be fetched, and ends its search."""
        response = getattr(failure.value, "response", None)
        if (
            response is not None
            and response.status in (*NO_SUCH_PAGE, *BAD_PAGE_NUMBER)
            and self.is_past_the_end(search)
            and not self.refusal(response)
        ):
            self.save_ending(search, Ending.MISSING)
            yield from self.close_search(search, Ending.MISSING)
            return
        if (
            response is not None
            and response.status == SERVER_ERROR
            and search.pages.sizes
            and not search.promised
            and not self.refusal(response)
        ):
            # Whether this is the site's way to end a list shows once all searches have ended.
            self.logger.info("%s was answered with status 500", response.url)
            self.save_ending(search, Ending.ERROR)
            self.end_search(search, Ending.ERROR)
            return
        self.request_failed(failure)
        self.cut_short(search)

    def run_report(self) -> RunReport:
        self.answered |= set(self.bare.empty)
        self.answered -= set(self.bare.lost)
        self.answered -= self.constant_results.unanswered() | self.mentions.unanswered()
        misread = self.keyword_charset.message()
        if misread:
            self.answered.clear()
        report = super().run_report()
        copies = self.copies.proven()
        unread = self.unread_results(report)
        notes = (
            self.part_note(),
            self.single_hits.note(),
            self.resumed_note(),
            self.paging.failed(),
            self.numbers.note() or self.paging.sliding(),
            self.paging.error_ends(),
            self.paging.overcounted(),
            self.paging.estimated() or self.paging.unreached(),
            self.paging.one_full(),
            self.closing.unknown if self.closing.exceeded else "",
            self.paging.deep_full() or self.paging.full_ends() or self.paging.round_end(),
            self.gaps.note() or self.equal_gap(),
            "" if self.closing.unsorted else self.shrunk.note(),
            self.short_pages.note() or self.recaptures.note(),
            self.withheld.note(),
            self.shortened.note(),
            "" if self.constant_results.message() else self.mentions.note(),
            self.beside_note(),
            copies if unread else "" if copies else self.copies.possible(),
        )
        return replace(
            report,
            notes=(*report.notes, *filter(None, notes)),
            misread=misread,
            same_results=self.constant_results.message() or self.mentions.broken(),
            paging=(
                self.numbers.broken()
                or self.gaps.broken()
                or self.closing.broken()
                or self.page_steps.broken()
                or self.paging.broken()
            ),
            unread=unread or copies,
            failed_pages=len(self.paging.failed_ends()),
            unrecognised_pages=(
                self.bare.unread + self.single_hits.unrecognised(len(self.searches_left))
            ),
            limits=self.limits(),
            lacking=self.what_lacks(),
        )

    def unread_results(self, report: RunReport) -> str:
        """A sentence if the site has more results than were read, else ""."""
        return (
            report.unread
            or self.bare.message()
            or self.single_hits.message()
            or self.closing.thin()
            or self.page_steps.thin()
            or self.short_pages.thin()
            or self.recaptures.thin(
                self.short_pages.free_places(), self.short_pages.sparse_phrases()
            )
            or self.mentions.thin()
            or self.withheld.thin()
            or self.failed_searches.thin()
            or self.shortened.thin()
            or self.paging.thin()
            or self.named_totals.message(self.paging.searches)
            or self.shrunk.thin()
            or ("" if self.closing.exceeded else self.closing.unknown)
            or self.unread_beside()
        )

    def part_note(self) -> str:
        """A sentence that the run searched a part of the keywords only, else ""."""
        if not self.part:
            return ""
        return (
            f"part {self.part.number} of {self.part.of}, {len(self.keywords)} of {self.of_all} "
            "keywords: the site counts as searched once all its parts are put together"
        )

    def equal_gap(self) -> str:
        """A sentence about results that may be between pages that a check could not look between.

        Else "".
        """
        if self.gaps.between_pages:
            return ""
        step = self.page_steps.results_apart() if self.follows_links else self.page_step
        return self.paging.equal_gap(step) if step >= COUNTED else ""

    def limits(self) -> str:
        """A sentence about searches that a page limit ended with more to read, else ""."""
        limited = self.stats.get_value(Stat.LIMITED, 0)
        if self.pages_wanted and limited:
            return (
                f"-a pages={self.pages_wanted} ended {limited} of {len(self.paging.searches)} "
                "searches, so this counts as no search of the whole site"
            )
        return "" if self.pages_wanted else self.paging.limits()

    def what_lacks(self) -> str:
        """A sentence if no page had the declared form or cursor, else ""."""
        if self.cursors[False] and not self.cursors[True]:
            return (
                f"no page of results has the cursor '{self.cursor}', so only first pages were "
                "read; check 'cursor'"
            )
        # Single pages without the form are counted like any unreadable page.
        return "" if self.forms_sent else self.lacking


def _ended(search: Search, ending: Ending) -> Searched:
    seen = len(search.ad_ids)
    return Searched(
        search.phrase,
        seen,
        ending,
        search.total,
        search.promised,
        search.pages,
        None if search.total else search.at_least,
    )


def without_earlier(rows: list[Row], seen: Collection[str]) -> list[Row]:
    """The rows of a page without those of the pages before, if it begins with all of these.

    Behind a button for more, some sites show the whole list anew on each page, so far as it goes.

    >>> rows = [{"ad_id": each} for each in "abcd"]
    >>> [len(without_earlier(rows, seen)) for seen in ("", "ab", "abcd", "ac")]
    [4, 2, 4, 4]
    """
    length = len(seen)
    begins = length < len(rows) and {row["ad_id"] for row in rows[:length]} == set(seen)
    return rows[length:] if begins else rows


def mentions(phrase: str, rows: Iterable[Row]) -> dict[str, bool]:
    """Ids of advertisements, and whether each mentions a part of the phrase or shows no text."""
    texts = {row["ad_id"]: text_of(row) for row in rows}
    return {ad_id: not text or touches(phrase, text) for ad_id, text in texts.items()}
