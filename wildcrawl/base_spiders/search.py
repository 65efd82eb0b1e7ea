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
from wildcrawl.base_spiders.responses import PageError, readable
from wildcrawl.base_spiders.search_form import FormSearch
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Sighting

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from wildcrawl.analysis.vocabulary import Keyword


class SearchSpider(FormSearch):
    """A site that is searched keyword by keyword, page by page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.constant_results = ConstantResultsDetector()
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
            page = self.read_page(readable(response, self.charset))
        except PageError as error:
            self.skip_page(response, error)
            self.finish_search(search.keyword)
            return
        if not page.recognised:
            why = "the page shows neither advertisements nor an empty result"
            self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, why)
        else:
            self.answered.add(search.keyword.term)
        if self.cursor and page.rows:
            self.cursors[page.cursor is not None] += 1
        rows = [row for row in page.rows if self.has_id(row)]
        if page.recognised and search.page == self.first_page:
            self.constant_results.add(search.keyword, [row["ad_id"] for row in rows])
        fresh = {row["ad_id"] for row in rows} - search.ad_ids
        search.ad_ids |= fresh
        yield from self.found(rows, search.keyword)
        following = self.next_request(search, page) if fresh else None
        if following is None:
            self.finish_search(search.keyword)
        else:
            yield following

    def next_request(self, search: Search, page: ResultPage) -> Request | None:
        """The request for the page after this one, None if there is none or the limit is met."""
        limit = self.pages_wanted or self.max_pages
        if search.keyword.ambiguous:
            limit = min(limit, self.ambiguous_pages)
        if not page.more or not self.leads_on(search, page):
            return None
        if search.page - self.first_page + 1 >= limit:
            self.stats.inc_value(Stat.PAGE_LIMITS_REACHED)
            return None
        further = replace(search, page=search.page + 1, cursor=page.cursor or "")
        return self.search_request(further, page.next_url)

    def leads_on(self, search: Search, page: ResultPage) -> bool:
        """Whether a declared cursor or form can ask for the page after this one."""
        if self.cursor:
            # Some APIs mark the end by repeating the cursor that was sent.
            return bool(page.cursor) and page.cursor != search.cursor
        if self.search_form and not page.next_url:
            return any("{page}" in value for value in self.form_data.values())
        return True

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
        self.request_failed(failure)
        self.finish_search(failure.request.cb_kwargs["search"].keyword)  # type: ignore[attr-defined]

    def run_report(self) -> RunReport:
        lacking = self.lacking
        if self.forms_sent:
            # Single pages without the form are counted like any unreadable page.
            lacking = ""
        if self.cursors[False] and not self.cursors[True]:
            lacking = (
                f"no page of results has the cursor '{self.cursor}', so only first pages were "
                "read; check 'cursor'"
            )
        return replace(
            super().run_report(), same_results=self.constant_results.message(), lacking=lacking
        )
