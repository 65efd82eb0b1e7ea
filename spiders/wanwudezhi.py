"""Wanwudezhi: collectors' auctions and live sales; manual, since it is an app.

The address of a lot is not known.
"""

from wildcrawl.base_spiders import ManualSpider


class WanwudezhiSpider(ManualSpider):
    name = "wanwudezhi"
    label = "Wanwudezhi"
    label_zh = "玩物得志"
    kind = "auction"
    since = "2026-11"
    evidence = "public code of 2018–2021 that names its app and its interface"
    confidence = "high that it is an app, low for its menus and its home page"
    home = "https://www.wanwudezhi.com/"
    steps = (
        "Open the app 玩物得志 (or its WeChat program) and sign in with the team's own account.",
        "Touch the search box (搜索), type the keyword, choose 商品, then 拍品.",
        "Go on to the last row; leave out what a live sale (直播) shows but does not list.",
        "Leave url empty, since a shared link differs each time; write title and seller exactly, "
        "for they tell one advertisement from another. The link goes into note.",
        "Take as ad_id the goods' number (商品编号), if the page shows one.",
    )
    steps_zh = (
        "打开玩物得志 App（或其微信小程序），用团队自己的账号登录。",
        "点搜索框，输入关键词，先选“商品”，再选“拍品”。",
        "一直看到最后一行；直播中展示但未列出的不记录。",
        "网址留空，因为每次分享的链接都不同；标题和卖家要照原样填写，用来区分不同的广告。链接填入备注。",
        "如页面显示商品编号，编号填商品编号。",
    )
