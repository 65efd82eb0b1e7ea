"""Rules for every spider: only the site's own pages, a contact in the name, strict arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from wildcrawl.base_spiders import SearchSpider
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.crawl.stats import Stat
from wildcrawl.demo.spiders.demo_mall import DemoMallSpider
from wildcrawl.items import Advertisement, Sighting

KEYWORD, OTHER = "象牙", "象牙手镯"


class Mall(DemoMallSpider):
    """A site at a made-up address."""

    name = "mall"
    home = "https://www.mall.example/"
    search_url = "https://s.mall.example/?key={keyword}&page={page}"

    @classmethod
    def address(cls, settings: Any, url: str) -> str:
        return url


@pytest.fixture
def mall(sqlite_url: str) -> Iterator[SearchSpider]:
    settings = get_project_settings()
    settings.set("WILDCRAWL_STORE", sqlite_url, priority="cmdline")
    crawler = Crawler(Mall, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    spider = Mall.from_crawler(crawler)
    yield spider
    spider.session.store.close()


def found(spider: SearchSpider, term: str = KEYWORD, **row: str) -> list[Any]:
    keyword = next(each for each in spider.keywords if each.term == term)
    return list(spider.found([{"ad_id": "1", "title": "老象牙", **row}], keyword))


@pytest.mark.parametrize("url", ["https://www.mall.example/1.html", "https://item.mall.example/1"])
def test_an_advertisements_own_page_is_fetched(mall: SearchSpider, url: str) -> None:
    (request,) = found(mall, url=url)
    assert isinstance(request, Request)
    assert request.url == url


@pytest.mark.parametrize(
    "url", ["https://seller.example.org/1", "https://mall.example.evil.com/", "javascript:alert(1)"]
)
def test_where_a_seller_leads_to_is_never_visited(mall: SearchSpider, url: str) -> None:
    (ad,) = found(mall, url=url)
    assert isinstance(ad, Advertisement)
    assert ad.url == url
    assert mall.stats.get_value(Stat.DETAILS_ELSEWHERE) == 1


def test_a_further_keyword_costs_no_second_request(mall: SearchSpider) -> None:
    (request,) = found(mall, url="https://www.mall.example/1.html")
    assert found(mall, OTHER, url="https://www.mall.example/1.html") == []
    (ad,) = mall.details_failed(failed(request))
    assert ad.found_by == [KEYWORD, OTHER]
    (sighting,) = found(mall, "象牙雕", url="https://www.mall.example/1.html")
    assert isinstance(sighting, Sighting)
    assert sighting.found_by == ["象牙雕"]


def failed(request: Request) -> Any:
    from twisted.python.failure import Failure

    failure = Failure(TimeoutError("no answer"))  # type: ignore[no-untyped-call]
    failure.request = request  # type: ignore[attr-defined]
    return failure


def test_the_site_gets_a_name_and_a_contact() -> None:
    settings = get_project_settings()
    settings.set("WILDCRAWL_CONTACT", "monitoring@example.org", priority="cmdline")
    agent = Crawler(Mall, settings).settings["USER_AGENT"]
    assert agent.startswith("wildcrawl/")
    assert "monitoring@example.org" in agent


def test_a_real_site_is_asked_slowly_and_one_request_at_a_time() -> None:
    settings = get_project_settings()
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert settings.getfloat("DOWNLOAD_DELAY") >= 1


def test_an_argument_of_scrapyds_own_passes_and_a_misspelt_one_does_not() -> None:
    assert Mall(_job="a1b2").keywords_wanted == ""
    with pytest.raises(ValueError, match="mall has no argument 'keyword'"):
        Mall(keyword="ivory")


def test_a_search_that_is_posted_goes_with_its_body_and_headers(mall: SearchSpider) -> None:
    mall.search_body = "key={keyword}&p={page}"  # type: ignore[misc]
    mall.headers = {"Referer": "https://www.mall.example/"}  # type: ignore[misc]
    request = mall.search_request(Search(mall.keywords[0], "象牙", 2))
    assert request is not None
    assert (request.method, request.body) == ("POST", b"key=%CF%F3%D1%C0&p=2")
    assert request.headers["Referer"] == b"https://www.mall.example/"
