"""Waiting for the store: pages are not read while it is away, and none of them is lost."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from wildcrawl.crawl.compression import ROBOTS
from wildcrawl.crawl.received import PICTURE
from wildcrawl.crawl.session import Session
from wildcrawl.store import StoreError, StoreGoneError

logger = logging.getLogger(__name__)

MOST_WAIT = 2 * 3600.0
"""Seconds that a run waits for its store in all."""
PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between two attempts to reach the store, doubled up to the second."""
STORE_AWAY = "store_away"
"""Finish reason of a run whose store was away for too long."""
_ASKED = "asked_after_store"
"""Key of a request's meta: how often it was repeated since the store failed while it was read."""
MOST_ASKED = 5


class StoreWaitMiddleware:
    """Downloader middleware that hands over a page only while the store answers.

    A page needs the store to tell new advertisements from known ones. Meanwhile no other request
    is sent, since a crawl has one at a time.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = Session.of(crawler)
        self.waited = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        if PICTURE in request.meta or ROBOTS in request.meta or not self.session.run_stored:
            return response
        try:
            self.probe()
        except StoreGoneError as error:
            self.session.lose_store(error)
        except StoreError as error:
            logger.warning("%s; the crawl waits for it, up to %.0f s", error, MOST_WAIT)
            await self._wait()
        return response

    def probe(self) -> None:
        """Asks the store for something small; StoreError if it is away."""
        self.session.store.get_run(self.session.run.id)

    async def _wait(self) -> None:
        """Returns once the store answers; IgnoreRequest, and the run ends, if it does not."""
        pause, begun = PAUSE, time.monotonic()
        while self.crawler.crawling and self.waited < MOST_WAIT:
            await asyncio.sleep(pause)
            try:
                # In a thread, so that the crawl can still be stopped.
                await asyncio.to_thread(self.probe)
            except StoreError:
                now = time.monotonic()
                self.waited, begun = self.waited + now - begun, now
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self.waited += time.monotonic() - begun
                logger.info("the store answers again; the crawl goes on")
                return
        if self.session.stop:
            self.session.stop(STORE_AWAY)
        raise IgnoreRequest("the store is away, so that the page cannot be compared with it")


class AskAgainMiddleware:
    """Spider middleware that repeats a request during whose reading the store went away."""

    def process_spider_exception(
        self, response: Response, exception: Exception
    ) -> Iterable[Any] | None:
        request = response.request
        if not isinstance(exception, StoreError) or request is None:
            return None
        asked = request.meta.get(_ASKED, 0)
        if asked >= MOST_ASKED or isinstance(exception, StoreGoneError):
            return None
        logger.warning("%s; %s is asked for again", exception, response.url)
        meta = {**request.meta, _ASKED: asked + 1}
        url = request.meta.get("redirect_urls", [request.url])[0]
        return [request.replace(url=url, meta=meta, dont_filter=True)]
