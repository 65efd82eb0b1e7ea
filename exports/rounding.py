"""Rounding half up, exact: shares, changes and money as the tables print them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def half_up(value: Fraction | Decimal | int, places: int) -> Decimal:
    """`value` rounded to `places` decimals, halves away from zero, without floats.

    >>> half_up(Fraction(1, 8), 2)
    Decimal('0.13')
    >>> half_up(Fraction(-5, 2), 0)
    Decimal('-3')
    """
    if isinstance(value, Decimal):
        # Adding zero turns -0 into 0.
        return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0
    top, bottom = value.as_integer_ratio()
    digits = (2 * abs(top) * 10**places + bottom) // (2 * bottom)
    return Decimal(-digits if top < 0 else digits).scaleb(-places)


def percent(part: int, whole: int) -> Decimal:
    """The share of `part` in `whole` in percent, to one decimal; 0.0 if `whole` is 0.

    >>> percent(1, 8)
    Decimal('12.5')
    """
    return half_up(Fraction(100 * part, whole) if whole else 0, 1)


def share(part: int, whole: int) -> Decimal | None:
    """The share of `part` in `whole` in percent, to one decimal; None if `whole` is 0.

    >>> share(1, 8)
    Decimal('12.5')
    """
    return percent(part, whole) if whole else None


def change(now: Fraction | int, before: Fraction | int) -> Decimal | None:
    """Change from `before` to `now` in percent, to one decimal; None if `before` is 0.

    >>> change(146, 227)
    Decimal('-35.7')
    """
    return half_up(100 * Fraction(now - before) / before, 1) if before else None


def dollars(cny: Fraction | Decimal, rate: Decimal) -> Decimal:
    """RMB in US dollars and cents, at `rate` RMB to the dollar.

    >>> dollars(Decimal(570), Decimal("6.89"))
    Decimal('82.73')
    """
    return half_up(Fraction(cny) / Fraction(rate), 2)
