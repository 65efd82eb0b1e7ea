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
    steps_zh = (
        "打开搜索链接：搜索引擎在 zhuokearts.com 内的结果。",
        "再打开 http://www.zhuokearts.com/：在搜索框旁选择“拍卖”，然后搜索。",
        "查看即将开始和正在进行的拍卖的拍品，以及商家的店铺。",
        "网址为拍品或商品自己的页面；编号取其中最后一个数字。",
        "卖家填拍卖公司或店铺。",
    )
