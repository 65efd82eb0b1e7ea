"""Price reader: an amount in yuan and nothing else is read at once, any other text by the parser.

The parser's patterns take a tenth of a crawl's start to compile, and many sites show plain amounts.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from wildcrawl.analysis.prices.amounts import Price, kind_of_yuan
from wildcrawl.analysis.prices.money import DEFAULT_PLACEHOLDERS, RMB
from wildcrawl.items import PriceKind


def read_price(text: str, placeholders: Collection[Decimal] = DEFAULT_PLACEHOLDERS) -> Price:
    """Parses the asking price in `text`; never raises.

    `placeholders` are amounts that mean "no price", besides 0, 0.01, 123456 to 123456789
    and five or more nines.

    >>> read_price("原价￥3300，现价两千八").amount
    Decimal('2800.00')
    >>> read_price("3000元/斤").amount
    Decimal('6.0000')
    """
    plain = _PLAIN.fullmatch(text)
    if plain:
        kind, amount = kind_of_yuan(Decimal(plain[1]), placeholders)
        return Price(kind, amount, "" if amount is None else RMB, text)
    from wildcrawl.analysis.prices.parser import parse_price

    return parse_price(text, placeholders)


_PLAIN = re.compile(r"[¥￥]?([0-9]{1,9}(?:\.[0-9]{1,2})?)元?")


_ASKED = frozenset(
    {
        PriceKind.AMOUNT,
        PriceKind.PER_GRAM,
        PriceKind.RANGE,
        PriceKind.FOREIGN,
        PriceKind.ON_REQUEST,
    }
)


def asks_price(text: str) -> bool:
    """Whether `text` asks a price, or says that it is given on request."""
    return bool(text) and read_price(text).kind in _ASKED


def gives_price(text: str) -> bool:
    """Whether `text` is a seller's: an amount, a placeholder such as 1, or a price on request."""
    return bool(text) and read_price(text).kind not in (PriceKind.ABSENT, PriceKind.INVALID)
