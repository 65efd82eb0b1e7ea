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

    A year is averaged over its months in the period in which any site was searched, so that a
    year in part compares with whole ones; `months_searched` is their number. A year without such a
    month has no average and is compared with none. `advertisements` has all records of the year.
    """
    counts = data.count("month")
    rows: list[tuple[str, int | None, Decimal | None, Decimal | None, Decimal | None, int]] = []
    averages: list[Fraction | None] = []
    for year, months in months_by_year(data.context.months).items():
        whole = sum(counts[(month,)] for month in months)
        searched = [month for month in months if not data.is_gap(month)]
        averages.append(
            Fraction(sum(counts[(month,)] for month in searched), len(searched))
            if searched
            else None
        )
        now, before = averages[-1], averages[-2] if len(averages) > 1 else None
        rows.append(
            (
                year,
                whole if whole or searched else None,
                None if now is None else half_up(now, 1),
                None if now is None or before is None else change(now, before),
                half_up(100 * now / averages[0], 1) if now is not None and averages[0] else None,
                len(searched),
            )
        )
    columns = {"year": TEXT, "advertisements": COUNT, "monthly_average": PERCENT}
    columns |= {"change_percent": PERCENT, "percent_of_first_year": PERCENT}
    return make_table("yearly", columns | {"months_searched": COUNT}, rows)


def months_by_year(months: Sequence[str]) -> dict[str, list[str]]:
    """The months of each year."""
    years: dict[str, list[str]] = {}
    for month in months:
        years.setdefault(month[:4], []).append(month)
    return years


def extremes(data: ReportData) -> Table:
    """Months of the period with the fewest and the most advertisements; the first of ties.

    Only months in which any site was searched, and for a species only those in which any of its
    keywords was; one that was never searched has no numbers.
    """
    table = monthly(data).rows.filter(pl.col("month").is_in(data.covered_months))
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
