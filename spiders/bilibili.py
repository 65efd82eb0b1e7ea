"""Bilibili: videos, some of which offer what they show, found by keyword.

The search page is rendered by script and needs no sign-in; its data interface wants a signature and
is not used. Too many requests are answered with status 412, and later with a captcha: both end the
run as blocked.
"""

from wildcrawl.base_spiders import BrowserSearchSpider
from wildcrawl.base_spiders.extraction import Layout, says, whole


class BilibiliSpider(BrowserSearchSpider):
    name = "bilibili"
    label = "Bilibili"
    label_zh = "哔哩哔哩"
    kind = "social"
    since = "2026-11"
    evidence = (
        "ten public programs of 2023–2026 that read the same cards, three of which rebuild them; "
        "three of 2019–2026 for the address and its order; crawlers of 2018–2021 for the list "
        "before; no saved page"
    )
    confidence = "high for the cards, medium for the list before and for a video's own page"
    home = "https://www.bilibili.com/"
    search_url = "https://search.bilibili.com/video?keyword={keyword}&order=pubdate&page={page}"
    pace = 8
    max_pages = 5
    ambiguous_pages = 1
    card = (
        "//*[contains(concat(' ', normalize-space(@class), ' '), ' bili-video-card ')]"
        "[.//a[contains(@href, '/video/BV')]]"
    )
    empty = says("没有相关数据", "没有找到相关", "什么都没有找到", "没有更多")
    fields = {
        "url": "(.//a[contains(@href, '/video/BV')]/@href)[1]",
        "title": (
            ".bili-video-card__info--tit::attr(title)",
            whole("bili-video-card__info--tit"),
            ".bili-video-card__title::attr(title)",
        ),
        "seller": (
            ".bili-video-card__info--author ::text",
            whole("bili-video-card__info--owner"),
        ),
        "seller_id": "a[href*='space.bilibili.com']::attr(href)",
        "posted_at": ".bili-video-card__info--date ::text",
        "image_urls": ("img[src*='hdslb']::attr(src)", "img[data-src]::attr(data-src)"),
    }
    patterns = {
        "ad_id": r"/video/(BV\w+)",
        "seller_id": r"space\.bilibili\.com/(\d+)",
        "posted_at": r"^[·\s]*(\S.*)",
    }
    other_layouts = (
        Layout(
            "//li[contains(@class, 'video-item')][.//a[contains(@href, '/video/')]]",
            {
                "url": "(.//a[contains(@href, '/video/')]/@href)[1]",
                "title": ("a.title::attr(title)", "(.//a[@title])[1]/@title"),
                "description": whole("des"),
                "seller": "a.up-name::text",
                "seller_id": "a.up-name::attr(href)",
                "posted_at": "normalize-space(.//*[contains(@class, 'time')])",
                "image_urls": "img[src*='hdslb']::attr(src)",
            },
        ),
    )
    detail = {
        "title": ("h1.video-title::attr(title)", "h1.video-title::text"),
        "description": ("#v_desc .desc-info-text ::text", ".basic-desc-info ::text"),
        "seller": (".up-detail .up-name::text", ".username::text"),
        "posted_at": (".pubdate-ip-text::text", ".pubdate-text::text"),
    }
    ready = "h1.video-title, .error-container"
    blocked = ("触发哔哩哔哩安全风控策略", "该次访问请求被拒绝", "请完成验证")
    gone = ("视频不见了", "稿件不可见", "视频已失效")
    steps = (
        "Open the search link; choose 视频, 最新发布.",
        "Note each video that offers what it shows, in its picture, text or first comments (置顶).",
        "As ad_id take what begins with BV in the video's address, as url the address up to the "
        "question mark; the account's UID is seller_id.",
    )
    steps_zh = (
        "打开搜索链接，选择“视频”“最新发布”。",
        "记录在画面、文字或前几条评论（置顶）中出售所示物品的视频。",
        "编号取视频网址中以 BV 开头的部分，网址只取问号之前；卖家编号填账号的 UID。",
    )
    expect = {"advertisements": 10, "title": 1.0, "seller": 0.9}
