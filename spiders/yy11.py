"""Qianbi Tiantang: sales between collectors; manual, since no search of it is known.

Few wildlife products are expected.
"""

from wildcrawl.base_spiders import ManualSpider, site_search


class Yy11Spider(ManualSpider):
    name = "yy11"
    label = "Qianbi Tiantang"
    label_zh = "钱币天堂"
    kind = "auction"
    since = "2026-11"
    evidence = "public readers of 2023 and 2026 with the addresses of its board and its shops"
    confidence = "medium for the addresses, low for the search"
    home = "https://www.yy11.com/"
    search_url = site_search("yy11.com")
    steps = (
        "Open the search link: a search engine's results within yy11.com.",
        "Sign in (登录) on https://www.yy11.com/ with the team's own account and use its 搜索 too.",
        "Where neither works, read the newest pages of https://www.yy11.com/c2c/forum/4.html.",
        "The url of a sale is https://www.yy11.com/c2c/topic/ and a number, without what follows.",
        "As ad_id take that number; what reads 已流拍 or 成交 is over and not written down.",
    )
    steps_zh = (
        "打开搜索链接：搜索引擎在 yy11.com 内的结果。",
        "用团队自己的账号登录 https://www.yy11.com/，再用站内搜索。",
        "两者都不可用时，查看 https://www.yy11.com/c2c/forum/4.html 的最新页面。",
        "出售信息的网址为 https://www.yy11.com/c2c/topic/ 加一个数字，后面的部分去掉。",
        "编号取该数字；显示“已流拍”或“成交”的已结束，不记录。",
    )
