"""Huaxia Collectors: collectors' shops, auctions and boards; manual, since its search is not known.

First check whether the site still exists.
"""

from wildcrawl.base_spiders import ManualSpider, site_search


class CangSpider(ManualSpider):
    name = "cang"
    label = "Huaxia Collectors"
    label_zh = "华夏收藏网"
    kind = "antiques"
    since = "2026-11"
    evidence = (
        "a public script of September 2016 with an advertisement's address, news readers up to 2018"
    )
    confidence = "low"
    home = "http://www.cang.com/"
    search_url = site_search("cang.com")
    steps = (
        "Open the search link: a search engine's results within cang.com; leave out news.cang.com.",
        "Open http://www.cang.com/ as well; type the keyword into its search box, if it has one.",
        "Look through shops (店铺), auctions (拍卖) and sales (交易).",
        "The url is http://www.cang.com/trade/show-12345678-1.html or /shop/12345678.html.",
        "As ad_id take the first number in it, as url the one that ends in -1.html.",
    )
    steps_zh = (
        "打开搜索链接：搜索引擎在 cang.com 内的结果；不看 news.cang.com。",
        "再打开 http://www.cang.com/，如有搜索框，输入关键词搜索。",
        "查看店铺、拍卖和交易。",
        "网址为 http://www.cang.com/trade/show-12345678-1.html 或 /shop/12345678.html。",
        "编号取其中第一个数字，网址取以 -1.html 结尾的那个。",
    )
