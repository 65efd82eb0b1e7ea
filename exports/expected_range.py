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
"""Preceding months from which a month's level is estimated; with fewer there is no band."""

BEFORE = 12
"""Preceding months from which the usual deviation from the level is estimated."""

_WIDTH = 3
# The median deviation of normal numbers is 0.6745 of their standard deviation.
_SCALE = Fraction(10000, 6745)


@dataclass(frozen=True)
class Band:
    """Expected range of a month's number of advertisements, both ends included."""

    low: int
    high: int

    def marks(self, number: int) -> bool:
        """Whether `number` is outside the band."""
        return not self.low <= number <= self.high


def band(before: Sequence[int], least: int = 0) -> Band | None:
    """The band of the month that follows the months `before`; None if they are too few.

    Its middle is the median of the last LEVEL months, which follows a trend and ignores single
    outliers. It extends by three standard deviations to either side, estimated from how far the
    last BEFORE months deviated from their own middles, and at least from Poisson noise, for which
    the middle counts as `least` or more.

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
    chance = Fraction(isqrt(int(max(middle, Fraction(least)) * 10_000)), 100)
    reach = _WIDTH * max(Fraction(median(missed)) * _SCALE, chance)
    return Band(max(0, int(half_up(middle - reach, 0))), int(half_up(middle + reach, 0)))


def _level(before: Sequence[int]) -> Fraction:
    return Fraction(median(map(Fraction, before[-LEVEL:])))


def bands(numbers: Mapping[str, int], wanted: Sequence[str]) -> dict[str, Band]:
    """Bands of the `wanted` months that have one, from the numbers of all known months."""
    months = list(numbers)
    expected_bands = {}
    for month in wanted:
        if month in numbers:
            expected = band([numbers[earlier] for earlier in months[: months.index(month)]])
            if expected:
                expected_bands[month] = expected
    return expected_bands


def course(data: ReportData) -> Mapping[str, int]:
    """Numbers of counted advertisements of every month since the first record.

    Months without a search, and those of which too much waits for a verdict, are left out.
    """
    first, last = data.recorded_from, data.context.months[-1]
    if not first or first > last:
        return {}
    past, counts = data.count_earlier("month"), data.count("month")
    return {
        month: past[(month,)] + counts[(month,)]
        for month in months_between(first, last)
        if not data.is_gap(month) and not data.judged(month).unfinished
    }
