"""Money: conversion to dollars, and the setting of placeholder prices."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

ALWAYS_PLACEHOLDERS = frozenset(
    {Decimal(0), Decimal("0.01"), *(Decimal("123456789"[:digits]) for digits in range(6, 10))}
)
"""Amounts that are always placeholders, in yuan; so are five or more nines."""
DEFAULT_PLACEHOLDERS = frozenset({Decimal(999999), Decimal(1)})
"""Placeholders, in yuan, unless a setting gives others."""
RMB = "CNY"
_CENT = Decimal("0.01")


class MoneyError(ValueError):
    """Raised for a setting that is not a valid amount of money."""


def usd(cny: Decimal, rate: Decimal) -> Decimal:
    """US dollars for `cny` RMB at `rate` RMB per dollar, rounded to cents, half up.

    >>> usd(Decimal(570), Decimal("6.89"))
    Decimal('82.73')
    """
    return (cny / rate).quantize(_CENT, ROUND_HALF_UP)


def parse_placeholders(text: str) -> frozenset[Decimal]:
    """Amounts of a setting such as "999999, 1"; MoneyError names an invalid one.

    Commas (also ，), semicolons or spaces separate the amounts. An empty text gives none.
    """
    amounts = set()
    for part in re.split(r"[,，;；\s]+", text.strip()):
        amount = _amount(part) if part else None
        if part and (amount is None or amount < 0):
            raise MoneyError(
                f"'{part}' in '{text}' is not an amount; write plain numbers "
                "separated by commas, such as 999999, 1"
            )
        if amount is not None:
            amounts.add(amount)
    return frozenset(amounts)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
