"""Paxing Tianxia forum: keepers of reptiles, with boards for buying and selling, on Discuz!."""

from wildcrawl.platforms.discuz import DiscuzSpider


class PxtxSpider(DiscuzSpider):
    name = "pxtx"
    label = "Paxing Tianxia Forum"
    label_zh = "爬行天下论坛"
    since = "2026-11"
    evidence = (
        "a public list of Discuz! forums of about 2013 and one of pet sites of 2021 that name it"
    )
    confidence = "medium to low; its boards are found on its index by name"
    domain = "http://bbs.pxtx.com"
    charset = "gb18030"
    board_words = ("交易", "出售", "转让", "买卖", "求购", "龟", "标本", "甲", "器材", "市场")
