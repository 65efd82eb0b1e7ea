"""Snapshot of a site: one page of results and one own page, fetched like its spider does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.statscollectors import MemoryStatsCollector

from wildcrawl.base_spiders.block_detection import check_blocked
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.extraction import Row, Search, says_anything
from wildcrawl.base_spiders.own_words import words_of
from wildcrawl.base_spiders.page_advice import (
    advice_on_unread,
    doubt_about_end,
    doubt_about_words,
    doubts_about,
    price_as_read,
)
from wildcrawl.base_spiders.responses import PageError, Unreadable, readable

if TYPE_CHECKING:
    from twisted.python.failure import Failure

LONGEST = 40
"""Maximum number of characters of a value that a comparison shows."""


@dataclass(frozen=True)
class PageReading:
    """The rows that a spider reads from a page; `problem` says why, if it reads none.

    `fields` are those that the spider declares.
    """

    rows: list[Row]
    fields: list[str]
    problem: str = ""
    advice: tuple[str, ...] = ()
    """What the page holds besides, and what seems wrong."""
    filled: dict[str, int] = field(init=False)
    """Field to the number of rows that have it."""

    def __post_init__(self) -> None:
        names = [*self.fields, *(name for row in self.rows for name in row)]
        filled = {name: sum(bool(row.get(name)) for row in self.rows) for name in names}
        object.__setattr__(self, "filled", filled)


def site_spider(site: type[CrawledSite], settings: Settings) -> CrawledSite:
    """The site's spider, for reading pages only; it sends no request and opens no store."""
    crawler = Crawler(site, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    return site.from_crawler(crawler)


def read_results(spider: CrawledSite, response: Response) -> PageReading:
    """The advertisements on a page of results."""
    names = list(spider.fields)
    try:
        answer = readable(response, spider.charset)
    except PageError as error:
        return PageReading([], names, str(error))
    try:
        page = spider.read_page(answer)
    except Unreadable as error:
        return PageReading([], names, str(error), tuple(advice_on_unread(spider, answer)))
    except PageError as error:
        return PageReading([], names, str(error))
    if not page.recognised:
        why = "the page shows neither advertisements nor an empty result"
        return PageReading([], names, why, tuple(advice_on_unread(spider, answer)))
    problem = "" if page.rows else "the site found nothing"
    words = page.words if page.rows or spider.in_data else words_of(answer)
    doubts = (
        *doubts_about(page.rows),
        doubt_about_end(spider, answer, page),
        doubt_about_words(words),
    )
    return PageReading(page.rows, names, problem, tuple(filter(None, doubts)))


def read_details(spider: CrawledSite, response: Response) -> PageReading:
    """An advertisement's own page, as one row."""
    names = list(spider.own_page_fields())
    try:
        answer = readable(response, spider.charset)
        details = spider.read_details(answer)
        if not says_anything(details):
            check_blocked(answer, spider.blocked)
            return PageReading([], names, "the page shows no advertisement")
    except PageError as error:
        return PageReading([], names, str(error))
    return PageReading([details], names)


def saved_response(spider: CrawledSite, path: Path) -> Response:
    """A saved page as a response of the site."""
    url = spider.address(spider.settings, spider.home)
    return Response(url, body=path.read_bytes(), request=Request(url))


def differences(before: PageReading, after: PageReading) -> list[str]:
    """The differences between two readings, in lines: problems, counts, fields."""
    lines = []
    if before.problem != after.problem:
        lines.append(f"before: {before.problem or 'readable'}; now: {after.problem or 'readable'}")
    if len(before.rows) != len(after.rows):
        lines.append(f"advertisements: {len(before.rows)} before, {len(after.rows)} now")
    for name in before.filled | after.filled:
        was, is_now = before.filled.get(name, 0), after.filled.get(name, 0)
        word = {(True, False): "LOST ", (False, True): "new  "}.get((bool(was), bool(is_now)), "")
        share_was, share_now = _share(was, before.rows), _share(is_now, after.rows)
        if word or abs(share_was - share_now) > 0.2:
            lines.append(
                f"{word or 'other'} {name}: filled in {was} of {len(before.rows)} before, "
                f"in {is_now} of {len(after.rows)} now{_example(after.rows, name)}"
            )
    return lines


def summary(reading: PageReading) -> list[str]:
    """A reading in lines: advertisements, how often each field is filled, examples."""
    lines = [reading.problem] if reading.problem else []
    lines.append(f"advertisements: {len(reading.rows)}")
    lines += [
        f"{name}: {count} of {len(reading.rows)}{_example(reading.rows, name)}"
        for name, count in reading.filled.items()
    ]
    return lines + [f"note: {line}" for line in reading.advice]


def _share(filled: int, rows: Sequence[Row]) -> float:
    return filled / len(rows) if rows else 0.0


def _example(rows: Sequence[Row], name: str) -> str:
    value = next((row[name] for row in rows if row.get(name)), "")
    text = " ".join(value) if isinstance(value, list) else str(value)
    if not text:
        return ""
    counted = f", counted as {price_as_read(text)}" if name == "price" else ""
    return f", for example {text[:LONGEST]}{'…' if len(text) > LONGEST else ''}{counted}"


RESULTS, DETAILS = "results", "details"


@dataclass(frozen=True)
class Recorded:
    """A page as it was received, and what the spider read from it."""

    url: str
    body: bytes
    reading: PageReading


class RecordingSpider(CrawledSite):
    """Mixin before a site's own spider, whose requests it makes; nothing is stored."""

    phrase: ClassVar[str] = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pages: dict[str, Recorded] = {}
        self.problems: list[str] = []

    async def start(self) -> AsyncIterator[Any]:
        try:
            self.reserve()
            request = self.sample_request(self.phrase)
        except ValueError as error:
            self.problems.append(str(error))
            return
        if request.callback != getattr(self, "parse_form", None):
            request = self.for_results(request)
        for first in self.after_visit([request]):
            yield first.replace(errback=self.failed)

    def for_results(self, request: Request) -> Request:
        """A request for a page of results, which is recorded and not searched on."""
        return request.replace(callback=self.results_came, errback=self.failed, cb_kwargs={})

    def parse_form(self, response: Response, search: Search) -> Iterator[Request]:
        """Sends the form of a page, and records the answer."""
        for request in super().parse_form(response, search):  # type: ignore[misc]
            yield self.for_results(request)

    def skip_page(self, response: Response, error: PageError) -> None:
        self.problems.append(f"{response.url}: {error}")

    def count_unread(
        self,
        stat: str,  # noqa: ARG002
        url: str,  # noqa: ARG002
        why: str,
        request: Request | None = None,  # noqa: ARG002
    ) -> None:
        self.problems.append(why)

    def request_failed(self, failure: Failure) -> None:
        self.failed(failure)

    def results_came(self, response: Response) -> Iterator[Request]:
        """Records a page of results, then requests an advertisement's own page."""
        reading = read_results(self, response)
        self.keep(RESULTS, response, reading)
        challenge = self.challenge(response)
        if challenge:
            self.problems.append(challenge)
        for row in likeliest_first(reading.rows, self.phrase) if not challenge else []:
            if self.has_id(row) and self.has_own_page(row):
                yield self.detail_request(row).replace(
                    callback=self.details_came, errback=self.failed, cb_kwargs={}
                )
                return

    def details_came(self, response: Response) -> None:
        """Records an advertisement's own page."""
        self.keep(DETAILS, response, read_details(self, response))

    def keep(self, kind: str, response: Response, reading: PageReading) -> None:
        """Records a page, and the data that it fetched in a browser."""
        self.pages[kind] = Recorded(response.url, response.body, reading)
        for text in response.meta.get("answers", ())[:1]:
            self.pages[f"{kind}-data"] = Recorded(response.url, text.encode(), reading)

    def failed(self, failure: Failure) -> None:
        """Records why a page could not be fetched."""
        url = failure.request.url  # type: ignore[attr-defined]
        if self.is_forbidden(failure):
            why = "robots.txt forbids it; search by hand with a worksheet"
        elif isinstance(failure.value, HttpError):
            status = failure.value.response.status
            why = f"the site answers with status {status}; open the address, and check search_url"
        else:
            why = failure.getErrorMessage() or str(failure.type)
        self.problems.append(f"{url}: {why}")


def likeliest_first(rows: Sequence[Row], phrase: str) -> list[Row]:
    """The rows, first those whose title has `phrase`: others may be promoted, or a board's rules.

    >>> likeliest_first([{"title": "版规"}, {}, {"title": "出象牙手镯"}], "象牙")
    [{'title': '出象牙手镯'}, {'title': '版规'}, {}]
    """
    return sorted(rows, key=lambda row: phrase not in str(row.get("title") or ""))


def recording_spider(site: type[CrawledSite], phrase: str) -> type[RecordingSpider]:
    """The spider that searches for `phrase` once, with the requests of the site's own."""
    made = type(f"Record{site.__name__}", (RecordingSpider, site), {"phrase": phrase})
    return cast("type[RecordingSpider]", made)
