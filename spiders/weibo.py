"""Sina Weibo: posts, found by keyword.

Expect a visitor's page that leads to the login without a sign-in. The robots.txt of s.weibo.com is
reported to close it to unknown crawlers: the run then ends as forbidden, and the worksheet is the
way, unless the site has allowed this crawler.
"""

from __future__ import annotations

import json
import re

from scrapy.http import TextResponse

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout, Row, says, whole

DATE = ".//a[@node-type='feed_list_item_date']"
"""The time of a post; in a repost, its own time is the last."""
PAGELET = re.compile(r"(?:pageletM|FM)\.view\(")


class WeiboSpider(ProfileBrowserSpider):
    name = "weibo"
    label = "Weibo"
    label_zh = "新浪微博"
    kind = "social"
    since = "2026-11"
    evidence = (
        "three public programs up to June 2026, one a Scrapy project in long use (the page since "
        "2018); eight crawlers of 2014–2018 and four saved pages of accounts of 2014 and 2019 (the "
        "page before); no saved search page"
    )
    confidence = "high"
    home = "https://weibo.com/"
    entry = "https://passport.weibo.com/sso/signin"
    search_url = "https://s.weibo.com/weibo?q={keyword}&page={page}"
    card = "div.card-wrap[mid]"
    empty = (
        "//*[contains(@class, 'card-no-result') or contains(@class, 'noresult')]"
        f" | {says('未找到相关结果', '没有找到相关', '抱歉，未找到')}"
    )
    next_page = "a.next::attr(href)"
    fields = {
        "ad_id": "./@mid",
        "url": ".//*[contains(@class, 'from')]/a[contains(@href, 'weibo.com')][1]/@href",
        "title": (
            "normalize-space(.//*[@node-type='feed_list_content_full'])",
            "normalize-space(.//*[@node-type='feed_list_content'])",
            "normalize-space(.//p[contains(@class, 'txt')])",
        ),
        "seller": (
            ".//a[contains(@class, 'name')]/@nick-name",
            "normalize-space(.//a[@class='name'])",
        ),
        "seller_id": ".//*[contains(@class, 'from')]/a[1]/@href",
        "posted_at": "normalize-space(.//*[contains(@class, 'from')]/a[1])",
        "image_urls": ".media-piclist img::attr(src), .media img[src*='sinaimg']::attr(src)",
    }
    patterns = {"seller_id": r"/(\d{5,})/"}
    other_layouts = (
        Layout(
            "//*[@mid][.//*[contains(@class, 'comment_txt') or contains(@class, 'WB_text')]]",
            {
                "ad_id": "./@mid",
                "url": (f"({DATE}/@href)[last()]", ".feed_from a::attr(href)"),
                "title": (
                    "normalize-space(.//*[@node-type='feed_list_content_full'])",
                    whole("comment_txt"),
                    "normalize-space(.//*[@node-type='feed_list_content'])",
                    "normalize-space(.//*[@node-type='feed_list_reason'])",
                    whole("WB_text"),
                ),
                "seller": "(.//@nick-name)[1]",
                "seller_id": f"({DATE}/@href)[last()]",
                "posted_at": f"({DATE}/@title)[last()]",
                "image_urls": ".WB_media_wrap img::attr(src), .media_box img::attr(src)",
            },
        ),
    )
    gone = ("微博不存在", "该微博已被删除", "此微博已被作者删除")
    steps = (
        "Sign in to Weibo in your own browser and open the link; set 高级搜索 to the month.",
        "Go through the posts; note those that offer something, not news or museums.",
        "As ad_id take the last part of the post's address, as seller the name of the account.",
    )
    steps_zh = (
        "在自己的浏览器中登录微博，打开链接；在“高级搜索”中设定月份。",
        "逐一查看；记录有出售内容的，新闻和博物馆不记录。",
        "编号取微博网址的最后一段，卖家填账号名。",
    )
    expect = {"advertisements": 10, "title": 1.0, "seller": 0.9}

    def read_rows(self, response: TextResponse) -> list[Row]:
        rows = super().read_rows(response)
        if rows:
            return rows
        # Until 2018 the page came in pieces that a script inserts.
        pieces = "\n".join(pagelets(response.text))
        if not pieces:
            return []
        return super().read_rows(response.replace(body=pieces.encode(), encoding="utf-8"))


def pagelets(text: str) -> list[str]:
    """The pieces of HTML in the scripts of a page from before 2018."""
    found = []
    for call in PAGELET.finditer(text):
        try:
            piece, _ = json.JSONDecoder(strict=False).raw_decode(text, call.end())
        except ValueError:
            continue
        if isinstance(piece, dict) and isinstance(piece.get("html"), str):
            found.append(piece["html"])
    return found
