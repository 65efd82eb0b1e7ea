"""SearchSpider: searches a site with its own search, keyword by keyword."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from wildcrawl.analysis.charsets import quote_keyword
from wildcrawl.base_spiders.constant_results import ConstantResultsDetector
from wildcrawl.base_spiders.extraction import Find, ResultPage, Row, Search
from wildcrawl.base_spiders.paging import Ending, PagingCheck, Searched
from wildcrawl.base_spiders.responses import NO_SUCH_PAGE, Missing, PageError, Unreadable, readable
from wildcrawl.base_spiders.search_form import FormSearch
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Sighting

if TYPE_CHECKING:
    from scrapy.http import HtmlResponse
    from twisted.python.failure import Failure

    from wildcrawl.analysis.vocabulary import Keyword


class SearchSpider(FormSearch):
    """A site that is searched keyword by keyword, page by page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.constant_results = ConstantResultsDetector()
        self.paging = PagingCheck()
        self.searches_left: Counter[str] = Counter()
        self.cursors: Counter[bool] = Counter()
        """Pages of results with the declared cursor (True) and without it (False)."""

    def first_requests(self) -> Iterator[Request]:
        if not self.search_form:
            yield from self.first_searches()
            return
        self.forms.extend(self.first_searches())
        yield from self.next_form()

    def first_searches(self) -> Iterator[Request]:
        """The first request of each search."""
        for keyword in self.keywords:
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
        page = (search.page - self.first_page) * self.page_step + self.first_page
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
        """Reads one page of results: yields its advertisements, then the next request."""
        self.stats.inc_value(Stat.PAGES)
        try:
            answer = readable(response, self.charset)
            page = self.read_page(answer)
        except PageError as error:
            yield from self.not_read(response, search, error)
            return
        if not page.recognised and self.may_visit_again(response):
            yield self.visit_again(response)
            return
        if not page.rows and self.is_past_the_end(search):
            self.end_search(search, Ending.EMPTY)
            return
        if not page.recognised:
            why = "the page shows neither advertisements nor an empty result"
            self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, why)
            self.finish_search(search.keyword)
            return
        self.answered.add(search.keyword.term)
        if self.cursor and page.rows:
            self.cursors[page.cursor is not None] += 1
        rows = self.results_of(page, search)
        if search.page == self.first_page:
            self.constant_results.add(
                search.keyword, [row["ad_id"] for row in rows], shows(rows, search.phrase)
            )
        yield from self.found(rows, search.keyword)
        ending, following = self.after(search, page, rows, answer)
        if ending is not None:
            self.end_search(search, ending)
        elif following is None:
            self.finish_search(search.keyword)
        else:
            yield following

    def not_read(self, response: Response, search: Search, error: PageError) -> Iterator[Request]:
        """Ends a search at a page that cannot be read; a lost session is begun again first."""
        if isinstance(error, Missing) and self.is_past_the_end(search):
            self.end_search(search, Ending.MISSING)
        elif isinstance(error, Unreadable) and self.may_visit_again(response):
            yield self.visit_again(response)
        else:
            self.skip_page(response, error)
            self.finish_search(search.keyword)

    def results_of(self, page: ResultPage, search: Search) -> list[Row]:
        """The rows of a page that have an id; none if the site recommends goods instead."""
        rows = [row for row in page.rows if self.has_id(row)]
        if not rows or not page.nothing_found or shows(rows, search.phrase):
            return rows
        if not self.stats.get_value(Stat.ROWS_RECOMMENDED):
            self.logger.warning(
                "'%s': the site reports that nothing was found and recommends other goods, which "
                "are not read",
                search.phrase,
            )
        self.stats.inc_value(Stat.ROWS_RECOMMENDED, len(rows))
        return []

    def after(
        self, search: Search, page: ResultPage, rows: list[Row], answer: HtmlResponse
    ) -> tuple[Ending | None, Request | None]:
        """How a search ended with a page, or the request for the next one."""
        fresh = {row["ad_id"] for row in rows} - search.ad_ids
        search.ad_ids |= fresh
        first = search.page == self.first_page
        if first:
            search.first, search.total = len(page.rows), page.total
        if not rows:
            return Ending.EMPTY, None
        if not fresh:
            return Ending.REPEATED, None
        if not first:
            self.paging.worked = True
        search.promised = self.promises_more(answer, page, search.page - self.first_page + 1)
        if page.more and self.leads_nowhere(search, page):
            return Ending.STATED if self.cursor else Ending.LAST, None
        if page.more and self.is_at_limit(search):
            self.stats.inc_value(Stat.PAGE_LIMITS_REACHED)
            return Ending.LIMIT, None
        if not page.more:
            return Ending.STATED if page.last else Ending.LAST, None
        return None, self.next_request(search, page)

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
        limit = self.pages_wanted or self.max_pages
        if search.keyword.ambiguous:
            limit = min(limit, self.ambiguous_pages)
        return search.page - self.first_page + 1 >= limit

    def is_past_the_end(self, search: Search) -> bool:
        """Whether a page without results is the end of a search, and no fault.

        It is after the first page, unless the page before shows that there is a further one.
        """
        return search.page > self.first_page and (self.paging.worked or not search.promised)

    def end_search(self, search: Search, ending: Ending) -> None:
        """Records a search that has ended without a fault."""
        self.paging.searches.append(
            Searched(
                search.phrase,
                len(search.ad_ids),
                search.first,
                ending,
                search.total,
                search.promised,
            )
        )
        self.finish_search(search.keyword)

    def finish_search(self, keyword: Keyword) -> None:
        """Counts a keyword once all its searches have ended."""
        self.searches_left[keyword.term] -= 1
        if self.searches_left[keyword.term] <= 0:
            self.stats.inc_value(Stat.KEYWORDS_DONE)

    def found(self, rows: Iterable[Row], keyword: Keyword) -> Iterator[Any]:
        """The items and requests for results: new to this run, or found by a further keyword."""
        new_rows = {}
        for row in rows:
            find = self.finds.get(row["ad_id"])
            if find is None:
                new_rows[row["ad_id"]] = row
                self.finds[row["ad_id"]] = Find([keyword.term])
                self.stats.inc_value(Stat.FOUND)
                self.count_fields(row, self.fields)
            elif keyword.term not in find.keywords:
                find.keywords.append(keyword.term)
                if find.read:
                    yield Sighting(self.name, row["ad_id"], found_by=[keyword.term])
        yield from self.first_found(new_rows)

    def search_failed(self, failure: Failure) -> None:
        """Counts a search page that could not be fetched, and ends its search."""
        search: Search = failure.request.cb_kwargs["search"]  # type: ignore[attr-defined]
        response = getattr(failure.value, "response", None)
        if (
            response is not None
            and response.status in NO_SUCH_PAGE
            and self.is_past_the_end(search)
            and not self.refusal(response)
        ):
            self.end_search(search, Ending.MISSING)
            return
        self.request_failed(failure)
        self.finish_search(search.keyword)

    def run_report(self) -> RunReport:
        self.answered -= self.constant_results.unanswered()
        return replace(
            super().run_report(),
            same_results=self.constant_results.message(),
            paging=self.paging.broken(),
            unread=self.paging.thin(),
            lacking=self.what_lacks(),
        )

    def what_lacks(self) -> str:
        """A sentence if no page had the declared form or cursor, else ""."""
        if self.cursors[False] and not self.cursors[True]:
            return (
                f"no page of results has the cursor '{self.cursor}', so only first pages were "
                "read; check 'cursor'"
            )
        # Single pages without the form are counted like any unreadable page.
        return "" if self.forms_sent else self.lacking


def shows(rows: Iterable[Row], phrase: str) -> bool:
    """Whether a row has a word of a search's `phrase` in one of its texts."""
    words = phrase.lower().split()
    texts = (text.lower() for row in rows for text in row.values() if isinstance(text, str))
    return any(word in text for text in texts for word in words)
