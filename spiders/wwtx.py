"""Wenwan Tianxia forum: trinkets, carvings and beads, with boards for trade, on Discuz! X."""

from wildcrawl.platforms.discuz import DiscuzSpider


class WwtxSpider(DiscuzSpider):
    name = "wwtx"
    label = "Wenwan Tianxia Forum"
    label_zh = "文玩天下论坛"
    since = "2026-11"
    evidence = (
        "a saved front page of 2014 that links boards as forum-ID-1.html, threads as "
        "thread-ID-1-1.html and pictures under data/attachment"
    )
    confidence = "medium for the program, low for the boards, which are found on its index by name"
    domain = "http://bbs.wwtx.cn"
    charset = "gb18030"
