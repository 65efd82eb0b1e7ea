"""Zhaoonline: an auction house's stamps, coins and antiques, at auction and at fixed prices.

A lot's own page is not fetched: what it shows is not known. The text of an empty result is a
guess.
"""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import Layout, says


class ZhaoonlineSpider(HtmlSearchSpider):
    name = "zhaoonline"
    label = "Zhaoonline"
    label_zh = "赵涌在线"
    kind = "auction"
    since = "2026-11"
    evidence = "a public crawler of March 2022 (the search), one of 2018 (its older JSON search)"
    confidence = "medium for the search, low for the JSON search"
    home = "https://www.zhaoonline.com/"
    search_url = (
        "https://www.zhaoonline.com/search/?channelModule=trade&channelModuleBackup=trade"
        "&keyword={keyword}"
    )
    pace = 5
    max_pages = 10
    ambiguous_pages = 2
    card = "div.list-item.cf"
    empty = says("没有找到", "没有搜索到", "暂无")
    next_page = "#page_div a#nextPage::attr(href)"
    fields = {
        "ad_id": ".item-main a[title=关注]::attr(rel)",
        "url": ("a.item-title::attr(href)", "a::attr(href)"),
        "title": ("a.item-title::attr(title)", "a.item-title::text"),
        "price": "(.//strong)[1]//text()",
        "description": "(.//span)[1]//text()",
        "posted_at": "span.time::text",
        "image_urls": "img::attr(src)",
    }
    patterns = {"ad_id": r"(?:^|/|=)(\d+)(?:\.shtml|$)"}
    other_layouts = (
        Layout(
            "[]",
            {
                "ad_id": "id",
                "url": "join('', ['/auction-detail.shtml?id=', to_string(id)])",
                "title": "title",
                "price": "price",
                "posted_at": "startAt",
                "image_urls": "images[].url",
            },
            data='"list":',
        ),
    )
    expect = {"advertisements": 10, "title": 1.0, "price": 0.9}
