"""Prices: what a seller asks, read from the text of the price alone; money is Decimal."""

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
