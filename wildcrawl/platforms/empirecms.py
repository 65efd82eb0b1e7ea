"""EmpireCMS (帝国CMS) sites: the search stores its result under a number and redirects to it."""

from __future__ import annotations

from wildcrawl.base_spiders.extraction import says
from wildcrawl.base_spiders.html import HtmlSearchSpider
from wildcrawl.platforms.dedecms import ARTICLE_ID, LISTED
from wildcrawl.platforms.site import EngineSite


class EmpireCmsSpider(EngineSite, HtmlSearchSpider):
    """A site on EmpireCMS: its domain and its labels, and its `card` and `fields` if they differ.

    Every site has a theme of its own, so results are read as any list of articles. A site that
    searches another table than that of news adds &tbname= to its `search_path`. Ten public
    programs search by this address; one of 2026 reports that its site answers POST requests only.
    """

    kind = "classifieds"
    search_path = "/e/search/?searchget=1&keyboard={keyword}&show=title&tempid=1"
    card = LISTED.card
    fields = LISTED.fields
    patterns = {"ad_id": ARTICLE_ID}
    empty = says("没有搜索到相关的内容", "没有搜索到")
    blocked = ("搜索时间间隔", "搜索间隔")
    next_page = "(//a[contains(., '下一页')])[last()]/@href"
    detail = {
        "title": ("normalize-space((//h1)[1])", "normalize-space((//h2)[1])"),
        "description": (
            "(//*[@id='text' or @id='content' or @id='article'])[1]//text()",
            "(//*[contains(@class, 'content') or contains(@class, 'article')])[1]//text()",
        ),
        "image_urls": "(//*[@id='text' or contains(@class, 'content')])[1]//img/@src",
    }
    expect = {"advertisements": 1, "title": 1.0, "ad_id": 0.95}
