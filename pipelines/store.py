"""Store pipeline (last step): writes advertisements in bulk, and counts each once."""

from __future__ import annotations

import logging
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement, Key, Relevance
from wildcrawl.store import Outcome, StoreError
from wildcrawl.store.fallback import write_unsaved

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

logger = logging.getLogger(__name__)

_CHANGES = (Outcome.CHANGED, Outcome.SOLD, Outcome.ANOTHER)
BATCH = 100
SECONDS = 10.0
"""Advertisements or seconds after which the buffer is written, whichever comes first; a spider
that loses nothing by a restart may declare a larger `batch`."""


class StorePipeline:
    """Buffers advertisements and stores them; while the store is unavailable they stay buffered."""

    def __init__(self, session: Session, stats: StatsCollector, batch: int = BATCH) -> None:
        self.session = session
        self.stats = stats
        self.batch = batch
        self.buffer: list[Advertisement] = []
        self.counted: set[Key] = set()
        """Advertisements already counted in the stats."""
        self.written_at = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        batch = getattr(crawler.spidercls, "batch", BATCH)
        return cls(Session.of(crawler), crawler.stats, batch)

    def process_item(self, item: Advertisement) -> Advertisement:
        self.buffer.append(item)
        waited = time.monotonic() - self.written_at
        if len(self.buffer) % self.batch == 0 or waited > SECONDS:
            self._write()
        return item

    def close_spider(self) -> None:
        if self._write():
            return
        # A full disk may be that of both the store and this folder.
        for folder in (Path(), Path(tempfile.gettempdir()), Path.home()):
            path = folder.resolve() / f"wildcrawl-unsaved-{self.session.run.id}.jsonl"
            try:
                write_unsaved(path, self.buffer)
            except OSError as error:
                with suppress(OSError):
                    path.unlink()
                logger.error("%s cannot be written: %s", path, error.strerror)
            else:
                logger.error(
                    "%d advertisements could not be stored and were saved to %s; when the store is "
                    "available again, import them: scrapy crawl records -a file=%s",
                    len(self.buffer),
                    path,
                    path,
                )
                return
        logger.error("%d advertisements are lost: no disk could save them", len(self.buffer))

    def _write(self) -> bool:
        """Stores the buffer; False, with the buffer kept, if the store is unavailable."""
        self.written_at = time.monotonic()
        if not self.buffer:
            return True
        try:
            self._record(self.buffer)
        except StoreError as error:
            self.stats.inc_value(Stat.STORE_ERRORS)
            logger.warning("%s; %d advertisements remain buffered", error, len(self.buffer))
            return False
        self.buffer = []
        return True

    def _record(self, ads: list[Advertisement]) -> None:
        """Stores `ads`; one that the store rejects for its content does not stop the others."""
        try:
            outcomes = self.session.store.record(ads, self.session.run.id)
        except (ValueError, TypeError) as error:
            if len(ads) == 1:
                self.stats.inc_value(Stat.ERRORS)
                logger.error("%s %s cannot be stored: %s", ads[0].site, ads[0].ad_id, error)
                return
            for ad in ads:
                self._record([ad])
            return
        for ad, outcome in zip(ads, outcomes, strict=True):
            self._count(ad, outcome)

    def _count(self, ad: Advertisement, outcome: Outcome) -> None:
        """Counts each advertisement once a run, however often it is found."""
        if outcome in _CHANGES:
            self.stats.inc_value(Stat.CHANGED)
        if outcome == Outcome.SOLD:
            self.stats.inc_value(Stat.SOLD)
        if outcome == Outcome.ANOTHER:
            self.stats.inc_value(Stat.REUSED)
            logger.warning(
                "%s %s: this id shows another advertisement; its verdict is asked again",
                ad.site,
                ad.ad_id,
            )
        key = (ad.site, ad.ad_id)
        if key in self.counted:
            return
        self.counted.add(key)
        if outcome != Outcome.NEW:
            self.stats.inc_value(Stat.SEEN)
        elif ad.relevance == Relevance.SET_ASIDE:
            self.stats.inc_value(Stat.SET_ASIDE)
        else:
            self.stats.inc_value(Stat.NEW)
