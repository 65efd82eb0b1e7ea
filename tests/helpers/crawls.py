"""Crawls of a made-up site, and their results in the store."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.crawling import Result, scrapy
from tests.helpers.odd_site import OddSite
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store

CONTACT = "monitoring@example.org"
FEW = "keywords=leopard"
"""Argument that selects three keywords."""


def last_run(folder: Path) -> tuple[Run, list[Advertisement]]:
    """The last run in the store of `folder`, and all advertisements of the store."""
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        return store.runs()[-1], list(store.advertisements())
    finally:
        store.close()


def crawl(
    site: OddSite, folder: Path, *arguments: str, spider: str = "polite_site", keywords: str = FEW
) -> tuple[Run, list[Advertisement], Result]:
    """Crawls the site by `scrapy crawl`, with a spider of tests.helpers.polite_spiders."""
    command = ["crawl", spider, "-s", "SPIDER_MODULES=tests.helpers.polite_spiders", *arguments]
    settings = {"WILDCRAWL_DEMO_URL": site.address, "WILDCRAWL_CONTACT": CONTACT}
    result = scrapy(*command, "-a", keywords, folder=folder, **settings)
    assert "Traceback" not in result.err, result.err
    return *last_run(folder), result
