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
