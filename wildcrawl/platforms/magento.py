"""Magento 1 and 2 (Adobe Commerce) shops."""

from __future__ import annotations

from wildcrawl.platforms.shop import ShopSpider


class MagentoSpider(ShopSpider):
    """A shop on Magento. Its sample robots.txt closes the search; many shops open it."""

    search_path = "/catalogsearch/result/?q={keyword}&p={page}"
    cards = (
        "li.product-item, div.product-item, .products-grid .item, .products-list .item, "
        ".item.product"
    )
    card_link = "a[contains(@class, 'product')]"
    card_id = (
        ("/@data-product-id", r"^(\d+)$"),
        ("[@data-product-sku and @data-product-id]/@data-product-id", r"^(\d+)$"),
        (
            "/@id",
            r"(?:product-price|old-price|product-item-info_?|product-collection-image)-?(\d+)",
        ),
        ("[@name='product']/@value", r"^(\d+)$"),
        ("/@href", r"/product/(?:view/id/)?(\d+)"),
    )
    own_page = "body.catalog-product-view"
    next_page = (
        ".pages-item-next a::attr(href), a.next.i-next::attr(href), a[rel~=next]::attr(href)"
    )
    empty = ".message.notice, .note-msg"
    detail = {
        "title": ("h1.page-title ::text", ".product-name h1 ::text", "h1 ::text"),
        "description": (
            ".product.attribute.description ::text",
            "#description ::text",
            ".product.attribute.overview ::text",
        ),
    }
    price_in = (".product-info-main .price-box", ".product-info-price", ".product-shop .price-box")
    detail_id = (
        (".product-info-main [data-product-id]::attr(data-product-id)", r"^(\d+)$"),
        ("input[name=product]::attr(value)", r"^(\d+)$"),
    )
