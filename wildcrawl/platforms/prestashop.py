"""PrestaShop shops, 1.6 and later."""

from __future__ import annotations

from wildcrawl.platforms.shop import ShopSpider


class PrestaShopSpider(ShopSpider):
    """A shop on PrestaShop. Its robots.txt closes the search unless the shop has opened it."""

    search_path = "/search?controller=search&s={keyword}&page={page}"
    cards = ".product-miniature, .js-product-miniature, .ajax_block_product"
    card_id = (
        ("/@data-id-product", r"^(\d+)$"),
        ("/@data-product-id", r"^(\d+)$"),
        ("/@href", r"[?&]id_product=(\d+)"),
    )
    product_path = r"(?:[?&]id_product=|/)(\d+)(?:-[^/?#]*\.html|(?=&|$))"
    own_page = "body#product"
    detail = {
        "title": (
            "h1[itemprop=name] ::text",
            "h1.product-name ::text",
            "#main h1 ::text",
            "h1 ::text",
        ),
        "description": (
            ".product-description ::text",
            "#description ::text",
            "[id^=product-description] ::text",
            "#short_description_content ::text",
        ),
        "image_urls": (".product-cover img::attr(src)", "#image-block img::attr(src)"),
    }
    price_in = (".product-prices", ".current-price", "#our_price_display", ".product-price")
    detail_id = (
        ("[name=id_product]::attr(value)", r"^(\d+)$"),
        ("#product_page_product_id::attr(value)", r"^(\d+)$"),
        ("#product-details::attr(data-product)", r'"id_product":"?(\d+)'),
    )
