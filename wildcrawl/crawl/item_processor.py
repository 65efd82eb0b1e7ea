"""Item processor: hands items to the pipelines, and closes every one, also if another fails.

Scrapy stops closing at the first error, logs it, and ends the crawl as finished: a pipeline
that closes later would not write what it has buffered, and nobody would count the error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.extensions.corestats import CoreStats
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.defer import ensure_awaitable
from scrapy.utils.python import global_object_name

from wildcrawl.crawl.stats import ItemStat, Stat
from wildcrawl.items import Advertisement

logger = logging.getLogger(__name__)


_AT_ONCE = 100


class CrawlStats(CoreStats):
    """Scrapy's stats of a crawl, of which ItemProcessor counts the items."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        extension = cls(crawler.stats)
        for name in ("spider_opened", "spider_closed", "response_received"):
            crawler.signals.connect(getattr(extension, name), signal=getattr(signals, name))
        return extension


class ItemProcessor(ItemPipelineManager):
    """Scrapy's manager of item pipelines, whose closing errors make the run broken."""

    async def process_item_async(self, item: Any) -> Any:
        assert self.crawler is not None
        assert self.crawler.stats is not None
        stats = self.crawler.stats
        try:
            processed = await self._processed(item)
        except DropItem as error:
            stats.inc_value(ItemStat.DROPPED)
            stats.inc_value(ItemStat.DROPPED_BY + type(error).__name__)
            raise
        stats.inc_value(ItemStat.SCRAPED)
        return processed

    async def _processed(self, item: Any) -> Any:
        if self._mw_methods_requiring_spider:
            return await super().process_item_async(item)
        for method in self.methods["process_item"]:
            assert method is not None
            item = method(item)
            # Most pipelines have nothing to wait for, and an advertisement can be no awaitable.
            if not isinstance(item, Advertisement):
                item = await ensure_awaitable(item, _warn=global_object_name(method))
        return item

    async def close_spider_async(self) -> None:
        await self._take_rest()
        begun: list[tuple[Any, Awaitable[None]]] = []
        for method in self.methods["close_spider"]:
            assert method is not None
            try:
                begun.append((method, self.get_awaitable(method)))
            except Exception as error:
                self._count(method, error)
        # Pipelines that wait run side by side, once those that do not have ended.
        ends = await asyncio.gather(*(end for _, end in begun), return_exceptions=True)
        for (method, _), end in zip(begun, ends, strict=True):
            if isinstance(end, BaseException):
                self._count(method, end)

    async def _take_rest(self) -> None:
        """Processes what the spider has read and not handed over yet, however the run ends."""
        assert self.crawler is not None
        try:
            spider, engine = self.crawler.spider, self.crawler.engine
        except RuntimeError:
            # Nothing was crawled.
            return
        rest = getattr(spider, "as_shown", None)
        if rest is None or engine is None:
            return
        try:
            for number, item in enumerate(rest(), start=1):
                await engine.scraper.start_itemproc_async(item, response=None)
                if number % _AT_ONCE == 0:
                    # So that a second Ctrl-C is heard.
                    await asyncio.sleep(0)
        except Exception as error:
            self._count(rest, error)

    def _count(self, method: Any, error: BaseException) -> None:
        logger.error("%s failed: %s", global_object_name(method), error, exc_info=error)
        if self.crawler and self.crawler.stats:
            self.crawler.stats.inc_value(Stat.ERRORS)
