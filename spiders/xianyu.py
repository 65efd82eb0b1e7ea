"""Xianyu (Goofish): second-hand goods, found by keyword.

Expect a login window without a sign-in, and a slider if pressed; at either the run ends. robots.txt
is not known; the family's other sites close theirs to unknown crawlers.
"""

from __future__ import annotations

from scrapy.http import TextResponse

from wildcrawl.base_spiders import ProfileBrowserSpider
from wildcrawl.base_spiders.extraction import Layout, Row, says, whole

ITEM = "join('', ['https://www.goofish.com/item?id=', to_string({})])"


class XianyuSpider(ProfileBrowserSpider):
    name = "xianyu"
    label = "Xianyu"
    label_zh = "闲鱼"
    kind = "second_hand"
    since = "2026-11"
    evidence = (
        "six public programs of April–August 2026 that agree, one with a card as saved, two with "
        "the data behind it, one of May 2026 for own pages; three crawlers of 2016–2018 (the "
        "desktop search of those years); no saved page"
    )
    confidence = "high, medium for the search of 2016–2018"
    home = "https://www.goofish.com/"
    search_url = "https://www.goofish.com/search?q={keyword}"
    max_pages = 1
    card = "a[href*='/item?'][href*='id=']"
    empty = says("没有找到你想要的宝贝", "暂无相关宝贝", "未找到相关宝贝")
    fields = {
        "url": "./@href",
        "title": (
            whole("main-title"),
            whole("row1-wrap-title"),
            ".//*[contains(@class, 'row1-wrap-title')]/@title",
            "normalize-space(.)",
        ),
        "description": "[class*='row2-wrap-cpv'] ::text",
        "price": (
            "concat((.//*[contains(@class, 'number--')])[1], "
            "(.//*[contains(@class, 'decimal--')])[1])",
            "substring-after(normalize-space((.//*[contains(@class, 'price-wrap')]"
            " | .//*[contains(@class, 'row3-wrap-price')])[1]/text()), '¥')",
        ),
        "location": ("[class*='seller-text--']::text", "[class*='seller-text']::text"),
        "image_urls": "img[class*='feeds-image']::attr(src), img[data-src]::attr(data-src)",
    }
    patterns = {"ad_id": r"[?&]id=(\d+)"}
    other_layouts = (
        Layout(
            "[].data.item.main",
            {
                "ad_id": (
                    "exContent.itemId",
                    "exContent.detailParams.itemId",
                    "clickParam.args.id",
                ),
                "url": ITEM.format("exContent.itemId || exContent.detailParams.itemId"),
                "title": ("exContent.title", "exContent.detailParams.title"),
                "price": ("exContent.price[].text | join('', @)", "exContent.price"),
                "location": "exContent.area",
                "seller": ("exContent.userNickName", "exContent.detailParams.userNick"),
                "seller_id": ("clickParam.args.seller_id", "exContent.detailParams.userId"),
                "posted_at": "clickParam.args.publishTime",
                "image_urls": "exContent.picUrl",
            },
            data='"resultList"',
        ),
        Layout(
            "//*[contains(@class, 'ks-waterfall') or contains(@class, 'item-info-wrapper')]"
            "[.//a[contains(@href, 'id=')]]",
            {
                "url": ".//a[contains(@href, 'item')][contains(@href, 'id=')]/@href",
                "title": (
                    ".item-pic a::attr(title)",
                    whole("item-title"),
                ),
                "description": ".item-brief-desc::text, .item-description::text",
                "price": ".price em::text",
                "location": ".item-location::text",
                "seller": ".seller-nick a::text",
                "image_urls": ".item-pic img::attr(src), .item-pic img::attr(data-ks-lazyload)",
            },
        ),
    )
    answers = r"mtop\.taobao\.idlemtopsearch\.pc\.search"
    gone = ("宝贝不存在", "该宝贝已下架", "宝贝已删除", "卖掉了")
    steps = (
        "Sign in to Xianyu in your own browser (or the app) and open the link.",
        "Sort by newest (最新发布); go through the goods down to what the last search saw.",
        "As ad_id take the number after id= in the item's address (app: 分享, 复制链接).",
    )
    steps_zh = (
        "在自己的浏览器（或 App）中登录闲鱼，打开链接。",
        "按“最新发布”排序；一直看到上次搜索看过的为止。",
        "编号取商品网址中 id= 后的数字（App：分享、复制链接）。",
    )
    expect = {"advertisements": 30, "title": 1.0, "price": 0.9}

    def read_rows(self, response: TextResponse) -> list[Row]:
        # Below an empty result, recommendations are shown on cards of the same kind.
        return [] if self.shows_nothing(response) else super().read_rows(response)
