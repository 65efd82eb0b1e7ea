"""OpenCart shops, 1.5 and later."""

from __future__ import annotations

from wildcrawl.platforms.shop import ShopSpider


class OpenCartSpider(ShopSpider):
    """A shop on OpenCart."""

    search_path = "/index.php?route=product/search&search={keyword}&page={page}"
    cards = ".product-thumb, .product-layout, .product-grid > div, .product-list > div"
    card_id = (
        ("/@onclick", r"(?:cart\.add|addToCart|wishlist\.add|addToWishList)\('?(\d+)"),
        ("/@href", r"[?&]product_id=(\d+)"),
        ("[@name='product_id']/@value", r"^(\d+)$"),
    )
    product_path = r"[?&]product_id=(\d+)"
    own_page = "#product [name=product_id], .product-info [name=product_id]"
    detail = {
        "title": ("#product-product h1 ::text", "#content h1 ::text", "h1 ::text"),
        "description": ("#tab-description ::text",),
        "image_urls": (
            ".thumbnails a::attr(href)",
            ".image-additional a::attr(href)",
            ".product-info .image a::attr(href)",
        ),
    }
    price_in = (
        "#content .price-new",
        "#content .list-unstyled",
        ".product-info .price",
        "#content",
    )
    detail_id = (
        ("#product [name=product_id]::attr(value)", r"^(\d+)$"),
        ("[name=product_id]::attr(value)", r"^(\d+)$"),
    )
