"""Custody pipeline (closes last): checks the captures, completes the custody log, and seals it."""

from __future__ import annotations

import asyncio
import logging
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from wildcrawl.crawl.capturing import Capturing
from wildcrawl.crawl.evidence_settings import Level, level_of
from wildcrawl.evidence import EvidenceError, imported
from wildcrawl.items import Advertisement
from wildcrawl.store import StoreError

logger = logging.getLogger(__name__)


class CustodyPipeline:
    """Logs what killed runs and imports left unlogged; seals a run that captured something.

    Captures that have gone since they were made break the run, and so do earlier ones whose
    objects are found missing at its start for the first time.

    A failure is logged and changes no run: the next run's seal covers the whole log.
    """

    def __init__(self, capturing: Capturing, authority: str) -> None:
        self.capturing = capturing
        self.authority = authority

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        automated = getattr(crawler.spidercls, "automated", True)
        if not automated or level_of(crawler.settings) == Level.OFF:
            raise NotConfigured
        capturing = Capturing.of(crawler)
        return cls(capturing, capturing.settings.authority)

    def open_spider(self) -> None:
        try:
            self.capturing.check_earlier()
        except StoreError as error:
            logger.warning("%s; earlier captures were not looked for", error)

    def process_item(self, item: Advertisement) -> Advertisement:
        return item

    async def close_spider(self) -> None:
        # Pipelines that end without waiting, as that of the store, have ended before this one.
        try:
            self.capturing.check_kept()
            recovered = self.capturing.evidence.recover(f"{self.capturing.who}, recovery")
            if recovered:
                logger.info("%d captures of an interrupted run were logged", recovered)
            imported.complete(self.capturing.session.store)
            if self.authority and self.capturing.evidence.added:
                await asyncio.to_thread(self._seal)
        except (EvidenceError, StoreError) as error:
            logger.error("the custody log of this run is not complete: %s", error)

    def _seal(self) -> None:
        evidence = self.capturing.evidence
        run = self.capturing.session.run.id
        seal = evidence.seals.add(self.authority, run, evidence.added, self.capturing.who)
        logger.info("the custody log was time-stamped by %s", seal.authority)
