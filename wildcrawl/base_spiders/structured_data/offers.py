"""What is asked, in words that the price reader reads: a currency's code and a number."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.base_spiders.structured_data.values import first, nodes_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wildcrawl.base_spiders.structured_data.values import Node

LISTED = ("ListPrice", "StrikethroughPrice", "SRP", "MSRP", "SuggestedRetailPrice")
"""Kinds of a price that is not the one asked."""
_AS_SPECIFIED = re.compile(r"\d+(?:\.\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:[,.' ]\d{3})+(?P<cents>[.,]\d{1,2})?|\d+(?P<more>,\d{1,2})")
_SIGNS = "¥￥$€£元 "


class Asked(NamedTuple):
    """A price and its currency's code; "" where none is given."""

    price: str
    currency: str


def price_text(node: Node) -> str:
    """The price of a thing on offer, the lowest of several; "" if it names none.

    >>> price_text({"offers": {"lowPrice": "1,200", "highPrice": 1500, "priceCurrency": "CNY"}})
    'CNY 1200'
    """
    variants = nodes_of(node.get("hasVariant")) + nodes_of(node.get("model"))
    asked = [*_asked(node)] or [each for variant in variants for each in _asked(variant)]
    if not asked:
        return ""
    # Of variants some are given for nothing; what costs something is what is sold.
    numbers = [(Decimal(number), each) for each in asked if (number := plain_number(each.price))]
    if not numbers:
        return asked[0].price
    value, least = min(numbers, key=lambda pair: (pair[0] == 0, pair[0]))
    return f"{least.currency} {value}".strip()


def plain_number(text: str) -> str:
    """A number as a price gives it, without separators; "" if the text is more than a number.

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
