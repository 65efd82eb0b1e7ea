"""Cloud Boutique: fictional, its results appear only in a browser; the cards show everything."""

from wildcrawl.base_spiders import BrowserSearchSpider
from wildcrawl.demo.site import DemoSite


class DemoShopSpider(DemoSite, BrowserSearchSpider):
    name = "demo_shop"
    label = "Cloud Boutique"
    label_zh = "云上雅集"
    kind = "e-commerce"
    home = "/shop/"
    search_url = "/shop/?q={keyword}&page={page}"
    card = "#results article.card"
    empty = "#results p.empty"
    next_page = "#pager a.next::attr(href)"
    fields = {
        "ad_id": "::attr(data-sku)",
        "url": "a.card-link::attr(href)",
        "title": "h3.card-title::text",
        "description": "p.card-text::text",
        "price": ".card-price::text",
        "seller": ".card-seller::text",
        "seller_id": ".card-seller::attr(data-seller)",
        "location": ".card-place::text",
        "posted_at": ".card-time::text",
        "image_urls": "a.card-link img::attr(src)",
    }
    expect = {"advertisements": 15, "ad_id": 1.0, "title": 0.9, "price": 0.7}
