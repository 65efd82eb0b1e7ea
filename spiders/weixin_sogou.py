"""WeChat public accounts in Sogou's search: articles, found by keyword.

Links stay valid for a few hours only; account, title, abstract and time last. Ten pages are shown
without a sign-in, and a few dozen searches a day before a captcha.
"""

from scrapy.http import TextResponse

from wildcrawl.analysis.ids import derive_ad_id
from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import Layout, Row


class WeixinSogouSpider(HtmlSearchSpider):
    name = "weixin_sogou"
    label = "WeChat public accounts (Sogou)"
    label_zh = "搜狗微信"
    kind = "social"
    since = "2026-11"
    evidence = (
        "real pages of articles of 2016–2019 and of accounts of 2017, 2019 and 2021 (public "
        "crawlers' test data), clients of 2025 and 2026 (searxng, June 2026), crawlers of 2014 and "
        "2015 for the markup of those years"
    )
    confidence = "high"
    home = "https://weixin.sogou.com/"
    search_url = "https://weixin.sogou.com/weixin?type=2&query={keyword}&ie=utf8&page={page}"
    pace = 20
    max_pages = 3
    ambiguous_pages = 1
    permission = "its robots.txt is known to admit few robots by name"
    card = (
        "//*[contains(@id, 'sogou_vr_') and contains(@id, '_box_') or self::li[@d]]"
        "[.//h3/a or .//h4/a]"
    )
    empty = "#noresult_part1_container"
    next_page = "#sogou_next::attr(href)"
    fields = {
        "ad_id": "./@d",
        "url": (".//h3/a[@href]/@href", ".//h4/a/@href"),
        "title": ("normalize-space(.//h3)", "normalize-space(.//h4)"),
        "description": ("normalize-space(.//p[contains(@class, 'txt-info')])", "string(.//p)"),
        "seller": (
            ".account::text",
            "normalize-space(.//*[contains(@class, 'all-time-y2')])",
            ".s-p a::attr(title)",
            "./descendant::*/@data-sourcename",
        ),
        "seller_id": (".account::attr(i)", ".s-p a::attr(i)", "./descendant::*/@data-openid"),
        "posted_at": (
            "./descendant::*[@t]/@t",
            ".//script[contains(., 'timeConvert')]/text()",
            "./descendant::*/@data-lastmodified",
            ".s2::text",
        ),
        "image_urls": (
            ".img-box img::attr(src)",
            ".img_box2 img::attr(src)",
            ".pic img::attr(src)",
        ),
    }
    patterns = {"posted_at": r"(\d{10})"}  # A date in words stays as it is.
    other_layouts = (
        Layout(
            "//*[contains(@id, 'sogou_vr_') and contains(@id, '_box_')]",
            {
                "ad_id": ("./@d", "./@href"),
                "url": (".tit a::attr(href)", "./@href"),
                "title": ("normalize-space(.//p[@class='tit'])", "normalize-space(.//h3)"),
                "description": ("normalize-space(.//dl[1]/dd)", ".sp-txt ::text"),
                "seller": ("normalize-space(.//p[@class='tit'])", "normalize-space(.//h3)"),
                "seller_id": ("label[name=em_weixinhao]::text", ".//h4//text()"),
                "posted_at": ".//script[contains(., 'timeConvert')]/text()",
                "image_urls": ".img-box img::attr(src)",
            },
        ),
        Layout(".txt-box", fields),  # Results without a numbered box.
    )
    blocked = ("您的访问出错了", "您的访问过于频繁", "seccodeImage", "seccodeRight")
    expect = {"advertisements": 20, "title": 1.0, "seller": 0.9, "posted_at": 0.9}

    def read_rows(self, response: TextResponse) -> list[Row]:
        rows = super().read_rows(response)
        for row in rows:
            # Its address changes each time, so it cannot be used as an id.
            row["ad_id"] = row["ad_id"] or derive_ad_id("", row["title"], row["seller"])
        return rows
