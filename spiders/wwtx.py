"""Wenwan Tianxia forum: trinkets, carvings and beads, with boards for trade, on Discuz! X.

Built from a saved front page (2014) that links boards as forum-ID-1.html, threads as
thread-ID-1-1.html and pictures under data/attachment. Confidence: medium for the program, low
for the boards, which are found on its index by name.
"""

from wildcrawl.platforms.discuz import DiscuzSpider


class WwtxSpider(DiscuzSpider):
    name = "wwtx"
    label = "Wenwan Tianxia Forum"
    label_zh = "文玩天下论坛"
    since = "2026-11"
    domain = "http://bbs.wwtx.cn"
    charset = "gb18030"
