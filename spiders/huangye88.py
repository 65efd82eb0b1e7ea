"""Huangye88: companies' supply advertisements, by city and trade.

The text of an empty result is a guess.
"""

from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import Layout, says


class Huangye88Spider(HtmlSearchSpider):
    name = "huangye88"
    label = "Huangye88"
    label_zh = "黄页88"
    kind = "classifieds"
    since = "2026-11"
    evidence = (
        "public crawlers of 2017–2020 that read companies in the same block, one of about 2018 "
        "that reads own pages, desktop and mobile"
    )
    confidence = "medium to low for the search, medium for an advertisement's own page"
    home = "http://www.huangye88.com/"
    search_url = "http://www.huangye88.com/search.html?kw={keyword}&type=sale&page={page}/"
    pace = 5
    max_pages = 10
    ambiguous_pages = 1
    card = "//*[contains(@class, 'big-pro')]//li[.//*[contains(@class, 'p-title')]//a]"
    empty = says("没有找到", "没有搜索到", "暂无", "共0页")
    next_page = "a.nextpage::attr(href)"
    fields = {
        "url": ".p-title a::attr(href)",
        "title": ("normalize-space(.//*[contains(@class, 'p-title')])", ".p-title a::attr(title)"),
        "price": "[class*=price] ::text, [class*=money] ::text",
        "image_urls": ("img::attr(data-original)", "img::attr(src)"),
    }
    patterns = {"ad_id": r"/(?:\d+[_-])?(\d+)\.html"}
    detail = {
        "title": ("div.pro-text h1::text", "div.topinfo h1::text"),
        "price": ("h3.big::text", "h3.pirce::text", "h3.price::text"),
        "description": ("td.attribute div::text, td.attribute-value div::text", "p.txt::text"),
        "seller": ("p.com-name ::text", "h1.big::text"),
        "location": "//label[contains(., '所在地')]/following-sibling::text()[1]",
        "image_urls": "#picsUrl a::attr(big)",
    }
    other_details = (
        Layout(
            fields={
                "title": "div.text-desc h1::text",
                "price": ("ul.no-price li span::text", "span.price::text"),
                "description": "div.list-desc li label::text, div.list-desc li span::text",
                "seller": "li.last span a::text",
                "category": "section.mianbaoxie a::text",
                "image_urls": "ul.swiper-wrapper img::attr(data-src)",
            }
        ),
    )
    gone = ("信息已被删除", "信息已过期", "信息不存在")
    expect = {"advertisements": 5, "title": 1.0}
