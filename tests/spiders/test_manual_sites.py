"""Manual sites: their steps, links and worksheets."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT
from wildcrawl.analysis.charsets import widest
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.base_spiders import ManualSpider
from wildcrawl.tabular.worksheet import WorksheetSite, read_worksheet, write_worksheet

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
