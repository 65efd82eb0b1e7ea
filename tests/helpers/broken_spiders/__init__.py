"""Spiders of a site with broken pages, which is served at WILDCRAWL_DEMO_URL."""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.demo.site import DemoSite


class BrokenSpider(DemoSite, HtmlSearchSpider):
    name = "broken_site"
    label = "Broken site"
    kind = "antiques"
    home = "/"
    search_url = "?key={keyword}&page={page}"
    charset = "gb18030"
    card = "dl.goods:not(.promo)"
    empty = "p.none"
    next_page = "a.next::attr(href)"
    fields = {
        "ad_id": "::attr(data-id)",
        "url": "dd.name a::attr(href)",
        "title": "dd.name a::text",
        "price": "dd.price::text",
    }
    expect = {"advertisements": 1, "title": 1.0}


class ForbiddenSpider(BrokenSpider):
    name = "forbidden_site"
    search_url = "/mall/admin?key={keyword}&page={page}"
