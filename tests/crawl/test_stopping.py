"""Stopping a crawl: results of a page are left, and answers that drip are not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import Response

from wildcrawl.crawl import stopping
from wildcrawl.crawl.stopping import DownloadStopped, StopMiddleware, while_crawling

PAGE = Response("https://mall.example/")


@pytest.fixture
def crawler() -> Any:
    return SimpleNamespace(crawling=True)


def test_the_results_of_a_page_are_read_until_the_crawl_stops(crawler: Any) -> None:
    read: list[int] = []

    def results() -> Iterator[int]:
        for number in range(1_000):
            read.append(number)
            yield number

    async def later() -> AsyncIterator[int]:
        for number in results():
            yield number

    async def taken() -> list[int]:
        found = []
        async for each in StopMiddleware(crawler).process_spider_output_async(PAGE, later()):
            found.append(each)
            crawler.crawling = each < 2
        return found

    processed = StopMiddleware(crawler).process_spider_output(PAGE, results())
    assert list(processed) == list(range(1_000))
    read.clear()
    assert asyncio.run(taken()) == [0, 1, 2]
    assert read == [0, 1, 2]
    assert list(StopMiddleware(crawler).process_spider_output(PAGE, results())) == []


def test_a_stopped_crawl_does_not_wait_for_an_answer_that_drips(
    crawler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "GRACE", 0.02)
    monkeypatch.setattr(stopping, "_CHECK_EVERY", 0.01)
    ended: list[str] = []

    async def drip() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")

    async def quick() -> str:
        await asyncio.sleep(0.03)
        return "page"

    async def stop() -> None:
        waiting = asyncio.ensure_future(while_crawling(crawler, drip()))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        crawler.crawling = False
        await waiting

    assert asyncio.run(while_crawling(crawler, quick())) == "page"
    with pytest.raises(DownloadStopped):
        asyncio.run(stop())
    assert ended == ["cancelled"]


def test_a_download_that_fails_fails_as_before(crawler: Any) -> None:
    async def fail() -> None:
        raise TimeoutError("took longer than 60 seconds")

    with pytest.raises(TimeoutError, match="longer than 60"):
        asyncio.run(while_crawling(crawler, fail()))
