"""Site classes: the requests of each way of working, and the lists of sites."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.spiderloader import SpiderLoader
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from wildcrawl.analysis.tagging.keyword_matcher import KeywordMatcher
from wildcrawl.base_spiders import (
    BoardSpider,
    BrowserSearchSpider,
    CrawledSite,
    HtmlSearchSpider,
    JsonBoardSpider,
    JsonSearchSpider,
    ManualSpider,
    ProfileBrowserSpider,
    SearchSpider,
    Site,
)
from wildcrawl.commands.common import all_sites, find_crawled_site, find_site
from wildcrawl.crawl.scheduling.deploy_check import SPIDER
from wildcrawl.demo.spiders.deploy_check import DeployCheckSpider
from wildcrawl.utils import bundled_keywords

SEARCHED = [HtmlSearchSpider, JsonSearchSpider, BrowserSearchSpider, ProfileBrowserSpider]
BOARDS = [BoardSpider, JsonBoardSpider]


@pytest.mark.parametrize("way", [*SEARCHED, *BOARDS])
def test_what_sends_requests_is_automated(way: type[Site]) -> None:
    assert way.automated
    assert issubclass(way, CrawledSite)
    assert issubclass(way, SearchSpider) == (way in SEARCHED)


def test_a_manual_site_sends_no_request() -> None:
    assert not ManualSpider.automated
    assert not issubclass(ManualSpider, CrawledSite)


def test_a_persons_browser_is_on_one_machine_alone() -> None:
    assert [way for way in SEARCHED if way.needs_sign_in] == [ProfileBrowserSpider]
    assert [way for way in SEARCHED if way.needs_browser] == [
        BrowserSearchSpider,
        ProfileBrowserSpider,
    ]


def test_the_check_of_a_deployment_is_not_a_monitored_site() -> None:
    settings = get_project_settings()
    assert SpiderLoader.from_settings(settings).load(SPIDER) is DeployCheckSpider
    assert DeployCheckSpider not in all_sites(settings)
    with pytest.raises(ValueError, match="is not a monitored site"):
        find_site(settings, SPIDER)


def test_a_keyword_that_ended_is_not_searched(tmp_path: Path) -> None:
    text = bundled_keywords().read_text(encoding="utf-8")
    ended = text.replace("{term: 白料, ", "{term: 白料, until: 2020-12, ", 1)
    (tmp_path / "keywords.yaml").write_text(ended, encoding="utf-8")
    settings = get_project_settings()
    settings.set("WILDCRAWL_KEYWORDS", str(tmp_path / "keywords.yaml"), priority="cmdline")
    site = find_crawled_site(settings, "dangdang")
    crawler = Crawler(site, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    spider = site.from_crawler(crawler)
    terms = [keyword.term for keyword in spider.keywords]
    assert len(terms) == 111
    assert "白料" not in terms
    assert spider.session.run.keywords == terms
    matcher = KeywordMatcher(spider.session.tagger, spider.keywords)
    assert matcher.all, "the whole vocabulary is searched"
    assert not KeywordMatcher(spider.session.tagger, spider.keywords[1:]).all
    with pytest.raises(ValueError, match="'白料' is searched until 2020-12 only"):
        site.check(settings, {"keywords": "白料"})


def test_a_manual_site_has_no_page_to_read() -> None:
    settings = get_project_settings()
    assert find_crawled_site(settings, "dangdang").automated
    with pytest.raises(ValueError, match="cang is searched by hand"):
        find_crawled_site(settings, "cang")
