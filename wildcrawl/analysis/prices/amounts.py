"""Amounts of prices: what is read of a price, and which amounts mean that there is none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from wildcrawl.analysis.prices.money import ALWAYS_PLACEHOLDERS
from wildcrawl.items import PriceKind

HIGHEST = Decimal(1_000_000_000)
"""Highest price, in any currency; a higher figure is invalid."""


@dataclass(frozen=True)
class Price:
    """Parsed price.

    `amount` is given for kind amount (RMB, two decimals), per_gram (RMB per gram, four
    decimals) and foreign (two decimals), with its ISO `currency` (XXX if several countries
    share the word, such as kr); otherwise it is None and `currency` is "". A range by weight
    has no amount either. `text` is the parsed text.
    """

    kind: PriceKind
    amount: Decimal | None
    currency: str
    text: str


def kind_of_yuan(
    value: Decimal, placeholders: Collection[Decimal]
) -> tuple[PriceKind, Decimal | None]:
    """Kind and amount of a figure in yuan, for one piece."""
    if is_placeholder(value, ()):
        return PriceKind.PLACEHOLDER, None
    if value > HIGHEST:
        return PriceKind.INVALID, None
    if is_placeholder(value, placeholders):
        return PriceKind.PLACEHOLDER, None
    return PriceKind.AMOUNT, rounded(value, "0.01")


def is_placeholder(value: Decimal, placeholders: Collection[Decimal]) -> bool:
    """Whether an amount means "no price": one of `placeholders`, or what always does."""
    whole = f"{int(value)}"
    nines = len(whole) >= 5 and not whole.strip("9")
    return (
        nines or value in ALWAYS_PLACEHOLDERS or value < Decimal("0.005") or value in placeholders
    )


def rounded(value: Decimal, step: str) -> Decimal:
    """`value` rounded to a multiple of `step`, half up."""
    return value.quantize(Decimal(step), ROUND_HALF_UP)
