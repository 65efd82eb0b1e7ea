"""yearly.csv and extremes.csv: yearly change, and the lowest and highest months."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from exports.rounding import change, half_up
from exports.tables.monthly import monthly
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


def yearly(data: ReportData) -> Table:
    """One row per year; comparisons use the monthly averages.

    A year is averaged over its months in the period that are over and in which any site was
    searched, so that a year in part compares with whole ones; `months_searched` is their number. A
    year without such a month has no average. It is not compared, nor is a year with a month of
    which too much waits for a verdict. `advertisements` has all records of the year.
    """
    counts = data.count("month")
    rows: list[tuple[str, int | None, Decimal | None, Decimal | None, Decimal | None, int]] = []
    comparable: list[Fraction | None] = []
    for year, months in months_by_year(data.context.months).items():
        whole = sum(counts[(month,)] for month in months)
        known = [month for month in months if not data.is_gap(month)]
        searched = [month for month in known if not data.context.is_running(month)]
        average = _average([counts[(month,)] for month in searched])
        finished = not any(data.judged(month).unfinished for month in months)
        comparable.append(average if finished else None)
        now, before = comparable[-1], comparable[-2] if len(comparable) > 1 else None
        rows.append(
            (
                year,
                whole if whole or known else None,
                None if average is None else half_up(average, 1),
                None if now is None or before is None else change(now, before),
                _share(now, comparable[0]),
                len(searched),
            )
        )
    columns = {"year": TEXT, "advertisements": COUNT, "monthly_average": PERCENT}
    columns |= {"change_percent": PERCENT, "percent_of_first_year": PERCENT}
    return make_table("yearly", columns | {"months_searched": COUNT}, rows)


def _average(numbers: Sequence[int]) -> Fraction | None:
    return Fraction(sum(numbers), len(numbers)) if numbers else None


def _share(now: Fraction | None, first: Fraction | None) -> Decimal | None:
    """The average of a year in percent of that of the first; None if one is unknown or 0."""
    return half_up(100 * now / first, 1) if now is not None and first else None


def months_by_year(months: Sequence[str]) -> dict[str, list[str]]:
    """The months of each year."""
    years: dict[str, list[str]] = {}
    for month in months:
        years.setdefault(month[:4], []).append(month)
    return years


def extremes(data: ReportData) -> Table:
    """Months of the period with the fewest and the most advertisements; the first of ties.

    Only months in which any site was searched, and for a species only those in which any of its
    keywords was; one that was never searched has no numbers. Months of which too much waits for a
    verdict or that are not over are left out if there are others, and so are months in which a site
    was not searched.
    """
    covered = data.covered_months
    over = [month for month in covered if not data.context.is_running(month)] or covered
    finished = [month for month in over if not data.judged(month).unfinished] or over
    complete = [month for month in finished if not data.coverage.missed(month)]
    table = monthly(data).rows.filter(pl.col("month").is_in(complete or finished))
    months = table["month"].to_list()
    rows: list[tuple[str, int | None, str | None, int | None, str | None]] = []
    for name in ["all", *data.context.species] if months else []:
        numbers: list[int | None] = table[name].to_list()
        known = [number for number in numbers if number is not None]
        if not known:
            rows.append((name, None, None, None, None))
            continue
        low, high = min(known), max(known)
        ends = ((low, months[numbers.index(low)]), (high, months[numbers.index(high)]))
        rows.append((name, *ends[0], *ends[1]))
    columns = {"species": TEXT, "lowest": COUNT, "lowest_month": TEXT}
    return make_table("extremes", columns | {"highest": COUNT, "highest_month": TEXT}, rows)
