"""Weidian: small shops found through WeChat; manual, since it has no reliable search.

Two search addresses in use contradict each other, so a search engine is used instead.
"""

from wildcrawl.base_spiders import ManualSpider, site_search


class WeidianSpider(ManualSpider):
    name = "weidian"
    label = "Weidian"
    label_zh = "微店"
    kind = "e-commerce"
    since = "2026-11"
    evidence = "addresses of advertisements in ten public projects, up to 2026"
    confidence = "high for the address of an advertisement, low for finding all"
    home = "https://weidian.com/"
    search_url = site_search("weidian.com")
    steps = (
        "Open the search link: a search engine's results within weidian.com.",
        "Then search the app 微店 (the buyers' one): search box (搜索), choose 商品, then 店铺.",
        "Open each shop that sells such things and look through all its goods (全部商品).",
        "The url is https://weidian.com/item.html?itemID=…; the app gives it by 分享, 复制链接.",
        "As ad_id take the digits after itemID=, as url the address up to their end.",
    )
    steps_zh = (
        "打开搜索链接：搜索引擎在 weidian.com 内的结果。",
        "再在微店 App（买家版）中搜索：选择“商品”，再选“店铺”。",
        "打开每家出售此类物品的店铺，查看全部商品。",
        "网址为 https://weidian.com/item.html?itemID=…；在 App 中用“分享”“复制链接”得到。",
        "编号取 itemID= 后的数字，网址取到该数字为止。",
    )
