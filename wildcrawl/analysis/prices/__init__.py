"""Prices: asking prices, parsed from the price text alone; amounts are Decimal."""

from wildcrawl.analysis.prices.money import (
    DEFAULT_PLACEHOLDERS,
    MoneyError,
    parse_placeholders,
    usd,
)
from wildcrawl.analysis.prices.parser import Price, asks_price, read_price

__all__ = [
    "DEFAULT_PLACEHOLDERS",
    "MoneyError",
    "Price",
    "asks_price",
    "parse_placeholders",
    "read_price",
    "usd",
]
