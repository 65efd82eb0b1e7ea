"""CrawledSite: a site whose pages are fetched and read; turns rows into advertisements."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from wildcrawl import __version__
from wildcrawl.analysis.domains import registered_domain
from wildcrawl.analysis.ids import Damage, damage_of
from wildcrawl.base_spiders.block_detection import (
    check_blocked,
    check_empty,
    check_over_results,
    check_title,
)
from wildcrawl.base_spiders.copies import CopiesDetector
from wildcrawl.base_spiders.declarations import check_declarations
from wildcrawl.base_spiders.derived_ids import DerivedIdsDetector, RenewedIdsDetector
from wildcrawl.base_spiders.empty_cards import EmptyCards
from wildcrawl.base_spiders.extraction import (
    Fields,
    ResultPage,
    Row,
    says_anything,
)
from wildcrawl.base_spiders.failures import FailureCounting
from wildcrawl.base_spiders.left_out_words import LeftOutWords
from wildcrawl.base_spiders.own_titles import OwnTitlesDetector
from wildcrawl.base_spiders.pager import MOST_LINKS
from wildcrawl.base_spiders.pager_numbers import Pager
from wildcrawl.base_spiders.responses import (
    NO_CONTENT,
    Blocked,
    PageError,
    Unreadable,
    readable,
    shows,
)
from wildcrawl.base_spiders.shared_ids import SharedIdsDetector
from wildcrawl.base_spiders.single_hits import SingleHits
from wildcrawl.base_spiders.site import FIXED
from wildcrawl.base_spiders.stated_totals import NamedTotals
from wildcrawl.base_spiders.unread_boxes import UnreadBoxes
from wildcrawl.crawl.due_pages import DuePages
from wildcrawl.crawl.middlewares import SiteClosed
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import Stat
from wildcrawl.crawl.stopping import DownloadStopped
from wildcrawl.items import Advertisement, Sighting
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

T = TypeVar("T")

GONE = (404, 410)
"""Status codes of an own page that does not exist; asked once more, since sites err in that."""
MANY_WAIT = 1_000
"""Rows left at the end of a run from which on storing them takes a moment that is announced."""
VISITED = "visited_again"
"""Key of a request's meta: whether the first visit was repeated for it."""
MOST_VAIN_VISITS = 3
"""Repeated first visits without effect, after which none is made."""


class CrawledSite(FailureCounting):
    """A site whose pages are read automatically: those of a search, or those of a forum's boards.

    A way of working overrides `first_requests`, `read_results` and `read_details`.
    """

    automated = True

    def __init__(self, **kwargs: Any) -> None:
        check_declarations(type(self))
        super().__init__(**kwargs)
        self.derived: set[str] = set()
        """Ids that were derived, since the site shows none."""
        self.derived_ids = DerivedIdsDetector()
        self.renewed_ids = RenewedIdsDetector()
        self.copies = CopiesDetector()
        self.shared_ids = SharedIdsDetector()
        self.unread_boxes = UnreadBoxes()
        self.empty_cards = EmptyCards()
        self.single_hits = SingleHits()
        self.left_out = LeftOutWords()
        self.named_totals = NamedTotals()
        self.frames: dict[str, str] = {}
        """Phrase to the address of a frame in its first page that asks for the phrase."""
        self.own_titles = OwnTitlesDetector()
        self.lacking = ""
        """Sentence: that the site lacks a declared form or first visit; "" while it has them."""
        self.overfull_pages: dict[tuple[str, bytes], int] = {}
        """Address and posted body of a page to its number of results beyond `max_results`."""
        self.crowded_pages: dict[str, int] = {}
        """Address of a page to its number of links, of which only some are looked at."""
        self.empty_is_none = False
        """Whether an answer without a byte is a page without results."""
        self.waiting: dict[str, Row] = {}
        """Rows by ad_id of which no item was made yet, most since they wait for their own page."""
        self.misread: set[str] = set()
        """Ids of those whose own page has arrived, and was not read."""
        self.vain_visits = 0
        """Repeated first visits after which no page could be read."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        contact = settings.get("WILDCRAWL_CONTACT")
        if contact:
            agent = f"wildcrawl/{__version__} (wildlife trade monitoring; {contact})"
            settings.set("USER_AGENT", agent, priority="spider")
        if not cls.verify_certificates:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")
        given = settings.getfloat("DOWNLOAD_DELAY")
        if cls.pace > given:
            if (settings.getpriority("DOWNLOAD_DELAY") or 0) > SETTINGS_PRIORITIES["spider"]:
                logger.warning(
                    "%s declares %g seconds between two requests, which are kept: DOWNLOAD_DELAY "
                    "can lengthen them, and is %g",
                    cls.name, cls.pace, given,
                )  # fmt: skip
            settings.set("DOWNLOAD_DELAY", cls.pace, priority=FIXED)

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        """Raises ValueError for what would stop a crawl: what stops any site, or no contact."""
        super().check(settings, arguments)
        if cls.demo or arguments.get("worksheet"):
            return
        if not settings.get("WILDCRAWL_CONTACT"):
            raise ValueError(
                f"{cls.name} is a real site: set WILDCRAWL_CONTACT to an address where its "
                "operator reaches you, for example WILDCRAWL_CONTACT=monitoring@example.org"
            )

    async def start(self) -> AsyncIterator[Any]:
        if self.worksheet:
            async for ad in super().start():
                yield ad
            return
        self.stats.set_value(Stat.KEYWORDS, len(self.keywords))
        requests = []
        for output in self.resume():
            if isinstance(output, Request):
                requests.append(output)
            else:
                yield output
        for request in self.after_visit(chain(requests, self.first_requests())):
            yield request

    def resume(self) -> Iterable[Any]:
        """The items and requests of what an unfinished run of the month has searched."""
        return ()

    def after_visit(self, requests: Iterable[Request]) -> Iterator[Request]:
        """`requests`; if a first visit is declared, its request, whose answer they wait for."""
        if not self.first_visit:
            yield from requests
            return
        yield Request(
            self.address(self.settings, self.first_visit),
            headers=self.headers,
            callback=self.parse_visit,
            errback=self.request_failed,
            cb_kwargs={"requests": requests},
            dont_filter=True,
        )

    def parse_visit(self, response: Response, requests: Iterable[Request]) -> Iterator[Any]:
        """Goes on with `requests` if the visited page has set a cookie."""
        try:
            check_title(readable(response, self.charset))
        except Blocked as error:
            self.skip_page(response, error)
            return
        except PageError:
            # Only its cookie counts.
            pass
        sent = response.request.headers.get("Cookie") if response.request else None
        if not (sent or response.headers.getlist("Set-Cookie")):
            self.lacking = f"the first visit to {response.url} set no cookie; check 'first_visit'"
            self.count_unread(Stat.PAGES_UNRECOGNISED, response.url, self.lacking)
            return
        yield from requests

    def may_visit_again(self, response: Response) -> bool:
        """Whether a page may be unreadable because the session of the first visit has ended."""
        sent = response.request
        return bool(
            self.first_visit
            and sent is not None
            and sent.method == "GET"
            and not sent.meta.get(VISITED)
            and self.vain_visits < MOST_VAIN_VISITS
        )

    def visit_again(self, response: Response) -> Request:
        """The first visit once more, and after it the request that `response` answered."""
        sent = response.request
        assert sent is not None
        self.vain_visits += 1
        self.logger.info("%s shows no results; %s is visited again", response.url, self.first_visit)
        url = sent.meta.get("redirect_urls", [sent.url])[0]
        again = sent.replace(url=url, meta={**self.request_meta(), VISITED: True}, priority=20)
        (visit,) = self.after_visit([again])
        return visit.replace(priority=20)

    def first_requests(self) -> Iterator[Request]:
        """The requests with which a crawl begins; a way of working implements it."""
        raise NotImplementedError

    def sample_request(self, phrase: str) -> Request:
        """The request for one page of results, to be saved; ValueError if it cannot be made.

        `phrase` is the text to search for; a way of working implements it.
        """
        raise NotImplementedError

    def reserve(self) -> None:
        """Reserves what a crawl needs exclusively; ValueError if another process holds it."""

    def challenge(self, response: Response) -> str:  # noqa: ARG002
        """A sentence about a challenge laid over a page and not in its text; else ""."""
        return ""

    def request_meta(self) -> dict[str, Any]:
        """The `meta` that a way of working adds to its requests for search results."""
        return {}

    def detail_meta(self) -> dict[str, Any]:
        """The `meta` that a way of working adds to its requests for an advertisement's own page."""
        return {}

    def read_answer(self, response: Response) -> tuple[HtmlResponse, ResultPage]:
        """A response decoded, and the page of results that it holds; PageError as `read_page`."""
        no_content = response.status == NO_CONTENT or self.empty_is_none
        if no_content and not response.body.strip():
            none = ResultPage([], more=False, recognised=False, bare=True)
            return response.replace(cls=HtmlResponse, body=b"", encoding="utf-8"), none
        answer = readable(response, self.charset)
        page = self.read_page(answer)
        page.body = hash(response.body)
        return answer, page

    def read_page(self, answer: HtmlResponse) -> ResultPage:
        """Reads a page of results; PageError if it is a challenge or a soft 404."""
        self.count_guess(answer)
        self.shared_ids.new_page()
        try:
            page = self.read_results(answer)
        except Unreadable:
            # A JSON API shows its challenges as HTML pages.
            check_blocked(answer, self.blocked)
            raise
        page.rows = self.first_results(answer, page.rows)
        if page.rows:
            check_title(answer)
            check_over_results(page.words.own, self.blocked)
        elif page.recognised:
            check_empty(answer, self.blocked)
        else:
            check_blocked(answer, self.blocked)
        if page.recognised:
            self.stats.inc_value(Stat.PAGES_ANSWERED)
            if answer.request is not None and answer.meta.get(VISITED):
                self.vain_visits = 0
        return page

    def promises_more(self, answer: HtmlResponse, page: ResultPage, number: int) -> bool:  # noqa: ARG002
        """Whether page `number` of a list, from 1, itself shows that there is a further one."""
        return page.promised

    def pager_of(self, answer: HtmlResponse, page: ResultPage, template: str) -> Pager:  # noqa: ARG002
        """The pager of a page of a list, with addresses like `template`, which has {page}."""
        return Pager()

    # Advertisements

    def has_id(self, row: Row) -> bool:
        """Gives a row its id in one spelling, derived if it has none; False if the row is empty.

        A number that JSON holds as an inexact float is not an id.
        """
        derived = self.identify(row)
        if derived is None:
            self.stats.inc_value(Stat.ROWS_EMPTY)
            return False
        if derived:
            self.derived.add(row["ad_id"])
        self.shared_ids.add(row, derived=row["ad_id"] in self.derived)
        return True

    def identify(self, row: Row) -> bool | None:
        """Gives a row its id; whether that is derived, or None if the row is empty."""
        row["ad_id"] = self.session.spelled_id(self.name, row.get("ad_id") or "")
        if damage_of(row["ad_id"]) == Damage.SCIENTIFIC:
            row["ad_id"] = ""
        if row["ad_id"]:
            return False
        if not (row.get("url") or row.get("title")):
            return None
        row["ad_id"] = self.session.derived_id(
            self.name, row.get("url", ""), row.get("title", ""), row.get("seller", "")
        )
        return True

    def shown(self, fields: Fields) -> Fields:
        """The fields to look up in a result; a way of working may add its own."""
        return fields

    def first_found(self, rows: dict[str, Row]) -> Iterator[Any]:
        """The items and requests for rows, by ad_id, that are new to this run."""
        for ad_id, row in rows.items():
            self.derived_ids.add(row, derived=ad_id in self.derived)
            self.copies.add(row, derived=ad_id in self.derived)
        known = self.session.store.known(self.name, list(rows))
        self.renewed_ids.add(rows, known)
        # Until an advertisement's own page is read, another crawl may have stored it.
        self.session.unstored = frozenset() if self.own_page_fields() else rows.keys() - known
        unmatched = self.unmatched_before(
            {ad_id: row for ad_id, row in rows.items() if ad_id not in known}
        )
        due = self.due_pages.among(rows) if rows and self.own_page_fields() else set()
        self.waiting |= {ad_id: row for ad_id, row in rows.items() if ad_id not in unmatched}
        for ad_id, row in rows.items():
            if ad_id in due and self.has_own_page(row):
                yield self.detail_request(row)
            elif ad_id in known:
                yield self.sighting(row)
            elif ad_id in unmatched:
                self.stats.inc_value(Stat.UNMATCHED)
            elif self.has_own_page(row):
                yield self.detail_request(row)
            else:
                yield self.advertisement(row)

    def not_found(self, rows: dict[str, Row]) -> None:
        """Takes back what was counted for rows whose page is asked for again."""
        for ad_id, row in rows.items():
            if not self.finds[ad_id].read:
                del self.finds[ad_id]
                self.stats.inc_value(Stat.FOUND, -1)
                self.count_fields(row, self.fields, -1)

    def own_page_fields(self) -> Collection[str]:
        """The fields to read on an advertisement's own page; none: it is not fetched."""
        return self.detail

    def has_own_page(self, row: Row) -> bool:
        """Whether the advertisement has a page on the site to fetch for `detail`."""
        if not self.own_page_fields() or not (self.detail_url or row.get("url")):
            return False
        if self.detail_url or self.is_own(row["url"]):
            return True
        self.stats.inc_value(Stat.DETAILS_ELSEWHERE)
        return False

    def is_own(self, url: str) -> bool:
        """Whether an address is the site's own; sellers' links to other sites are never visited."""
        return registered_domain(url) in self.domains()

    def domains(self) -> set[str]:
        """The registered domains of the site's declared addresses."""
        addresses = (self.address(self.settings, url) for url in (self.home, self.search_url))
        return {registered_domain(url) for url in (*addresses, *self.further_domains) if url}

    @classmethod
    def declared_addresses(cls, settings: BaseSettings) -> list[str]:
        """The addresses that the site declares; pages of other domains are never requested."""
        declared = (
            cls.home, cls.search_url, cls.page_url, cls.first_visit, cls.detail_url,
            cls.ambiguous_url, getattr(cls, "entry", ""),
        )  # fmt: skip
        addresses = (cls.address(settings, url) for url in declared if url)
        return [*addresses, *(f"https://{domain}/" for domain in cls.further_domains)]

    def unmatched_before(self, rows: dict[str, Row]) -> set[str]:
        """Ids of rows that were unmatched in an earlier run, if neither they nor the rules changed.

        Only where reading them again would cost a request; else empty.
        """
        if not self.own_page_fields():
            return set()
        return self.session.unmatched.known(rows, self.session.store)

    def count_fields(self, row: Row, names: Iterable[str], count: int = 1) -> None:
        """Counts an advertisement and its filled fields, for the health of the run."""
        self.count_rows([row], names, count)

    def count_rows(self, rows: Iterable[Row], names: Iterable[str], count: int = 1) -> None:
        """As `count_fields`, for several advertisements at a time, which is faster."""
        counts: Counter[str] = Counter()
        for row in rows:
            stood_in = set(getattr(row, "stood_in", ()))
            if row.get("ad_id") in self.derived:
                stood_in.add("ad_id")
            for name in names:
                counts[Stat.FIELD_BASE + name] += count
                if row.get(name) and name not in stood_in:
                    counts[Stat.FILLED + name] += count
        for stat, number in counts.items():
            self.stats.inc_value(stat, number)

    def sighting(self, row: Row) -> Sighting:
        """A sighting of a known advertisement, with what the search page shows in full."""
        find = self.finds[row["ad_id"]]
        find.read = True
        self.waiting.pop(row["ad_id"], None)
        own = self.own_page_fields()
        names = ["title", "price"]
        # One picture beside a result does not replace the number on the advertisement's page.
        if "images" not in own:
            names.append("image_urls")
        fields = {name: row[name] for name in names if name in row and name not in own}
        return Sighting(self.name, row["ad_id"], found_by=list(find.keywords), **fields)

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
        """Reads an advertisement's own page; fields it lacks are taken from the search page."""
        self.stats.inc_value(Stat.DETAILS)
        self.misread.add(row["ad_id"])
        try:
            answer = readable(response, self.charset)
            self.count_guess(answer)
            details = self.read_details(answer)
            # A page that shows the title is the advertisement's, so its words are the seller's.
            if not says_anything(details) and not shows(answer, row.get("title", "")):
                check_blocked(answer, self.blocked)
        except PageError as error:
            self.page_is_due(row)
            self.skip_page(response, error)
            details = {}
        else:
            self.page_is_read(row)
        self.misread.discard(row["ad_id"])
        names = self.own_page_fields()
        self.count_fields(details, names)
        self.own_titles.add(str(row.get("title") or ""), str(details.get("title") or ""))
        yield self.advertisement(
            row
            | {
                name: value
                for name, value in details.items()
                if value and (name in names or not row.get(name))
            }
        )

    def page_is_due(self, row: Row) -> None:
        """Records that an advertisement's own page is to be asked for again by a later run."""
        self.session.unmatched.forget(row["ad_id"])
        if self.session.has_store:
            self.due_pages.failed(row["ad_id"])

    def page_is_missing(self, row: Row) -> None:
        """Records that the site says of an own page that it does not exist."""
        self.session.unmatched.forget(row["ad_id"])
        if self.session.has_store:
            self.due_pages.missing(row["ad_id"])

    def pages_not_asked(self, rows: Iterable[Row]) -> None:
        """Records own pages that are due, and that this run did not ask for."""
        ad_ids = [row["ad_id"] for row in rows]
        for ad_id in ad_ids:
            self.session.unmatched.forget(ad_id)
        if ad_ids and self.session.has_store:
            self.due_pages.not_asked(ad_ids)

    def page_is_read(self, row: Row) -> None:
        """Records that an advertisement's own page need not be asked for again."""
        if self.session.has_store:
            self.due_pages.read(row["ad_id"])

    def as_shown(self) -> Iterator[Any]:
        """The items of rows that the end of the run has left without one, as the search shows them.

        Their own pages remain due.
        """
        rows, self.waiting = self.waiting, {}
        if not rows:
            # Visits without a search have no store.
            return
        if len(rows) >= MANY_WAIT:
            self.logger.info("%d advertisements that wait for their own page are stored", len(rows))
        try:
            known = self.session.store.known(self.name, list(rows))
        except StoreError:
            # The pipelines save what the store does not take.
            known = set()
        fresh = [row for ad_id, row in rows.items() if ad_id not in known]
        for ad_id in self.misread & rows.keys():
            self.page_is_due(rows[ad_id])
        self.pages_not_asked(
            row for row in fresh if row["ad_id"] not in self.misread and self.has_own_page(row)
        )
        for ad_id, row in rows.items():
            yield self.sighting(row) if ad_id in known else self.advertisement(row)

    def advertisement(self, row: Row) -> Advertisement:
        """The advertisement of a row, with all keywords that have found it so far."""
        find = self.finds[row["ad_id"]]
        find.read = True
        self.waiting.pop(row["ad_id"], None)
        return Advertisement(site=self.name, found_by=list(find.keywords), **row)

    @cached_property
    def due_pages(self) -> DuePages:
        return DuePages(self.name, self.session.store, self.session.unmatched)

    def ended(self, reason: str) -> None:
        super().ended(reason)
        if self.own_page_fields():
            self.due_pages.save(whole=self.searched_all(reason))

    def searched_all(self, reason: str) -> bool:
        """Whether the run looked for every advertisement of the site, and so missed none."""
        return self.whole and reason == "finished" and not self.stats.get_value(Stat.PAGES_UNREAD)

    def due_note(self) -> str:
        """How many own pages wait for a later run, as a sentence; "" if none, or unknown."""
        if not self.own_page_fields() or not self.session.has_store:
            return ""
        try:
            return self.due_pages.note(whole=False)
        except StoreError:
            return ""

    def renewed(self) -> str:
        """A sentence if the site's ids changed since earlier runs, else "", or if unknown."""
        if not self.session.has_store:
            return ""
        try:
            return self.renewed_ids.message(self.session.store.addresses(self.name))
        except StoreError:
            return ""

    def run_report(self) -> RunReport:
        report = super().run_report()
        report = replace(report, lacking=self.lacking, pages_due=self.due_note())
        ids = self.derived_ids
        renewed = self.renewed()
        if self.renewed_ids.has_own(self.derived) and not self.renewed_ids.whole:
            # Sellers may have listed the same goods anew.
            report = replace(report, notes=(*report.notes, *filter(None, [renewed])))
            renewed = ""
        if shared := self.shared_ids.message() or self.own_titles.message() or renewed:
            return replace(report, doubtful_ids=shared)
        few = self.shared_ids.few()
        single = () if few else (self.shared_ids.note(),)
        report = replace(
            report, unread=report.unread or few, notes=(*report.notes, *filter(None, single))
        )
        if self.fields.get("ad_id") or self.patterns.get("ad_id"):
            doubt = ids.repeated() or ids.unread()
            notes = () if doubt or not ids.some() else (ids.some(),)
            return replace(report, doubtful_ids=doubt, notes=(*report.notes, *notes))
        doubt = ids.repeated()
        notes = () if doubt or not ids.note() else (ids.note(),)
        return replace(report, doubtful_ids=doubt, notes=(*report.notes, *notes))

    # Pages

    def read_results(self, response: TextResponse) -> ResultPage:
        """Reads a page of results; a way of working implements it."""
        raise NotImplementedError

    def look_beside(self, response: TextResponse, phrase: str) -> None:
        """Counts what is beside the results of a page and is not read, where that shows."""

    def compare_form(self, page: ResultPage, phrase: str, *, further: bool) -> None:
        """Records the form of the last answer, where it may differ; `further`: of a later page."""

    def look_past_the_end(self, response: TextResponse) -> None:
        """Records what a page without results after the last one says, where that shows."""

    def look_within(self, response: TextResponse, phrase: str, rows: list[Row]) -> None:
        """Counts what the results on a first page show and was not read, where that shows."""

    def unread_beside(self) -> str:
        """A sentence if many results that stand beside those read were not, else ""."""
        return (
            self.beyond_limits()
            or self.unread_boxes.message()
            or self.empty_cards.message()
            or self.left_out.message()
        )

    def beside_note(self) -> str:
        """A sentence about results that a site shows without content, else ""."""
        return ""

    def first_results(self, response: Response, found: list[T]) -> list[T]:
        """What a page shows, up to `max_results`; the others are counted and not read."""
        number = getattr(found, "total", len(found))
        beyond = number - self.max_results
        if beyond <= 0:
            return found
        page = (response.url, response.request.body if response.request else b"")
        if not self.overfull_pages:
            self.logger.warning(
                "%s shows %d results, of which %d are read", page[0], number, self.max_results
            )
        self.overfull_pages[page] = max(beyond, self.overfull_pages.get(page, 0))
        return found[: self.max_results]

    def beyond_limits(self) -> str:
        """A sentence if pages show more than is read of one page, else ""."""
        if self.overfull_pages:
            number = len(self.overfull_pages)
            return (
                f"{sum(self.overfull_pages.values())} more results were on {number} "
                f"{'page' if number == 1 else 'pages'} and not read; at most {self.max_results} "
                "of a page are (max_results)"
            )
        if self.crowded_pages:
            return (
                f"a page has {max(self.crowded_pages.values())} links, of which only the first and "
                f"the last {MOST_LINKS // 2} were searched for one to a further page"
            )
        return ""

    def read_details(self, response: TextResponse) -> Row:
        """Reads an advertisement's own page; a way of working implements it."""
        raise NotImplementedError

    def shows_advertisement(self, response: TextResponse) -> bool:
        """Whether a page of the site is an advertisement's own page."""
        return any(self.read_details(response).values())

    def details_failed(self, failure: Failure) -> Iterator[Any]:
        """Keeps an advertisement whose page could not be fetched as the search page shows it."""
        self.stats.inc_value(Stat.DETAILS_FAILED)
        row = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        response = getattr(failure.value, "response", None)
        if self.is_forbidden(failure):
            self.session.unmatched.forget(row["ad_id"])
            self.page_is_read(row)
        elif isinstance(failure.value, SiteClosed | DownloadStopped):
            self.pages_not_asked([row])
        elif response is not None and response.status in GONE and not self.refusal(response):
            self.page_is_missing(row)
        else:
            self.page_is_due(row)
        if not self.is_forbidden(failure):
            self.request_failed(failure)
        elif self.stats.get_value(Stat.DETAILS_FAILED) == 1:
            self.logger.warning(
                "robots.txt forbids the pages of advertisements; they are kept as the search "
                "shows them"
            )
        yield self.advertisement(row)
