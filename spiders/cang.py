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
