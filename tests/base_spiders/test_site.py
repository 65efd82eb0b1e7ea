"""Site classes: the requests of each way of working, and the lists of sites."""

from __future__ import annotations

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

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


def test_a_manual_site_has_no_page_to_read() -> None:
    settings = get_project_settings()
    assert find_crawled_site(settings, "dangdang").automated
    with pytest.raises(ValueError, match="cang is searched by hand"):
        find_crawled_site(settings, "cang")
