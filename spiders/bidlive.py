"""Lianpai Online: lots of auction houses; manual, since none of its result pages is known."""

from wildcrawl.base_spiders import ManualSpider


class BidliveSpider(ManualSpider):
    name = "bidlive"
    label = "Lianpai Online"
    label_zh = "联拍在线"
    kind = "auction"
    since = "2026-11"
    evidence = "the front page of October 2019, whose script makes the search address"
    confidence = "medium for the link, low for the rest"
    home = "http://www.51bidlive.com/"
    search_url = "http://cn.51bidlive.com/c?k={keyword}"
    steps = (
        "Open the search link: lots in China (国内拍卖).",
        "Look through every page; results of past auctions (成交) are not written down.",
        "Choose 全球拍卖 beside the search box and search once more: lots abroad.",
        "The url is the lot's own page; as ad_id take the last number in it.",
        "The auction house (拍卖公司) is the seller; 估价 or 起拍价 is the price.",
    )
    steps_zh = (
        "打开搜索链接：国内拍卖的拍品。",
        "逐页查看；已成交的拍卖不记录。",
        "在搜索框旁选择“全球拍卖”，再搜索一次：境外拍品。",
        "网址为拍品自己的页面；编号取其中最后一个数字。",
        "卖家填拍卖公司；价格填估价或起拍价。",
    )
