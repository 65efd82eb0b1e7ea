"""Tmall: shops' goods, found by keyword, in the search that it shares with Taobao.

Taobao's search shows these goods too: where both are searched, an advertisement is recorded once
per site. Expect what is expected at Taobao.
"""

from spiders.taobao import ANSWERS, DRAWN, HELD, ITEMS, LISTED, WANTED, WANTED_ZH
from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout, says, whole


class TmallSpider(ProfileBrowserSpider):
    name = "tmall"
    label = "Tmall"
    label_zh = "天猫"
    kind = "e-commerce"
    since = "2026-11"
    evidence = (
        "as for Taobao; general knowledge of 2023–2026 (the address); five public crawlers of "
        "2012–2022, one with a card saved in 2017 (its own list page)"
    )
    confidence = "high for the list, medium for the address"
    home = "https://www.tmall.com/"
    entry = "https://login.tmall.com/"
    search_url = "https://s.taobao.com/search?tab=mall&q={keyword}&page={page}"
    card = "[class*='doubleCard--']"
    empty = says("没有找到与", "没找到与", "没有找到相关", "没有搜索到")
    fields = DRAWN
    patterns = {
        "ad_id": r"(?:[?&]id=|^)(\d+)",
        "seller": r"^(?:\d+年老店|回头客[\d.万]+)?(.+)$",
    }
    other_layouts = (
        Layout(
            "//*[contains(concat(' ', @class, ' '), ' product ')]"
            "[.//*[contains(@class, 'productTitle')]]",
            {
                "ad_id": "./@data-id",
                "url": ".productTitle a::attr(href)",
                "title": (
                    ".productTitle a::attr(title)",
                    whole("productTitle"),
                ),
                "price": (
                    ".productPrice em::attr(title)",
                    whole("productPrice"),
                ),
                "seller": "normalize-space(.//*[contains(@class, 'productShop')]//a)",
                "image_urls": ".productImg img::attr(data-ks-lazyload), .productImg img::attr(src)",
            },
        ),
        Layout("data.auctions[?nid]", HELD, data='"itemlist"'),
        ITEMS,
        LISTED,
    )
    answers = ANSWERS
    gone = ("很抱歉，您查看的商品找不到了", "此商品已下架", "商品已下架")
    steps = WANTED
    steps_zh = WANTED_ZH
    expect = {"advertisements": 20, "title": 1.0, "price": 0.9}
