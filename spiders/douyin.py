"""Douyin: short videos and live sales; manual, since a search needs an account."""

from wildcrawl.base_spiders import ManualSpider


class DouyinSpider(ManualSpider):
    name = "douyin"
    label = "Douyin"
    label_zh = "抖音"
    kind = "social"
    since = "2026-11"
    evidence = "link templates of ten public projects and a reader that opens videos, 2025 and 2026"
    confidence = "high for the link and the address of a video"
    home = "https://www.douyin.com/"
    search_url = "https://www.douyin.com/search/{keyword}"
    steps = (
        "Sign in (登录) with the team's own account, then open the search link.",
        "Under 筛选 choose 最新发布 and 一周内 or 半年内; look at 综合, then at 视频.",
        "In the app look at 商品 as well; write down only what is offered for sale.",
        "The url is https://www.douyin.com/video/… or /note/… up to the question mark.",
        "As ad_id take the digits after /video/ or /note/; the account's 抖音号 is seller_id.",
    )
    steps_zh = (
        "用团队自己的账号登录，然后打开搜索链接。",
        "在“筛选”中选择“最新发布”和“一周内”或“半年内”；先看“综合”，再看“视频”。",
        "在 App 中还要看“商品”；只记录出售的物品。",
        "网址为 https://www.douyin.com/video/… 或 /note/…，只取问号之前。",
        "编号取 /video/ 或 /note/ 后的数字；卖家编号填抖音号。",
    )
