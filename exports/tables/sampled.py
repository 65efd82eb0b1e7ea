"""sampled.csv: yearly shares of what was sampled, each with a 95% interval."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from exports.dataset import AGE_CLAIMS
from exports.rounding import half_up, share
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table
from wildcrawl.review.filter_audit import wilson

if TYPE_CHECKING:
    from exports.dataset import ReportData

OLD_CLAIMS, MISSED = "old_claims", "missed"
"""Figures: `old` of the advertisements that claim an age; valid of the audited set-aside ones."""


def sampled(data: ReportData) -> Table:
    """A row for each year and figure: the number out of the sample, its share and its interval.

    The interval is Wilson's of 95%. `out_of` is how many the sample stands for: all counted
    advertisements of the year, or all that were set aside. Figures without a sample have no row.
    """
    columns = {"year": TEXT, "figure": TEXT, "number": COUNT, "sample": COUNT, "out_of": COUNT}
    columns |= {"share_percent": PERCENT, "low_percent": PERCENT, "high_percent": PERCENT}
    claims: Counter[tuple[str, str]] = Counter()
    for (month, claim), number in data.count("month", "age_claim").items():
        claims[month[:4], claim] += number
    years = sorted({month[:4] for month in data.context.months})
    old, *others = AGE_CLAIMS[:-1]
    rows = [
        (
            year,
            OLD_CLAIMS,
            claims[year, old],
            sum(claims[year, claim] for claim in (old, *others)),
            sum(claims[year, claim] for claim in AGE_CLAIMS),
        )
        for year in years
    ]
    rows += [
        (year, MISSED, missed.valid, missed.judged, missed.set_aside)
        for year, missed in sorted(data.missed_by_year.items())
    ]
    shares = [(*row, share(row[2], row[3]), *interval(row[2], row[3])) for row in rows if row[3]]
    return make_table("sampled", columns, shares)


def interval(number: int, sample: int) -> tuple[Decimal, Decimal]:
    """Wilson's 95% interval of a share, in percent to one decimal.

    >>> interval(9, 10)
    (Decimal('59.6'), Decimal('98.2'))
    """
    low, high = (half_up(Fraction(100 * bound), 1) for bound in wilson(number, sample))
    return low, high
