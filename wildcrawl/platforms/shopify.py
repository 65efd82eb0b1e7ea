"""Shopify shops: robots.txt closes the search, so the catalogue is read and matched here."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy.http import TextResponse
from scrapy.settings import BaseSettings

from wildcrawl.base_spiders.board import BoardPage, BoardWalk, board_page
from wildcrawl.base_spiders.extraction import FilledRow, ResultPage, Row, absolute
from wildcrawl.platforms.own_page import price_shown
from wildcrawl.platforms.shop import ShopSpider
from wildcrawl.platforms.shopify_data import answer_rows, page_product, page_rows

PER_PAGE = 250


class ShopifySpider(BoardWalk, ShopSpider):
    """A shop on Shopify: products.json is read to its end, since its order is not guaranteed."""

    way = "board"
    boards: ClassVar = {"products": ""}
    board_path = f"products.json?limit={PER_PAGE}&page={{page}}"
    max_pages = 100
    product_path = (
        r"(?<!cdn/shop)/products/(?![^/?#]+\.(?:jpe?g|png|webp|gif|svg)(?:[?#]|$))"
        r"([^/?#]+?)(?:\.(?:js|json))?/?(?:[?#]|$)"
    )
    card_id = (
        ("/@data-product-id", r"^(\d{6,})$"),
        ("/@data-productid", r"^(\d{6,})$"),
        ("/@data-testid", r"(?:^|-)(\d{10,})(?:-|$)"),
    )
    currency: ClassVar[str] = ""
    """The code of the shop's currency; the catalogue gives numbers only."""
    detail = {
        "title": ("h1[class*=title] ::text", "[class*=product] h1 ::text"),
        "description": (".product__description ::text", "[class*=product] .rte ::text"),
    }
    price_in = ("[class*=product] [class*=price]", "[class*=price]")

    @classmethod
    def check(cls, settings: BaseSettings, arguments: dict[str, str]) -> None:
        super().check(settings, arguments)
        if not cls.currency:
            raise ValueError(
                f"{cls.name} declares no currency and the catalogue gives numbers only; "
                'declare it, for example currency = "CNY"'
            )

    @classmethod
    def can_resume(cls) -> bool:
        """False: the catalogue is read once for all keywords."""
        return False

    def own_page_fields(self) -> list[str]:
        """No fields: the catalogue holds the whole products."""
        return []

    def ended(self, reason: str) -> None:
        """Stores no checkpoint: the next run reads the catalogue to its end again."""

    def read_results(self, response: TextResponse) -> BoardPage:
        return board_page(super().read_results(response))

    def read_api(self, response: TextResponse, data: Any) -> ResultPage:
        rows = answer_rows(data, self.currency)
        if rows is None:
            return ResultPage([], more=False, recognised=False)
        return ResultPage([absolute(response, row) for row in rows], more=len(rows) >= PER_PAGE)

    def is_own_page(self, response: TextResponse) -> bool:
        return bool(self.product_key(response.url))

    def read_rows(self, response: TextResponse) -> list[Row]:
        rows = super().read_rows(response)
        if self.is_own_page(response):
            return rows
        reported = [absolute(response, row) for row in page_rows(response.text)]
        found = {self.product_key(row.get("url", "")): row for row in reported}
        for row in rows:
            key = self.product_key(row.get("url", ""))
            if key in found or not found or row.get("price"):
                data = found.get(key, {})
                merged = FilledRow({**row, **data})
                if row.get("price") and data.get("price"):
                    merged["price"] = price_shown(row["price"], data["price"])
                found[key] = merged
        return list(found.values())

    def read_details(self, response: TextResponse) -> Row:
        details = super().read_details(response)
        product = page_product(response.text)
        for name in ("ad_id", "price"):
            # The stock number in a page's description is not the product's.
            if product.get(name) and (name == "ad_id" or not details.get(name)):
                details[name] = product[name]
        return details
