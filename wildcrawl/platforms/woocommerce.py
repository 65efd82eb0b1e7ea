"""WooCommerce shops: their public API, or their pages where it is closed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from scrapy.http import TextResponse

from wildcrawl.base_spiders.extraction import ResultPage, Row, absolute
from wildcrawl.platforms.wordpress import WordPressApi, rendered

PER_PAGE = 100


class WooCommerceSpider(WordPressApi):
    """A shop on WooCommerce, searched by its Store API, which needs no key."""

    search_path = (
        f"/wp-json/wc/store/v1/products?search={{keyword}}&per_page={PER_PAGE}&page={{page}}"
    )
    page_path = "/page/{page}/?s={keyword}&post_type=product"
    cards = (
        ".product.type-product, li.product:not(.product-category), .wc-block-grid__product, "
        ".wc-block-product"
    )
    product_path = (
        r"/(?:product|produkt|producto|produit|prodotto|produto|item)s?/([^/?#]+)/?(?:[?#]|$)"
    )
    card_id = (
        ("/@class", r"(?:^| )post-(\d+)(?: |$)"),
        ("/@data-product_id", r"(\d+)"),
        ("/@data-product-id", r"(\d+)"),
        ("/@href", r"[?&]add-to-cart=(\d+)"),
    )
    own_page = "body.single-product"
    empty = ".woocommerce-no-products-found, .wc-block-product-collection-no-results"
    next_page = (
        "a.next.page-numbers::attr(href), link[rel=next]::attr(href), "
        "a.wp-block-query-pagination-next::attr(href)"
    )
    detail = {
        "title": ("h1.product_title ::text", ".summary h1 ::text", ".summary h2 ::text"),
        "description": (
            "#tab-description ::text",
            ".woocommerce-product-details__short-description ::text",
            ".woocommerce-Tabs-panel--description ::text",
        ),
        "category": ".posted_in a::text",
        "image_urls": (
            ".woocommerce-product-gallery__image a::attr(href)",
            ".woocommerce-product-gallery img::attr(src)",
        ),
    }
    price_in = (
        ".summary .price",
        "p.price",
        ".wp-block-woocommerce-product-price",
        ".product .price",
        ".price",
    )
    detail_id = (
        ("body.single-product::attr(class)", r"(?:^| )postid-(\d+)(?: |$)"),
        ("form.cart [name='add-to-cart']::attr(value)", r"(\d+)"),
        ("form.cart::attr(data-product_id)", r"(\d+)"),
        ("//div[starts-with(@id, 'product-')]/@id", r"product-(\d+)$"),
        ("link[rel=shortlink]::attr(href)", r"[?&]p=(\d+)"),
    )

    def own_page_fields(self) -> list[str]:
        return list(self.detail) if self.by_pages else []

    def read_api(self, response: TextResponse, data: Any) -> ResultPage:
        listed = data if isinstance(data, list) else [data]
        products = [each for each in listed if isinstance(each, dict) and "id" in each]
        if listed and not products:
            return ResultPage([], more=False, recognised=False)
        rows = [absolute(response, product_row(each)) for each in products]
        return ResultPage(rows, more=len(rows) >= PER_PAGE)


def product_row(product: dict[str, Any]) -> Row:
    """The row of a product in the API's answer."""
    return {
        "ad_id": str(product["id"]),
        "url": product.get("permalink") or product.get("link") or "",
        "title": rendered(product.get("name") or product.get("title")),
        "description": "\n".join(
            text
            for name in ("short_description", "description")
            if (text := rendered(product.get(name)))
        ),
        "price": minor_units(product.get("prices")) or str(product.get("price") or ""),
        "category": " ".join(
            rendered(each.get("name")) for each in _dicts(product.get("categories"))
        ),
        "image_urls": [each["src"] for each in _dicts(product.get("images")) if each.get("src")],
    }


def minor_units(prices: Any) -> str:
    """A price in minor units as text that the price reader understands; "" if there is none.

    >>> minor_units({"price": "1999", "currency_code": "CNY", "currency_minor_unit": 2})
    'CNY 19.99'
    """
    if not isinstance(prices, dict):
        return ""
    try:
        amount = Decimal(str(prices.get("price")))
    except InvalidOperation:
        return ""
    places = int(prices.get("currency_minor_unit", 2))
    return f"{prices.get('currency_code') or ''} {amount.scaleb(-places):f}".strip()


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
