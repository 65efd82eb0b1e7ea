"""Item processor: closes every pipeline, also if another one fails at that.

Scrapy stops closing at the first error, logs it, and ends the crawl as finished: a pipeline
that closes later would not write what it has buffered, and nobody would count the error.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.python import global_object_name

from wildcrawl.crawl.stats import Stat

logger = logging.getLogger(__name__)


class ItemProcessor(ItemPipelineManager):
    """Scrapy's manager of item pipelines, whose closing errors make the run broken."""

    async def close_spider_async(self) -> None:
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

    def _count(self, method: Any, error: BaseException) -> None:
        logger.error("%s failed: %s", global_object_name(method), error, exc_info=error)
        if self.crawler and self.crawler.stats:
            self.crawler.stats.inc_value(Stat.ERRORS)
