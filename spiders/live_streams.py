"""Live streams: sales shown and spoken of in a stream, on any platform; manual, one row an offer.

A stream leaves no page behind: what is not written down and photographed while it runs is lost.
"""

from wildcrawl.base_spiders import ManualSpider


class LiveStreamsSpider(ManualSpider):
    name = "live_streams"
    label = "Live streams"
    label_zh = "直播"
    kind = "social"
    since = "2026-11"
    evidence = (
        "public reports of 2020–2025 on sales of wildlife in streams of Kuaishou and Douyin; the "
        "search link as three public programs of 2024–2026 name it, the address of a room as in "
        "dozens of stream recorders up to 2026"
    )
    confidence = "high for the address of a room, medium for the search link, low for finding all"
    home = "https://live.douyin.com/"
    search_url = "https://www.douyin.com/search/{keyword}?type=live"
    steps = (
        "Sign in (登录) with the team's own account and open the search link; then search 直播 in "
        "Kuaishou (快手), Taobao Live (点淘), Channels (视频号) and Xiaohongshu (小红书).",
        "Stay in a stream for ten minutes at least; write one row for each thing on offer. Say "
        "nothing, buy nothing.",
        "When: posted_at is the day and time in China at which it was shown (2026-11-05 20:41).",
        "Who: seller is the account's name, seller_id its number (抖音号, 快手号); platform and "
        "room number go into category: 抖音 123456.",
        "What was shown: title names it as the host does; images is the number of your "
        "screenshots (截图).",
        "What was said: description has the host's words, with minute and second (12:30 …), prices "
        "and code words, and what viewers wrote (弹幕). What was asked for it is price.",
        "Screenshots: one with the room's name and the thing in it; file names go into note.",
        "The url is the room's: https://live.douyin.com/NUMBER. It stays the same each evening, so "
        "as ad_id write room, day and number of the row: 123456-20261105-1.",
    )
    steps_zh = (
        "用团队自己的账号登录并打开搜索链接；再在快手、点淘、视频号和小红书中搜索“直播”。",
        "每个直播间至少停留十分钟；每件出售的物品写一行。不发言，不购买。",
        "时间：发布时间填展示的日期和北京时间（2026-11-05 20:41）。",
        "人物：卖家填账号名，卖家编号填抖音号、快手号等；平台和房间号填入类目：抖音 123456。",
        "展示内容：标题按主播的说法填写；图片数填截图张数。",
        "说话内容：描述填主播的原话，注明分秒（12:30 …）、价格和暗语，以及弹幕。要价填入价格。",
        "截图：至少一张同时有房间名称和物品；文件名填入备注。",
        "网址填直播间网址：https://live.douyin.com/NUMBER。它每晚不变，因此编号写作“房间-日期-行号”：123456-202611"
        "05-1。",
    )
