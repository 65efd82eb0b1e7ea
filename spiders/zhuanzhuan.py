"""Zhuanzhuan: second-hand goods in an app; manual, since its search answers the app only."""

from wildcrawl.base_spiders import ManualSpider


class ZhuanzhuanSpider(ManualSpider):
    name = "zhuanzhuan"
    label = "Zhuanzhuan"
    label_zh = "转转"
    kind = "second_hand"
    since = "2026-11"
    evidence = "a public price watcher of January 2021 that shows the address of an advertisement"
    confidence = "medium for the address, low for the menus"
    home = "https://www.zhuanzhuan.com/"
    steps = (
        "Open the app 转转 (or its WeChat program) and sign in with the team's own account.",
        "Touch the search box (搜索), type the keyword, sort by 最新发布.",
        "Go on to the last row, or to what was written down last month.",
        "In an advertisement choose 分享, then 复制链接; the url holds infoId=.",
        "As ad_id take the digits after infoId=, as url the address up to their end.",
    )
    steps_zh = (
        "打开转转 App（或其微信小程序），用团队自己的账号登录。",
        "点搜索框，输入关键词，按“最新发布”排序。",
        "一直看到最后一行，或看到上月已记录的为止。",
        "在广告中选择“分享”“复制链接”；网址中含 infoId=。",
        "编号取 infoId= 后的数字，网址取到该数字为止。",
    )
