"""The ways in which a site is worked; a site's spider is a declaration on top of one of them."""

from wildcrawl.spider.base import SiteSpider
from wildcrawl.spider.board import BoardSpider, JsonBoardSpider
from wildcrawl.spider.browser import BrowserSearchSpider
from wildcrawl.spider.html import HtmlSearchSpider
from wildcrawl.spider.json_api import JsonSearchSpider
from wildcrawl.spider.manual import ManualSpider, site_search
from wildcrawl.spider.profile import ProfileBrowserSpider
from wildcrawl.spider.records import RecordsSpider

__all__ = [
    "BoardSpider",
    "BrowserSearchSpider",
    "HtmlSearchSpider",
    "JsonBoardSpider",
    "JsonSearchSpider",
    "ManualSpider",
    "ProfileBrowserSpider",
    "RecordsSpider",
    "SiteSpider",
    "site_search",
]
