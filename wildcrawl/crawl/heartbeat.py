"""Heartbeat: a running crawl records that it is alive, so that a killed one can be told apart."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from wildcrawl.crawl.run_recorder import is_complete
from wildcrawl.crawl.session import Session
from wildcrawl.store import Store, StoreError

if TYPE_CHECKING:
    from wildcrawl.items import Run

BEAT = 10.0
"""Seconds between two signs of life of a run."""
PATIENCE = 2.5 * BEAT
_LONG_GONE = timedelta(hours=1)


def still_alive(
    store: Store, runs: Collection[Run], wait: Callable[[float], None] = time.sleep
) -> set[str]:
    """The ids of those of `runs`, which have not finished, that go on.

    Waits for up to PATIENCE seconds for a sign of life of those that gave one within the last
    hour: only what the runs themselves say is compared, not the clocks of two machines.
    """
    now = datetime.now(UTC)
    said = {run.id: run.heard_of for run in runs if _lately(run, now)}
    sites = {run.site for run in runs if run.id in said}
    alive: set[str] = set()
    waited = 0.0
    while len(alive) < len(said) and waited < PATIENCE:
        wait(1.0)
        waited += 1.0
        for site in sites:
            alive |= {
                run.id
                for run in store.runs(site)
                if run.id in said and (run.heard_of != said[run.id] or run.finished)
            }
    return alive


def _lately(run: Run, now: datetime) -> bool:
    if run.finished or not run.heard_of:
        return False
    return abs(now - datetime.fromisoformat(run.heard_of)) < _LONG_GONE


logger = logging.getLogger(__name__)

REST = 30
"""Beats that are left out when the store is away: each try holds the crawl up for a while."""


class Heartbeat:
    """Keeps the run's `heard_of` up to date while its crawl goes on."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rest = 0
        self.loop = create_looping_call(self.beat)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        heartbeat = cls(Session.of(crawler))
        crawler.signals.connect(heartbeat.opened, signals.spider_opened)
        crawler.signals.connect(heartbeat.closed, signals.spider_closed)
        return heartbeat

    def opened(self, spider: Spider) -> None:
        run = self.session.run
        run.job = getattr(spider, "_job", "")
        run.complete = is_complete(spider) and not getattr(spider, "worksheet", "")
        self.loop.start(BEAT, now=True)

    def beat(self) -> None:
        """Says that the run goes on; a store that is away is no reason to stop it."""
        if self.rest:
            self.rest -= 1
            return
        self.session.run.heard_of = datetime.now(UTC).isoformat()
        try:
            self.session.store.save_run(self.session.run)
        except StoreError as error:
            logger.debug("the run could not say that it goes on: %s", error)
            self.rest = REST

    def closed(self) -> None:
        if self.loop.running:
            self.loop.stop()
