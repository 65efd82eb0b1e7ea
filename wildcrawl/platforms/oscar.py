"""django-oscar shops."""

from __future__ import annotations

from wildcrawl.platforms.shop import ShopSpider


class OscarSpider(ShopSpider):
    """A shop on django-oscar."""

    search_path = "/search/?q={keyword}&page={page}"
    cards = "article.product_pod, .product_pod"
    product_path = r"/[^/?#]*_(\d+)/(?:[?#]|$)"
    own_page = "article.product_page, .product_page"
    # Newer versions do not mark the next page: it follows the number of the current one.
    next_page = "li.next a::attr(href), .pagination li.disabled + li a::attr(href)"
    detail = {
        "title": (".product_main h1 ::text", "h1 ::text"),
        # The seller's text is between two headings, with or without paragraphs.
        "description": (
            "//*[@id='product_description']/following-sibling::node()"
            "[not(contains(@class, 'sub-header'))]"
            "[preceding-sibling::*[contains(@class, 'sub-header')][1]/@id='product_description']"
            "/descendant-or-self::text()",
            "#product_description ~ p ::text",
        ),
        # A link back to the search may follow the product's own name.
        "category": (
            "//*[contains(@class, 'breadcrumb')]/li[contains(@class, 'active')]"
            "/preceding-sibling::li[1]//text()",
            ".breadcrumb li:nth-last-child(2) ::text",
        ),
        "image_urls": (
            ".product_page #product_gallery img::attr(src)",
            ".product_page .thumbnail img::attr(src)",
        ),
    }
    price_in = (".product_main .price_color", ".product_main")
    # Recently viewed products have forms of their own further down.
    detail_id = ((".product_main form[action*='/basket/add/']::attr(action)", r"/add/(\d+)/"),)
