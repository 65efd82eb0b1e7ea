"""One request at a time to a site, whatever host of it answers, and never faster than it asks."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached
from twisted.python.failure import Failure

from wildcrawl.crawl.stats import Stat
from wildcrawl.months import CHINA

FORBIDDEN = "Forbidden by robots.txt"
"""Scrapy's word for it, by which it is told from other requests that are not made."""
_ALL = b"User-agent: *\nDisallow: /\n"


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's own, whose answer reaches every request that waits for a site's robots.txt.

    In Scrapy 2.19 only the first of them gets it; the others are let through unasked. And a
    server that fails to give its robots.txt (a status from 500 on) has not allowed anything: RFC
    9309 has a crawler stay away until it does.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(without_traceback)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        async with self._locks[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._stats.set_value(Stat.ROBOTS_DOWN, response.status)
            response = response.replace(body=_ALL)
        await super()._parse_robots(response, netloc, request)


def without_traceback(record: logging.LogRecord) -> bool:
    """Leaves a log line its sentence: a site that does not answer is no fault of the code."""
    record.exc_info = None
    return True


logger = logging.getLogger(__name__)


class Left(IgnoreRequest):
    """A request that is not made any more, since the site wants none."""


AGENT = "wildcrawl"
"""The name by which a robots.txt may address this crawler."""


class Pace:
    """The seconds between two requests of one crawl; they only ever get more.

    Scrapy keeps its delay by host. A crawl is of one site, so that all its requests, those for
    robots.txt and those of a browser among them, share one slot and one delay here.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.slot = crawler.spidercls.name
        self.least = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.left = ""

    @classmethod
    def of(cls, crawler: Crawler) -> Pace:
        """The pace of `crawler`, made on first use."""
        if crawler not in _PACES:
            _PACES[crawler] = cls(crawler)
        return _PACES[crawler]

    @property
    def delay(self) -> float:
        """Seconds between two requests as it is now; AutoThrottle may have made it longer."""
        slot = self.crawler.engine.downloader.slots.get(self.slot) if self.crawler.engine else None
        return max(self.least, slot.delay) if slot else self.least

    def slow_to(self, seconds: float) -> bool:
        """From now on at least so many seconds; False if they are no more than before."""
        if seconds <= self.least:
            return False
        self.least = seconds
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        # Without jitter, which would make half of the pauses shorter.
        downloader.per_slot_settings[self.slot] = {
            **downloader.per_slot_settings.get(self.slot, {}),
            "delay": seconds,
            "jitter": 0,
        }
        slot = downloader.slots.get(self.slot)
        if slot:
            slot.delay, slot.jitter = max(slot.delay, seconds), 0
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle:
            throttle.mindelay = max(throttle.mindelay, seconds)
            throttle.maxdelay = max(throttle.maxdelay, seconds)
        return True

    def leave(self, why: str) -> None:
        """From now on no request is made, not even those that wait for their turn."""
        self.left = self.left or why
        slot = self.crawler.engine.downloader.slots.get(self.slot) if self.crawler.engine else None
        while slot and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(Left(self.left)))  # type: ignore[no-untyped-call]


_PACES: WeakKeyDictionary[Crawler, Pace] = WeakKeyDictionary()


class OneSite:
    """Puts every request of a crawl into its site's one slot; keeps the Crawl-delay."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(Pace.of(crawler))
        crawler.signals.connect(middleware.robots_parsed, signals.robots_parsed)
        return middleware

    def process_request(self, request: Request) -> None:
        if self.pace.left:
            raise Left(self.pace.left)
        request.meta["download_slot"] = self.pace.slot

    def robots_parsed(self, robotparser: RobotParser) -> None:
        """A site that asks for more time between requests gets it."""
        asked = robotparser.crawl_delay(AGENT)
        if asked and self.pace.slow_to(asked):
            logger.info("robots.txt asks for %g seconds between requests, which are kept", asked)


TOO_MANY = 429
LATER = (TOO_MANY, 503)
"""Answers that say: not now."""
LONGEST = 300.0
"""Seconds that a run waits at once; a site that wants longer is left until another day."""
PATIENCE = 900.0
"""Seconds that a run waits in all."""
BACK_OFF = 15
"""Without a Retry-After the wait is so many times the delay, then double, and double again."""
STEP = 0.5
SLOWEST = 60.0
"""Seconds between requests beyond which no 429 makes a run slower."""


class PatientRetry(RetryMiddleware):
    """Scrapy's own, which asks again at once, but for the answers that say not to.

    While it waits nothing else is asked for either, since a crawl has one request under way.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.waited = 0.0

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        if response.status not in LATER or request.meta.get("dont_retry", False):
            return super().process_response(request, response)
        pace = Pace.of(self.crawler)
        now = datetime.now(UTC)
        asked = retry_after(response, now)
        wait = asked
        if wait is None:
            wait = BACK_OFF * pace.delay * 2 ** request.meta.get("retry_times", 0)
        too_long = wait > min(LONGEST, PATIENCE - self.waited)
        again = None if too_long else self._retry(request, f"answered {response.status}")
        if again is None:
            if asked is not None or response.status == TOO_MANY:
                pace.leave(wish(response, now))
            return response
        logger.info("%s answered %d; asking again in %.0f s", request.url, response.status, wait)
        self.waited += wait
        await self._sleep(wait)
        if response.status == TOO_MANY:
            pace.slow_to(min(2 * pace.delay, SLOWEST))
        return again if self.crawler.crawling else response

    async def _sleep(self, seconds: float) -> None:
        """Waits, though not for a crawl that somebody ends."""
        end = time.monotonic() + seconds
        while self.crawler.crawling and (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(STEP, left))


def retry_after(response: Response, now: datetime) -> float | None:
    """The seconds for which a site asks to be left alone, from 0; None if it does not say."""
    text = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def wish(response: Response, now: datetime) -> str:
    """What a site says by such an answer, and until when it wants to be left alone."""
    wait = retry_after(response, now)
    if wait is None:
        return f"it answered {response.status}"
    until = (now + timedelta(seconds=wait)).astimezone(CHINA)
    return (
        f"it answered {response.status} and asks to be left alone until "
        f"{until:%Y-%m-%d %H:%M} in China"
    )
