"""Xiaohongshu: notes with pictures, sold in private; manual, since a search needs an account."""

from wildcrawl.base_spiders import ManualSpider


class XiaohongshuSpider(ManualSpider):
    name = "xiaohongshu"
    label = "Xiaohongshu"
    label_zh = "小红书"
    kind = "social"
    since = "2026-11"
    evidence = "link templates of ten public projects and a reader that opens notes, 2025 and 2026"
    confidence = "high for the link and the address of a note"
    home = "https://www.xiaohongshu.com/"
    search_url = "https://www.xiaohongshu.com/search_result?keyword={keyword}"
    steps = (
        "Sign in (登录) with the team's own account, then open the search link.",
        "Under 筛选 choose 最新, and 一周内 or 半年内; in the app look at 商品 too.",
        "Open each note that offers something; its comments (评论) may hold the price.",
        "The url is https://www.xiaohongshu.com/explore/… up to the question mark.",
        "As ad_id take the 24 signs after /explore/; the account's 小红书号 is seller_id.",
    )
    steps_zh = (
        "用团队自己的账号登录，然后打开搜索链接。",
        "在“筛选”中选择“最新”和“一周内”或“半年内”；在 App 中还要看“商品”。",
        "打开每篇有出售内容的笔记；价格可能在评论中。",
        "网址为 https://www.xiaohongshu.com/explore/…，只取问号之前。",
        "编号取 /explore/ 后的 24 个字符；卖家编号填小红书号。",
    )
