"""Judging: how much of a month is judged, and when its report is provisional."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from exports.rounding import percent
from wildcrawl.review.month_counts import JUDGED, SECOND_READER, UNJUDGED, WAITING


@dataclass(frozen=True)
class JudgedCounts:
    """Numbers of advertisements of a month or period: waiting for a verdict, and judged.

    `raised` are those that the second reader raised: they wait too, and never need a verdict.
    """

    waiting: int
    judged: int
    raised: int = 0

    @property
    def total(self) -> int:
        """Number of advertisements that need a verdict or had one."""
        return self.waiting + self.judged

    @property
    def waiting_percent(self) -> Decimal:
        """Share that waits, in percent."""
        return percent(self.waiting, self.total)

    @property
    def unfinished(self) -> bool:
        """Whether more than UNJUDGED waits."""
        return self.waiting > UNJUDGED * self.total


def judged_by_month(
    status_counts: Mapping[tuple[str, str], int], months: Iterable[str]
) -> dict[str, JudgedCounts]:
    """The judged share of each of the `months`, from the numbers by (month, status)."""
    return {
        month: JudgedCounts(
            status_counts.get((month, WAITING), 0),
            sum(status_counts.get((month, name), 0) for name in JUDGED),
            status_counts.get((month, SECOND_READER), 0),
        )
        for month in months
    }


@dataclass(frozen=True)
class Provisional:
    """Why a report is provisional: its months with too much waiting, and the sum over them.

    `whole` is the sum over all months of the period.
    """

    months: Mapping[str, JudgedCounts]
    whole: JudgedCounts

    @property
    def share(self) -> JudgedCounts:
        """Numbers over all unfinished months."""
        return summed(self.months.values())


def summed(months: Iterable[JudgedCounts]) -> JudgedCounts:
    """The numbers of several months together."""
    numbers = [(month.waiting, month.judged, month.raised) for month in months]
    return JudgedCounts(*map(sum, zip(*numbers, strict=True))) if numbers else JudgedCounts(0, 0)
