"""Weipaitang: auctions in a WeChat program and an app; manual, since its search is not public."""

from wildcrawl.base_spiders import ManualSpider


class WeipaitangSpider(ManualSpider):
    name = "weipaitang"
    label = "Weipaitang"
    label_zh = "微拍堂"
    kind = "auction"
    since = "2026-11"
    evidence = "public code of November 2019 and July 2021 that calls its app"
    confidence = "low for the id, high that a search needs an account"
    home = "https://w.weipaitang.com/webApp/discovery"
    steps = (
        "Open the app 微拍堂 (or its WeChat program) and sign in with the team's own account.",
        "Touch the search box (搜索), type the keyword, choose 拍品; then look at 店铺 too.",
        "Choose the newest first where the list offers it (最新上拍), and go on to the last row.",
        "In a lot choose 分享, then 复制链接: that is its url, up to the question mark.",
        "As ad_id take the last part of that address: the letters and digits after the last slash.",
    )
    steps_zh = (
        "打开微拍堂 App（或其微信小程序），用团队自己的账号登录。",
        "点搜索框，输入关键词，选择“拍品”；再看“店铺”。",
        "如列表可选，选“最新上拍”，一直看到最后一行。",
        "在拍品中选择“分享”“复制链接”：即为网址，只取问号之前。",
        "编号取该网址的最后一段：最后一个斜杠之后的字母和数字。",
    )
