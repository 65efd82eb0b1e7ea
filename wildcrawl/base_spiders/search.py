"""What every site's spider has: its declarations, its keywords, and its way through a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.settings import BaseSettings

from wildcrawl import __version__
from wildcrawl.analysis.charsets import quote_keyword
from wildcrawl.analysis.ids import derive_ad_id
from wildcrawl.base_spiders.block_detection import check_blocked, check_empty, check_title
from wildcrawl.base_spiders.by_hand import worksheet_ads
from wildcrawl.base_spiders.constant_results import FirstPages
from wildcrawl.base_spiders.extraction import (
    Fields,
    Find,
    ResultPage,
    Row,
    Search,
    registered_domain,
    says_anything,
)
from wildcrawl.base_spiders.failures import FailureCounting
from wildcrawl.base_spiders.responses import PageError, Unreadable, readable, shows
from wildcrawl.base_spiders.site import (
    AUTOMATED,
    SiteDeclaration,
    check_arguments,
    whole_number,
)
from wildcrawl.crawl.session import Session, vocabulary_of
from wildcrawl.items import Advertisement, Sighting

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from wildcrawl.analysis.vocabulary import Keyword


class SiteSpider(SiteDeclaration, FailureCounting):
    """A monitored site, searched keyword by keyword.

    A site declares its attributes; a way of working overrides `read_results` and
    `read_details`.
    """

    def __init__(
        self,
        keywords: str = "",
        pages: str = "",
        worksheet: str = "",
        **kwargs: Any,
    ) -> None:
        check_arguments(self.name, kwargs, self.arguments)
        super().__init__(**kwargs)
        self.keywords_wanted = keywords
        self.pages_wanted = whole_number("pages", pages)
        self.worksheet = worksheet
        self.finds: dict[str, Find] = {}
        self.answered: set[str] = set()
        self.first_pages = FirstPages()
        self.derived: set[str] = set()
        """Ids that the site did not show."""
        self.searches_left: Counter[str] = Counter()
        self.keywords: tuple[Keyword, ...] = ()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.session = Session.of(crawler)
        spider.keywords = spider.session.vocabulary.select(spider.keywords_wanted)
        spider.session.run.keywords = [keyword.term for keyword in spider.keywords]
        return spider

    session: Session

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        contact = settings.get("WILDCRAWL_CONTACT")
        if contact:
            agent = f"wildcrawl/{__version__} (wildlife trade monitoring; {contact})"
            settings.set("USER_AGENT", agent, priority="spider")
        if cls.pace > settings.getfloat("DOWNLOAD_DELAY"):
            settings.set("DOWNLOAD_DELAY", cls.pace, priority="spider")

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for what would stop a crawl: its arguments, a missing contact."""
        spider = cls(**arguments)
        vocabulary_of(settings).select(spider.keywords_wanted)
        if spider.worksheet and not Path(spider.worksheet).is_file():
            raise ValueError(f"worksheet={spider.worksheet}: there is no such file")
        if not spider.worksheet and not cls.is_on(settings):
            raise ValueError(
                f"{cls.name} is off: {cls.permission}; if you may, switch it on with "
                f"WILDCRAWL_SWITCHED_ON={cls.name}, else 'scrapy worksheet {cls.name}'"
            )
        asks = not cls.demo and cls.way in AUTOMATED and not spider.worksheet
        if asks and not settings.get("WILDCRAWL_CONTACT"):
            raise ValueError(
                f"{cls.name} is a real site: set WILDCRAWL_CONTACT to an address where its "
                "operator reaches you, for example WILDCRAWL_CONTACT=monitoring@example.org"
            )

    # The search

    async def start(self) -> AsyncIterator[Any]:
        if self.worksheet:
            for ad in worksheet_ads(self):
                yield ad
            return
        self.stats.set_value("wildcrawl/keywords", len(self.keywords))
        for keyword in self.keywords:
            phrases = self.phrases(keyword)
            self.searches_left[keyword.term] = len(phrases)
            for phrase in phrases:
                request = self.search_request(Search(keyword, phrase, self.first_page))
                if request is None:
                    self.finish_search(keyword)
                else:
                    yield request

    def phrases(self, keyword: Keyword) -> list[str]:
        """What is typed into the site's search for `keyword`, one search for each."""
        if keyword.extreme and self.ambiguous_words:
            return [f"{keyword.term} {word}" for word in self.ambiguous_words]
        return [keyword.term]

    def search_request(self, search: Search, url: str | None = None) -> Request | None:
        """The request for a page of results; None if the site's charset lacks the keyword."""
        quoted = quote_keyword(search.phrase, self.charset)
        if quoted is None:
            self.stats.inc_value("wildcrawl/keywords_unsendable")
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
        # Search pages go first, so that all keywords of an advertisement are known when it is read.
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

    def request_meta(self) -> dict[str, Any]:
        """What a way of working adds to its requests for search results."""
        return {}

    def detail_meta(self) -> dict[str, Any]:
        """What it adds to its requests for an advertisement's own page."""
        return {}

    def parse_results(self, response: Response, search: Search) -> Iterator[Any]:
        """One page of results: its advertisements, then the next page."""
        self.stats.inc_value("wildcrawl/pages")
        try:
            page = self.read_page(readable(response, self.charset))
        except PageError as error:
            self.skip_page(response, error)
            self.finish_search(search.keyword)
            return
        if not page.recognised:
            why = "it shows neither advertisements nor an empty result"
            self.count_unread("pages_unrecognised", response.url, why)
        else:
            self.answered.add(search.keyword.term)
        rows = [row for row in page.rows if self.has_id(row)]
        if page.recognised and search.page == self.first_page:
            self.first_pages.add(search.keyword, [row["ad_id"] for row in rows])
        fresh = {row["ad_id"] for row in rows} - search.ad_ids
        search.ad_ids |= fresh
        yield from self.found(rows, search.keyword)
        following = self.next_request(search, page) if fresh else None
        if following is None:
            self.finish_search(search.keyword)
        else:
            yield following

    def read_page(self, answer: HtmlResponse) -> ResultPage:
        """A page of results; PageError if it is a challenge, or says that there is no such page."""
        try:
            page = self.read_results(answer)
        except Unreadable:
            # A gateway of JSON shows its challenges as pages.
            check_blocked(answer, self.blocked)
            raise
        if page.rows:
            check_title(answer)
        elif page.recognised:
            check_empty(answer)
        else:
            check_blocked(answer, self.blocked)
        if page.recognised:
            self.stats.inc_value("wildcrawl/pages_answered")
        return page

    def next_request(self, search: Search, page: ResultPage) -> Request | None:
        """The request for the page after this one, as long as there is one to ask for."""
        limit = self.pages_wanted or self.max_pages
        if search.keyword.ambiguous:
            limit = min(limit, self.ambiguous_pages)
        if not page.more:
            return None
        if search.page - self.first_page + 1 >= limit:
            self.stats.inc_value("wildcrawl/page_limits_reached")
            return None
        return self.search_request(replace(search, page=search.page + 1), page.next_url)

    def finish_search(self, keyword: Keyword) -> None:
        """Counts a keyword once all its searches have come to their end."""
        self.searches_left[keyword.term] -= 1
        if self.searches_left[keyword.term] <= 0:
            self.stats.inc_value("wildcrawl/keywords_done")

    def has_id(self, row: Row) -> bool:
        """Gives a row without the site's own id a derived one; False if it shows nothing at all."""
        if not row.get("ad_id"):
            if not (row.get("url") or row.get("title")):
                self.stats.inc_value("wildcrawl/rows_empty")
                return False
            row["ad_id"] = derive_ad_id(
                row.get("url", ""), row.get("title", ""), row.get("seller", "")
            )
            self.derived.add(row["ad_id"])
        return True

    @property
    def whole(self) -> bool:
        """Whether the run searches all that the spider's expectations are made for."""
        return not (self.keywords_wanted or self.pages_wanted)

    def ended(self, reason: str) -> None:
        """Keeps what the next run has to know, at the end of a run that ended for `reason`."""

    # Advertisements

    def shown(self, fields: Fields) -> Fields:
        """What is looked up in a result: its fields, and what a way of working needs besides."""
        return fields

    def found(self, rows: Iterable[Row], keyword: Keyword) -> Iterator[Any]:
        """What becomes of each result: first found, found by a further keyword, or known."""
        new_rows = {}
        for row in rows:
            find = self.finds.get(row["ad_id"])
            if find is None:
                new_rows[row["ad_id"]] = row
                self.finds[row["ad_id"]] = Find([keyword.term])
                self.stats.inc_value("wildcrawl/found")
                self.count_fields(row, self.fields)
            elif keyword.term not in find.keywords:
                find.keywords.append(keyword.term)
                if find.read:
                    yield Sighting(self.name, row["ad_id"], found_by=[keyword.term])
        yield from self.first_found(new_rows)

    def first_found(self, rows: dict[str, Row]) -> Iterator[Any]:
        """What becomes of results that this run has not come upon before, by their ids."""
        known = self.session.store.known(self.name, list(rows))
        passed_over = self.passed_over(rows)
        for ad_id, row in rows.items():
            if ad_id in known:
                yield self.sighting(row)
            elif ad_id in passed_over:
                self.finds[ad_id].known_as_nothing = True
                self.stats.inc_value("wildcrawl/irrelevant")
            elif self.has_own_page(row):
                yield self.detail_request(row)
            else:
                yield self.advertisement(row)

    def own_page_fields(self) -> Collection[str]:
        """What an advertisement's own page is read for; nothing: it is not fetched."""
        return self.detail

    def has_own_page(self, row: Row) -> bool:
        """Whether there is a page of the site to fetch for `detail`."""
        if not self.own_page_fields() or not (self.detail_url or row.get("url")):
            return False
        if self.detail_url or self.is_own(row["url"]):
            return True
        self.stats.inc_value("wildcrawl/details_elsewhere")
        return False

    def is_own(self, url: str) -> bool:
        """Whether an address is the site's; where a seller may lead to is never visited."""
        return registered_domain(url) in self.domains()

    def domains(self) -> set[str]:
        """The registered domains of the site's declared addresses."""
        addresses = (self.address(self.settings, url) for url in (self.home, self.search_url))
        return {registered_domain(url) for url in addresses if url}

    def passed_over(self, rows: dict[str, Row]) -> set[str]:
        """Those in which an earlier run found nothing, unless they or the rules have changed.

        Only where reading them again would cost a request.
        """
        if not self.own_page_fields():
            return set()
        marks = {ad_id: self.session.mark(row) for ad_id, row in rows.items()}
        self.session.marks.update({(self.name, ad_id): mark for ad_id, mark in marks.items()})
        return self.session.store.passed_over(self.name, marks)

    def count_fields(self, row: Row, names: Iterable[str]) -> None:
        """Counts an advertisement and its filled fields, for the judgement of the run."""
        stood_in = set(getattr(row, "stood_in", ()))
        if row.get("ad_id") in self.derived:
            stood_in.add("ad_id")
        for name in names:
            self.stats.inc_value(f"wildcrawl/field_base/{name}")
            if row.get(name) and name not in stood_in:
                self.stats.inc_value(f"wildcrawl/filled/{name}")

    def sighting(self, row: Row) -> Sighting:
        """A known advertisement: what the search page shows as fully as its own page would."""
        find = self.finds[row["ad_id"]]
        find.read = True
        shown = {
            name: value
            for name, value in row.items()
            if name not in self.own_page_fields() and name in ("title", "price")
        }
        return Sighting(self.name, row["ad_id"], found_by=list(find.keywords), **shown)

    def detail_request(self, row: Row) -> Request:
        """The request for an advertisement's own page."""
        template = self.address(self.settings, self.detail_url)
        return Request(
            template.format(ad_id=quote(row["ad_id"], safe="")) if template else row["url"],
            headers=self.headers,
            callback=self.parse_details,
            errback=self.details_failed,
            cb_kwargs={"row": row},
            meta=self.detail_meta(),
            dont_filter=True,
        )

    def parse_details(self, response: Response, row: Row) -> Iterator[Any]:
        """An advertisement's own page; what it does not show is taken from the search page."""
        self.stats.inc_value("wildcrawl/details")
        try:
            answer = readable(response, self.charset)
            details = self.read_details(answer)
            # A page that shows the title is the advertisement's, and its words are the seller's.
            if not says_anything(details) and not shows(answer, row.get("title", "")):
                check_blocked(answer, self.blocked)
        except PageError as error:
            self.skip_page(response, error)
            self.session.marks.pop((self.name, row["ad_id"]), None)
            details = {}
        names = self.own_page_fields()
        self.count_fields(details, names)
        yield self.advertisement(
            row
            | {
                name: value
                for name, value in details.items()
                if value and (name in names or not row.get(name))
            }
        )

    def advertisement(self, row: Row) -> Advertisement:
        """The advertisement of a row, with every keyword that has found it so far."""
        find = self.finds[row["ad_id"]]
        find.read = True
        return Advertisement(site=self.name, found_by=list(find.keywords), **row)

    def yields(self) -> dict[str, tuple[int, int]]:
        """How many advertisements each keyword found, and in how many of them nothing matched.

        Only keywords to which the site gave an answer, be it that it has nothing.
        """
        found: Counter[str] = Counter()
        nothing: Counter[str] = Counter()
        for ad_id, find in self.finds.items():
            found.update(find.keywords)
            if find.known_as_nothing or (self.name, ad_id) in self.session.passed_over:
                nothing.update(find.keywords)
        terms = [keyword.term for keyword in self.keywords if keyword.term in self.answered]
        return {term: (found[term], nothing[term]) for term in terms}

    # Pages

    def read_results(self, response: TextResponse) -> ResultPage:
        """Reads a page of results; a way of working knows how."""
        raise NotImplementedError

    def read_details(self, response: TextResponse) -> Row:
        """Reads an advertisement's own page; a way of working knows how."""
        raise NotImplementedError

    def shows_advertisement(self, response: TextResponse) -> bool:
        """Whether a page of the site is an advertisement's."""
        return any(self.read_details(response).values())

    def search_failed(self, failure: Failure) -> None:
        """A search page that could not be had is counted; the other keywords go on."""
        self.request_failed(failure)
        self.finish_search(failure.request.cb_kwargs["search"].keyword)  # type: ignore[attr-defined]

    def details_failed(self, failure: Failure) -> Iterator[Any]:
        """An advertisement whose page could not be had is kept as the search page shows it."""
        self.stats.inc_value("wildcrawl/details_failed")
        row = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        self.session.marks.pop((self.name, row["ad_id"]), None)
        if not self.is_forbidden(failure):
            self.request_failed(failure)
        elif self.stats.get_value("wildcrawl/details_failed") == 1:
            self.logger.warning(
                "robots.txt forbids the pages of advertisements; they are kept as the search "
                "shows them"
            )
        yield self.advertisement(row)
