"""Second-hand Market: fictional, a JSON API."""

from wildcrawl.base_spiders import JsonSearchSpider
from wildcrawl.demo.site import DemoSite


class DemoMarketSpider(DemoSite, JsonSearchSpider):
    name = "demo_market"
    label = "Second-hand Market"
    label_zh = "拾光二手"
    kind = "second_hand"
    home = "/market/"
    search_url = "/market/api/search?keyword={keyword}&page={page}&size=30"
    results = "data.items[?!recommend]"
    more = "data.hasMore"
    fields = {
        "ad_id": "id",
        "url": "url",
        "title": "title",
        "price": "priceText",
        "category": "category",
        "seller": "seller.nick",
        "seller_id": "seller.id",
        "location": "area",
        "posted_at": "publishTime",
        "image_urls": "pics",
    }
    detail = {"description": "data.desc"}
    detail_url = "/market/api/item/{ad_id}"
    gone = ("宝贝不存在或已下架",)
    expect = {"advertisements": 50, "ad_id": 1.0, "title": 0.9, "price": 0.7, "description": 0.5}
