"""Expected range of a month, estimated from the preceding months, and the months outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from statistics import median
from typing import TYPE_CHECKING

from exports.rounding import half_up
from wildcrawl.months import months_between

if TYPE_CHECKING:
    from exports.dataset import ReportData

LEVEL = 6
"""Over how many months before it a month's level is taken; with fewer nothing is expected."""

BEFORE = 12
"""From how many months before it is learned how far a month usually lies from its level."""

_WIDTH = 3
# The median deviation of normal numbers is 0.6745 of their standard deviation.
_SCALE = Fraction(10000, 6745)


@dataclass(frozen=True)
class Band:
    """Between which numbers, both included, a month was expected to lie."""

    low: int
    high: int

    def marks(self, number: int) -> bool:
        """Whether a month of so many is out of the ordinary."""
        return not self.low <= number <= self.high


def band(before: Sequence[int]) -> Band | None:
    """The band after the months `before`; None if they are too few.

    Its middle is the median of the last LEVEL months, which follows a trend and is not moved by
    one odd month. To either side it has three standard deviations of how far the last BEFORE
    months lay from that middle in their turn, and never less than chance alone gives counts of
    that size.

    >>> band([100, 110, 90, 105, 95, 100])
    Band(low=70, high=130)
    """
    if len(before) < LEVEL:
        return None
    middle = _level(before)
    known = range(max(LEVEL, len(before) - BEFORE), len(before))
    missed = [abs(before[place] - _level(before[:place])) for place in known]
    if len(missed) < LEVEL:
        missed = [abs(number - middle) for number in before[-LEVEL:]]
    chance = Fraction(isqrt(int(middle * 10_000)), 100)
    reach = _WIDTH * max(Fraction(median(missed)) * _SCALE, chance)
    return Band(max(0, int(half_up(middle - reach, 0))), int(half_up(middle + reach, 0)))


def _level(before: Sequence[int]) -> Fraction:
    return Fraction(median(map(Fraction, before[-LEVEL:])))


def bands(numbers: Mapping[str, int], wanted: Sequence[str]) -> dict[str, Band]:
    """The bands of the wanted months, by the numbers of all months in a row, where they suffice."""
    months = list(numbers)
    found = {}
    for month in wanted:
        if month in numbers:
            expected = band([numbers[each] for each in months[: months.index(month)]])
            if expected:
                found[month] = expected
    return found


def course(data: ReportData) -> Mapping[str, int]:
    """How many were counted in each month from the first that has any record to the last."""
    first, last = data.recorded_from, data.context.months[-1]
    if not first or first > last:
        return {}
    past, counts = data.count_earlier("month"), data.count("month")
    return {month: past[(month,)] + counts[(month,)] for month in months_between(first, last)}
