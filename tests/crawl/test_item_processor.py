"""Item processor: what happens to a run whose pipelines fail while they close."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.utils.test import get_crawler

from wildcrawl.crawl.item_processor import ItemProcessor
from wildcrawl.crawl.stats import Stat

if TYPE_CHECKING:
    import pytest


class Written:
    """A pipeline that writes what it has when it closes."""

    def __init__(self, closed: list[str]) -> None:
        self.closed = closed

    def close_spider(self) -> None:
        self.closed.append("written")


class Failing:
    def close_spider(self) -> None:
        raise OSError("no space left")


class FailingLater(Written):
    async def close_spider(self) -> None:  # type: ignore[override]
        self.closed.append("begun")
        await asyncio.sleep(0)
        raise ValueError("not sealed")


def test_a_pipeline_that_fails_to_close_is_counted_and_the_others_close(
    caplog: pytest.LogCaptureFixture,
) -> None:
    crawler = get_crawler(Spider)
    closed: list[str] = []
    processor = ItemProcessor(Written(closed), FailingLater(closed), Failing(), crawler=crawler)
    asyncio.run(processor.close_spider_async())
    # The last pipeline closes first; one that waits goes on once the others have ended.
    assert closed == ["written", "begun"]
    assert crawler.stats
    assert crawler.stats.get_value(Stat.ERRORS) == 2
    assert "Failing.close_spider failed: no space left" in caplog.text
    assert "FailingLater.close_spider failed: not sealed" in caplog.text


def test_pipelines_that_close_are_no_error() -> None:
    crawler = get_crawler(Spider)
    closed: list[str] = []
    asyncio.run(ItemProcessor(Written(closed), crawler=crawler).close_spider_async())
    assert closed == ["written"]
    assert crawler.stats
    assert crawler.stats.get_value(Stat.ERRORS, 0) == 0
