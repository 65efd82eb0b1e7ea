"""Zhuoke Arts: auction houses' lots and dealers' shops, by hand since its search runs by script.

Built from a page of the site as it stood in March 2018, which shows the search box but not
where it leads. Confidence: low; begin by seeing whether the site still stands.
"""

from wildcrawl.base_spiders import ManualSpider, site_search


class ZhuokeartsSpider(ManualSpider):
    name = "zhuokearts"
    label = "Zhuoke Arts"
    label_zh = "卓克艺术网"
    kind = "auction"
    since = "2026-11"
    home = "http://www.zhuokearts.com/"
    search_url = site_search("zhuokearts.com")
    steps = (
        "Open the search link: a search engine's results within zhuokearts.com.",
        "Open http://www.zhuokearts.com/ as well: choose 拍卖 beside its search box, and search.",
        "Look at lots (拍品) of coming and running auctions, and at dealers' shops (店铺).",
        "The url is the lot's or the goods' own page; as ad_id take the last number in it.",
        "The auction house (拍卖公司) or the shop is the seller.",
    )
