"""Heartbeat: a running crawl records that it is alive, which distinguishes it from a killed one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from wildcrawl.crawl.run_report import is_complete
from wildcrawl.crawl.session import Session
from wildcrawl.items import Health, Run, RunHead
from wildcrawl.processes import has_ended
from wildcrawl.store import Store, StoreError, StoreGoneError

BEAT = 10.0
"""Seconds between two heartbeats of a run."""
SILENCE = 2.5 * BEAT
"""Seconds without a heartbeat after which a run counts as killed."""
_LONG_GONE = timedelta(hours=1)
_DAY = timedelta(days=1)
_LATELY = timedelta(minutes=1)


def still_alive(
    store: Store, runs: Collection[RunHead], wait: Callable[[float], None] = time.sleep
) -> set[str]:
    """The ids of those unfinished `runs` that are still running.

    Calls `wait` with 1.0 until all are known, for up to SILENCE seconds: for runs of this machine
    whose process has ended at once, for others that gave a heartbeat within the last hour by the
    next one. Only the heartbeats of a run are compared, never the clocks of two machines.
    """
    now = datetime.now(UTC)
    last_beats = {run.id: run.heard_of for run in runs if _may_live(run, now)}
    alive: set[str] = set()
    waited = 0.0
    while len(alive) < len(last_beats) and waited < SILENCE:
        wait(1.0)
        waited += 1.0
        # One query for all of them, however many there are.
        waiting = [run for run in runs if run.id in last_beats and run.id not in alive]
        since, sites = min(run.started for run in waiting), {run.site for run in waiting}
        for run in store.run_heads(since, sites):
            if run.id in last_beats and (run.heard_of != last_beats[run.id] or run.finished):
                alive.add(run.id)
    return alive


def gives_signs(run: RunHead, now: datetime) -> bool:
    """Whether an unfinished run gave a heartbeat within the last minute, by this clock."""
    if run.finished or not run.heard_of:
        return False
    return abs(now - datetime.fromisoformat(run.heard_of)) < _LATELY


def _may_live(run: RunHead, now: datetime) -> bool:
    if run.finished or not run.heard_of or has_ended(run.process):
        return False
    return abs(now - datetime.fromisoformat(run.heard_of)) < _LONG_GONE


def is_over(run: RunHead, now: datetime) -> bool:
    """Whether an unfinished run was certainly killed, as far as that shows without waiting."""
    if run.finished:
        return False
    last = datetime.fromisoformat(run.heard_of) if run.heard_of else run.started
    # Only a crawl gives heartbeats.
    silence = _LONG_GONE if run.heard_of else _DAY
    return has_ended(run.process) or abs(now - last) >= silence


def close_killed(store: Store, runs: Iterable[RunHead], alive: Collection[str] = ()) -> list[Run]:
    """Closes those unfinished `runs` that are not `alive` as killed, and returns them.

    One that has changed meanwhile is left alone. A run that is silent while the store is away
    stores its own end later, which then replaces this one.
    """
    closed = []
    for run in runs:
        if run.finished or run.id in alive:
            continue
        current = store.get_run(run.id)
        if current is None or current.finished or current.heard_of != run.heard_of:
            continue
        last = datetime.fromisoformat(run.heard_of) if run.heard_of else run.started
        current.finished = max(last, run.started)
        current.process = ""
        current.health = Health.KILLED.value
        # Until its end, `complete` says that it was to search for everything.
        current.in_full, current.complete = current.complete, False
        current.reason = (
            "its process ended without closing the run, so its numbers are unknown; what it had "
            "stored is kept"
        )
        store.save_run(current)
        closed.append(current)
    return closed


logger = logging.getLogger(__name__)

REST = 30
"""Beats that are skipped while the store is unavailable, since each attempt delays the crawl."""


class Heartbeat:
    """Updates the run's `heard_of` while its crawl is running, and closes killed runs before it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.rest = 0
        self.beats = 0
        self.doubtful: list[RunHead] = []
        """Unfinished runs of the site, as they were when this one began."""
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
        try:
            self.doubtful = [
                other
                for other in self.session.store.run_heads(sites=[run.site])
                if not other.finished and other.id != run.id
            ]
            now = datetime.now(UTC)
            self.close_killed([other for other in self.doubtful if is_over(other, now)])
        except StoreError as error:
            logger.debug("earlier runs cannot be read: %s", error)
        self.loop.start(BEAT, now=True)

    def close_killed(self, runs: Iterable[RunHead]) -> None:
        """Closes runs that were killed before this one."""
        for run in close_killed(self.session.store, runs):
            logger.warning("the run of %s %s was killed: %s", run.started, run.id, run.reason)

    def beat(self) -> None:
        """Records that the run is alive; an unavailable store does not stop it."""
        if self.session.store_gone:
            return
        if self.rest:
            self.rest -= 1
            return
        self.session.run.heard_of = datetime.now(UTC).isoformat()
        store, run = self.session.store, self.session.run
        try:
            if self.session.run_stored:
                # Before writing: a run written to another store would hide that this one is lost.
                store.check_present(run.id)
            store.save_run(run)
            self.beats += 1
            if self.beats > SILENCE / BEAT and self.doubtful:
                self.close_killed(self.doubtful)
                self.doubtful = []
        except StoreGoneError as error:
            self.session.lose_store(error)
        except StoreError as error:
            logger.debug("the run's heartbeat could not be stored: %s", error)
            self.rest = REST

    def closed(self) -> None:
        if self.loop.running:
            self.loop.stop()
