"""Stopping a crawl: a page with many results, or an answer that never ends, does not delay it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from typing import Any, Self, TypeVar

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

T = TypeVar("T")


class DownloadStopped(IgnoreRequest):
    """An answer that is not waited for, since the crawl stops; no fault of the site."""


GRACE = 3.0
"""Seconds that an answer has to arrive after the crawl was asked to stop."""
_CHECK_EVERY = 0.5


class StopMiddleware:
    """Spider middleware that reads no further results of a page once the crawl is to stop.

    Scrapy otherwise processes everything that the pages which it has received lead to.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_spider_output(self, response: Response, result: Iterable[Any]) -> Iterable[Any]:  # noqa: ARG002
        if not self.crawler.crawling:
            return
        for each in result:
            yield each
            if not self.crawler.crawling:
                return

    async def process_spider_output_async(
        self,
        response: Response,  # noqa: ARG002
        result: AsyncIterator[Any],
    ) -> AsyncIterator[Any]:
        if not self.crawler.crawling:
            return
        async for each in result:
            yield each
            if not self.crawler.crawling:
                return


async def while_crawling(crawler: Crawler, download: Coroutine[Any, Any, T]) -> T:
    """The result of `download`; DownloadStopped if it outlasts the crawl by more than GRACE."""
    task = asyncio.ensure_future(download)
    waited = 0.0
    try:
        while True:
            done, _ = await asyncio.wait([task], timeout=_CHECK_EVERY)
            if done:
                return task.result()
            waited = 0.0 if crawler.crawling else waited + _CHECK_EVERY
            if waited >= GRACE:
                raise DownloadStopped("the crawl stops and does not wait for this answer")
    finally:
        task.cancel()
