"""Ambiguous search: narrower searches for keywords whose use is mostly legal."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from tests.helpers.ambiguous_spiders import JoinedSpider, WithinSpider
from tests.helpers.crawling import scrapy
from wildcrawl.base_spiders import Site
from wildcrawl.base_spiders.extraction import Search
from wildcrawl.demo.truth import load_truth, search
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store


def crawl(site: type[Site], keywords: str, folder: Path, base: str) -> Result:
    done = scrapy(
        *("crawl", site.name, "-a", f"keywords={keywords}"),
        *("-s", "SPIDER_MODULES=tests.helpers.ambiguous_spiders"),
        folder=folder,
        WILDCRAWL_DEMO_URL=base,
    )
    assert done.code == 0, done.err
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        (run,) = store.runs(site.name)
        return run, {ad.ad_id: ad for ad in store.advertisements()}
    finally:
        store.close()


Result = tuple["Run", "dict[str, Advertisement]"]


def test_joined_to_product_words_it_is_searched_once_with_each(
    tmp_path: Path, marketplaces: str
) -> None:
    truth = [each for each in load_truth() if each.site == "demo_mall"]
    shown = {
        term: {
            each.ad_id
            for word in JoinedSpider.ambiguous_words
            for each in search(truth, f"{term} {word}")
        }
        for term in ("鹤顶红", "黑料")
    }
    alone = {each.ad_id for each in search(truth, "鹤顶红")}
    assert shown["鹤顶红"] < alone, "the joined search has to be the narrower one"
    # 白料 is ambiguous, but not so much that it is never searched alone.
    run, ads = crawl(JoinedSpider, "鹤顶红,黑料,象牙手镯,白料", tmp_path, marketplaces)
    assert run.health == "ok", run.reason
    assert {term: found for term, (found, _) in run.yields.items()} == {
        "鹤顶红": len(shown["鹤顶红"]),
        "黑料": len(shown["黑料"]),
        "象牙手镯": len(search(truth, "象牙手镯")),
        "白料": len(search(truth, "白料")),
    }
    kept = [ad for ad_id, ad in ads.items() if ad_id in shown["鹤顶红"]]
    assert kept
    assert all("鹤顶红" in ad.found_by for ad in kept), "counted as the keyword, not as the phrase"


def test_within_a_category_only_what_stands_there_is_found(
    tmp_path: Path, marketplaces: str
) -> None:
    truth = [each for each in load_truth() if each.site == "demo_market"]
    everywhere = search(truth, "果冻")
    inside = {each.ad_id for each in everywhere if each.category == "手串"}
    assert 0 < len(inside) < len(everywhere)
    run, ads = crawl(WithinSpider, "果冻,虎骨", tmp_path, marketplaces)
    assert run.yields["果冻"][0] == len(inside)
    assert run.yields["虎骨"][0] == len(search(truth, "虎骨")) > 0
    assert {ad_id for ad_id, ad in ads.items() if "果冻" in ad.found_by} <= inside


@pytest.mark.parametrize(("term", "pages"), [("果冻", 5), ("象牙", 50)])
def test_the_page_limit_of_an_ambiguous_keyword_is_lower(
    tmp_path: Path, term: str, pages: int
) -> None:
    settings = get_project_settings()
    settings.set("WILDCRAWL_STORE", f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    crawler = Crawler(JoinedSpider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    spider = JoinedSpider.from_crawler(crawler, keywords=term)
    (keyword,) = spider.keywords
    limits = [spider.is_at_limit(Search(keyword, term, page)) for page in range(1, pages + 1)]
    assert limits == [False] * (pages - 1) + [True]
