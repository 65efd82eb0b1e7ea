"""Manual sites: their steps, links and worksheets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT
from wildcrawl.analysis.charsets import widest
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.base_spiders import ManualSpider
from wildcrawl.tabular.worksheet import (
    Filled,
    WorksheetSite,
    check_filled,
    read_worksheet,
    write_worksheet,
)

SETTINGS = get_project_settings()
LOADER = SpiderLoader.from_settings(SETTINGS)
SITES = [
    spider
    for spider in map(LOADER.load, sorted(LOADER.list()))
    if issubclass(spider, ManualSpider) and not spider.demo
]
VOCABULARY = load_vocabulary()


def site_of(spider: type[ManualSpider]) -> WorksheetSite:
    return spider.worksheet_site(SETTINGS)


def named(spider: type[ManualSpider]) -> str:
    return spider.name


def test_every_site_that_is_declared_manual_is_among_them() -> None:
    declared = {
        path.stem
        for path in (ROOT / "spiders").glob("*.py")
        if "(ManualSpider):" in path.read_text(encoding="utf-8")
    }
    assert {site.name for site in SITES} == declared


@pytest.mark.parametrize("spider", SITES, ids=named)
def test_its_steps_explain_how_to_search_and_how_to_identify_an_advertisement(
    spider: type[ManualSpider],
) -> None:
    steps = " ".join(spider.steps)
    assert "ad_id" in steps
    assert "url" in steps
    assert re.search(r"[\u4e00-\u9fff]", steps)
    assert re.search(r"[\u4e00-\u9fff]", spider.label_zh)
    if spider.search_url:
        assert "search link" in spider.steps[0] + spider.steps[1]
    else:
        assert "app" in spider.steps[0]


@pytest.mark.parametrize("spider", [site for site in SITES if site.search_url], ids=named)
def test_its_links_hold_each_keyword_in_the_sites_charset(spider: type[ManualSpider]) -> None:
    for keyword in VOCABULARY.keywords:
        link = site_of(spider).link(keyword.term)
        assert urlsplit(link).scheme in ("http", "https")
        assert unquote_to_bytes(link).decode(widest(spider.charset)).count(keyword.term) == 1
        assert "{" not in link


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_its_worksheet_goes_out_and_comes_back_as_not_yet_searched(
    tmp_path: Path, ending: str
) -> None:
    terms = [keyword.term for keyword in VOCABULARY.keywords]
    for spider in SITES:
        path = tmp_path / f"{spider.name}.{ending}"
        write_worksheet(path, site_of(spider), VOCABULARY.keywords, VOCABULARY.groups)
        sheet = read_worksheet(path, site_of(spider), terms, VOCABULARY.groups)
        assert (sheet.records, sheet.rejections, sheet.searched) == ([], [], [])
        assert sheet.unsearched == terms


def test_two_offers_of_one_stream_are_two_advertisements() -> None:
    (site,) = (spider for spider in SITES if spider.name == "live_streams")
    offer = {
        "found_by": "象牙",
        "url": "https://live.douyin.com/123456",
        "seller": "样例主播",
        "seller_id": "dy_123",
        "category": "抖音 123456",
        "posted_at": "2026-11-05 20:41",
        "images": "2",
        "note": "a.png; b.png",
    }
    rows = [
        offer | {"ad_id": f"123456-20261105-{n}", "title": title, "description": f"{n}2:30 …"}
        for n, title in ((1, "老料手串"), (2, "老料牌子"))
    ]
    terms = [keyword.term for keyword in VOCABULARY.keywords]
    now = datetime(2026, 11, 6, tzinfo=UTC)
    sheet = check_filled(Filled(rows=rows), site_of(site), terms, VOCABULARY.groups, now)
    assert sheet.rejections == []
    assert [ad.ad_id for ad in sheet.records] == ["123456-20261105-1", "123456-20261105-2"]
    assert {(ad.images, ad.seller, ad.posted_at) for ad in sheet.records} == {
        (2, "样例主播", "2026-11-05 20:41")
    }


def test_the_steps_for_a_stream_name_all_that_a_stream_leaves() -> None:
    (site,) = (spider for spider in SITES if spider.name == "live_streams")
    steps = " ".join(site.steps)
    for word in ("When:", "Who:", "What was shown:", "What was said:", "Screenshots:"):
        assert word in steps
