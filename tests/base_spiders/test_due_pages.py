"""Due own pages: one that fails is asked for again by later runs, up to a limit."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.urllength import UrlLengthMiddleware
from scrapy.utils.project import get_project_settings

from pipelines.drops import Unmatched
from pipelines.species import SpeciesPipeline
from tests.helpers.answered_run import Given, answered_run, made
from tests.helpers.due_pages_site import Shop, Site
from wildcrawl.crawl.due_pages import MOST_RUNS, DuePages
from wildcrawl.items import Advertisement
from wildcrawl.store import Store, open_store

START = datetime(2026, 5, 1, tzinfo=UTC)


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


def test_a_page_that_failed_is_read_by_the_next_run(sqlite_url: str) -> None:
    site = Site()
    site.status = {"ad1": 500}
    reason, texts = crawl(site, sqlite_url, 1)
    assert "1 advertisement is stored as the search shows it and waits for its" in reason
    assert texts == {"ad0": "老料", "ad1": "", "ad2": "老料", "ad3": "老料"}
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


@pytest.mark.parametrize("again", [404, 200])
def test_a_page_that_does_not_exist_is_asked_for_once_more(sqlite_url: str, again: int) -> None:
    site = Site()
    site.status = {"ad1": 404, "ad2": 410}
    crawl(site, sqlite_url, 1)
    # What fails in between says nothing of whether it exists.
    site.status = {"ad1": again, "ad2": 500}
    reason, texts = crawl(site, sqlite_url, 2)
    assert sorted(site.asked) == ["ad1", "ad2"]
    assert texts["ad1"] == ("老料" if again == 200 else "")
    assert "1 advertisement is stored as the search shows it" in reason
    site.status = {"ad2": 404}
    crawl(site, sqlite_url, 3)
    assert site.asked == ["ad2"]
    site.status = {}
    crawl(site, sqlite_url, 4)
    assert site.asked == []


@pytest.mark.parametrize(
    ("status", "text"),
    [(403, ""), (429, ""), (200, "<title>安全验证</title>请完成滑块验证")],
    ids=["403", "429", "captcha"],
)
def test_what_waits_for_its_page_when_the_site_closes_is_stored_and_read_later(
    sqlite_url: str, status: int, text: str
) -> None:
    site = Site()
    good, site.text = site.text, text
    site.status = dict.fromkeys(["ad0", "ad1", "ad2", "ad3"], status)
    reasons = [crawl(site, sqlite_url, number) for number in range(MOST_RUNS - 1)]
    for reason, texts in reasons:
        assert len(site.asked) == 1
        assert "4 advertisements are stored as the search shows them and wait" in reason
        assert texts == dict.fromkeys(["ad0", "ad1", "ad2", "ad3"], "")
    # Only the page that was asked for uses up its attempts.
    reason, _ = crawl(site, sqlite_url, MOST_RUNS)
    assert "3 advertisements are stored" in reason
    assert f"1 own page is given up after {MOST_RUNS} runs" in reason
    site.status, site.text = {}, good
    reason, texts = crawl(site, sqlite_url, MOST_RUNS + 1)
    assert sorted(texts.values()) == ["", "老料", "老料", "老料"]
    assert "own page" not in reason
    crawl(site, sqlite_url, MOST_RUNS + 2)
    assert site.asked == []


def test_an_own_page_that_the_code_cannot_read_keeps_its_advertisement(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spider = made(Shop, sqlite_url, keywords="象牙手镯")
    (search,) = spider.first_requests()
    body = Site().answer(search).body
    assert isinstance(body, str)
    answer = HtmlResponse(search.url, body=body.encode(), request=search)
    asked = list(search.callback(answer, **search.cb_kwargs))  # type: ignore[misc]

    def fail(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(Shop, "read_details", fail)
    own = HtmlResponse(asked[0].url, body=b"<p>x</p>", request=asked[0])
    with pytest.raises(KeyError):
        list(spider.parse_details(own, **asked[0].cb_kwargs))
    kept = list(spider.as_shown())
    assert [ad.ad_id for ad in kept] == ["ad0", "ad1", "ad2", "ad3"]
    assert not list(spider.as_shown())
    due = spider.session.store.documents("own_page_due")
    assert {key.partition("\n")[2]: row["runs"] for key, row in due.items()} == {
        "ad0": 1, "ad1": 0, "ad2": 0, "ad3": 0
    }  # fmt: skip
    spider.session.store.close()


def test_each_kind_of_fault_of_own_pages_is_logged_once_with_its_number(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    site = Site()
    site.status = {"ad0": 500, "ad1": 500, "ad2": 500, "ad3": 404}
    reason, _ = crawl(site, sqlite_url, 1)
    lines = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert lines == [
        "https://shop.example/i/ad0 could not be fetched: it answered with status 500",
        "https://shop.example/i/ad3 could not be fetched: it answered with status 404",
        "3 own pages were not read for this reason: it answered with status 500",
    ]
    assert "4 pages that could not be fetched" in reason


def test_no_address_is_left_out_for_its_length() -> None:
    crawler = Crawler(Shop, get_project_settings())
    with pytest.raises(NotConfigured):
        UrlLengthMiddleware.from_crawler(crawler)


def test_what_is_not_stored_is_not_said_to_wait(store: Store) -> None:
    pages = DuePages("shop", store, frozenset({("shop", "b")}))
    pages.failed("a")
    pages.failed("b")
    assert pages.note(whole=True).startswith("1 advertisements are stored")
    pages.save(whole=True)
    assert DuePages("shop", store).among(["a", "b"]) == {"a"}


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


def test_what_another_crawl_stores_while_own_pages_are_read_is_seen_and_not_unmatched(
    sqlite_url: str,
) -> None:
    def answer(request: Request) -> Given:
        if urlsplit(request.url).path == "/s":
            card = '<li class="item" data-id="{0}"><a href="/i/{0}">看图</a></li>'
            return Given(card.format("ad0") + card.format("ad1"))
        if request.url.endswith("/ad1"):
            with closing(open_store(sqlite_url)) as store:
                other = Advertisement("shop", "ad1", title="象牙手镯", found_at=START)
                store.record([other], "another run")
        return Given('<p class="text">看图</p>')

    with answered_run(Shop, answer, sqlite_url, keywords="象牙手镯") as run:
        step = SpeciesPipeline(run.spider.session, run.spider.stats)
        first, second = sorted(run.items, key=lambda item: item.ad_id)
        with pytest.raises(Unmatched):
            step.process_item(first)
        assert step.process_item(second).relevance == ""
