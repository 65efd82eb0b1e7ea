"""Series of a chart: a name with its number in each month, read from the monthly table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exports.formats import NOTHING
from exports.tables.monthly import NOT_SEARCHED, SAME_SITES

if TYPE_CHECKING:
    from exports.formats import Formats
    from exports.tables.table import Table

Numbers = Sequence["int | None"]
"""Numbers by month; None for a month in which no site was searched."""


def known(numbers: Numbers) -> list[int]:
    """The numbers of the months with a search."""
    return [number for number in numbers if number is not None]


def points(numbers: Numbers) -> list[dict[str, int]]:
    """Points of a line with the number of its `part`: a line is broken at months without one."""
    rows, part = [], 0
    for place, number in enumerate(numbers):
        if number is None:
            part += 1
        else:
            rows.append({"x": place, "y": number, "part": part})
    return rows


def alone(rows: Sequence[Mapping[str, int]]) -> list[Mapping[str, int]]:
    """Points that are a part of their own, which a line does not show."""
    parts = [row["part"] for row in rows]
    return [row for row in rows if parts.count(row["part"]) == 1]


@dataclass(frozen=True)
class Series:
    """A named line of the chart with its number in each month."""

    name: str
    numbers: Numbers

    @property
    def total(self) -> int:
        """Sum of its numbers."""
        return sum(known(self.numbers))

    @property
    def highest(self) -> int:
        """The largest of its numbers; 0 without any."""
        return max(known(self.numbers), default=0)

    @property
    def last(self) -> str:
        """Text of its last number."""
        number = self.numbers[-1]
        return NOTHING if number is None else f"{number:,}"

    @property
    def end_label(self) -> str:
        """Text of its last number as drawn at the line's end; "" if the line ends in a gap."""
        return "" if self.numbers[-1] is None else self.last

    @property
    def gaps(self) -> list[int]:
        """Positions of the months without a number."""
        return [place for place, number in enumerate(self.numbers) if number is None]

    @property
    def end(self) -> int:
        """The last number there is, beside which the line's name is written."""
        return (known(self.numbers) or [0])[-1]

    def last_month(self, months: Sequence[str]) -> str:
        """The last of `months` with a number; the series has at least one."""
        return [month for month, n in zip(months, self.numbers, strict=True) if n is not None][-1]


def read_series(table: Table, formats: Formats) -> tuple[list[str], list[Series]]:
    """Months and series of the monthly table: all species first, then each species."""
    others = ("month", NOT_SEARCHED, SAME_SITES)
    names = [name for name in table.rows.columns if name not in others]
    series = [Series(formats.species(name), table.rows[name].to_list()) for name in names]
    return table.rows["month"].to_list(), series


def speak(series: Sequence[Series], months: Sequence[str], formats: Formats) -> list[str]:
    """Text alternatives: a sentence for each line that has a number, up to its last one."""
    return [
        formats.texts.say(
            "chart_series_alt",
            name=one.name,
            low=f"{min(known(one.numbers)):,}",
            high=f"{one.highest:,}",
            last=f"{one.end:,}",
            month=formats.texts.month(one.last_month(months)),
        )
        for one in series
        if known(one.numbers)
    ]


def gap_legend(series: Sequence[Series], formats: Formats) -> str:
    """Legend of the hatching, if any of the series has months without a search."""
    return formats.texts.say("chart_gap") if any(one.gaps for one in series) else ""
