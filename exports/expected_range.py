"""Expected range of a month, estimated from the preceding months, and the months outside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
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
    twice_middle = _twice_median(before[-LEVEL:])
    known = range(max(LEVEL, len(before) - BEFORE), len(before))
    # Twice each deviation, so that all are whole numbers, which are much faster than fractions.
    missed = [
        abs(2 * before[place] - _twice_median(before[place - LEVEL : place])) for place in known
    ]
    if len(missed) < LEVEL:
        missed = [abs(2 * number - twice_middle) for number in before[-LEVEL:]]
    middle = Fraction(twice_middle, 2)
    chance = Fraction(isqrt(int(max(middle, Fraction(least)) * 10_000)), 100)
    reach = _WIDTH * max(Fraction(_twice_median(missed), 4) * _SCALE, chance)
    return Band(max(0, int(half_up(middle - reach, 0))), int(half_up(middle + reach, 0)))


def _twice_median(numbers: Sequence[int]) -> int:
    ordered, number = sorted(numbers), len(numbers)
    return ordered[(number - 1) // 2] + ordered[number // 2]


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
    return {
        month: data.count_in(month, "site").total()
        for month in months_between(first, last)
        if not data.is_gap(month) and not data.judged(month).unfinished
    }
