"""robots.txt middleware by RFC 9309: rules that cannot be fetched allow nothing."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import defaultdict
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware as ScrapyRobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler
from w3lib.html import remove_tags

from wildcrawl.analysis.charsets import NotAPage, decode
from wildcrawl.crawl.addresses import AddressRefused
from wildcrawl.crawl.certificates import connection_fault
from wildcrawl.crawl.compression import ROBOTS
from wildcrawl.crawl.middlewares import TOO_MANY, SiteClosed
from wildcrawl.crawl.received import PICTURE, picture_meta
from wildcrawl.crawl.stats import Stat

logger = logging.getLogger(__name__)

READ = 1 << 20
"""Bytes that are read of a robots.txt; RFC 9309 asks for at least 500 KiB."""
REDIRECTS = 5
"""Redirects that are followed to a robots.txt; beyond them, RFC 9309 lets it count as missing."""
_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|script|meta|\?xml)", re.IGNORECASE)
_AGENT = re.compile(r"^\s*user-?agent\s*:", re.IGNORECASE | re.MULTILINE)


_REASONS = {
    DownloadTimeoutError: "no answer in time",
    ResponseDataLossError: "it was cut short",
    CannotResolveHostError: "its host has no address",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadFailedError: "the connection was closed",
}


class RobotsUnreachable(IgnoreRequest):
    """Raised for a request that is not sent, since the site's robots.txt could not be fetched.

    `status` is the status of the answer, 0 without one.
    """

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(f"robots.txt could not be fetched ({why})")
        self.status = status


class RobotsTxtMiddleware(ScrapyRobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, which fetches the rules by RFC 9309.

    Rules that are missing (status 400 to 499) allow everything, rules that cannot be fetched
    nothing. In Scrapy 2.19, errors allow everything, and so does a robots.txt that is too long; of
    several requests that wait for the rules, only the first is checked.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._rules: dict[str, RobotParser | RobotsUnreachable] = {}
        self._received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()
        crawler.signals.connect(self.received, signals.bytes_received)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host; RobotsUnreachable if they could not be fetched."""
        host = urlparse_cached(request).netloc
        async with self._locks[host]:
            if host not in self._rules:
                self._rules[host] = await self._fetch(request)
        rules = self._rules[host]
        if isinstance(rules, RobotsUnreachable):
            raise rules
        return rules

    def received(self, data: bytes, request: Request) -> None:
        """Ends the download of a robots.txt that is longer than what is read of it."""
        if ROBOTS in request.meta:
            length = self._received.get(request, 0) + len(data)
            self._received[request] = length
            if length >= READ:
                raise StopDownload(fail=False)

    async def _fetch(self, request: Request) -> RobotParser | RobotsUnreachable:
        parts = urlparse_cached(request)
        url = f"{parts.scheme}://{parts.netloc}/robots.txt"
        # The middlewares' limits of size and of redirects, replaced by those of robots.txt.
        meta = {
            "dont_obey_robotstxt": True,
            ROBOTS: READ,
            "download_maxsize": 0,
            "redirect_ttl": REDIRECTS,
        }
        if PICTURE in request.meta:
            meta |= picture_meta()
        wanted = Request(url, priority=self.DOWNLOAD_PRIORITY, meta=meta, callback=NO_CALLBACK)
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(wanted)
        except SiteClosed:
            raise
        except AddressRefused as error:
            return self._unreachable(url, str(error))
        except IgnoreRequest as error:
            logger.warning("%s: %s; everything counts as allowed", url, error)
            return await self._parsed(b"", request)
        except Exception as error:
            return self._unreachable(url, why(error))
        if response.status >= 500 or response.status == TOO_MANY:
            if PICTURE not in request.meta:
                self._stats.set_value(Stat.ROBOTS_DOWN, response.status)
            return self._unreachable(url, f"status {response.status}", response.status)
        if not 200 <= response.status < 300:
            return await self._parsed(b"", request)
        return await self._parsed(rules_of(response).encode(), request)

    def _unreachable(self, url: str, reason: str, status: int = 0) -> RobotsUnreachable:
        logger.warning("%s could not be fetched (%s); nothing counts as allowed", url, reason)
        return RobotsUnreachable(reason, status)

    async def _parsed(self, body: bytes, request: Request) -> RobotParser:
        parser: RobotParser = build_from_crawler(self._parserimpl, self.crawler, body)
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )
        return parser


def why(error: Exception) -> str:
    """The reason of a failed download, in words."""
    if fault := connection_fault(str(error)):
        return fault
    for kind, words in _REASONS.items():
        if isinstance(error, kind):
            return words
    return str(error) or type(error).__name__


def rules_of(response: Response) -> str:
    """The text of a robots.txt; warns of a page that is served in its place."""
    try:
        text = decode(response.body[:READ], "utf-8").text
    except NotAPage as error:
        if response.body.strip():
            logger.warning("%s: %s; everything counts as allowed", response.url, error)
        return ""
    if not _MARKUP.match(text):
        return text
    text = remove_tags(re.sub(r"<br\s*/?>", "\n", text))
    if not _AGENT.search(text):
        logger.warning("%s is a page without rules; everything counts as allowed", response.url)
    return text
