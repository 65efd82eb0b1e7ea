"""Structured data: pages with it are read without a selector."""

from __future__ import annotations

from typing import Any

import pytest
from parsel import Selector
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings

from wildcrawl.analysis.prices import read_price
from wildcrawl.base_spiders import HtmlSearchSpider
from wildcrawl.base_spiders.extraction import says_anything
from wildcrawl.base_spiders.structured_data import (
    advertisement,
    advertisements,
    describes_empty_list,
)
from wildcrawl.base_spiders.structured_data import opengraph as read_opengraph
from wildcrawl.crawl.stats import Stat

URL = "https://shop.example/item/7"


def ld(*blocks: str) -> str:
    return "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)


def about(html: str, url: str = URL) -> dict[str, Any]:
    return advertisement(Selector(html), url)


WHOLE = """{"@context": "https://schema.org", "@type": "Product", "name": "老料手串",
"description": "圈口58", "sku": "K-7", "category": "文玩", "image": ["/7.jpg", "/8.jpg"],
"url": "https://shop.example/item/7", "offers": {"@type": "Offer", "price": "1280.00",
"priceCurrency": "CNY", "seller": {"@type": "Organization", "name": "一号店"}}}"""


def test_a_product_fills_the_fields_of_an_advertisement() -> None:
    assert about(ld(WHOLE)) == {
        "title": "老料手串",
        "description": "圈口58",
        "price": "CNY 1280.00",
        "seller": "一号店",
        "category": "文玩",
        "image_urls": ["/7.jpg", "/8.jpg"],
        "ad_id": "K-7",
        "url": "https://shop.example/item/7",
    }


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type": "Product", "name": "骨雕", "sku": "1",}',
        '<!-- shop --> {"@type": "Product", /* ours */ "name": "骨雕", "sku": "1"}',
        '{"@type": "Product", "name": "骨雕", "sku": "1", "description": "一\n二"}',
        "{&quot;@type&quot;: &quot;Product&quot;, &quot;name&quot;: &quot;骨雕&quot;}",
        '[{"@type": "WebSite"}, {"@type": "Product", "name": "骨雕"}]',
        '{"@graph": [{"@type": "WebPage"}, {"@type": ["Product", "Thing"], "name": "骨雕"}]}',
        '{"@type": "http://schema.org/Product", "name": "骨雕"}',
        '{"@type": "WebPage", "mainEntity": {"@type": "Product", "name": "骨雕"}}',
    ],
)
def test_data_is_read_as_pages_write_and_break_it(broken: str) -> None:
    assert about(ld("{not json at all", broken))["title"] == "骨雕"


@pytest.mark.parametrize(
    ("offered", "text"),
    [
        ('{"price": 12.5, "priceCurrency": "CNY"}', "CNY 12.5"),
        ('{"price": "1.299,00", "priceCurrency": "EUR"}', "EUR 1299.00"),
        ('{"@type": "AggregateOffer", "lowPrice": "80", "highPrice": "99"}', "80"),
        ('[{"price": "90", "priceCurrency": "USD"}, {"price": "70"}]', "70"),
        ('{"priceSpecification": [{"price": "9", "priceCurrency": "CNY"}]}', "CNY 9"),
        (
            '{"priceSpecification": [{"priceType": "https://schema.org/ListPrice", "price": "5"},'
            ' {"price": "9"}], "priceCurrency": "CNY"}',
            "CNY 9",
        ),
        ('{"priceCurrency": "CNY", "offers": [{"price": "3"}, {"price": "0"}]}', "CNY 3"),
        ('{"price": "面议", "priceCurrency": "CNY"}', "面议"),
        ('{"@id": "#offer"}', "CNY 4"),
    ],
)
def test_what_is_asked_is_read_from_every_shape_of_an_offer(offered: str, text: str) -> None:
    apart = '{"@id": "#offer", "@type": "Offer", "price": 4, "priceCurrency": "CNY"}'
    page = ld(f'{{"@type": "Product", "name": "a", "offers": {offered}}}', apart)
    assert about(page)["price"] == text


def test_a_foreign_currency_is_foreign_to_the_price_reader() -> None:
    price = read_price(about(ld(WHOLE.replace("CNY", "USD")))["price"])
    assert (price.kind, price.currency) == ("foreign", "USD")


def test_of_several_products_the_page_is_about_the_one_it_is_headed_by() -> None:
    others = [f'{{"@type": "Product", "name": "推荐{n}", "url": "/item/{n}"}}' for n in (1, 2)]
    main = '{"@type": "Product", "name": "老料手串", "offers": {"price": 7}}'
    assert about("<h1>老料手串</h1>" + ld(others[0], main, others[1]))["price"] == "7"
    by_address = main.replace('"offers"', '"url": "/item/7", "offers"')
    assert about(ld(others[0], by_address))["title"] == "老料手串"
    assert about(ld(*others)) == {}


def test_what_a_product_is_related_to_is_not_the_pages() -> None:
    page = ld(
        '{"@type": "Product", "name": "甲", "isRelatedTo": {"@type": "Product", "name": "乙"}}'
    )
    assert about(page)["title"] == "甲"


def test_references_in_a_circle_come_to_an_end() -> None:
    variants = ",".join(
        f'{{"@id": "#{n}", "@type": "Product", "name": "串", "hasVariant":'
        f' [{",".join(f"""{{"@id": "#{m}"}}""" for m in range(30))}]}}'
        for n in range(30)
    )
    assert about(ld(f'{{"@graph": [{variants}]}}'))["title"] == "串"


MICRO = """<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">角雕 把件</h1>
<img itemprop="image" src="/7.jpg"><meta itemprop="productID" content="77">
<div itemprop="offers" itemscope itemtype="https://schema.org/Offer">
<meta itemprop="priceCurrency" content="CNY"><span itemprop="price" content="380">￥380</span></div>
<div itemprop="isRelatedTo" itemscope itemtype="https://schema.org/Product">
<b itemprop="name">别的</b></div></div>"""


def test_microdata_says_the_same() -> None:
    read = about(MICRO)
    assert (read["title"], read["price"], read["ad_id"]) == ("角雕 把件", "CNY 380", "77")


def test_a_posting_is_read_where_there_is_no_product() -> None:
    post = '{"@type": "DiscussionForumPosting", "headline": "出一串", "author": {"name": "甲"},'
    post += '"datePublished": "2016-12-03", "comment": [{"@type": "Article", "headline": "顶"}]}'
    read = about(ld(post))
    assert (read["title"], read["seller"], read["posted_at"]) == ("出一串", "甲", "2016-12-03")


def test_opengraph_gives_the_title_without_the_sites_name() -> None:
    page = """<meta property="og:title" content="老料手串 - 一号店">
    <meta property="og:site_name" content="一号店"><meta property="og:image" content="/7.jpg">
    <meta property="product:price:amount" content="1280">
    <meta property="product:price:currency" content="CNY">"""
    assert read_opengraph(Selector(page)) == {
        "title": "老料手串",
        "price": "CNY 1280",
        "image_urls": ["/7.jpg"],
    }


LIST = ld("""{"@type": "ItemList", "itemListElement": [
{"@type": "ListItem", "position": 1, "url": "/item/1"},
{"@type": "ListItem", "position": 2, "item": "https://shop.example/item/2", "name": "乙"},
{"@type": "ListItem", "item": {"@type": "Product", "name": "丙", "url": "/item/3", "sku": "3",
"offers": {"price": 9, "priceCurrency": "CNY"}}}]}""")


def test_the_entries_of_a_list_are_rows_whatever_they_are() -> None:
    assert advertisements(Selector(LIST), URL) == [
        {"url": "/item/1"},
        {"title": "乙", "url": "https://shop.example/item/2"},
        {"title": "丙", "price": "CNY 9", "ad_id": "3", "url": "/item/3"},
    ]


def test_products_that_share_a_number_have_none() -> None:
    two = [f'{{"@type": "Product", "name": "{n}", "sku": "X", "url": "/item/{n}"}}' for n in "ab"]
    assert [row.get("ad_id") for row in advertisements(Selector(ld(*two)), URL)] == [None, None]


def test_an_empty_list_is_distinguished_from_none() -> None:
    assert describes_empty_list(Selector(ld('{"@type": "ItemList", "itemListElement": []}')))
    assert not describes_empty_list(Selector(LIST))
    assert not describes_empty_list(Selector("<p>nothing</p>"))


class BareSpider(HtmlSearchSpider):
    name = "bare"
    label = "Bare"
    kind = "antiques"
    since = "2026-01"
    home = "https://shop.example/"
    search_url = "https://shop.example/s?q={keyword}"


class DeclaredSpider(BareSpider):
    name = "declared"
    card = "li"
    fields = {"url": "a::attr(href)", "title": "a::text"}
    detail = {"title": ".name::text", "price": ".ask::text"}


def spider(kind: type[HtmlSearchSpider]) -> HtmlSearchSpider:
    crawler = Crawler(kind, get_project_settings())
    crawler.stats = MemoryStatsCollector(crawler)
    return kind.from_crawler(crawler)


def page(text: str, url: str = URL) -> HtmlResponse:
    return HtmlResponse(url, body=text.encode(), encoding="utf-8")


def test_a_shop_that_describes_itself_needs_a_search_url_and_nothing_else() -> None:
    bare = spider(BareSpider)
    results = bare.read_results(page(LIST + '<a rel="next" href="/s?q=x&amp;p=2">2</a>'))
    assert [row["url"] for row in results.rows] == [f"https://shop.example/item/{n}" for n in "123"]
    assert results.next_url == "https://shop.example/s?q=x&p=2"
    assert bare.has_own_page(results.rows[0])
    assert bare.read_details(page(ld(WHOLE)))["price"] == "CNY 1280.00"


def test_a_page_that_says_nothing_was_found_is_distinguished_from_a_changed_one() -> None:
    bare = spider(BareSpider)
    for said in ("没有找到相关商品", "No products were found matching your selection.", "共 0 件"):
        assert bare.read_results(page(f"<body><p>{said}</p></body>")).recognised, said
    for said in ("欢迎光临", "<div class='mini-cart'>没有商品</div>", "No products in the cart."):
        assert not bare.read_results(page(f"<body><p>{said}</p></body>")).recognised, said


def test_what_stands_in_for_a_dead_selector_is_kept_but_not_counted_as_its_find() -> None:
    declared = spider(DeclaredSpider)
    details = declared.read_details(page('<b class="name">标题</b>' + ld(WHOLE)))
    assert (details["title"], details["price"]) == ("标题", "CNY 1280.00")
    declared.count_fields(details, declared.own_page_fields())
    assert declared.stats.get_value(Stat.FILLED + "title") == 1
    assert declared.stats.get_value(Stat.FIELD_BASE + "price") == 1
    assert declared.stats.get_value(Stat.FILLED + "price") is None


def test_what_any_page_tells_those_who_link_to_it_proves_no_advertisement() -> None:
    declared = spider(DeclaredSpider)
    wall = page('<meta property="og:image" content="/logo.png"><p>验证码</p>')
    assert not says_anything(declared.read_details(wall))
    assert not declared.shows_advertisement(wall)
    assert declared.shows_advertisement(page('<b class="name">标题</b>'))


def test_opengraph_does_not_stand_in_for_a_declared_selector() -> None:
    text = '<meta property="og:title" content="首页"><meta property="og:description" content="店">'
    details = spider(DeclaredSpider).read_details(page(text))
    assert details["title"] == ""
    assert details["description"] == "店"
