"""Month counts: how many advertisements of a month have each status, by site and species.

The statuses are those that the report counts by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from wildcrawl.items import Relevance
from wildcrawl.store.listing import (
    GENERAL,
    JUDGED,
    RULED_OUT,
    SECOND_READER,
    SET_ASIDE,
    STATUSES,
    WAITING,
)

__all__ = [
    "COLUMNS", "JUDGED", "SECOND_READER", "SET_ASIDE", "STATUSES", "UNJUDGED", "WAITING",
    "MonthCounts", "Statuses", "count_month", "status",
]  # fmt: skip

COLUMNS = ("site", "species", "verdict", "relevance")
"""Columns of the frames that are counted."""
UNJUDGED = Fraction(5, 100)
"""Share of a month that may wait for a verdict before its report is provisional.

If what waits is as often valid as what was judged, the count is then too low by about a twentieth
at most; months of the same site vary by more.
"""


@dataclass(frozen=True)
class Statuses:
    """Numbers of advertisements by status."""

    numbers: Mapping[str, int]

    def __getitem__(self, status: str) -> int:
        return self.numbers.get(status, 0)

    @property
    def found(self) -> int:
        """Number of all, those set aside included."""
        return sum(self.numbers.values())

    @property
    def judged(self) -> int:
        """Number of those with a verdict."""
        return sum(self[status] for status in JUDGED)

    @property
    def waiting_share(self) -> Fraction:
        """Share that waits of those that need a verdict or have one."""
        total = self[WAITING] + self.judged
        return Fraction(self[WAITING], total) if total else Fraction(0)

    @property
    def provisional(self) -> bool:
        """Whether so much waits that the report is provisional."""
        return self.waiting_share > UNJUDGED


@dataclass(frozen=True)
class MonthCounts:
    """Numbers of a month in all, by site, and by species group (`general` for none).

    An advertisement of several groups counts in its leading one, as in the report.
    """

    total: Statuses
    by_site: Mapping[str, Statuses]
    by_species: Mapping[str, Statuses]


def status() -> pl.Expr:
    """Status of each record: its verdict, or why none is needed to count, or `pending`."""
    verdict = pl.col("verdict")
    ruled_out = pl.col("relevance").is_in(RULED_OUT)
    return (
        pl.when(verdict.is_in(JUDGED))
        .then(verdict)
        .when(ruled_out)
        .then(pl.lit(SET_ASIDE))
        .when(pl.col("relevance") == Relevance.SECOND_READER)
        .then(pl.lit(SECOND_READER))
        .otherwise(pl.lit(WAITING))
    )


def count_month(frames: Iterable[pl.DataFrame]) -> MonthCounts:
    """The numbers of a month's records, in frames with COLUMNS."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for frame in frames:
        grouped = frame.group_by("site", "species", status().alias("status")).len()
        for site, species, name, number in grouped.iter_rows():
            counts[site, species, name] += number
    by_site: dict[str, Counter[str]] = {}
    by_species: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    for (site, group, name), number in counts.items():
        by_site.setdefault(site, Counter())[name] += number
        leading = group.split(";")[0].strip() or GENERAL
        by_species.setdefault(leading, Counter())[name] += number
        total[name] += number
    return MonthCounts(
        Statuses(total),
        {site: Statuses(each) for site, each in by_site.items()},
        {group: Statuses(each) for group, each in by_species.items()},
    )
