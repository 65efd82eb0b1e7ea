"""Collectors' forum: fictional, HTML in Big5 and traditional characters, paged by offset."""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.demo.site import DemoSite


class DemoForumSpider(DemoSite, HtmlSearchSpider):
    name = "demo_forum"
    label = "Old Friends Collectors' Forum"
    label_zh = "老友收藏論壇"
    kind = "forum"
    home = "/forum/"
    search_url = "/forum/search.php?q={keyword}&start={page}"
    charset = "big5"
    first_page = 0
    page_step = 15
    card = "tr.thread"
    empty = "p.notice"
    next_page = "a.nextpage::attr(href)"
    fields = {
        "ad_id": "::attr(data-tid)",
        "url": "td.subject a::attr(href)",
        "title": "td.subject a::text",
        "category": "td.board::text",
        "seller": "td.author a::text",
        "posted_at": "td.date::text",
    }
    detail = {
        "description": ".post.first .message ::text",
        "price": ".post.first .ask::text",
        "seller_id": ".post.first a.author::attr(data-uid)",
        "location": ".post.first .from::text",
        "image_urls": ".post.first .attach img::attr(src)",
    }
    expect = {"advertisements": 20, "ad_id": 1.0, "title": 0.8, "seller": 1.0, "description": 0.6}
