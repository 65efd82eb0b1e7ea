"""Store pipeline (last step): writes advertisements in bulk, and counts each once."""

from __future__ import annotations

import logging
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector
from scrapy.utils.defer import deferred_from_coro

from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import (
    Advertisement,
    FileVerdict,
    Key,
    Relevance,
    RowOrigin,
    VerdictOutcome,
)
from wildcrawl.review.unsure import refused_rows, settle_rows
from wildcrawl.store import Outcome, StoreError, StoreGoneError
from wildcrawl.store.fallback import Journal, write_unsaved
from wildcrawl.store.verdicts import is_judged

logger = logging.getLogger(__name__)

_STORED = (Stat.NEW, Stat.SEEN, Stat.CHANGED, Stat.SOLD, Stat.REUSED, Stat.SET_ASIDE)
"""Counts of what the store has taken."""
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
        self.counted: dict[Key, str] = {}
        """Advertisements already counted in the stats, with the row they were read from."""
        self.journal = Journal()
        session.flush = self._write
        self.written_at = time.monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        batch = getattr(crawler.spidercls, "batch", BATCH)
        session = Session.of(crawler)

        def stop(reason: str) -> None:
            if crawler.crawling and crawler.engine:
                deferred_from_coro(crawler.engine.close_spider_async(reason=reason))

        session.stop = stop
        return cls(session, crawler.stats, batch)

    def process_item(self, item: Advertisement) -> Advertisement:
        self.buffer.append(item)
        waited = time.monotonic() - self.written_at
        if len(self.buffer) % self.batch == 0 or waited > SECONDS:
            self._write()
        return item

    def close_spider(self) -> None:
        if self._write() and self._is_intact():
            self.session.store_fault = self._removed()
            return
        if self.session.store_gone:
            for stat in _STORED:
                self.stats.set_value(stat, 0)
        # A lost store has lost what it took, too.
        earlier = self.journal if self.session.store_gone else Journal()
        number = earlier.records + len(self.buffer)
        what = f"{number} advertisements are not in the store"
        # A full disk may be that of both the store and this folder.
        for folder in (Path(), Path(tempfile.gettempdir()), Path.home()):
            path = folder.resolve() / f"wildcrawl-unsaved-{self.session.run.id}.jsonl"
            try:
                write_unsaved(path, self.buffer, earlier.lines())
            except OSError as error:
                with suppress(OSError):
                    path.unlink()
                logger.error("%s cannot be written: %s", path, error.strerror)
            else:
                logger.error(
                    "%d advertisements could not be stored and were saved to %s; when the store is "
                    "available again, import them: scrapy crawl records -a file=%s",
                    number,
                    path,
                    path,
                )
                self.session.store_fault = f"{what} but in {path}"
                return
        logger.error("%d advertisements are lost: no disk could save them", number)
        self.session.store_fault = f"{what}, and no disk could save them"

    def _write(self) -> bool:
        """Stores the buffer; False, with the buffer kept, if the store is unavailable."""
        self.written_at = time.monotonic()
        if self.session.store_gone:
            return False
        if not self.buffer:
            return self._present()
        try:
            refused = refused_rows(self.session.store, self.buffer)
            left = {*map(id, refused)}
            self._note_verdicts()
            self._record([ad for ad in self.buffer if id(ad) not in left])
        except StoreGoneError as error:
            self.session.lose_store(error)
            return False
        except StoreError as error:
            self.stats.inc_value(Stat.STORE_ERRORS)
            logger.warning("%s; %d advertisements remain buffered", error, len(self.buffer))
            return False
        for ad in refused:
            self._count(ad, Outcome.CONFLICT)
        self._settle(self.buffer)
        self.journal.add(self.buffer)
        self.buffer = []
        return self._present()

    def _note_verdicts(self) -> None:
        """Notes the rows of a file that give a verdict, for the custody log after a kill."""
        if not any(ad.origin and is_judged(ad) for ad in self.buffer):
            return
        from wildcrawl.evidence.imported import note_rows

        session = self.session
        if note_rows(session.store, self.buffer, session.run.id, session.file_digest):
            session.verdicts_noted = True

    def _settle(self, ads: list[Advertisement]) -> None:
        """Ends the wait for a second person where one gave a verdict in a file."""
        try:
            settle_rows(self.session.store, ads)
        except StoreError as error:
            # The verdicts are stored: the same file, read again, settles them.
            self.stats.inc_value(Stat.STORE_ERRORS)
            logger.warning("%s; notes that verdicts are waited for were not removed", error)

    def _present(self) -> bool:
        """Whether the store still has the run, and so what was written before."""
        if not self.session.run_stored:
            return True
        try:
            self.session.store.check_present(self.session.run.id)
        except StoreGoneError as error:
            self.session.lose_store(error)
            return False
        except StoreError:
            # It is away: the next write shows whether it is back.
            return True
        return True

    def _is_intact(self) -> bool:
        """Whether the store is not damaged, so that what was written can be read."""
        try:
            self.session.store.check_intact()
        except StoreGoneError as error:
            self.session.lose_store(error)
            return False
        except StoreError as error:
            logger.warning("%s; it was not checked for damage", error)
        return True

    def _removed(self) -> str:
        """That the store has lost advertisements which the run stored, as a sentence; else ""."""
        ids: dict[str, list[str]] = {}
        for site, ad_id in self.counted:
            ids.setdefault(site, []).append(ad_id)
        try:
            left = sum(len(self.session.store.known(site, ids[site])) for site in ids)
        except StoreError as error:
            logger.warning("%s; it was not checked for what the run stored", error)
            return ""
        removed = len(self.counted) - left
        if not removed:
            return ""
        return (
            f"{removed} of {len(self.counted)} advertisements that the run stored are not in the "
            "store any more: they were erased meanwhile, or another program removed them; search "
            "the site again with --again"
        )

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
        key = (ad.site, ad.ad_id)
        if ad.origin and ad.origin.verdict:
            self.stats.inc_value(Stat.VERDICTS + ad.origin.verdict)
            if ad.origin.verdict == VerdictOutcome.TAKEN:
                self.session.verdicts.append(FileVerdict(key, ad.screened_by, ad.verdict))
        if outcome == Outcome.CONFLICT and ad.origin:
            self._reject(ad.origin, self.counted.get(key, ""))
            return
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
        if key in self.counted:
            return
        self.counted[key] = ad.origin.place if ad.origin else ""
        if outcome != Outcome.NEW:
            self.stats.inc_value(Stat.SEEN)
        elif ad.relevance == Relevance.SET_ASIDE:
            self.stats.inc_value(Stat.SET_ASIDE)
        else:
            self.stats.inc_value(Stat.NEW)

    def _reject(self, origin: RowOrigin, other: str) -> None:
        """Reports a row that conflicts with a stored advertisement, or with the row `other`."""
        reason = f"{origin.conflict} (read from {other})" if other else origin.conflict
        self.stats.inc_value(Stat.FOUND, -1)
        if self.session.reject:
            self.session.reject(origin, reason)
            return
        self.stats.inc_value(Stat.REJECTED)
        logger.error("%s: %s", origin.place or "a row", reason)
