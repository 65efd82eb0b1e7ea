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
    from scrapy.robotstxt import RobotParser


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's own, whose answer reaches every request that waits for a site's robots.txt.

    In Scrapy 2.19 only the first of them gets it; the others are let through unasked.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(without_traceback)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        async with self._locks[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)


def without_traceback(record: logging.LogRecord) -> bool:
    """Leaves a log line its sentence: a site that does not answer is no fault of the code."""
    record.exc_info = None
    return True
