"""Saved pages of all sites: each spider reads its pages as a person reviewed them.

The pages of a site are in tests/pages/SITE/: results.html (or .json) and details.html (or .json)
as the site sends them, and results-2018.html and the like for further layouts. The first run
writes what the spider reads to expected.json, then fails and asks a person to review the file.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import TextResponse
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT
from tests.helpers.monitored_sites import LOADER, PAGES, SITES
from wildcrawl.base_spiders import CrawledSite, Site
from wildcrawl.base_spiders.json import JsonPages
from wildcrawl.base_spiders.responses import PageError, readable
from wildcrawl.items import ADVERTISEMENT_COLUMNS
from wildcrawl.months import check_month

KINDS = {"e-commerce", "second_hand", "classifieds", "antiques", "auction", "forum", "social"}
FILE_READERS = {"records", "survey"}
CONFIDENCE = re.compile(r"(high|medium|low)( to (high|medium|low))?($|[ ,;])")
READ_BY_MACHINE = [site for site in SITES if issubclass(site, CrawledSite)]


def named(site: type[Site]) -> str:
    return site.name


def build(site: type[CrawledSite], store: str) -> CrawledSite:
    settings = get_project_settings()
    settings.set("WILDCRAWL_STORE", store, priority="cmdline")
    return site.from_crawler(Crawler(site, settings))


def saved(site: str, name: str) -> list[Path]:
    """The pages of a kind: results.html, and results-2018.html for a layout of another year."""
    return sorted((PAGES / site).glob(f"{name}[.-]*"))


def response(spider: CrawledSite, path: Path) -> TextResponse:
    url = spider.address(spider.settings, spider.home)
    raw = TextResponse(url, body=path.read_bytes(), request=Request(url))
    return readable(raw, spider.charset)


def read_pages(spider: CrawledSite) -> dict[str, Any]:
    results, details = saved(spider.name, "results"), saved(spider.name, "details")
    assert results, (
        f"save a page of results of {spider.name} as tests/pages/{spider.name}/results.*"
    )
    read: dict[str, Any] = {}
    for path in results:
        page = spider.read_results(response(spider, path))
        shown = {"results": page.rows, "next_url": page.next_url, "more": page.more}
        read |= shown if path.stem == "results" else {path.stem: shown}
    if spider.detail:
        assert details, f"save an advertisement's page as tests/pages/{spider.name}/details.*"
    for path in details:
        read[path.stem] = spider.read_details(response(spider, path))
    return read


def test_every_file_in_spiders_declares_one_site() -> None:
    modules = [LOADER.load(name).__module__ for name in LOADER.list()]
    declared = Counter(name for name in modules if name.startswith("spiders."))
    files = {path.stem for path in (ROOT / "spiders").glob("*.py")} - {"__init__"}
    assert declared == {f"spiders.{name}": 1 for name in files}
    assert {site.name for site in SITES if not site.demo} == files - FILE_READERS


def attributes_in_order() -> list[str]:
    """The order that CONTRIBUTING requires."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    _, _, order = text.partition("Attributes come in this order")
    return re.findall(r"`(\w+)`", order.partition(".\n")[0])


DECLARATIONS = [
    *(ROOT / "spiders").glob("*.py"),
    *(ROOT / "wildcrawl" / "demo" / "spiders").glob("demo_*.py"),
    *(ROOT / "wildcrawl" / "templates" / "spiders").glob("*.tmpl"),
]


@pytest.mark.parametrize("path", sorted(DECLARATIONS), ids=lambda path: path.stem)
def test_attributes_are_declared_in_the_order_of_contributing(path: Path) -> None:
    order = attributes_in_order()
    assert order[:2] == ["name", "label"]
    assert order[-1] == "expect"
    text = path.read_text(encoding="utf-8")
    declared = [name for name in re.findall(r"(?m)^    (\w+)(?:: \S+)? = ", text) if name in order]
    assert declared == sorted(declared, key=order.index)


def test_every_folder_of_saved_pages_belongs_to_a_site() -> None:
    folders = {path.name for path in PAGES.iterdir() if path.is_dir()}
    assert folders - {site.name for site in READ_BY_MACHINE} == set()


@pytest.mark.parametrize("attribute", ["label", "label_zh", "home"])
def test_no_two_sites_share_a_name_or_a_home(attribute: str) -> None:
    values = Counter(getattr(site, attribute) for site in SITES)
    assert [value for value, count in values.items() if count > 1] == []


@pytest.mark.parametrize("site", READ_BY_MACHINE, ids=named)
def test_saved_pages_are_read_as_a_person_reviewed_them(
    site: type[CrawledSite], tmp_path: Path
) -> None:
    read = read_pages(build(site, f"sqlite:///{tmp_path / 'store.db'}"))
    expected = PAGES / site.name / "expected.json"
    if not expected.exists():
        text = json.dumps(read, ensure_ascii=False, indent=1)
        expected.write_text(text + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was written; compare it with the saved page, then run again")
    reviewed = json.loads(expected.read_text(encoding="utf-8"))
    assert read.keys() == reviewed.keys()
    assert len(read["results"]) == len(reviewed["results"])
    for row, reviewed_row in zip(read["results"], reviewed["results"], strict=True):
        assert row == reviewed_row
    assert read == reviewed


@pytest.mark.parametrize("site", READ_BY_MACHINE, ids=named)
def test_a_page_without_results_differs_from_a_changed_one(
    site: type[CrawledSite], tmp_path: Path
) -> None:
    spider = build(site, f"sqlite:///{tmp_path / 'store.db'}")
    changed = tmp_path / "changed.html"
    changed.write_text("<html><body><p>something else altogether</p></body></html>")
    if issubclass(site, JsonPages):
        with pytest.raises(PageError, match="is not JSON"):
            spider.read_results(response(spider, changed))
    else:
        assert not spider.read_results(response(spider, changed)).recognised


@pytest.mark.parametrize("site", SITES, ids=named)
def test_the_declaration_is_complete(site: type[Site]) -> None:
    assert site.__module__.rpartition(".")[2] == site.name
    assert site.label
    assert site.kind in KINDS
    assert check_month(site.since)
    assert site.home
    assert site.evidence, "say what the declarations were built from"
    assert CONFIDENCE.match(site.confidence), "begin with high, medium or low"
    if not site.demo:
        assert re.search(r"\b20\d\d\b", site.evidence), "name the years of the evidence"
    assert set(site.fields) | set(site.detail) <= set(ADVERTISEMENT_COLUMNS)
    if site.automated:
        sent = (site.search_url, site.search_body, *site.form_data.values())
        fills_itself = bool(site.search_form) and not site.form_data
        assert fills_itself or "{keyword}" in " ".join(sent), (
            "declare search_url with {keyword}: the search, or what a board's worksheet links to"
        )
        assert "title" in site.fields
        assert "ad_id" in {*site.fields, *site.patterns}
        assert site.expect.get("advertisements")
        assert set(site.expect) - {"advertisements"} <= set(site.fields) | set(site.detail)
    else:
        assert site.steps
