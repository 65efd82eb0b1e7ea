"""SearchSpider: searches a site with its own search, keyword by keyword."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import Response

from wildcrawl.analysis.charsets import quote_keyword
from wildcrawl.base_spiders.constant_results import ConstantResultsDetector
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import Find, ResultPage, Row, Search
from wildcrawl.base_spiders.responses import PageError, readable
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Sighting

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from wildcrawl.analysis.vocabulary import Keyword


class SearchSpider(CrawledSite):
    """A site that is searched keyword by keyword, page by page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.constant_results = ConstantResultsDetector()
        self.searches_left: Counter[str] = Counter()

    def first_requests(self) -> Iterator[Request]:
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
            url = template.format(keyword=quoted, page=page)
        # Search pages go first: all keywords of an advertisement are known when it is read.
        return Request(
            url,
            method="POST" if self.search_body else "GET",
            body=self.search_body.format(keyword=quoted, page=page),
            headers=self.headers,
            callback=self.parse_results,
            errback=self.search_failed,
            cb_kwargs={"search": search},
            meta=self.request_meta(),
            priority=10,
            dont_filter=True,
        )

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
        if not page.more:
            return None
        if search.page - self.first_page + 1 >= limit:
            self.stats.inc_value(Stat.PAGE_LIMITS_REACHED)
            return None
        return self.search_request(replace(search, page=search.page + 1), page.next_url)

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
        return replace(super().run_report(), same_results=self.constant_results.message())
