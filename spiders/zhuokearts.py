"""Zhuoke Arts: auction houses' lots and dealers' shops; manual, since its search is a script.

First check whether the site still exists.
"""

from wildcrawl.base_spiders import ManualSpider, site_search


class ZhuokeartsSpider(ManualSpider):
    name = "zhuokearts"
    label = "Zhuoke Arts"
    label_zh = "卓克艺术网"
    kind = "auction"
    since = "2026-11"
    evidence = "a page of the site of March 2018 that shows the search box but not its target"
    confidence = "low"
    home = "http://www.zhuokearts.com/"
    search_url = site_search("zhuokearts.com")
    steps = (
        "Open the search link: a search engine's results within zhuokearts.com.",
        "Open http://www.zhuokearts.com/ as well: choose 拍卖 beside its search box, and search.",
        "Look at lots (拍品) of coming and running auctions, and at dealers' shops (店铺).",
        "The url is the lot's or the goods' own page; as ad_id take the last number in it.",
        "The auction house (拍卖公司) or the shop is the seller.",
    )
