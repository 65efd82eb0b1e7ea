"""Item processor: what items pass, what is counted, and pipelines that fail while they close."""

from __future__ import annotations

import asyncio

import pytest
from scrapy import Spider, signals
from scrapy.extensions.corestats import CoreStats
from scrapy.utils.test import get_crawler

from pipelines.drops import Duplicate
from wildcrawl.crawl.item_processor import CrawlStats, ItemProcessor
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import Advertisement
from wildcrawl.settings import EXTENSIONS_BASE


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


class Waiting:
    """A pipeline that waits, and one item of which it drops."""

    async def process_item(self, item: object) -> object:
        await asyncio.sleep(0)
        if item == {"ad_id": "2"}:
            raise Duplicate("again")
        return {"passed": item}


class Plain:
    def process_item(self, item: object) -> object:
        return item


def test_items_pass_all_pipelines_and_are_counted_as_scrapy_counts_them() -> None:
    crawler = get_crawler(Spider)
    assert crawler.stats
    processor = ItemProcessor(Plain(), Waiting(), Plain(), crawler=crawler)
    ad = Advertisement("mall", "1")
    assert asyncio.run(processor.process_item_async(ad)) == {"passed": ad}
    with pytest.raises(Duplicate):
        asyncio.run(processor.process_item_async({"ad_id": "2"}))
    names = ("item_scraped_count", "item_dropped_count", "item_dropped_reasons_count/Duplicate")
    assert [crawler.stats.get_value(name) for name in names] == [1, 1, 1]


def test_the_other_stats_of_scrapy_are_kept() -> None:
    crawler = get_crawler(Spider, {"EXTENSIONS_BASE": EXTENSIONS_BASE})
    assert crawler.stats
    assert isinstance(CrawlStats.from_crawler(crawler), CoreStats)
    for signal in (signals.spider_opened, signals.response_received, signals.item_scraped):
        crawler.signals.send_catch_log(signal, spider=Spider("site"), item={}, response=None)
    crawler.signals.send_catch_log(signals.spider_closed, spider=Spider("site"), reason="finished")
    counted = crawler.stats.get_stats()
    assert counted["response_received_count"] == 1
    assert counted["finish_reason"] == "finished"
    assert "item_scraped_count" not in counted
    assert not any("CoreStats" in name for name in EXTENSIONS_BASE)
