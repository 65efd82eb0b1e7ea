"""Downloader middlewares: a throttle for the whole site, and Retry-After."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import escape
from typing import Self

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import HtmlResponse, Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from wildcrawl.crawl.installed import installed
from wildcrawl.crawl.received import PICTURE
from wildcrawl.months import CHINA

FORBIDDEN = "Forbidden by robots.txt"
"""Scrapy's message, which distinguishes this from other requests that are not sent."""


logger = logging.getLogger(__name__)


class SiteClosed(IgnoreRequest):
    """Raised for a request that is not sent, since the site refused further requests."""


class SiteThrottleMiddleware:
    """Per-site throttle: one request at a time across all hosts; honours Crawl-delay.

    Scrapy keeps one delay per host. A crawl is of one site, so all its requests, including those
    for robots.txt and those of a browser, share one slot and one delay here, which never gets
    shorter.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.slot = crawler.spidercls.name
        self.min_delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.closed_by = ""
        """Why no further request is sent, as a sentence; "" while the site is open."""
        self._of_pictures: dict[str, float] = {}
        """Crawl-delays, in seconds, of hosts of which only pictures were requested."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.opened, signals.spider_opened)
        crawler.signals.connect(middleware.robots_parsed, signals.robots_parsed)
        return middleware

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The throttle of a running crawl; RuntimeError if the settings lack it."""
        return installed(crawler, cls, "no site may be crawled")

    def process_request(self, request: Request) -> None:
        if self.closed_by:
            raise SiteClosed(self.closed_by)
        request.meta["download_slot"] = self.slot
        if self._of_pictures and PICTURE not in request.meta:
            self.slow_to(self._of_pictures.pop(urlparse_cached(request).netloc, 0))

    def opened(self, spider: Spider) -> None:
        """Keeps the pace that the site declares, whatever the settings of its slot say."""
        if pace := getattr(spider, "pace", 0):
            self._keep_to(max(pace, self.min_delay))

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Honours the Crawl-delay, in seconds, of the site's robots.txt.

        That of a picture's host slows its pictures only, until a page of that host is requested.
        """
        delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        if delay and PICTURE in request.meta:
            self._of_pictures[urlparse_cached(request).netloc] = float(delay)
        elif delay and self.slow_to(delay):
            logger.info("robots.txt asks for %g seconds between requests, which are kept", delay)

    @property
    def delay(self) -> float:
        """Current seconds between two requests; AutoThrottle may have increased them."""
        slot = self._download_slot()
        return max(self.min_delay, slot.delay) if slot else self.min_delay

    def slow_to(self, seconds: float) -> bool:
        """Raises the minimum seconds between two requests; False if it is not higher."""
        if seconds <= self.min_delay:
            return False
        self._keep_to(seconds)
        return True

    def _keep_to(self, seconds: float) -> None:
        self.min_delay = seconds
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        # No jitter: it would shorten half of the pauses.
        downloader.per_slot_settings[self.slot] = {
            **downloader.per_slot_settings.get(self.slot, {}),
            "delay": seconds,
            "jitter": 0,
        }
        slot = self._download_slot()
        if slot:
            slot.delay, slot.jitter = max(slot.delay, seconds), 0
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle:
            throttle.mindelay = max(throttle.mindelay, seconds)
            throttle.maxdelay = max(throttle.maxdelay, seconds)

    def close_site(self, reason: str) -> None:
        """Stops sending requests, including those that are queued."""
        self.closed_by = self.closed_by or reason
        slot = self._download_slot()
        while slot and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(SiteClosed(self.closed_by)))  # type: ignore[no-untyped-call]

    def _download_slot(self) -> Slot | None:
        engine = self.crawler.engine
        return engine.downloader.slots.get(self.slot) if engine else None


TOO_MANY = 429
RETRY_LATER_STATUSES = (TOO_MANY, 503)
"""Status codes that ask to retry later."""
LONGEST_WAIT = 10 * 365 * 86400.0
"""Seconds that a Retry-After can say; more is an attempt to break a calendar."""
MAX_WAIT = 300.0
"""Longest single wait in seconds; a site that asks for more is left until another day."""
MAX_TOTAL_WAIT = 900.0
"""Longest total wait of a run, in seconds."""
BACK_OFF = 15
"""Multiple of the delay to wait without a Retry-After, doubled with each retry."""
STEP = 0.5
"""Seconds between two looks at whether the crawl was stopped."""
MAX_DELAY = 60.0
"""Seconds between requests beyond which a 429 does not increase the delay."""


_LED = "wildcrawl_refreshed"
"""Key in a request's `meta`: the hash of the page that led to itself."""
_OFTEN = 4
"""Requests for a page that leads to itself, such as one that says that it is still searching."""
_REFRESH = b'<meta http-equiv="refresh" content="%s">'


class RefreshMiddleware(MetaRefreshMiddleware):
    """Follows the refresh of a page or its header, unless its address is invalid.

    Such a page is read itself, and so is one that leads on, or to itself, after a while only.
    """

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Request | Response:
        header = (response.headers.get("Refresh") or b"").decode("latin-1")
        led_to: Request | Response = response
        try:
            if header and isinstance(response, HtmlResponse):
                # A header has the syntax of the tag that stands for it.
                tag = _REFRESH % escape(header).encode()
                led_to = super().process_response(request, response.replace(body=tag))
            if not isinstance(led_to, Request):
                led_to = super().process_response(request, response)
        except ValueError:
            return response
        if isinstance(led_to, Request) and led_to.url == request.url:
            return response if _is_last(request, response) else _led_again(led_to, response)
        return led_to


def _is_last(request: Request, response: Response) -> bool:
    """Whether a page that leads to itself is read: it has not changed, or was asked for often."""
    if request.meta.get(_LED) == hash(response.body):
        return True
    return int(request.meta.get("redirect_times", 0)) >= _OFTEN


def _led_again(request: Request, response: Response) -> Request:
    request.meta[_LED] = hash(response.body)
    return request


class RetryAfterMiddleware(RetryMiddleware):
    """Retry middleware that honours Retry-After on 429 and 503.

    No other request is sent while it waits, since a crawl has one request at a time.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.waited = 0.0

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        if response.status not in RETRY_LATER_STATUSES or request.meta.get("dont_retry", False):
            return super().process_response(request, response)
        throttle = SiteThrottleMiddleware.of(self.crawler)
        now = datetime.now(UTC)
        asked = retry_after(response, now)
        wait = asked
        if wait is None:
            wait = BACK_OFF * throttle.delay * 2 ** request.meta.get("retry_times", 0)
        too_long = wait > min(MAX_WAIT, MAX_TOTAL_WAIT - self.waited)
        again = None if too_long else self._retry(request, f"answered {response.status}")
        if again is None:
            if asked is not None or response.status == TOO_MANY:
                throttle.close_site(retry_after_message(response, now))
            return response
        logger.info("%s: status %d; retrying in %.0f s", request.url, response.status, wait)
        self.waited += wait
        await self._sleep(wait)
        if response.status == TOO_MANY:
            throttle.slow_to(min(2 * throttle.delay, MAX_DELAY))
        return again if self.crawler.crawling else response

    async def _sleep(self, seconds: float) -> None:
        """Waits for `seconds`, or until the crawl is stopped."""
        end = time.monotonic() + seconds
        while self.crawler.crawling and (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(STEP, left))


def retry_after(response: Response, now: datetime) -> float | None:
    """The seconds in a response's Retry-After, from 0; None without one."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:20]), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), LONGEST_WAIT)


def retry_after_message(response: Response, now: datetime) -> str:
    """A sentence with the status of a refusal, and the end of its Retry-After if it has one."""
    wait = retry_after(response, now)
    if wait is None:
        return f"it answered with status {response.status}"
    until = (now + timedelta(seconds=wait)).astimezone(CHINA)
    return (
        f"it answered with status {response.status} and asks to retry after "
        f"{until:%Y-%m-%d %H:%M} in China"
    )
