"""Base spiders: one per way of working a site; a site's spider is a declaration on top of one."""

from wildcrawl.base_spiders.board import BoardSpider, JsonBoardSpider
from wildcrawl.base_spiders.browser import BrowserSearchSpider
from wildcrawl.base_spiders.crawled_site import CrawledSite
from wildcrawl.base_spiders.file_import import RecordsSpider
from wildcrawl.base_spiders.html import HtmlSearchSpider
from wildcrawl.base_spiders.json import JsonSearchSpider
from wildcrawl.base_spiders.manual import ManualSpider, site_search
from wildcrawl.base_spiders.search import SearchSpider
from wildcrawl.base_spiders.signed_in import ProfileBrowserSpider
from wildcrawl.base_spiders.site import Site

__all__ = [
    "BoardSpider",
    "BrowserSearchSpider",
    "CrawledSite",
    "HtmlSearchSpider",
    "JsonBoardSpider",
    "JsonSearchSpider",
    "ManualSpider",
    "ProfileBrowserSpider",
    "RecordsSpider",
    "SearchSpider",
    "Site",
    "site_search",
]
