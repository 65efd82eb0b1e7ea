"""Due own pages: one that fails is asked for again by later runs, up to a limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from scrapy import Request

from tests.helpers.answered_run import Given, answered_run
from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.crawl.due_pages import MOST_RUNS, DuePages
from wildcrawl.store import Store, open_store

START = datetime(2026, 5, 1, tzinfo=UTC)


class Shop(HtmlSearchSpider):
    name = "shop"
    label = "Shop"
    kind = "antiques"
    home = "https://shop.example/"
    search_url = "https://shop.example/s?q={keyword}&page={page}"
    max_pages = 1
    card = "li.item"
    empty = "p.none"
    fields: ClassVar = {"ad_id": "::attr(data-id)", "title": "a::text", "url": "a::attr(href)"}
    detail: ClassVar = {"description": ".text::text", "seller": ".seller::text"}


class Site:
    """The site's answers; own pages fail with `status` unless it is 200."""

    def __init__(self) -> None:
        self.status: dict[str, int] = {}
        self.asked: list[str] = []

    def answer(self, request: Request) -> Given:
        path = urlsplit(request.url).path
        if path == "/s":
            card = '<li class="item" data-id="{0}"><a href="/i/{0}">象牙手镯 {0}</a></li>'
            return Given("".join(card.format(f"ad{number}") for number in range(4)))
        name = path.removeprefix("/i/")
        self.asked.append(name)
        status = self.status.get(name, 200)
        text = '<p class="text">老料</p><p class="seller">甲店</p>'
        return Given(text if status == 200 else "error", status)


def crawl(site: Site, url: str, number: int) -> tuple[str, dict[str, str]]:
    """One run; its reason, and the description of each stored advertisement."""
    site.asked.clear()
    with answered_run(Shop, site.answer, url, keywords="象牙手镯") as run:
        judgement = run.judgement()
        now = START + timedelta(days=number)
        store = run.spider.session.store
        store.record([replace(item, found_at=now) for item in run.items], f"run {number}")
        run.spider.ended(run.reason)
        return judgement.reason, {ad.ad_id: ad.description for ad in store.advertisements()}


def test_a_page_that_failed_is_read_by_the_next_run_and_one_that_is_gone_is_not(
    sqlite_url: str,
) -> None:
    site = Site()
    site.status = {"ad1": 500, "ad2": 404}
    reason, texts = crawl(site, sqlite_url, 1)
    assert "1 advertisement is stored as the search shows it and waits for its" in reason
    assert texts == {"ad0": "老料", "ad1": "", "ad2": "", "ad3": "老料"}
    site.status = {}
    reason, texts = crawl(site, sqlite_url, 2)
    assert site.asked == ["ad1"]
    assert texts["ad1"] == "老料"
    assert "own page" not in reason
    crawl(site, sqlite_url, 3)
    assert site.asked == []
    store = open_store(sqlite_url)
    assert store.get("shop", "ad1").seller == "甲店"  # type: ignore[union-attr]
    assert not store.documents("own_page_due")
    store.close()


def test_a_page_that_always_fails_is_given_up(sqlite_url: str) -> None:
    site = Site()
    site.status = {"ad1": 500}
    reasons = [crawl(site, sqlite_url, number)[0] for number in range(MOST_RUNS + 1)]
    assert all("1 advertisement is stored" in reason for reason in reasons[: MOST_RUNS - 1])
    assert f"1 own page is given up after {MOST_RUNS} runs" in reasons[MOST_RUNS - 1]
    assert "own page" not in reasons[MOST_RUNS]
    assert site.asked == []


def test_what_is_due_is_known_at_once_and_what_is_not_shown_is_given_up(store: Store) -> None:
    pages = DuePages("shop", store)
    pages.failed("a")
    other = DuePages("shop", store)
    assert other.among(["a", "b"]) == {"a"}
    assert DuePages("sho", store).among(["a"]) == set()
    other.read("a")
    other.failed("b")
    other.save(whole=True)
    assert DuePages("shop", store).among(["a", "b"]) == {"b"}
    for _ in range(MOST_RUNS - 1):
        DuePages("shop", store).save(whole=True)
        DuePages("shop", store).save(whole=False)
    assert DuePages("shop", store).among(["b"]) == set()
