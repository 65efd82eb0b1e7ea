"""JD.com: shops' goods, found by keyword.

Expect a login page without a sign-in. robots.txt is not known.
"""

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Fields, Layout, says, whole

ITEM = "concat('https://item.jd.com/', ./@data-sku, '.html')"
DRAWN: Fields = {
    "ad_id": "./@data-sku",
    "url": (".//a[contains(@href, 'item.jd.com')]/@href", ITEM),
    "title": (
        "[class*='_goods_title_container'] [title]::attr(title)",
        whole("_goods_title_container"),
        whole("_text_"),
        ".//*[@title][1]/@title",
    ),
    "price": "translate(normalize-space(.//*[contains(@class, '_price_')]), ' ', '')",
    "seller": (
        "normalize-space(.//*[contains(@class, '_shopFloor')]//*[contains(@class, '_limit_')])",
        whole("_name_"),
    ),
    "image_urls": "img[src*='360buyimg']::attr(src), img[data-src]::attr(data-src)",
}
WARE = "to_string(wareId || skuId)"
HELD: Fields = {
    "ad_id": "wareId || skuId",
    "url": f"join('', ['https://item.jd.com/', {WARE}, '.html'])",
    "title": ("wareName", "name"),
    # What a buyer pays, with the shop's own discounts; else the price asked.
    "price": ("finalPrice.estimatedPrice", "jdPrice", "price"),
    "seller": ("shopName", "shop.shopName"),
    "seller_id": ("shopId", "shop.shopId"),
    "image_urls": (
        "starts_with(imageurl, 'jfs') && join('', ['https://img10.360buyimg.com/n2/', imageurl])",
        "imageurl || imageUrl",
    ),
}


class JdSpider(ProfileBrowserSpider):
    name = "jd"
    label = "JD.com"
    label_zh = "京东"
    kind = "e-commerce"
    since = "2026-11"
    evidence = (
        "nine public programs of 2025–2026 (the page rendered by script, whose class names have a "
        "changing end), five of 2025–2026 that name its data (pc_search_searchWare), one of July "
        "2026 that reads it, two saved pages of 2016 and 2024 (the page before)"
    )
    confidence = "high for the pages since 2014, low for the list before"
    home = "https://www.jd.com/"
    entry = "https://passport.jd.com/new/login.aspx"
    search_url = "https://search.jd.com/Search?keyword={keyword}&enc=utf-8&page={page}"
    page_step = 2
    card = ".plugin_goodsCardWrapper[data-sku]"
    empty = says("没有找到与", "没有找到相关", "抱歉，没有找到", "没有搜索到")
    fields = DRAWN
    patterns = {"ad_id": r"(?:/|^)(\d+)(?:\.html|$)"}
    other_layouts = (
        Layout(
            "//li[contains(@class, 'gl-item')][.//*[contains(@class, 'p-name')]]",
            {
                "ad_id": ("./@data-sku", ".//*[contains(@class, 'j-sku-item')]/@data-sku"),
                "url": (".p-name a[href*='item.jd']::attr(href)", ITEM),
                "title": (
                    "normalize-space(.//*[contains(@class, 'p-name')]//em)",
                    "normalize-space(.//*[contains(@class, 'p-name')]//a)",
                ),
                "price": (
                    "normalize-space(.//*[contains(@class, 'p-price')]//i)",
                    ".p-price strong::attr(data-price)",
                    whole("p-price"),
                ),
                "seller": (".p-shop a::attr(title)", ".p-shop a::text"),
                "seller_id": ".p-shop::attr(data-shopid)",
                "image_urls": (
                    ".p-img img[data-lazy-img*='/']::attr(data-lazy-img)",
                    ".p-img img::attr(src)",
                ),
            },
        ),
        Layout(
            "//li[@sku or ancestor::*[@id='plist']][.//*[contains(@class, 'p-name')]]",
            {
                "ad_id": "./@sku",
                "url": ".p-name a::attr(href)",
                "title": "normalize-space(.//*[contains(@class, 'p-name')]//a)",
                "price": whole("p-price"),
                "image_urls": ".p-img img::attr(src)",
            },
        ),
        Layout("//div[@data-sku][.//img][.//*[@title] or contains(., '¥')]", DRAWN),
        Layout("[?wareId || skuId]", HELD, data='"wareList"'),
    )
    answers = r"pc_search_searchWare"
    blocked = ("访问频繁导致无法搜索", "网络异常导致无法搜索")
    gone = ("该商品已下柜", "商品已下架", "该商品已下架")
    steps = (
        "Sign in to JD in your own browser (or the app) and open the link; sort by newest (新品).",
        "Go through the goods; note each that shows the keyword's animal, not imitations.",
        "As ad_id take the number in the item's address (item.jd.com/NUMBER.html).",
    )
    steps_zh = (
        "在自己的浏览器（或 App）中登录京东，打开链接；按“新品”排序。",
        "逐一查看商品；记录出售该动物制品的，仿品不记录。",
        "编号取商品网址中的数字（item.jd.com/NUMBER.html）。",
    )
    expect = {"advertisements": 20, "title": 1.0, "price": 0.9}
