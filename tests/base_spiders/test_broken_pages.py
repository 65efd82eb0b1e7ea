"""Broken pages (empty, cut, huge, binary, soft 404, blocked, changed): counted, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import crawls
from tests.helpers.crawling import scrapy
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store

ALL_KEYWORDS = 112


def crawl(
    base: str, kind: str, folder: Path, keywords: str = "leopard"
) -> tuple[Run, list[Advertisement], str]:
    """Crawls `/broken/KIND`, by default for the three keywords of one group."""
    result = scrapy(
        "crawl",
        "broken_site",
        "-a",
        f"keywords={keywords}",
        "-s",
        "SPIDER_MODULES=tests.helpers.broken_spiders",
        "-s",
        "RETRY_ENABLED=False",
        folder=folder,
        WILDCRAWL_DEMO_URL=f"{base}/broken/{kind}",
    )
    assert result.code == 0, result.err
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        (run,) = store.runs("broken_site")
        return run, list(store.advertisements()), result.err
    finally:
        store.close()


@pytest.mark.parametrize(
    ("kind", "health", "reason"),
    [
        ("empty", "broken", "3 unreadable pages"),
        ("not-html", "broken", "3 unreadable pages"),
        ("huge", "broken", "3 pages that could not be fetched"),
        ("500", "broken", "3 pages that could not be fetched"),
        ("changed", "broken", "3 pages that show neither results nor 'nothing found'"),
        ("403", "blocked", "the site refused further requests"),
        ("captcha", "blocked", "the site refused further requests"),
        ("login", "blocked", "the site refused further requests"),
    ],
)
def test_a_page_without_results_is_named_for_what_it_is(
    marketplaces: str, tmp_path: Path, kind: str, health: str, reason: str
) -> None:
    run, ads, log = crawl(marketplaces, kind, tmp_path)
    assert ads == []
    assert (run.health, run.new) == (health, 0)
    assert reason in run.reason
    assert f"{marketplaces}/broken/{kind}" in log
    assert "Traceback" not in log


def test_a_cut_page_gives_what_stands_on_it(marketplaces: str, tmp_path: Path) -> None:
    run, ads, _ = crawl(marketplaces, "truncated", tmp_path)
    assert run.new >= 1
    assert all("�" not in ad.title for ad in ads)


def test_a_header_that_lies_costs_no_character(marketplaces: str, tmp_path: Path) -> None:
    run, ads, _ = crawl(marketplaces, "lies", tmp_path)
    assert run.new == len(ads) >= 2
    assert all("�" not in ad.title and "牙" in ad.title + ad.description for ad in ads)


def test_a_block_stops_the_search_at_once(marketplaces: str, tmp_path: Path) -> None:
    run, _, _ = crawl(marketplaces, "captcha", tmp_path, keywords="")
    assert run.pages < ALL_KEYWORDS / 3


def test_robots_txt_is_kept_and_the_worksheet_offered(marketplaces: str, tmp_path: Path) -> None:
    result = scrapy(
        "crawl",
        "forbidden_site",
        "-s",
        "SPIDER_MODULES=tests.helpers.broken_spiders",
        folder=tmp_path,
        WILDCRAWL_DEMO_URL=marketplaces,
    )
    assert result.code == 0, result.err
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    (run,) = store.runs("forbidden_site")
    store.close()
    assert run.pages == 0
    assert run.requests == 1, "no more than robots.txt itself"
    assert (run.health, run.reason) == (
        "blocked",
        "robots.txt forbids the search; search by hand: scrapy worksheet forbidden_site",
    )


def test_a_site_that_is_down_is_not_asked_for_every_keyword(tmp_path: Path) -> None:
    run, _, log = crawl("http://127.0.0.1:9", "gone", tmp_path, keywords="")
    assert (run.health, run.pages) == ("broken", 0)
    assert run.requests < ALL_KEYWORDS / 3
    assert "could not be fetched" in run.reason
    assert "Traceback" not in log


def test_a_site_in_a_charset_that_nothing_names_is_read_and_this_is_said_once(
    tmp_path: Path,
) -> None:
    def answer(asked: Asked) -> Answer:
        body = f'<meta charset="utf-8">{results(asked).body}'.encode("gbk")
        return Answer(raw=body, headers={"Content-Type": "text/html; charset=utf-8"})

    with odd_site(answer) as site:
        run, ads, result = crawls.crawl(site, tmp_path)
    assert (run.health, run.irrelevant, len(ads)) == ("ok", 0, 6)
    assert all("手镯" in ad.title for ad in ads)
    assert result.err.count("it is gb18030, which nothing names") == 1


def test_illegible_pages_make_a_broken_run_and_are_named(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        return Answer(results(asked).body.encode().decode("ascii", "replace"))

    with odd_site(answer) as site:
        run, ads, result = crawls.crawl(site, tmp_path)
    assert (run.health, run.reason, ads) == ("broken", "3 unreadable pages", [])
    assert result.err.count("are illegible in utf-8") == 3
