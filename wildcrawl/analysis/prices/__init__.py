"""Prices: asking prices, parsed from the price text alone; amounts are Decimal."""

from wildcrawl.analysis.prices.amounts import Price
from wildcrawl.analysis.prices.money import (
    DEFAULT_PLACEHOLDERS,
    MoneyError,
    parse_placeholders,
    usd,
)
from wildcrawl.analysis.prices.reader import asks_price, gives_price, read_price

__all__ = [
    "DEFAULT_PLACEHOLDERS",
    "MoneyError",
    "Price",
    "asks_price",
    "gives_price",
    "parse_placeholders",
    "read_price",
    "usd",
]
