"""Filter audit: the miss rate, estimated from a sample of what was set aside."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from wildcrawl.items import Relevance, Verdict

COLUMNS = ("relevance", "verdict", "audit")
"""Columns of a frame that `miss_rates` reads, besides that of its groups."""
_Z = 1.959963984540054


@dataclass(frozen=True)
class MissRate:
    """Numbers of advertisements set aside, of those among them judged in audits, and valid ones.

    `sampled` are all that an audit chose, judged or not.

    `interval` bounds the rate with 95% confidence (Wilson's interval). Without audits the rate is
    None and the interval is 0 to 1.
    """

    set_aside: int = 0
    judged: int = 0
    valid: int = 0
    sampled: int = 0

    def __add__(self, other: MissRate) -> MissRate:
        return MissRate(
            self.set_aside + other.set_aside,
            self.judged + other.judged,
            self.valid + other.valid,
            self.sampled + other.sampled,
        )

    @property
    def rate(self) -> float | None:
        return self.valid / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.valid, self.judged)

    @property
    def missed(self) -> int | None:
        """Estimated number of valid advertisements among those set aside; None without audits."""
        return None if self.rate is None else round(self.rate * self.set_aside)

    @property
    def missed_between(self) -> tuple[int, int]:
        """Bounds of `missed` with 95% confidence."""
        low, high = self.interval
        return max(self.valid, round(low * self.set_aside)), round(high * self.set_aside)

    def __str__(self) -> str:
        if self.rate is None:
            return (
                f"{self.set_aside:,} advertisements are set aside; none of the audited ones has "
                "been judged, so the miss rate of the filter is unknown."
            )
        (low, high), (least, most) = self.interval, self.missed_between
        return (
            f"Of {self.set_aside:,} advertisements set aside {self.judged:,} were audited and "
            f"{self.valid:,} of these are valid: {self.rate:.1%} (95% confidence: {low:.1%} to "
            f"{high:.1%}). The filter has missed an estimated {self.missed:,} ({least:,} to "
            f"{most:,})."
        )


def miss_rates(frame: pl.DataFrame, column: str) -> dict[int, MissRate]:
    """Miss rate of the rows of each value of an integer column, by that value.

    Only the random audited share counts; verdicts on others set aside are not a sample. Miss rates
    of several parts can be added.
    """
    rows = frame.group_by(column).agg(_numbers()).rows()
    return {value: MissRate(*numbers) for value, *numbers in rows}


def _numbers() -> list[pl.Expr]:
    aside = pl.col("relevance") == Relevance.SET_ASIDE
    sampled = aside & pl.col("audit")
    judged = sampled & ~pl.col("verdict").is_in(["", Verdict.PENDING])
    valid = judged & (pl.col("verdict") == Verdict.VALID)
    numbers = {"aside": aside, "judged": judged, "valid": valid, "sampled": sampled}
    return [number.sum().alias(name) for name, number in numbers.items()]


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share, also for small numbers and no trials.

    >>> [round(bound, 3) for bound in wilson(1, 10)]
    [0.018, 0.404]
    """
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, _Z * _Z
    middle = share + square / (2 * trials)
    reach = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    whole = 1 + square / trials
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)
