"""Heartbeat: a running crawl records that it is alive, which distinguishes it from a killed one."""

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
    from wildcrawl.items import RunHead

BEAT = 10.0
"""Seconds between two heartbeats of a run."""
PATIENCE = 2.5 * BEAT
_LONG_GONE = timedelta(hours=1)


def still_alive(
    store: Store, runs: Collection[RunHead], wait: Callable[[float], None] = time.sleep
) -> set[str]:
    """The ids of those unfinished `runs` that are still running.

    Waits up to PATIENCE seconds for a heartbeat of runs that gave one within the last hour. Only
    the heartbeats of a run are compared, never the clocks of two machines.
    """
    now = datetime.now(UTC)
    last_beats = {run.id: run.heard_of for run in runs if _lately(run, now)}
    waited_for = [run for run in runs if run.id in last_beats]
    sites = {run.site for run in waited_for}
    since = min((run.started for run in waited_for), default=now)
    alive: set[str] = set()
    waited = 0.0
    while len(alive) < len(last_beats) and waited < PATIENCE:
        wait(1.0)
        waited += 1.0
        alive |= {
            run.id
            for run in store.run_heads(since, sites)
            if run.id in last_beats and (run.heard_of != last_beats[run.id] or run.finished)
        }
    return alive


def _lately(run: RunHead, now: datetime) -> bool:
    if run.finished or not run.heard_of:
        return False
    return abs(now - datetime.fromisoformat(run.heard_of)) < _LONG_GONE


logger = logging.getLogger(__name__)

REST = 30
"""Beats that are skipped while the store is unavailable, since each attempt delays the crawl."""


class Heartbeat:
    """Updates the run's `heard_of` while its crawl is running."""

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
        """Records that the run is alive; an unavailable store does not stop it."""
        if self.rest:
            self.rest -= 1
            return
        self.session.run.heard_of = datetime.now(UTC).isoformat()
        try:
            self.session.store.save_run(self.session.run)
        except StoreError as error:
            logger.debug("the run's heartbeat could not be stored: %s", error)
            self.rest = REST

    def closed(self) -> None:
        if self.loop.running:
            self.loop.stop()
