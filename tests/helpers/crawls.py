"""Crawls of a made-up site, and their results in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.helpers.crawling import Result, scrapy
from wildcrawl.store import open_store

if TYPE_CHECKING:
    from tests.helpers.odd_site import OddSite
    from wildcrawl.items import Advertisement, Run

CONTACT = "monitoring@example.org"
FEW = "keywords=leopard"
"""Three keywords."""


def last_run(folder: Path) -> tuple[Run, list[Advertisement]]:
    """The last run that the store of `folder` has, and all its advertisements."""
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    try:
        return store.runs()[-1], list(store.advertisements())
    finally:
        store.close()


def crawl(
    site: OddSite, folder: Path, *arguments: str, spider: str = "polite_site", keywords: str = FEW
) -> tuple[Run, list[Advertisement], Result]:
    """Crawls the site as `scrapy crawl` does, by a spider of tests.helpers.polite_spiders."""
    asked = ["crawl", spider, "-s", "SPIDER_MODULES=tests.helpers.polite_spiders", *arguments]
    settings = {"WILDCRAWL_DEMO_URL": site.address, "WILDCRAWL_CONTACT": CONTACT}
    result = scrapy(*asked, "-a", keywords, folder=folder, **settings)
    assert "Traceback" not in result.err, result.err
    return *last_run(folder), result
