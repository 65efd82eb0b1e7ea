"""Shops of known programs: read in any theme, and declared by their domain."""

from __future__ import annotations

import json
from typing import Any

import pytest
from parsel import Selector
from scrapy.http import HtmlResponse
from scrapy.utils.project import get_project_settings

from wildcrawl.analysis.prices import read_price
from wildcrawl.base_spiders.extraction import ResultPage, Row
from wildcrawl.base_spiders.responses import Unreadable
from wildcrawl.items import PriceKind
from wildcrawl.platforms.cards import shown_price
from wildcrawl.platforms.ecshop import EcShopSpider
from wildcrawl.platforms.magento import MagentoSpider
from wildcrawl.platforms.opencart import OpenCartSpider
from wildcrawl.platforms.oscar import OscarSpider
from wildcrawl.platforms.prestashop import PrestaShopSpider
from wildcrawl.platforms.shop import ShopSpider
from wildcrawl.platforms.shopify import ShopifySpider
from wildcrawl.platforms.woocommerce import WooCommerceSpider
from wildcrawl.platforms.wordpress import WordPressSpider

HOME = "https://shop.example"


def shop(engine: type[ShopSpider], **declared: Any) -> ShopSpider:
    named = {"name": "shop", "label": "Shop", "domain": "shop.example", **declared}
    made: ShopSpider = type("Shop", (engine,), named)()
    return made


def answer(text: str, path: str = "/", charset: str = "utf-8") -> HtmlResponse:
    return HtmlResponse(HOME + path, body=text.encode(charset), encoding=charset)


def results(engine: type[ShopSpider], text: str, path: str = "/") -> ResultPage:
    return shop(engine).read_results(answer(text, path))


def first(engine: type[ShopSpider], text: str, path: str = "/") -> Row:
    return results(engine, text, path).rows[0]


def test_a_site_on_a_known_program_is_declared_by_its_domain() -> None:
    made = shop(OscarSpider)
    assert made.home == "https://shop.example/"
    assert made.search_url == "https://shop.example/search/?q={keyword}&page={page}"


WOO = """<nav><a href="/product/menu/">骨雕</a></nav><ul class="products">
<li class="product type-product post-31"><a href="/product/hetao/"><img data-src="/31.jpg"
src="data:image/svg"><h2>老核桃手串</h2></a><span class="price"><del>
<span class="amount">¥900</span>
</del> <ins><span class="amount"><bdi><span>¥</span>680.00</bdi></span></ins></span>
<a href="?add-to-cart=31">加入购物车</a></li>
<li class="product product-category"><a href="/product-category/x/">分类</a></li></ul>
<section class="related products"><li class="product type-product post-9">
<a href="/product/other/">别的</a></li></section>
<a class="next page-numbers" href="/page/2/">→</a>"""


def test_woocommerce_cards() -> None:
    page = results(WooCommerceSpider, WOO)
    assert page.rows == [
        {
            "ad_id": "31",
            "url": f"{HOME}/product/hetao/",
            "title": "老核桃手串",
            "price": "¥680.00",
            "image_urls": [f"{HOME}/31.jpg"],
        }
    ]
    assert page.next_url == f"{HOME}/page/2/"


def test_woocommerces_api_gives_prices_in_cents() -> None:
    prices = {"price": "128050", "currency_code": "CNY", "currency_minor_unit": 2}
    product = {"id": 7, "name": "骨梳", "permalink": f"{HOME}/product/7/", "prices": prices}
    page = results(WooCommerceSpider, json.dumps([product]), "/wp-json/wc/store/v1/products")
    row = page.rows[0]
    assert (row["ad_id"], row["title"], row["price"]) == ("7", "骨梳", "CNY 1280.50")
    assert not page.more
    empty = results(WooCommerceSpider, "[]", "/wp-json/wc/store/v1/products")
    assert empty.recognised
    assert empty.rows == []


def test_a_front_page_instead_of_an_api_is_not_a_result() -> None:
    with pytest.raises(Unreadable, match="by_pages"):
        results(WooCommerceSpider, WOO, "/wp-json/wc/store/v1/products?search=x")


def test_a_search_that_finds_one_thing_shows_its_page() -> None:
    page = """<body class="single-product postid-31"><h1 class="product_title">老核桃手串</h1>
    <p class="price">¥680.00</p><div class="related"><li class="product type-product post-9">
    <a href="/product/other/">别的</a></li></div></body>"""
    (row,) = results(WooCommerceSpider, page, "/product/hetao/").rows
    assert (row["ad_id"], row["title"], row["price"]) == ("31", "老核桃手串", "¥680.00")
    assert row["url"] == f"{HOME}/product/hetao/"


CARDS = """<header><a href="/products/menu">骨雕</a></header><div class="grid">
<div class="c"><a href="/products/bangle"><img src="/b.jpg"></a><a href="/products/bangle">手镯</a>
<span>Regular price</span><div class="money">$36.00</div>
<a class="swatch" href="/products/bangle-red">红</a></div>
<div class="c"><a href="/collections/all/products/comb"><img src="/c.jpg" alt="梳子"></a>
<s class="money">$50.00</s><b class="money sale">$40.00</b></div></div>
<p>另见 <a href="/products/story">一篇文章</a></p>"""


def test_shopify_cards_are_recognised_by_their_links() -> None:
    rows = results(ShopifySpider, CARDS, "/collections/all").rows
    assert [(row["ad_id"], row["title"], row["price"]) for row in rows] == [
        ("bangle", "手镯", "$36.00"),
        ("comb", "梳子", "$40.00"),
    ]


def test_a_shopify_page_reports_its_products_with_numbers_and_a_currency() -> None:
    variant = {
        "price": {"amount": 36.0, "currencyCode": "CNY"},
        "product": {"title": "老手镯", "id": "100200", "url": "/products/bangle"},
    }
    events = [["collection_viewed", {"collection": {"productVariants": [variant]}}]]
    script = f'<script>x({{"events":{json.dumps(json.dumps(events))}}})</script>'
    rows = results(ShopifySpider, CARDS + script, "/collections/all").rows
    assert [(row["ad_id"], row["title"], row["price"]) for row in rows] == [
        ("100200", "老手镯", "CNY 36.00"),
        ("comb", "梳子", "$40.00"),
    ]
    assert rows[0]["image_urls"] == [f"{HOME}/b.jpg"]


CATALOGUE = {
    "products": [
        {
            "id": 100200,
            "title": "老手镯",
            "handle": "bangle",
            "body_html": "<p>圈口58</p>",
            "published_at": "2016-12-03T14:20:00+08:00",
            "variants": [{"price": "90.00"}, {"price": "80.00"}],
            "images": [{"src": "https://cdn.example/b.jpg"}],
        }
    ]
}


def test_shopifys_catalogue_is_read_in_the_declared_currency() -> None:
    spider = shop(ShopifySpider, currency="CNY")
    (row,) = spider.read_results(answer(json.dumps(CATALOGUE), "/products.json")).rows
    assert row == {
        "ad_id": "100200",
        "url": f"{HOME}/products/bangle",
        "title": "老手镯",
        "description": "<p>圈口58</p>",
        "price": "CNY 80.00",
        "posted_at": "2016-12-03T14:20:00+08:00",
        "image_urls": ["https://cdn.example/b.jpg"],
    }
    settings = get_project_settings()
    settings.set("WILDCRAWL_CONTACT", "monitoring@example.org", priority="cmdline")
    type(spider).check(settings, {})
    with pytest.raises(ValueError, match="declares no currency"):
        type(shop(ShopifySpider)).check(settings, {})


def test_prestashop_separates_products_from_other_tiles() -> None:
    card = """<article class="product-miniature js-product-miniature" data-id-product="{0}">
    <a href="/rings/{0}-ring.html"><img src="/{0}.jpg"></a><h2>
    <a href="/rings/{0}-ring.html">戒指{0}</a>
    </h2><span class="regular-price">1 200,00 €</span><span class="price">999,00 €</span>
    </article>"""
    tile = '<div class="js-product-miniature"><a href="/content/1-delivery">299€ 起免邮</a></div>'
    rows = results(PrestaShopSpider, card.format(11) + tile + card.format(12)).rows
    assert [(row["ad_id"], row["title"]) for row in rows] == [("11", "戒指11"), ("12", "戒指12")]
    assert rows[0]["price"] == "999,00 €"


def test_magento_reads_the_special_price() -> None:
    row = first(
        MagentoSpider,
        """<li class="item product product-item"><div class="product-item-info">
        <a class="product photo product-item-photo" href="/bi.html"><img src="/b.jpg"></a>
        <strong><a class="product-item-link" href="/bi.html">老毛笔</a></strong>
        <div class="price-box" data-product-id="42"><span class="old-price">
    <span class="price">¥90.00
        </span></span><span class="special-price"><span class="price">¥70.00</span></span></div>
        </div></li>""",
    )
    assert (row["ad_id"], row["title"], row["price"]) == ("42", "老毛笔", "¥70.00")


def test_opencart_leaves_the_tax_out() -> None:
    row = first(
        OpenCartSpider,
        """<div class="product-layout"><div class="product-thumb"><a
        href="/index.php?route=product/product&amp;product_id=43"><img src="/p.jpg"></a><h4><a
        href="/index.php?route=product/product&amp;product_id=43">瓷瓶</a></h4><p class="price">
        <span class="price-new">￥110</span> <span class="price-old">￥122</span>
        <span class="price-tax">不含税：￥90</span></p></div></div>""",
    )
    assert (row["ad_id"], row["title"], row["price"]) == ("43", "瓷瓶", "￥110")


def test_ecshop_is_read_in_its_charset() -> None:
    text = """<div class="goodsItem"><a href="goods.php?id=88">
    <img class="goodsimg" src="i/8.jpg"></a>
    <p><a href="goods.php?id=88" title="竹雕笔筒">竹雕笔筒</a>
    </p>市场价<font class="market">￥960元</font>
    本店价<font class="shop_s">￥800元</font></div><div id="pager">
    <a class="next" href="search.php?e=2">
    下一页</a></div>"""
    page = shop(EcShopSpider).read_results(answer(text, "/search.php", "gb18030"))
    (row,) = page.rows
    assert (row["ad_id"], row["title"]) == ("88", "竹雕笔筒")
    assert "800" in row["price"]
    assert page.next_url == f"{HOME}/search.php?e=2"


def test_a_post_of_wordpress_names_its_price_in_its_text() -> None:
    post = {
        "id": 5,
        "link": f"{HOME}/archives/5/",
        "date_gmt": "2016-12-03T06:20:00",
        "title": {"rendered": "老料一串"},
        "content": {"rendered": '<p>圈口58</p><p>售价：3500元</p><img src="/5.jpg">'},
        "_embedded": {"author": [{"name": "甲"}], "wp:term": [[{"name": "文玩"}]]},
    }
    row = first(WordPressSpider, json.dumps([post]), "/wp-json/wp/v2/posts?search=x&page=1")
    assert (row["ad_id"], row["title"], row["price"]) == ("5", "老料一串", "3500元")
    assert (row["seller"], row["category"]) == ("甲", "文玩")
    assert (row["posted_at"], row["image_urls"]) == ("2016-12-03T06:20:00Z", [f"{HOME}/5.jpg"])


@pytest.mark.parametrize(
    ("card", "price"),
    [
        ('<b class="price">$<span>19</span><sup>99</sup></b>', "$19.99"),
        ('<b class="price">¥80.00 – ¥99.00</b>', "¥80.00 – ¥99.00"),
        ('<i class="compare-at">$9</i><b class="price">$7</b>', "$7"),
        ('<i class="price regular">$9</i><b class="price sale">$7</b>', "$7"),
        ("<p>全场 满减</p>", ""),
        ("<p>1.299,00 €</p>", "1.299,00 €"),
    ],
)
def test_of_several_amounts_the_current_price_is_read(card: str, price: str) -> None:
    shown = Selector(f"<div>{card}</div>").xpath("//div")[0].root
    assert shown_price(shown) == price


OSCAR = """<ol class="breadcrumb"><li><a href="/catalogue/">Home</a></li>
<li><a href="/catalogue/category/zhumu_1/">竹木牙角</a></li><li class="active">骨雕 笔筒</li>
<li class="ml-auto"><a href="/search/?q=%E9%AA%A8%E9%9B%95">Back to search results</a></li></ol>
<article class="product_page"><div class="product_main"><h1>骨雕 笔筒</h1></div></article>
<section>看过的 <form action="/basket/add/2/"></form></section>"""


def test_breadcrumbs_and_recently_viewed_products_are_not_the_product() -> None:
    row = first(OscarSpider, OSCAR, "/catalogue/gudiao_77/")
    assert (row["ad_id"], row["title"], row["category"]) == ("77", "骨雕 笔筒", "竹木牙角")


DESCRIBED = """<html><head><meta property="og:site_name" content="一号店">
<script type="application/ld+json">{{"@type": "Product", "name": "{name}",
"url": "https://shop.example/product/7/", "offers": {{"price": "{price}",
"priceCurrency": "{currency}"}}}}</script></head><body class="single-product postid-7">
<div class="summary"><h1 class="product_title">{heading}</h1><p class="price">{shown}</p></div>
<div class="related"><h1>别的</h1><p class="price">¥1.00</p></div></body></html>"""


def own_page(engine: type[ShopSpider] = WooCommerceSpider, **words: str) -> Row:
    told = {
        "name": "骨梳",
        "price": "500",
        "currency": "CNY",
        "heading": "骨梳",
        "shown": "",
    } | words
    return shop(engine).read_details(answer(DESCRIBED.format(**told), "/product/7/"))


@pytest.mark.parametrize(
    ("price", "currency", "shown", "read"),
    [
        ("549.56", "EUR", "€ 132.34", "€ 132.34"),
        ("900", "CNY", "<del>¥900.00</del> <ins>¥680.00</ins>", "CNY 680.00"),
        ("680", "CNY", "¥680.00", "CNY 680"),
        ("1280", "CNY", "￥1,280.00", "CNY 1280"),
        ("80", "CNY", "¥80.00 – ¥99.00", "CNY 80"),
        ("70", "CNY", "¥80.00 – ¥99.00", "¥80.00 – ¥99.00"),
        ("45", "CAD", "$50.00", "CAD 50.00"),
        ("9000", "JPY", "¥8,000", "JPY 8000"),
        ("45", "CAD", "US$35.00", "US$35.00"),
        ("45", "CNY", "¥0.00", "CNY 45"),
        ("45", "CNY", "询价", "CNY 45"),
        ("45", "CNY", "", "CNY 45"),
    ],
)
def test_the_price_that_a_page_shows_replaces_the_one_it_describes(
    price: str, currency: str, shown: str, read: str
) -> None:
    found = own_page(price=price, currency=currency, shown=shown)["price"]
    assert found == read
    assert read_price(found).kind is not PriceKind.INVALID


def test_the_title_that_a_page_shows_replaces_the_one_it_describes() -> None:
    assert own_page(name="旧梳", heading="骨梳")["title"] == "骨梳"
    assert own_page(heading="骨梳 <span>新</span>", name="骨梳")["title"] == "骨梳 新"
    assert own_page(heading="")["title"] == "骨梳"
    assert own_page(heading="一号店")["title"] == "骨梳", "a heading may be the shop's name"


@pytest.mark.parametrize(
    "badge",
    [
        "<p>Orders $39+ ship free!</p>",
        "<p>Free shipping on orders over $50</p>",
        "<p>全场满99元包邮</p>",
        '<p class="product-badge">Handmade in our own workshop</p>',
        '<p class="shipping-note">我们每天发货，全国送达</p>',
    ],
)
def test_a_badge_is_no_description(badge: str) -> None:
    page = (
        '<meta property="og:description" content="一把牛骨梳子"><div class="product"><h1>骨梳</h1>'
        '<div class="{}">{}</div>{}</div>'
    )
    inner, name = (badge, "rte") if "class" not in badge else ("", "x")
    beside = badge.replace('class="', 'class="rte ') if "class" in badge else ""
    text = page.format(name, inner, beside)
    details = shop(ShopifySpider).read_details(answer(text, "/products/comb"))
    assert details["description"] == "一把牛骨梳子"
    both = text.replace("</div></div>", '</div><div class="rte">牛骨，手工，长12厘米</div></div>')
    both = (
        both
        if both != text
        else text.replace("</div>", '<i class="rte">牛骨，手工，长12厘米</i></div>')
    )
    assert (
        shop(ShopifySpider)
        .read_details(answer(both, "/products/comb"))["description"]
        .startswith("牛骨")
    )


@pytest.mark.parametrize("text", ["老料手串，包邮。", "现货一只", "New old stock, 1920s, no box"])
def test_a_short_text_of_a_seller_is_a_description(text: str) -> None:
    page = f'<div class="product"><h1>骨梳</h1><div class="rte"><p>{text}</p></div></div>'
    assert shop(ShopifySpider).read_details(answer(page, "/products/comb"))["description"] == text


@pytest.mark.parametrize(
    ("pictures", "read"),
    [
        ('<img class="ribbon" src="/new.png"><img src="/7.jpg">', ["/7.jpg"]),
        ('<span class="badge-sale"><img src="/s.png"></span><img src="/7.jpg">', ["/7.jpg"]),
        ('<img src="/img/ribbon-hot.png"><img src="/7.jpg">', ["/7.jpg"]),
        ('<img class="product-badge" src="/new.png">', []),
        ('<span class="label"><img src="/7.jpg"></span>', ["/7.jpg"]),
        ('<img src="/ribbon.jpg">', ["/ribbon.jpg"]),
        ('<img class="flagship lazyload" src="/7.jpg">', ["/7.jpg"]),
    ],
)
def test_a_ribbon_is_no_picture(pictures: str, read: list[str]) -> None:
    card = f"""<ul><li class="product type-product post-7"><a href="/product/7/">{pictures}
    <h2>骨梳</h2></a><span class="price">¥9.00</span></li></ul>"""
    assert first(WooCommerceSpider, card)["image_urls"] == [HOME + url for url in read]


def own_path(base: str, number: int = 3, price: str = '<b class="amount">$160.00</b>') -> str:
    cards = "".join(
        f'<div class="item"><a class="image" href="{base}comb-{n}/"><img src="/{n}.webp"></a>'
        f'<div><a href="{base}comb-{n}/" class="title">Comb {n}</a><p>{price}</p>'
        f'<a href="/cart/?add-to-cart=">Buy</a></div></div>'
        for n in range(number)
    )
    around = '<nav><a href="/shop/menu/">Menu</a> $1.00</nav>'
    offer = '<p>Free delivery over $99.00, see <a href="/delivery/">how</a></p>'
    return f"<body>{around}<main><div>{cards}</div>{offer}</main></body>"


@pytest.mark.parametrize("base", ["/shop/", "/de/laden/", "https://shop.example/objekt/"])
@pytest.mark.parametrize("number", [1, 3])
def test_a_shop_with_addresses_of_its_own_is_read_by_its_prices(base: str, number: int) -> None:
    rows = results(WooCommerceSpider, own_path(base, number), "/?s=comb").rows
    assert [row["ad_id"] for row in rows][:number] == [f"comb-{n}" for n in range(number)]
    assert len(rows) == number
    assert {row["price"] for row in rows} == {"$160.00"}
    assert [row["title"] for row in rows] == [f"Comb {n}" for n in range(number)]


def test_prices_without_products_make_no_results() -> None:
    for page in (
        '<p>Free over $99.00, see <a href="/delivery/">how</a> and <a href="/x/">x</a></p>',
        "<p>Nothing here for $10.00</p>",
        '<div class="mini-cart"><a href="/shop/a/">A</a> $5.00</div>',
    ):
        assert results(WooCommerceSpider, page, "/?s=comb").rows == []


def test_the_widgets_of_a_page_builder_are_not_around_the_results() -> None:
    built = f'<div class="elementor-widget elementor-widget-container">{WOO}</div>'
    assert len(results(WooCommerceSpider, built).rows) == 1
