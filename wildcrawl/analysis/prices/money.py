"""Money settings: exchange rate, conversion to dollars, placeholder prices."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

ALWAYS_PLACEHOLDERS = frozenset({Decimal(0), Decimal("0.01"), Decimal(123456)})
"""Placeholders whatever the settings say; five or more nines are too."""
DEFAULT_PLACEHOLDERS = frozenset({Decimal(999999), Decimal(1)})
_CENT = Decimal("0.01")


class MoneyError(ValueError):
    """A setting that should be an amount of money or a rate, and is not."""


def usd(cny: Decimal, rate: Decimal) -> Decimal:
    """RMB in US dollars at `rate` RMB for one dollar, to the cent, halves up.

    >>> usd(Decimal(570), Decimal("6.89"))
    Decimal('82.73')
    """
    return (cny / rate).quantize(_CENT, ROUND_HALF_UP)


def parse_rate(text: str) -> Decimal:
    """The RMB for one US dollar that a setting gives; MoneyError unless it is above zero.

    >>> parse_rate("6.89")
    Decimal('6.89')
    """
    rate = _amount(text)
    if rate is None or rate <= 0:
        raise MoneyError(
            f"'{text}' is not an exchange rate; write how many RMB one US dollar costs, "
            "a number above 0 such as 6.89"
        )
    return rate


def parse_placeholders(text: str) -> frozenset[Decimal]:
    """The amounts in a setting such as "999999, 1"; MoneyError naming what is none.

    Commas (also ，), semicolons or spaces stand between the amounts. An empty text gives none.
    """
    found = set()
    for part in re.split(r"[,，;；\s]+", text.strip()):
        amount = _amount(part) if part else None
        if part and (amount is None or amount < 0):
            raise MoneyError(
                f"'{part}' in '{text}' is not an amount; write the placeholder prices as plain "
                "numbers with commas between, such as 999999, 1"
            )
        if amount is not None:
            found.add(amount)
    return frozenset(found)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
