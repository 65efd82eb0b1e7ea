"""Shengshi Shoucang forum: collectors' boards on Discuz!, in GBK or UTF-8 as its pages declare."""

from wildcrawl.base_spiders.extraction import Layout
from wildcrawl.platforms.discuz import DiscuzSpider


class SsscSpider(DiscuzSpider):
    name = "sssc"
    label = "Shengshi Shoucang Forum"
    label_zh = "盛世收藏论坛"
    since = "2026-11"
    evidence = (
        "a public link list of 2021 with its forum.php, scripts of its auction site of 2015 and "
        "before that link threads as thread-ID- and viewthread.php?tid=, a page for phones of 2013"
    )
    confidence = "medium for the program, low for the boards, which are found on its index by name"
    domain = "http://bbs.sssc.cn"
    charset = "gb18030"
    other_details = (
        Layout(
            fields={
                "title": "div.title::text",
                "description": "(//*[@class='post-content'])[1]//text()",
                "seller": "(//*[@class='username'])[1]/text()",
                "posted_at": "(//*[@class='post-time'])[1]/text()",
                "image_urls": "(//*[@class='post-images'])[1]//@data-img",
            }
        ),
    )
