"""Dangdang: a general shop, and the shops on its marketplace.

The text of an empty result is a guess.
"""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import says


class DangdangSpider(HtmlSearchSpider):
    name = "dangdang"
    label = "Dangdang"
    label_zh = "当当"
    kind = "e-commerce"
    since = "2026-11"
    evidence = (
        "a dozen public crawlers of 2018–2026 that read the same list, two of which turn its pages "
        "by page_index"
    )
    confidence = "high for the list, medium for its paging, low for an advertisement's own page"
    home = "http://www.dangdang.com/"
    search_url = "http://search.dangdang.com/?key={keyword}&act=input&page_index={page}"
    charset = "gb18030"
    pace = 5
    max_pages = 10
    ambiguous_pages = 1
    card = "//div[@id='search_nature_rg']//ul/li[.//a]"
    empty = says("没有找到", "抱歉")
    next_page = "li.next a::attr(href)"
    fields = {
        "ad_id": ("./@sku", "./@id"),
        "url": ("a[name=itemlist-title]::attr(href)", ".name a::attr(href)", "a::attr(href)"),
        "title": (
            "a[name=itemlist-title]::attr(title)",
            ".name a::attr(title)",
            "a::attr(title)",
            ".name ::text",
        ),
        "price": (".search_now_price::text", ".price_n::text", ".price span::text"),
        "description": (".detail::text", ".search_hot_word::text"),
        "seller": (".search_shangjia a::attr(title)", ".search_shangjia a::text", ".link a::text"),
        "seller_id": (".search_shangjia a::attr(href)", ".link a::attr(href)"),
        "image_urls": ("img::attr(data-original)", "img::attr(src)"),
    }
    patterns = {
        "ad_id": r"(?:^p?|product\.dangdang\.com/(?:product\.aspx\?product_id=)?)(\d+)",
        "seller_id": r"/(\d+)(?:\.html|/|$|\?)",
    }
    gone = ("商品已下架", "您访问的商品不存在")
    expect = {"advertisements": 10, "title": 1.0, "price": 0.9}
