"""WeChat Channels: short videos and live sales within WeChat; manual, since only the app searches.

A shared link opens a preview without a search. Ask for nothing, follow nobody, buy nothing.
"""

from wildcrawl.base_spiders import ManualSpider


class WeixinChannelsSpider(ManualSpider):
    name = "weixin_channels"
    label = "WeChat Channels"
    label_zh = "微信视频号"
    kind = "social"
    since = "2026-11"
    evidence = (
        "ten public programs of 2022–2026 that open shared links (weixin.qq.com/sph/… and "
        "channels.weixin.qq.com); no program that searches without a person's account"
    )
    confidence = "high for the address of a video, medium for the menus of the app"
    home = "https://channels.weixin.qq.com/"
    steps = (
        "Open the app WeChat (微信) with the team's own account; touch 发现, then 搜一搜.",
        "Type the keyword, choose 视频号; look at 最新, then at 账号 and at 直播.",
        "Write down only what is offered for sale: in the picture, the text, the first comments, "
        "the account's shop (橱窗). For a stream use the worksheet live_streams.",
        "By 分享, 复制链接 a video gives https://weixin.qq.com/sph/…: that is the url.",
        "As ad_id take what follows /sph/; the account's name is seller, its 视频号ID seller_id.",
        "If it gives no link, leave url and ad_id empty and write title and seller exactly.",
        "Take a screenshot before you go on; its file name goes into note.",
    )
    steps_zh = (
        "用团队自己的账号打开微信；点“发现”，再点“搜一搜”。",
        "输入关键词，选择“视频号”；先看“最新”，再看“账号”和“直播”。",
        "只记录出售的物品：在画面、文字、前几条评论或账号的橱窗中。直播请用 live_streams 工作表。",
        "用“分享”“复制链接”得到 https://weixin.qq.com/sph/…，即为网址。",
        "编号取 /sph/ 后的部分；卖家填账号名，卖家编号填视频号ID。",
        "如没有链接，网址和编号留空，标题和卖家照原样填写。",
        "离开前先截图；文件名填入备注。",
    )
