"""One request at a time to a site, whatever host of it answers, and never faster than it asks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self
from weakref import WeakKeyDictionary

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from twisted.python.failure import Failure

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

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
