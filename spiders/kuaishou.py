"""Kuaishou: short videos and live sales; manual, since a search needs an account."""

from wildcrawl.base_spiders import ManualSpider


class KuaishouSpider(ManualSpider):
    name = "kuaishou"
    label = "Kuaishou"
    label_zh = "快手"
    kind = "social"
    since = "2026-11"
    evidence = "link templates of ten public projects and readers that open videos, up to 2026"
    confidence = "high for the link and the address of a video"
    home = "https://www.kuaishou.com/"
    search_url = "https://www.kuaishou.com/search/video?searchKey={keyword}"
    steps = (
        "Sign in (登录) with the team's own account, then open the search link.",
        "Scroll until only other things are shown; in the app look at 商品 too.",
        "Write down only what is offered for sale.",
        "The url is https://www.kuaishou.com/short-video/… up to the question mark.",
        "As ad_id take what follows /short-video/; the account's 快手号 is seller_id.",
    )
    steps_zh = (
        "用团队自己的账号登录，然后打开搜索链接。",
        "向下滚动，直到只显示其他内容；在 App 中还要看“商品”。",
        "只记录出售的物品。",
        "网址为 https://www.kuaishou.com/short-video/…，只取问号之前。",
        "编号取 /short-video/ 后的部分；卖家编号填快手号。",
    )
