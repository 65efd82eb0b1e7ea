"""Prices: asking prices, parsed from the price text alone; amounts are Decimal."""

from wildcrawl.analysis.prices.money import (
    DEFAULT_PLACEHOLDERS,
    MoneyError,
    parse_placeholders,
    parse_rate,
    usd,
)
from wildcrawl.analysis.prices.parser import Price, read_price

__all__ = [
    "DEFAULT_PLACEHOLDERS",
    "MoneyError",
    "Price",
    "parse_placeholders",
    "parse_rate",
    "read_price",
    "usd",
]
