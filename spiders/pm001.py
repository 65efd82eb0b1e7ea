"""Yichen: a trading board for collectables; manual, since its search needs an account.

Few wildlife products are expected.
"""

from wildcrawl.base_spiders import ManualSpider, site_search


class Pm001Spider(ManualSpider):
    name = "pm001"
    label = "Yichen"
    label_zh = "一尘网"
    kind = "forum"
    since = "2026-11"
    evidence = (
        "public readers of 2025 and 2026 with the addresses of boards and posts (classic ASP, GBK)"
    )
    confidence = "high for the addresses, low for the search"
    home = "http://www.pm001.net/"
    search_url = site_search("pm001.net")
    steps = (
        "Open the search link: a search engine's results within pm001.net.",
        "Sign in (登录) on http://www.pm001.net/ with the team's own account and use its 搜索 too.",
        "Where neither works, read the newest pages of the board for other collectables (杂项).",
        "The url is http://www.pm001.net/dispbbs.asp?boardID=36&ID=1234567, without what follows.",
        "As ad_id take the digits after ID=; who wrote the first post is the seller.",
    )
    steps_zh = (
        "打开搜索链接：搜索引擎在 pm001.net 内的结果。",
        "用团队自己的账号登录 http://www.pm001.net/，再用站内搜索。",
        "两者都不可用时，查看“杂项”板块的最新页面。",
        "网址为 http://www.pm001.net/dispbbs.asp?boardID=36&ID=1234567，后面的部分去掉。",
        "编号取 ID= 后的数字；卖家填首帖的发布者。",
    )
