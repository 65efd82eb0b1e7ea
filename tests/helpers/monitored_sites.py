"""Monitored sites: the classes of their spiders, and the folder of their saved pages."""

from __future__ import annotations

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from tests.helpers.crawling import ROOT
from wildcrawl.base_spiders import Site

PAGES = ROOT / "tests" / "pages"
LOADER = SpiderLoader.from_settings(get_project_settings())
SITES = [
    spider
    for spider in map(LOADER.load, sorted(LOADER.list()))
    if issubclass(spider, Site) and spider.monitored
]
