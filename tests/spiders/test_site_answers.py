"""Pages without results: an empty result counts as zero, and a refusal blocks the run.

The folder of a site's saved pages has empty.* (nothing found) and blocked*.* (refused), if these
pages are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse, Response
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from tests.helpers.monitored_sites import PAGES, SITES
from wildcrawl.analysis.dates import site_moment
from wildcrawl.analysis.prices import read_price
from wildcrawl.base_spiders import SearchSpider
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.crawl.middlewares import SiteThrottleMiddleware
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import PriceKind

BY_NAME = {site.name: site for site in SITES if issubclass(site, SearchSpider)}


def pages(name: str) -> list[Path]:
    return sorted(each for each in PAGES.glob(f"*/{name}*") if each.parent.name in BY_NAME)


def site_and_name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture
def searched(sqlite_url: str) -> Iterator[Any]:
    """Feeds a page to the spider of its site as the answer to its first search."""
    spiders: list[SearchSpider] = []

    def search(path: Path) -> SearchSpider:
        settings = get_project_settings()
        settings.set("WILDCRAWL_STORE", sqlite_url, priority="cmdline")
        site = BY_NAME[path.parent.name]
        crawler = Crawler(site, settings)
        crawler.stats = MemoryStatsCollector(crawler)
        middlewares = SimpleNamespace(middlewares=[SiteThrottleMiddleware(crawler)])
        downloader = SimpleNamespace(slots={}, middleware=middlewares)
        crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
        spider = site.from_crawler(crawler)
        spiders.append(spider)
        keyword = spider.keywords[0]
        request = Request(spider.home)
        response = Response(spider.home, body=path.read_bytes(), request=request)
        first = Search(keyword, keyword.term, spider.first_page)
        assert list(spider.parse_results(response, first)) == []
        return spider

    yield search
    for each in spiders:
        each.session.store.close()


@pytest.mark.parametrize("path", pages("empty."), ids=site_and_name)
def test_nothing_found_is_an_answer(searched: Any, path: Path) -> None:
    spider = searched(path)
    assert spider.answered == {spider.keywords[0].term}
    assert not spider.stats.get_value(Stat.PAGES_UNRECOGNISED)


@pytest.mark.parametrize("path", pages("blocked"), ids=site_and_name)
def test_a_refusal_ends_the_run_as_blocked(searched: Any, path: Path) -> None:
    with pytest.raises(CloseSpider) as closed:
        searched(path)
    assert closed.value.reason == "blocked"


def reviewed() -> list[tuple[str, dict[str, Any]]]:
    """All reviewed advertisements of the sites' saved pages."""
    found = []
    for path in sorted(PAGES.glob("*/expected.json")):
        for name, value in json.loads(path.read_text(encoding="utf-8")).items():
            shown = value["results"] if name.startswith("results-") else value
            rows = shown if isinstance(shown, list) else [shown]
            found += [(path.parent.name, row) for row in rows if isinstance(row, dict)]
    return found


def test_what_sites_write_as_a_price_and_as_a_date_is_read() -> None:
    seen = datetime(2026, 11, 24, tzinfo=UTC)
    rows = reviewed()
    unread = [
        (site, row["price"])
        for site, row in rows
        if row.get("price") and read_price(row["price"]).kind is PriceKind.INVALID
    ]
    assert not unread
    for _, row in rows:
        if row.get("posted_at"):
            site_moment(row["posted_at"], seen)


def test_threads_fetched_by_number_are_kept_and_other_undrawn_results_counted() -> None:
    site = BY_NAME["tieba"]
    crawler = Crawler(site, get_project_settings())
    crawler.stats = MemoryStatsCollector(crawler)
    spider = site.from_crawler(crawler)
    feed = [
        {"layout": "feed", "feed": {"business_info_map": {"thread_id": number, "title": "x"}}}
        for number in ("11", "14")
    ]
    data = json.dumps({"page_data": {"feed_list": feed}, "thread_id_list": [11, 12]})
    request = Request(spider.home, meta={"answers": [data]})
    drawn = '<div class="threadcardclass"><a href="/p/11"><i class="title-wrap">出</i></a></div>'
    page = HtmlResponse(spider.home, body=drawn.encode(), encoding="utf-8", request=request)
    rows = spider.read_results(page).rows
    assert [(row["ad_id"], row["title"]) for row in rows] == [("11", "出"), ("12", "")]
    assert spider.stats.get_value(Stat.ROWS_UNDRAWN) == 1
