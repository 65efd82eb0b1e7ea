"""Shared pace: jobs that search parts of one site send one request at a time together.

The store has a turn for each split site. Who holds it sends its request, waits for the answer and
then the site's delay, and gives the turn back; no two clocks are compared. A holder renews its
turn, so that one that was killed is noticed by all others, by their own clocks.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from wildcrawl.crawl.middlewares import SiteThrottleMiddleware
from wildcrawl.crawl.parts import splits_of
from wildcrawl.crawl.session import Session, store_of
from wildcrawl.months import month_of
from wildcrawl.store import Store, StoreError
from wildcrawl.store.documents import Document

logger = logging.getLogger(__name__)

_KIND = "pace"
EXPIRES_AFTER = 60.0
"""Seconds without a renewal after which the holder of a turn counts as killed."""
RENEW = 10.0
"""Seconds between two renewals."""
POLL = 0.2
"""Seconds between two looks at whether the turn is free."""
YIELD = 3 * POLL
"""Seconds for which a crawl leaves the turn that it gave back to the others."""
_STORE_PAUSE = 5.0
_COUNTED = "wildcrawl_turn"
"""Key of a request's meta: it is under way, so that its redirects and retries are not counted."""


class Turn:
    """The turn of one site, as one run sees it. Every method may raise StoreError."""

    def __init__(
        self, store: Store, site: str, run: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.store = store
        self.site = site
        self.run = run
        self.clock = clock
        self.held = False
        self.min_delay = 0.0
        """The longest delay, in seconds, that any part was asked for."""
        self._seen: tuple[Any, ...] = ()
        self._since = clock()
        self._given_back = float("-inf")

    def take(self) -> bool:
        """Takes the turn if it is free, or its holder was killed; whether this run has it now."""
        if self.held:
            return True
        state = self.store.documents(_KIND, keys=[self.site]).get(self.site, {})
        now, mark = self.clock(), (state.get("holder", ""), state.get("beat", 0))
        if mark != self._seen:
            self._seen, self._since = mark, now
        free = not mark[0] or now - self._since > EXPIRES_AFTER
        if not free or now - self._given_back < YIELD:
            return False

        def claim(documents: dict[str, Document]) -> None:
            current = documents.get(self.site, {})
            # Another may have been faster since the look above.
            self.held = (current.get("holder", ""), current.get("beat", 0)) == mark
            if self.held:
                documents[self.site] = self._state(current, self.run)

        self.store.revise_documents(_KIND, [self.site], claim)
        return self.held

    def renew(self) -> bool:
        """Shows that the holder is alive; False if another took the turn meanwhile."""
        return self._change(self.run)

    def give_back(self) -> None:
        """Lets another run have the turn."""
        self._change("")
        self.held = False
        self._given_back = self.clock()

    def _change(self, holder: str) -> bool:
        def change(documents: dict[str, Document]) -> None:
            current = documents.get(self.site, {})
            self.held = current.get("holder") == self.run
            if self.held:
                documents[self.site] = self._state(current, holder)

        self.store.revise_documents(_KIND, [self.site], change)
        return self.held

    def _state(self, current: Document, holder: str) -> Document:
        delay = max(current.get("delay_ms", 0), round(self.min_delay * 1000))
        self.min_delay = delay / 1000
        return {"holder": holder, "beat": current.get("beat", 0) + 1, "delay_ms": delay}


def give_back_late(turn: Turn, session: Session) -> None:
    """Gives a turn back after the run has closed its store; StoreError if that fails."""
    with closing(store_of(session.settings)) as store:
        turn.store = store
        turn.give_back()


class SharedPaceMiddleware:
    """Downloader middleware that waits for the turn before each request of a split site.

    Its place is where an answer comes after its retries and redirects have been decided, so that a
    Retry-After is waited for while the turn is held.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = Session.of(crawler)
        self.turn: Turn | None = None
        self.active = 0
        """Requests under way."""
        self.last = 0.0
        """When the last request was sent, by the event loop's clock."""
        self._lock = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.opened, signals.spider_opened)
        crawler.signals.connect(middleware.closed, signals.spider_closed)
        return middleware

    def opened(self) -> None:
        """Shares the pace if the site is split this month, or this run is a part of it."""
        if not self.session.has_store:
            # Saving a page for a test must not create a store.
            return
        run, store = self.session.run, self.session.store
        try:
            split = bool(splits_of(store, month_of(run.started), [run.site]))
        except StoreError as error:
            logger.warning("%s; whether the site is split is not known", error)
            split = False
        if split or run.part:
            self.turn = Turn(store, run.site, run.id)
            self._renewing = asyncio.ensure_future(self._renew())

    async def closed(self) -> None:
        """Gives the turn back once the site's delay has passed."""
        if self._renewing:
            self._renewing.cancel()
        if self.turn and self.turn.held:
            await asyncio.sleep(self._rest())
            self._try(partial(give_back_late, self.turn, self.session))

    async def process_request(self, request: Request) -> None:
        if self.turn is None or request.meta.get(_COUNTED):
            return
        async with self._lock:
            await self._wait_for(self.turn)
            self.active += 1
            request.meta[_COUNTED] = True

    async def _wait_for(self, turn: Turn) -> None:
        throttle = SiteThrottleMiddleware.of(self.crawler)
        turn.min_delay = max(turn.min_delay, throttle.min_delay)
        while self.crawler.crawling:
            try:
                if turn.take():
                    throttle.slow_to(turn.min_delay)
                    return
            except StoreError as error:
                logger.warning("%s; the site is not asked meanwhile", error)
                await asyncio.sleep(_STORE_PAUSE)
            await asyncio.sleep(POLL)

    async def process_response(self, request: Request, response: Response) -> Response:
        self._done(request)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        self._done(request)

    def _done(self, request: Request) -> None:
        """Gives the turn back once the site's delay has passed since the request."""
        if self.turn is None or not request.meta.pop(_COUNTED, False):
            return
        self.active -= 1
        loop = asyncio.get_running_loop()
        self.last = loop.time() - request.meta.get("download_latency", 0.0)
        loop.call_later(self._rest(), self._give_back)

    def _rest(self) -> float:
        """Seconds until the site may be asked again."""
        delay = SiteThrottleMiddleware.of(self.crawler).delay
        return max(0.0, self.last + delay - asyncio.get_running_loop().time())

    def _give_back(self) -> None:
        if self.turn and self.turn.held and not self.active:
            if rest := self._rest():
                asyncio.get_running_loop().call_later(rest, self._give_back)
            else:
                self._try(self.turn.give_back)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW)
            if self.turn and self.turn.held and not self._try(self.turn.renew):
                logger.warning("another run took the turn of %s", self.session.run.site)

    def _try(self, act: Callable[[], object]) -> object:
        try:
            return act()
        except StoreError as error:
            logger.debug("the turn could not be changed: %s", error)
            return True
