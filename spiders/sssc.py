"""Shengshi Shoucang forum: collectors' boards on Discuz!, GBK or UTF-8 as its pages say.

Built from a public link list with its forum.php (2021), scripts of its auction site that link
threads as thread-ID- (2015) and viewthread.php?tid= (before), and a page for phones of 2013.
Confidence: medium for the program, low for the boards, which are found on its index by name.
"""

from wildcrawl.base_spiders.extraction import Layout
from wildcrawl.platforms.discuz import DiscuzSpider


class SsscSpider(DiscuzSpider):
    name = "sssc"
    label = "Shengshi Shoucang Forum"
    label_zh = "盛世收藏论坛"
    since = "2026-11"
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
