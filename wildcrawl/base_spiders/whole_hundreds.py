"""Whole hundreds: prices of data that may be in fen, since each is a whole number of hundreds."""

from __future__ import annotations

from collections.abc import Sequence

ENOUGH = 30
"""Advertisements whose prices are no chance, where persons ask whole hundreds too."""
MOST = 1_000
"""Advertisements of a run whose prices are compared."""


def are_whole_hundreds(prices: Sequence[str]) -> bool:
    """Whether all prices are digits that end with two zeros.

    >>> are_whole_hundreds(["380000", "5800"]), are_whole_hundreds(["380000", "58"])
    (True, False)
    """
    return all(price.isdecimal() and len(price) > 2 and price.endswith("00") for price in prices)


class WholeHundreds:
    """Compares the prices of a run's advertisements, as far as they have any."""

    def __init__(self) -> None:
        self._prices: dict[str, str] = {}

    def add(self, ad_id: str, price: str) -> None:
        """Records the price of an advertisement."""
        if price and price.strip("0") and len(self._prices) < MOST:
            self._prices[ad_id] = price

    def note(self) -> str:
        """A sentence if the prices may be in fen, else ""."""
        prices = [*self._prices.values()]
        if len(prices) < ENOUGH or not are_whole_hundreds(prices):
            return ""
        return (
            f"all {len(prices)} prices are whole hundreds (such as '{prices[0]}'): not certain "
            "that they are in yuan; if the site counts in fen, write yuan(…) around the price"
        )
