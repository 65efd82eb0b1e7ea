"""The things on a page that may be advertisements, and those that stand there for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.base_spiders.structured_data.nodes import types, walk
from wildcrawl.base_spiders.structured_data.values import nodes_of

if TYPE_CHECKING:
    from wildcrawl.base_spiders.structured_data.values import Node

PRODUCTS = frozenset(
    ("Product", "ProductGroup", "IndividualProduct", "ProductModel", "SomeProducts", "Vehicle")
)
POSTINGS = frozenset(
    ("DiscussionForumPosting", "SocialMediaPosting", "BlogPosting", "NewsArticle", "Article")
)
ELSEWHERE = frozenset(
    (
        "isRelatedTo",
        "isSimilarTo",
        "isAccessoryOrSparePartFor",
        "isConsumableFor",
        "hasVariant",
        "isVariantOf",
        "itemReviewed",
        "itemListElement",
        "comment",
    )
)
"""Properties that lead from a page's own thing to others."""


def things_of(nodes: list[Node], wanted: frozenset[str]) -> list[Node]:
    """The things of the `wanted` types, without those that another only leads to."""
    found = []
    for node, path in walk(nodes):
        if not ELSEWHERE.isdisjoint(path) or "itemOffered" in path:
            continue
        thing = offered(node)
        if not wanted.isdisjoint(types(thing)):
            found.append(thing)
    return found


def offered(node: Node) -> Node:
    """What an offer offers, with the offer in it; any other thing as it is."""
    items = nodes_of(node.get("itemOffered"))
    if not items or {"Offer", "AggregateOffer"}.isdisjoint(types(node)):
        return node
    offer = {name: value for name, value in node.items() if name != "itemOffered"}
    return {"offers": offer, **items[0]}
