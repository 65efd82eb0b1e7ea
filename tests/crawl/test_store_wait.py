"""Stores that go away while pages are read: the pages wait, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse

from tests.helpers.answered_run import made
from tests.helpers.due_pages_site import Shop, Site
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.crawl import store_wait
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.crawl.store_wait import MOST_ASKED, AskAgainMiddleware, StoreWaitMiddleware
from wildcrawl.store import StoreError

AWAY = StoreError("the store mongodb://db/wildcrawl does not answer")


def waiting(monkeypatch: pytest.MonkeyPatch, fails: int) -> tuple[StoreWaitMiddleware, list[str]]:
    """The middleware of a crawl whose store fails some times, and the run's finish reasons."""
    attempts = iter([AWAY] * fails)
    stopped: list[str] = []

    def get_run(_: str) -> None:
        for error in attempts:
            raise error

    session = SimpleNamespace(
        run_stored=True,
        run=SimpleNamespace(id="r"),
        store=SimpleNamespace(get_run=get_run),
        stop=stopped.append,
    )
    monkeypatch.setattr(Session, "of", lambda _: session)
    monkeypatch.setattr(store_wait, "PAUSE", 0.001)
    monkeypatch.setattr(store_wait, "LONGEST_PAUSE", 0.002)
    return StoreWaitMiddleware(cast(Any, SimpleNamespace(crawling=True))), stopped


def test_a_page_waits_until_the_store_answers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    middleware, stopped = waiting(monkeypatch, 5)
    page = HtmlResponse("https://shop.example/s")
    assert asyncio.run(middleware.process_response(Request(page.url), page)) is page
    assert not stopped
    assert "mongodb://db/wildcrawl does not answer; the crawl waits" in caplog.text


def test_a_run_ends_if_the_store_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    middleware, stopped = waiting(monkeypatch, 10**6)
    monkeypatch.setattr(store_wait, "MOST_WAIT", 0.02)
    page = HtmlResponse("https://shop.example/s")
    with pytest.raises(IgnoreRequest, match="the store is away"):
        asyncio.run(middleware.process_response(Request(page.url), page))
    assert stopped == ["store_away"]


def test_a_page_during_which_the_store_went_away_is_read_again_in_full(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spider = made(Shop, sqlite_url, keywords="象牙手镯")
    store = spider.session.store
    (request,) = spider.first_requests()
    body = Site().answer(request).body
    assert isinstance(body, str)
    page = HtmlResponse(request.url, body=body.encode(), request=request)
    search: Search = request.cb_kwargs["search"]
    known, failures = store.known, [AWAY]

    def fails_once(site: str, ad_ids: Collection[str]) -> set[str]:
        if failures:
            raise failures.pop()
        return known(site, ad_ids)

    monkeypatch.setattr(store, "known", fails_once)
    with pytest.raises(StoreError) as caught:
        list(cast(Any, spider).parse_results(page, search=search))
    (again,) = AskAgainMiddleware().process_spider_exception(page, caught.value) or ()
    assert (again.url, again.callback, again.dont_filter) == (request.url, request.callback, True)
    fetched = list(cast(Any, spider).parse_results(page, **again.cb_kwargs))
    assert [each.url for each in fetched] == [f"https://shop.example/i/ad{n}" for n in range(4)]
    assert spider.stats.get_value(Stat.FOUND) == 4
    assert spider.stats.get_value(Stat.FILLED + "title") == 4
    tired = page.replace(request=request.replace(meta={store_wait._ASKED: MOST_ASKED}))
    assert AskAgainMiddleware().process_spider_exception(tired, AWAY) is None
    assert AskAgainMiddleware().process_spider_exception(page, ValueError()) is None
    store.close()
