"""Picture requests: which may be sent, at what pace, and when a host is given up.

Only to public addresses, also after a redirect and for the robots.txt of a picture's host: a page
must not make this program reach into the network that it runs in.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import Counter
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.robotstxt import RobotParser

from wildcrawl.analysis.compression import BadBody
from wildcrawl.crawl.addresses import LocalHosts, NoAddress, PublicAddresses, host_and_port
from wildcrawl.crawl.installed import installed
from wildcrawl.crawl.middlewares import FORBIDDEN, SiteClosed
from wildcrawl.crawl.received import PICTURE, picture_meta
from wildcrawl.crawl.robots import RobotsUnreachable, why
from wildcrawl.crawl.skips import PictureSkipped, Skip

logger = logging.getLogger(__name__)

SECONDS = 20
"""Seconds that a picture, or the robots.txt of its host, may take, unless a page may take less."""
HOPS = 3
"""Redirects that are followed to a picture."""
GIVE_UP_HOST = 3
"""Pictures in a row that a host does not answer, after which none of it is requested."""
GIVE_UP = 8
"""Pictures in a row that no host answers, after which none is requested."""
MAX_DELAY = 60.0
"""Seconds between two requests that a picture's host may ask for."""
STEP = 0.5
"""Seconds between two looks at whether the crawl was stopped."""
LED_AWAY = "redirected to no http(s) address"
TOO_LONG = "exceeded DOWNLOAD_MAXSIZE"
"""Scrapy's words for a body that is too long once it is decompressed."""
_HOST_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?", re.IGNORECASE)


class PictureRefused(IgnoreRequest):
    """Raised for a picture request that is not sent."""

    def __init__(self, skipped: PictureSkipped) -> None:
        super().__init__(str(skipped))
        self.skipped = skipped


class PictureRequestsMiddleware:
    """Downloader middleware that lets requests for pictures through to public addresses only."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        demo = urlsplit(str(crawler.settings.get("WILDCRAWL_DEMO_URL")))
        self.excepted = demo.netloc.lower()
        """Host and port of the bundled marketplaces, which are not public."""
        self.seconds = min(SECONDS, crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        named = crawler.settings.getlist("WILDCRAWL_LOCAL_HOSTS")
        hosts = LocalHosts(filter(None, map(str.strip, named)), ())
        self.public = PublicAddresses(lambda: hosts)
        self._unanswered: Counter[str] = Counter()
        self._unanswered_in_row = 0
        self._delays: dict[str, float] = {}
        self._sent: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.robots_parsed, signals.robots_parsed)
        return middleware

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """The middleware of a running crawl; RuntimeError if the settings lack it."""
        return installed(crawler, cls, "no picture may be fetched")

    async def process_request(self, request: Request) -> None:
        if PICTURE not in request.meta:
            return
        request.meta["download_timeout"] = self.seconds
        try:
            await self.check_address(request.url)
        except PictureSkipped as skipped:
            raise PictureRefused(skipped) from None

    async def check_address(self, url: str) -> None:
        """Raises PictureSkipped unless `url` is an http(s) address on the public network."""
        check_scheme(url)
        parts = urlsplit(url)
        if parts.netloc.lower() == self.excepted:
            return
        try:
            why_refused = await self.public.why_refused(*host_and_port(url))
        except NoAddress as error:
            raise PictureSkipped(Skip.UNANSWERED, str(error), later=True) from None
        if why_refused:
            raise PictureSkipped(Skip.PRIVATE, why_refused)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Notes the Crawl-delay, in seconds, of a picture's host."""
        if PICTURE in request.meta:
            delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
            self._delays[urlsplit(request.url).netloc.lower()] = float(delay or 0)

    async def turn(self, url: str) -> None:
        """Waits until the host of `url` may be asked again; PictureSkipped if it is given up."""
        host = urlsplit(url).netloc.lower()
        if self._unanswered[host] >= GIVE_UP_HOST:
            raise PictureSkipped(Skip.STOPPED, "its host does not answer", later=True)
        if self._unanswered_in_row >= GIVE_UP:
            raise PictureSkipped(Skip.STOPPED, "no host of pictures answers", later=True)
        delay = self._delays.get(host, 0)
        if delay > MAX_DELAY:
            words = f"robots.txt of its host asks for {delay:g} seconds between requests"
            raise PictureSkipped(Skip.ROBOTS, words)
        end = self._sent.get(host, -delay) + delay
        while not is_closing(self.crawler) and (left := end - time.monotonic()) > 0:
            await asyncio.sleep(min(STEP, left))
        if is_closing(self.crawler):
            raise PictureSkipped(Skip.STOPPED, "the crawl ended", later=True)
        self._sent[host] = time.monotonic()

    def answered(self, url: str) -> None:
        """Notes that the host of `url` has answered."""
        self._unanswered[urlsplit(url).netloc.lower()] = self._unanswered_in_row = 0

    def not_answered(self, url: str, *, for_good: bool = False) -> None:
        """Notes that the host of `url` has not answered, or (`for_good`) asks to be left alone."""
        self._unanswered[urlsplit(url).netloc.lower()] += GIVE_UP_HOST if for_good else 1
        self._unanswered_in_row += 1


def picture_request(url: str, page_url: str, most_bytes: int) -> Request:
    """The request for a picture on the page at `page_url`, of at most `most_bytes`.

    It sends no cookie, and as a browser does, the page's site as its Referer.
    """
    page = urlsplit(page_url)
    return Request(
        url,
        headers={"Referer": f"{page.scheme}://{page.netloc.rpartition('@')[2]}/"},
        meta={
            **picture_meta(),
            "download_maxsize": most_bytes,
            "redirect_ttl": HOPS,
            "dont_merge_cookies": True,
            "autothrottle_dont_adjust_delay": True,
        },
    )


def check_scheme(url: str) -> None:
    """Raises PictureSkipped unless `url` is an http(s) address with a plain host."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise PictureSkipped(Skip.ADDRESS, "not a valid address") from None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        named = re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme)
        raise PictureSkipped(Skip.ADDRESS, f"a {scheme}: address" if named else "no address")
    name = "[" in parts.netloc or _HOST_NAME.fullmatch(host)
    if not name or any(mark in parts.netloc for mark in "@\\%"):
        raise PictureSkipped(Skip.ADDRESS, "an address whose host is ambiguous")


def skipped_for(error: Exception) -> PictureSkipped:
    """The reason for which a picture's download failed."""
    if isinstance(error, PictureSkipped):
        return error
    if isinstance(error, PictureRefused):
        return error.skipped
    if isinstance(error, SiteClosed):
        return PictureSkipped(Skip.STOPPED, "the crawl ended", later=True)
    if isinstance(error, RobotsUnreachable):
        return PictureSkipped(Skip.UNANSWERED, str(error), later=True)
    if isinstance(error, IgnoreRequest) and FORBIDDEN in str(error):
        return PictureSkipped(Skip.ROBOTS, "robots.txt forbids it")
    if isinstance(error, DownloadCancelledError) or TOO_LONG in str(error):
        return PictureSkipped(Skip.BYTES, "too many bytes")
    if isinstance(error, IgnoreRequest):
        return PictureSkipped(Skip.STATUS, str(error) or "the request was not sent")
    if isinstance(error, ResponseDataLossError | BadBody):
        return PictureSkipped(Skip.DAMAGED, "cut short", later=True)
    if isinstance(error, ValueError):
        # Of a redirect that Scrapy makes no request of, such as one to a script.
        return PictureSkipped(Skip.ADDRESS, LED_AWAY)
    return PictureSkipped(Skip.UNANSWERED, why(error), later=True)


def is_closing(crawler: Crawler) -> bool:
    """Whether the crawl is ending, so that a further request would disturb its end."""
    engine = crawler.engine
    if engine is None or not engine.running:
        return True
    # Scrapy has no public name for it: a request that begins during the end breaks the end.
    slot = engine._slot
    return slot is None or slot.closing is not None
