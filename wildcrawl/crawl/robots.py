"""robots.txt is kept from the first request on."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

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
            self._stats.set_value("wildcrawl/robots_down", response.status)
            response = response.replace(body=_ALL)
        await super()._parse_robots(response, netloc, request)


def without_traceback(record: logging.LogRecord) -> bool:
    """Leaves a log line its sentence: a site that does not answer is no fault of the code."""
    record.exc_info = None
    return True
