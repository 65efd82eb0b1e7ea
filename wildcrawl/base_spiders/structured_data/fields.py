"""The fields of an advertisement in what a page says of a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wildcrawl.base_spiders.structured_data.offers import price_text
from wildcrawl.base_spiders.structured_data.values import first, links_of, nodes_of, text_of

if TYPE_CHECKING:
    from wildcrawl.base_spiders.structured_data.values import Node

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
"""What structured data can tell of an advertisement."""


def fields_of(node: Node) -> dict[str, Any]:
    """The fields that a product, an offer or a posting fills; what it does not say is left out."""
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
    """The site's own number: a product id, else its stock number."""
    return first(node, "productID", "productId", "sku") or text_of(
        node.get("identifier"), ("value", "@value", "name")
    )


def _url(node: Node, offers: list[Node]) -> str:
    for value in (node.get("url"), node.get("mainEntityOfPage"), *(o.get("url") for o in offers)):
        links = links_of(value)
        # A thing with several addresses is a whole page, menu and all, marked as one.
        if len(links) == 1:
            return links[0]
    name = node.get("@id")
    return name if isinstance(name, str) and name.startswith(("http://", "https://")) else ""
