"""7788: collectors' shops and auctions of one company, also at 997788.com.

The keyword must be in GB2312, or in the part of it that GB18030 adds. An advertisement's own page
has no markup that identifies its fields. The text of an empty result is a guess.
"""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import Layout, says


class S7788Spider(HtmlSearchSpider):
    name = "s7788"
    label = "7788"
    label_zh = "7788收藏"
    kind = "antiques"
    since = "2026-11"
    evidence = (
        "a public Scrapy crawler of 2018 (mobile results), one of about 2020 that goes by position "
        "in the page (desktop results), public link lists of 2020–2023 (the search of the whole "
        "site)"
    )
    confidence = "medium for mobile results and the search address, low for desktop results"
    home = "https://www.997788.com/"
    search_url = (
        "https://www.997788.com/all_0/0/?searchtype=1&www=all&t2=0&s0={keyword}&page={page}"
    )
    charset = "gb18030"
    pace = 5
    max_pages = 10
    ambiguous_pages = 2
    card = "table.tbc.tbc_old"
    empty = says("没有找到", "没有符合", "暂无", "共0页")
    fields = {
        "ad_id": "td:first-child a img::attr(alt)",
        "url": "td:first-child a::attr(href)",
        "title": "td:first-child a img::attr(alt)",
        "price": ".art_3 .font_price::text",
        "seller": ".art_1 .art_2 a:last-child::text",
        "seller_id": ".art_1 .art_2 a[onclick]::attr(onclick)",
        "image_urls": "td:first-child a img::attr(src)",
    }
    # A picture is labelled with the title and the id: 老竹雕笔筒(se51200001), au in auctions.
    patterns = {
        "ad_id": r"((?:(?:se|au)\d+(?=\)))|(?:auction|search|detail)_\d+_\d+)",
        "title": r"^(.*?)\s*(?:\((?:se|au)\d+\).*|-[^-]*)?$",
        "seller_id": r"/(\d+)/",
    }
    other_layouts = (
        Layout(
            "//table[not(.//table)][.//a[@title][contains(@href, 'auction_') or "
            "contains(@href, 'search_') or contains(@href, 'detail_')]]",
            {
                "url": ".//a[@title][contains(@href, '.html')]/@href",
                "title": "a[title]::attr(title)",
                "price": (".font_price::text", ".//text()[contains(., '￥')]"),
                "seller_id": ".//a[@title][contains(@href, '.html')]/@href",
                "image_urls": "img::attr(src)",
            },
        ),
    )
    expect = {"advertisements": 20, "title": 1.0, "price": 0.9}
