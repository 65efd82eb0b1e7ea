"""Received answers of a site, as they came over the wire, kept until their pages are read."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

from wildcrawl.crawl.card_shots import Shot, TakenShot
from wildcrawl.crawl.embedded_hosts import embedded_hosts
from wildcrawl.crawl.evidence_settings import Level, level_of
from wildcrawl.items import Advertisement

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from wildcrawl.evidence.archive import Kept

PICTURE = "wildcrawl_picture"
"""Key in the `meta` of a request for a picture, and of one for the rules of its host."""
SCREENSHOT = "wildcrawl_screenshot"
"""Key in the `meta` of a request in a browser: the page method whose result is a screenshot."""

Headers = tuple[tuple[str, str], ...]


@dataclass(eq=False)
class Received:
    """An answer and its request; `body` is compressed if it came so.

    The order and the case of headers are Scrapy's.
    """

    url: str
    status: int
    headers: Headers
    body: bytes
    at: datetime
    method: str = "GET"
    request_headers: Headers = ()
    request_body: bytes = b""
    rendered: bool = False
    """Whether `body` is the document that a browser has made of the answer."""
    shot: Shot = field(default_factory=Shot)
    """The page as the browser showed it, and its cards; empty without a browser."""
    taken: TakenShot | None = None
    """`shot` with its cards cut out, once that is done."""
    content: bytes = field(default=b"", repr=False)
    """The body without its compression."""
    ip: str = ""
    """The address of the server; "" if it is not known."""
    kept: Kept | None = None
    """Where its record is kept; None if none was made yet."""
    ad_ids: list[str] = field(default_factory=list)
    """Ids of the advertisements that were read from it so far."""
    waiting: int = 0
    """Advertisements of it that wait for their capture."""

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts from which the page takes its pictures."""
        # Latin-1 keeps every byte, and addresses are ASCII in every charset but UTF-16.
        wide = self.content[:2] in (BOM_UTF16_LE, BOM_UTF16_BE)
        text = self.content.decode("utf-16" if wide else "latin-1", "replace")
        return embedded_hosts(text, self.url)


class ReceivedAnswers:
    """The answers of one crawl by their requests; each is dropped with its request."""

    def __init__(self) -> None:
        self._answers: WeakKeyDictionary[Request, Received] = WeakKeyDictionary()

    @classmethod
    def of(cls, crawler: Crawler) -> ReceivedAnswers:
        """The answers of `crawler`, which are kept from the first call on."""
        answers = _ANSWERS.get(crawler)
        if answers is None:
            answers = _ANSWERS[crawler] = cls()
            crawler.signals.connect(answers.keep, signals.response_downloaded)
        return answers

    def keep(self, response: Response, request: Request) -> None:
        """Keeps an answer before any middleware decodes it."""
        self._answers[request] = Received(
            url=response.url,
            status=response.status,
            headers=_pairs(response.headers),
            body=response.body,
            at=datetime.now(UTC),
            method=request.method,
            request_headers=_pairs(request.headers),
            request_body=request.body,
            ip=str(response.ip_address or ""),
            rendered=bool(request.meta.get("playwright")),
            shot=getattr(request.meta.get(SCREENSHOT), "result", None) or Shot(),
        )

    def get(self, response: Response) -> Received | None:
        """The answer that `response` was made of; None if it was not downloaded."""
        received = self._answers.get(response.request) if response.request is not None else None
        if received is not None:
            received.content = response.body
        return received


_ANSWERS: WeakKeyDictionary[Crawler, ReceivedAnswers] = WeakKeyDictionary()


class ReceivedMiddleware(BaseSpiderMiddleware):
    """Spider middleware that gives each advertisement the answer that it was read from."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        if level_of(crawler.settings) == Level.OFF:
            raise NotConfigured
        self.answers = ReceivedAnswers.of(crawler)

    def get_processed_item(self, item: Any, response: Response | None) -> Any:
        """The item; items of other types than Advertisement have no place for the answer."""
        if isinstance(item, Advertisement) and response is not None and item.received is None:
            received = self.answers.get(response)
            if received is not None:
                received.ad_ids.append(item.ad_id)
            item.received = received
        return item


def _pairs(headers: Any) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )


def picture_meta() -> dict[str, Any]:
    """The `meta` of a request for a picture, and of one for the robots.txt of its host."""
    return {PICTURE: True, "dont_retry": True}
