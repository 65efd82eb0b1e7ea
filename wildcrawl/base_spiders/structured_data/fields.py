"""Fields of an advertisement, from a page's structured data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from parsel import Selector

from wildcrawl.base_spiders.structured_data.parse import Node, first, links_of, nodes_of, text_of

LISTED = ("ListPrice", "StrikethroughPrice", "SRP", "MSRP", "SuggestedRetailPrice")
"""Types of prices other than the asking price."""
_AS_SPECIFIED = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[,.' ]\d{3})+(?P<cents>[.,]\d{1,2})?|\d+(?P<more>,\d{1,2})")
_SIGNS = "¥￥$€£元 "


class Asked(NamedTuple):
    """A price and its currency's code; "" for one that is not given."""

    price: str
    currency: str


def price_text(node: Node) -> str:
    """The price of a thing on offer, the lowest of several; "" if there is none.

    >>> price_text({"offers": {"lowPrice": "1,200", "highPrice": 1500, "priceCurrency": "CNY"}})
    'CNY 1200'
    """
    variants = nodes_of(node.get("hasVariant")) + nodes_of(node.get("model"))
    asked = [*_asked(node)] or [each for variant in variants for each in _asked(variant)]
    if not asked:
        return ""
    # Variants at no cost are extras, not what is sold.
    numbers = [(Decimal(number), each) for each in asked if (number := plain_number(each.price))]
    if not numbers:
        return asked[0].price
    value, least = min(numbers, key=lambda pair: (pair[0] == 0, pair[0]))
    return f"{least.currency} {value}".strip()


def plain_number(text: str) -> str:
    """The number in a price's text, without separators; "" if the text is more than a number.

    >>> plain_number("1.299,00"), plain_number("¥1,299"), plain_number("12.5"), plain_number("面议")
    ('1299.00', '1299', '12.5', '')
    """
    bare = text.strip().strip(_SIGNS)
    if _AS_SPECIFIED.fullmatch(bare):
        return bare
    match = _GROUPED.fullmatch(bare)
    if not match:
        return ""
    tail = match["cents"] or match["more"] or ""
    whole = re.sub(r"\D", "", bare[: len(bare) - len(tail)])
    return f"{whole}.{tail[1:]}" if tail else whole


def _asked(node: Node) -> Iterator[Asked]:
    """The prices of a product or an offer, with the currency of the offer around it."""
    own = first(node, "lowPrice", "price", "minPrice")
    currency = first(node, "priceCurrency")
    if own:
        yield Asked(own, currency)
        return
    for specification in nodes_of(node.get("priceSpecification")):
        kind = text_of(specification.get("priceType"), ("@id", "name"))
        if not kind.endswith(LISTED):
            for price, code in _asked(specification):
                yield Asked(price, code or currency)
    for offer in nodes_of(node.get("offers")):
        for price, code in _asked(offer):
            yield Asked(price, code or currency)


FIELDS = (
    "title",
    "description",
    "price",
    "seller",
    "category",
    "location",
    "posted_at",
    "image_urls",
    "ad_id",
    "url",
)
"""The fields that structured data can fill."""


def fields_of(node: Node) -> dict[str, Any]:
    """The fields that a product, an offer or a posting fills; empty ones are left out."""
    offers = nodes_of(node.get("offers"))
    around = [node, *offers, *(inner for each in offers for inner in nodes_of(each.get("offers")))]
    found = {
        "title": first(node, "name", "headline", "title"),
        "description": first(node, "description", "articleBody", "text"),
        "price": price_text(node),
        "seller": _first_of(around, "seller", "offeredBy", "author", "creator"),
        "category": _category(node),
        "location": _place(around),
        "posted_at": first(node, "datePosted", "datePublished", "dateCreated", "uploadDate"),
        "image_urls": links_of(node.get("image")) or links_of(node.get("thumbnailUrl")),
        "ad_id": _id(node),
        "url": _url(node, offers),
    }
    return {name: value for name, value in found.items() if value}


def _first_of(nodes: list[Node], *names: str) -> str:
    return next((text for each in nodes if (text := first(each, *names))), "")


def _category(node: Node) -> str:
    value = node.get("category") or node.get("articleSection") or ""
    return " ".join(
        text for each in (value if isinstance(value, list) else [value]) if (text := text_of(each))
    )


def _place(nodes: list[Node]) -> str:
    for node in nodes:
        for name in ("availableAtOrFrom", "contentLocation", "locationCreated", "location"):
            for place in nodes_of(node.get(name)):
                for address in [*nodes_of(place.get("address")), place]:
                    parts = (first(address, each) for each in ("addressRegion", "addressLocality"))
                    text = " ".join(part for part in parts if part)
                    if text or first(address, "name"):
                        return text or first(address, "name")
    return ""


def _id(node: Node) -> str:
    """The site's own id: a product id, else its stock number."""
    return first(node, "productID", "productId", "sku") or text_of(
        node.get("identifier"), ("value", "@value", "name")
    )


def _url(node: Node, offers: list[Node]) -> str:
    for value in (node.get("url"), node.get("mainEntityOfPage"), *(o.get("url") for o in offers)):
        links = links_of(value)
        # A thing with several addresses is a whole page, with menu, marked up as one thing.
        if len(links) == 1:
            return links[0]
    name = node.get("@id")
    return name if isinstance(name, str) and name.startswith(("http://", "https://")) else ""


def opengraph(page: Selector) -> dict[str, Any]:
    """The fields that a page fills by OpenGraph."""
    meta = _meta(page)
    price = _one(meta, "price:amount", "price")
    amount = plain_number(price) or price
    found = {
        "title": _without_site(_one(meta, "title"), _one(meta, "site_name")),
        "description": _one(meta, "description"),
        "price": f"{_one(meta, 'price:currency')} {amount}".strip() if amount else "",
        "category": _one(meta, "category", "section"),
        "posted_at": _one(meta, "published_time"),
        "image_urls": list(
            dict.fromkeys(meta.get("image", []) or meta.get("image:secure_url", []))
        ),
        "ad_id": _one(meta, "retailer_item_id"),
        "url": _one(meta, "url"),
    }
    return {name: value for name, value in found.items() if value}


def _meta(page: Selector) -> dict[str, list[str]]:
    """Property, without og:, product: or article:, to its value."""
    found: dict[str, list[str]] = {}
    for each in page.xpath("//meta[@content and (@property or @name)]"):
        name = each.attrib.get("property") or each.attrib.get("name") or ""
        match = re.fullmatch(r"(?:og|product|article)(?::product)?:(.+)", name.strip().lower())
        text = each.attrib["content"].strip()
        if match and text:
            found.setdefault(match[1], []).append(text)
    return found


def _one(meta: dict[str, list[str]], *names: str) -> str:
    return next((meta[name][0] for name in names if name in meta), "")


def _without_site(title: str, site: str) -> str:
    """A title without the site's name at its end.

    >>> _without_site("老核桃手串 - 一家店", "一家店")
    '老核桃手串'
    """
    if site and title.endswith(site) and title != site:
        cut = re.sub(r"[\s\-–—|_·:,»]+$", "", title[: -len(site)])
        return cut or title
    return title
