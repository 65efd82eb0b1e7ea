"""Item flow: ends the run of a spider that only yields items once these are processed.

Without it Scrapy notices the end of such a run with its next heartbeat, up to five seconds later.
"""

from __future__ import annotations

import asyncio

from scrapy.crawler import Crawler

_CHECK_EVERY = 0.01


async def items_processed(crawler: Crawler) -> None:
    """Waits until the pipelines have finished the items that the spider has yielded so far."""
    scraper = crawler.engine.scraper if crawler.engine else None
    while scraper and scraper.slot and not scraper.slot.is_idle():
        await asyncio.sleep(_CHECK_EVERY)
