"""The monthly table as lines: one for all, one for each species."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.formats import Formats
    from exports.tables.table import Table


@dataclass(frozen=True)
class Series:
    """A name as the page prints it, and its number in each month."""

    name: str
    numbers: Sequence[int]


def read_series(table: Table, formats: Formats) -> tuple[list[str], list[Series]]:
    """The months of the monthly table, and its series: all first, then the species."""
    names = [name for name in table.rows.columns if name != "month"]
    series = [Series(formats.species(name), table.rows[name].to_list()) for name in names]
    return table.rows["month"].to_list(), series


def speak(series: Sequence[Series], last: str, formats: Formats) -> list[str]:
    """What each line shows, in a sentence, for who cannot see it."""
    return [
        formats.texts.say(
            "chart_series_alt",
            name=each.name,
            low=f"{min(each.numbers):,}",
            high=f"{max(each.numbers):,}",
            last=f"{each.numbers[-1]:,}",
            month=formats.texts.month(last),
        )
        for each in series
    ]
