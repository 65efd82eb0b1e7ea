"""Snapshots: a page is saved byte for byte, and compared with the saved one."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from urllib.parse import quote

import pytest
from scrapy.http import Request, Response
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT, Result, requests_so_far, reset_requests, scrapy
from tests.helpers.polite_spiders import PoliteSpider
from wildcrawl.base_spiders.snapshot import read_results, site_spider

MALL = "demo_mall"


def save(site: str, base: str, folder: Path, *arguments: str, **settings: str) -> Result:
    return scrapy("save-page", site, *arguments, folder=folder, WILDCRAWL_DEMO_URL=base, **settings)


def pages(folder: Path, site: str = MALL) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in (folder / "tests" / "pages" / site).iterdir()}


def test_a_page_and_an_advertisement_are_saved_byte_for_byte_and_nothing_is_stored(
    marketplaces: str, tmp_path: Path
) -> None:
    reset_requests(marketplaces)
    done = save(MALL, marketplaces, tmp_path, "象牙")
    assert done.code == 0, done.err
    saved = pages(tmp_path)
    assert set(saved) == {"results.html", "details.html"}
    key = quote("象牙".encode("gb18030"))
    with urllib.request.urlopen(f"{marketplaces}/mall/search.asp?key={key}&page=1") as answer:
        assert saved["results.html"] == answer.read()
    assert "共找到".encode("gb18030") in saved["results.html"]
    assert "title: 20 of 20, for example" in done.out
    assert "description: 1 of 1, for example" in done.out
    assert "Replace sellers' names" in done.out
    assert not (tmp_path / "wildcrawl.db").exists()
    counts = requests_so_far(marketplaces)
    assert counts["search"] == 2
    assert sum(counts["pages"].values()) == 1


def test_a_gateways_json_is_saved_as_such(marketplaces: str, tmp_path: Path) -> None:
    done = save("demo_market", marketplaces, tmp_path, "象牙", "-o", "here")
    assert done.code == 0, done.err
    results = json.loads((tmp_path / "here" / "results.json").read_bytes())
    assert results["data"]["items"]
    assert json.loads((tmp_path / "here" / "details.json").read_bytes())["data"]["desc"]


def test_a_page_that_a_browser_draws_is_saved_as_drawn(
    marketplaces: str, browser: str, tmp_path: Path
) -> None:
    done = save("demo_shop", marketplaces, tmp_path, "象牙")
    assert done.code == 0, done.err
    assert b'<article class="card"' in pages(tmp_path, "demo_shop")["results.html"]


def test_what_is_there_stays_until_it_is_replaced_and_then_stands_beside(
    marketplaces: str, tmp_path: Path
) -> None:
    folder = tmp_path / "tests" / "pages" / MALL
    folder.mkdir(parents=True)
    kept = (ROOT / "tests" / "pages" / MALL / "results.html").read_bytes()
    changed = kept.replace(b'class="shop"', b'class="vendor"').replace(b'class="price"', b"")
    (folder / "results.html").write_bytes(changed)
    done = save(MALL, marketplaces, tmp_path, "象牙")
    assert done.code == 0, done.err
    assert "beside results.html: new   price: filled in 0 of" in done.out
    assert pages(tmp_path)["results.html"] == changed
    fresh = pages(tmp_path)["new-results.html"]
    assert save(MALL, marketplaces, tmp_path, "--replace").code == 0
    assert set(pages(tmp_path)) == {"results.html", "old-results.html", "details.html"}
    assert pages(tmp_path)["results.html"] == fresh
    assert pages(tmp_path)["old-results.html"] == changed
    again = save(MALL, marketplaces, tmp_path, "象牙", "--replace")
    assert "reads as the saved one does" in again.out
    assert pages(tmp_path)["old-results.html"] == changed
    assert pages(tmp_path)["old-results-2.html"] == fresh


def test_a_field_that_is_gone_is_reported(marketplaces: str, tmp_path: Path) -> None:
    assert save(MALL, marketplaces, tmp_path, "象牙").code == 0
    page = tmp_path / "tests" / "pages" / MALL / "results.html"
    whole = page.read_bytes()
    page.write_bytes(whole.replace(b'class="price"', b'class="cost"'))
    read = scrapy("read-page", MALL, str(page), folder=tmp_path, WILDCRAWL_DEMO_URL=marketplaces)
    assert read.code == 0
    assert len(json.loads(read.out)) == 20
    assert "price: 0 of 20" in read.err


@pytest.mark.parametrize(
    ("site", "words", "settings"),
    [
        ("weidian", "is searched by hand", {}),
        ("dangdang", "set WILDCRAWL_CONTACT", {}),
        ("tieba", "WILDCRAWL_SWITCHED_ON=tieba", {"WILDCRAWL_CONTACT": "me@example.org"}),
        ("no_such_site", "is not a site", {}),
    ],
)
def test_what_may_not_be_asked_is_not(
    tmp_path: Path, site: str, words: str, settings: dict[str, str]
) -> None:
    done = scrapy("save-page", site, "象牙", folder=tmp_path, **settings)
    assert done.code == 2
    assert words in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_block_is_reported_and_kept_for_what_it_is(marketplaces: str, tmp_path: Path) -> None:
    done = scrapy(
        "save-page", "broken_site", "象牙", "-s", "SPIDER_MODULES=tests.helpers.broken_spiders",
        folder=tmp_path, WILDCRAWL_DEMO_URL=f"{marketplaces}/broken/captcha",
    )  # fmt: skip
    assert done.code == 1
    assert "the site shows a challenge instead" in done.out


def test_what_robots_txt_forbids_is_not_fetched(marketplaces: str, tmp_path: Path) -> None:
    done = scrapy(
        "save-page", "forbidden_site", "象牙", "-s", "SPIDER_MODULES=tests.helpers.broken_spiders",
        folder=tmp_path, WILDCRAWL_DEMO_URL=marketplaces,
    )  # fmt: skip
    assert done.code == 1
    assert "robots.txt forbids it" in done.out
    assert not (tmp_path / "tests").exists()


def test_a_saved_page_is_read_without_asking_anybody(tmp_path: Path) -> None:
    page = ROOT / "tests" / "pages" / "tieba" / "results-2018.html"
    read = scrapy("read-page", "tieba", str(page), folder=tmp_path)
    assert read.code == 0, read.err
    assert [row["ad_id"] for row in json.loads(read.out)] == ["5300000001", "5300000002"]
    details = ROOT / "tests" / "pages" / "tieba" / "details.html"
    read = scrapy("read-page", "tieba", str(details), "--details", folder=tmp_path)
    assert json.loads(read.out)[0]["location"] == "广东"
    assert list(tmp_path.iterdir()) == []


GOODS = '<ul><li data-id="1"><a href="/item/1">红木 1</a></li></ul>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<p class="none">没有找到</p><p>系统繁忙，请稍后再试</p>', "the page says '系统繁忙"),
        (f"<p>您的访问过于频繁</p>{GOODS}", "the page says '您的访问过于频繁'"),
        ("<h1>搜索</h1><iframe src='/list?key=a'></iframe>", "a frame shows http://h/list?key=a"),
        (f"<p>共1件</p>{GOODS}", ""),
        ('<p class="none">没有找到</p>', ""),
    ],
)
def test_a_refusal_beside_results_and_a_frame_are_named(body: str, said: str) -> None:
    page = f'<meta charset="utf-8"><title>搜索</title><body>{body}'.encode()
    response = Response("http://h/s", body=page, request=Request("http://h/s"))
    spider = site_spider(PoliteSpider, get_project_settings())
    advice = " ".join(read_results(spider, response).advice)
    assert said in advice
    assert bool(said) == ("says" in advice or "frame" in advice)


def test_a_page_of_nothing_is_reported(tmp_path: Path) -> None:
    page = ROOT / "tests" / "pages" / "xianyu" / "blocked.html"
    read = scrapy("read-page", "xianyu", str(page), folder=tmp_path)
    assert read.code == 1
    assert "the site shows a challenge instead" in read.err
    missing = scrapy("read-page", "xianyu", "no.html", folder=tmp_path)
    assert missing.code == 2
    assert "no.html: no such file" in missing.err
