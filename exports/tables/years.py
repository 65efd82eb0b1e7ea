"""yearly.csv and extremes.csv: yearly change, and the lowest and highest months."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from exports.rounding import change, half_up
from exports.tables.monthly import monthly
from exports.tables.table import COUNT, PERCENT, TEXT, Table, make_table

if TYPE_CHECKING:
    from exports.dataset import ReportData


def yearly(data: ReportData) -> Table:
    """One row per year; comparisons use the monthly averages.

    A year that is only partly in the period is averaged over its months in the period, so that
    it compares with whole years; between whole years the totals give the same percentages.
    """
    rows: list[tuple[str, int, Decimal, Decimal | None, Decimal | None]] = []
    averages: list[Fraction] = []
    for year, numbers in _numbers_by_year(data).items():
        averages.append(Fraction(sum(numbers), len(numbers)))
        now, first = averages[-1], averages[0]
        rows.append(
            (
                year,
                sum(numbers),
                half_up(now, 1),
                change(now, averages[-2]) if len(averages) > 1 else None,
                half_up(100 * now / first, 1) if first else None,
            )
        )
    columns = {"year": TEXT, "advertisements": COUNT, "monthly_average": PERCENT}
    return make_table(
        "yearly", columns | {"change_percent": PERCENT, "percent_of_first_year": PERCENT}, rows
    )


def _numbers_by_year(data: ReportData) -> dict[str, list[int]]:
    counts = data.count("month")
    years: dict[str, list[int]] = {}
    for month in data.context.months:
        years.setdefault(month[:4], []).append(counts[(month,)])
    return years


def extremes(data: ReportData) -> Table:
    """Months of the period with the fewest and the most advertisements; the first of ties."""
    table = monthly(data).rows
    months = table["month"].to_list()
    rows = []
    for name in table.columns[1:]:
        numbers = table[name].to_list()
        low, high = min(numbers), max(numbers)
        ends = ((low, months[numbers.index(low)]), (high, months[numbers.index(high)]))
        rows.append((name, *ends[0], *ends[1]))
    columns = {"species": TEXT, "lowest": COUNT, "lowest_month": TEXT}
    return make_table("extremes", columns | {"highest": COUNT, "highest_month": TEXT}, rows)
