"""Harbour Antiques Mall: fictional, HTML in GBK with paging and promoted duplicates."""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.demo.site import DemoSite


class DemoMallSpider(DemoSite, HtmlSearchSpider):
    name = "demo_mall"
    label = "Harbour Antiques Mall"
    label_zh = "港湾古玩城"
    kind = "antiques"
    home = "/mall/"
    search_url = "/mall/search.asp?key={keyword}&page={page}"
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
    detail = {
        "title": "#goods-name::text",
        "description": "#goods-desc ::text",
        "category": "a.cat::text",
        "seller": "a.seller::text",
        "seller_id": "a.seller::attr(data-uid)",
        "location": "td.city::text",
        "posted_at": "td.posted::text",
        "image_urls": ".gallery img::attr(src)",
    }
    expect = {"advertisements": 60, "ad_id": 1.0, "title": 0.9, "price": 0.7, "description": 0.6}
