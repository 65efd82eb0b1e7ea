"""Shopify data: its JSON answers, and the data embedded in its pages."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from wildcrawl.base_spiders.extraction import Row, embedded

_EVENTS = re.compile(r'"events":("(?:[^"\\]|\\.)*")')
_CURRENCY = re.compile(
    r"""(?:Analytics\.meta\.currency\s*=\s*|Shopify\.currency\s*=\s*\{\s*"active"\s*:\s*)["']([A-Z]{3})"""
)


def page_rows(text: str) -> list[Row]:
    """The products in the data embedded in a page of results; [] if it has none.

    >>> page_rows('var meta = {"products":[{"id":7,"handle":"cup","variants":[{"price":1250}]}]};')
    [{'ad_id': '7', 'url': '/products/cup', 'price': '12.50'}]
    """
    reported = _reported(text)
    listed = reported.get("collection_viewed", {}).get("collection") or reported.get(
        "search_submitted", {}
    ).get("searchResult")
    variants = (listed or {}).get("productVariants") or []
    if variants:
        return list({row["ad_id"]: row for row in map(_variant_row, reversed(variants))}.values())[
            ::-1
        ]
    products = _meta(text).get("products") or []
    return [_meta_row(product, page_currency(text)) for product in products]


def page_product(text: str) -> Row:
    """The product in the data embedded in its own page; {} if the page has none."""
    variant = _reported(text).get("product_viewed", {}).get("productVariant")
    if variant:
        return _variant_row(variant)
    product = _meta(text).get("product")
    return _meta_row(product, page_currency(text)) if product else {}


def page_currency(text: str) -> str:
    """The code of the currency of a page's prices, "" if the page does not give it."""
    found = _CURRENCY.search(text)
    return found[1] if found else ""


def answer_rows(data: Any, currency: str) -> list[Row] | None:
    """The products in a JSON answer; None if it is not an answer of Shopify.

    products.json, a product's own .json and .js, search/suggest.json.
    """
    if not isinstance(data, dict):
        return None
    results = data.get("resources", {}).get("results", {}) if "resources" in data else data
    products = results.get("products")
    if products is None and isinstance(data.get("product"), dict):
        products = [data["product"]]
    if products is None and "handle" in data:
        products = [data]
    if not isinstance(products, list):
        return None
    return [_answer_row(product, currency) for product in products if isinstance(product, dict)]


def _answer_row(product: dict[str, Any], currency: str) -> Row:
    texts = (product.get(name) for name in ("body_html", "body", "description", "content"))
    row = {
        "ad_id": str(product.get("id") or product.get("handle") or ""),
        "url": f"/products/{product['handle']}" if product.get("handle") else product.get("url"),
        "title": product.get("title"),
        "description": next((text for text in texts if text), ""),
        "price": with_currency(_answer_price(product), currency),
        "category": product.get("product_type") or product.get("type"),
        "posted_at": product.get("published_at") or product.get("created_at"),
        "image_urls": _pictures(product),
    }
    return {name: value for name, value in row.items() if value}


def _answer_price(product: dict[str, Any]) -> str:
    """The lowest price of a product's variants; integers are cents, texts are whole units."""
    priced = product.get("variants") or [product]
    prices = [each["price"] for each in priced if each.get("price") not in (None, "")]
    if not prices and product.get("price") not in (None, ""):
        prices = [product["price"]]
    amounts = [_cents(price) if _is_whole(price) else _amount(price) for price in prices]
    return min(filter(None, amounts), key=Decimal, default="")


def _is_whole(price: Any) -> bool:
    return isinstance(price, int) and not isinstance(price, bool)


def _variant_row(variant: dict[str, Any]) -> Row:
    product = variant.get("product") or {}
    price = variant.get("price") or {}
    image = (variant.get("image") or {}).get("src")
    row = {
        "ad_id": str(product.get("id") or ""),
        "url": (product.get("url") or "").split("?")[0],
        "title": product.get("title"),
        "price": with_currency(_amount(price.get("amount")), price.get("currencyCode") or ""),
        "category": product.get("type"),
        "image_urls": [image] if image else [],
    }
    return {name: value for name, value in row.items() if value}


def _meta_row(product: dict[str, Any], currency: str) -> Row:
    variants = product.get("variants") or [{}]
    first = variants[0]
    name, variant = first.get("name") or "", first.get("public_title") or ""
    row = {
        "ad_id": str(product.get("id") or ""),
        "url": f"/products/{product['handle']}" if product.get("handle") else "",
        "title": name.removesuffix(f" - {variant}") if variant else name,
        "price": with_currency(_cents(first.get("price")), currency),
        "category": product.get("type"),
    }
    return {name: value for name, value in row.items() if value}


def with_currency(amount: str, currency: str) -> str:
    """An amount with the code of its currency, if that is known."""
    return f"{currency} {amount}".strip() if amount else ""


def _amount(value: Any) -> str:
    try:
        return f"{Decimal(str(value)):.2f}" if value not in (None, "") else ""
    except InvalidOperation:
        return ""


def _cents(value: Any) -> str:
    try:
        return f"{Decimal(str(value)).scaleb(-2):.2f}" if value not in (None, "") else ""
    except InvalidOperation:
        return ""


def _pictures(product: dict[str, Any]) -> list[str]:
    listed = product.get("images") or [product.get("featured_image"), product.get("image")]
    found = []
    for each in listed:
        address = each.get("src") or each.get("url") if isinstance(each, dict) else each
        if address:
            found.append(str(address))
    return found


def _reported(text: str) -> dict[str, Any]:
    """The analytics events embedded in a page, by name."""
    found = _EVENTS.search(text)
    try:
        events = json.loads(json.loads(found[1])) if found else []
        return {name: event for name, event in events if isinstance(event, dict)}
    except (ValueError, TypeError, RecursionError):
        return {}


def _meta(text: str) -> dict[str, Any]:
    meta = embedded(text, "var meta =")
    return meta if isinstance(meta, dict) else {}
