"""Baidu web search, for collectors' sites that have no usable search of their own.

Since about 2020 a result gives its target address; an older one gives only Baidu's redirect. A
result has no id; its address is used instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import Layout, Row, says

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    from wildcrawl.analysis.vocabulary import Keyword

HOSTS = ("cang.com", "gucn.com", "pm001.net", "yy11.com", "zhuokearts.com")


class BaiduSpider(HtmlSearchSpider):
    name = "baidu"
    label = "Baidu (sites without a search)"
    label_zh = "百度(站内搜索)"
    kind = "antiques"
    since = "2026-11"
    evidence = (
        "real pages of 2017, 2018 and 2020 (tests of the parser BaiduSpider), and of 2024 (saved "
        "in public projects); clients of 2026; the JSON form as searxng reads it (July 2026)"
    )
    confidence = (
        "high for the pages up to 2024, medium for those of 2026 and the JSON form, low for those "
        "before 2013"
    )
    home = "https://www.baidu.com/"
    search_url = "https://www.baidu.com/s?wd={keyword}&pn={page}&rn=10&ie=utf-8"
    first_page = 0
    page_step = 10
    pace = 20
    max_pages = 3
    ambiguous_pages = 1
    permission = "its robots.txt is known to admit named search engines only"
    # Advertisements have no template and are not results.
    card = (
        "//div[@id='content_left']/*[self::div or self::table][.//h3//a]"
        "[contains(@class, 'c-container') and @tpl"
        " or contains(concat(' ', @class, ' '), ' result ')]"
    )
    empty = says("没有找到与", "没有找到相关", "未找到相关")
    next_page = "//div[@id='page']//a[contains(., '下一页')]/@href"
    fields = {
        "ad_id": (),  # A result has no id: its address is used.
        "url": (
            "./@mu[not(contains(., '.baidu.com') and contains(., 'nourl'))]",
            "h3 a::attr(href)",
        ),
        "title": "normalize-space(.//h3)",
        "description": (
            "normalize-space(.//*[contains(@class, 'c-abstract')])",
            "normalize-space(.//*[contains(@class, 'content-right') or "
            "contains(@class, 'summary-text') or contains(@class, 'summary-gap')])",
            "normalize-space(.//*[contains(@class, 'c-gap-top-small')])",
            "normalize-space(.//font | .//p)",
        ),
        "seller": (
            ".//*[contains(@class, 'c-showurl')]//text()[not(parent::style)]",
            ".cosc-source ::text",
            ".source_1Vdff ::text",
            "substring-before(.//*[@class='g'], '/')",
        ),
        "posted_at": (
            "(.//*[contains(@class, 'newTimeFactor_before_abs')])[1]/text()",
            "[class*='prefix-time']::text",
            "substring-after(.//p[contains(., '时间:')], '时间:')",
            "(.//span[contains(@class, 'c-color-gray2')])[1]/text()",
        ),
        "image_urls": ".c-img::attr(src)",
    }
    other_layouts = (
        Layout(
            "entry[?title && url]",
            {"url": "url", "title": "title", "description": "abs", "posted_at": "time"},
            data='"feed":',
        ),
    )
    blocked = ("百度安全验证", "wappass.baidu.com", "请完成验证", "网络不给力")
    expect = {"advertisements": 20, "title": 1.0}

    def phrases(self, keyword: Keyword) -> list[str]:
        return [f"{keyword.term} site:{host}" for host in HOSTS]

    def read_rows(self, response: TextResponse) -> list[Row]:
        return [row for row in super().read_rows(response) if row["title"] and self.has_id(row)]
