"""Bars with their number at the end: sites, years, the species of one month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.figure import INK, LINES, WIDE, Figure, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.charts.series import Series
    from exports.formats import Formats
    from exports.tables.table import Table

_SITES = 12
"""How many sites have a bar of their own."""

_NAME = 26
"""Characters that a bar's name has room for."""


@dataclass(frozen=True)
class Bar:
    """A bar: what it is called, how long it is, and what stands at its end."""

    name: str
    number: float
    text: str
    strong: bool = False


def species_bars(series: Sequence[Series], month: str, formats: Formats) -> Figure:
    """One month by species, all first."""
    say, period = formats.texts.say, formats.texts.month(month)
    bars = [
        Bar(each.name, each.numbers[0], f"{each.numbers[0]:,}", strong=number == 0)
        for number, each in enumerate(series)
    ]
    alternative = say("chart_one_month_alt", period=period)
    return _figure("monthly", say("chart_one_month", period=period), alternative, bars, formats)


def site_figure(table: Table, formats: Formats) -> Figure | None:
    """The shares of the sites, the small ones together; None for one site alone."""
    say = formats.texts.say
    rows = [row for row in table.rows.rows() if row[1]]
    if len(rows) < 2:
        return None
    bars = [Bar(formats.site(name), float(share), f"{share}%") for name, _, share in rows[:_SITES]]
    if rows[_SITES:]:
        rest = sum(share for _, _, share in rows[_SITES:])
        bars.append(Bar(say("chart_rest"), float(rest), f"{rest}%"))
    return _figure("sites", say("chart_sites"), say("chart_sites_alt"), bars, formats)


def yearly_figure(table: Table, months: Sequence[str], formats: Formats) -> Figure | None:
    """The monthly average of each year; None for one year alone."""
    rows = table.rows.rows(named=True)
    if len(rows) < 2:
        return None
    bars = [
        Bar(
            year_name(row["year"], months, formats),
            float(row["monthly_average"]),
            f"{row['monthly_average']:,}",
        )
        for row in rows
    ]
    say = formats.texts.say
    return _figure("yearly", say("chart_yearly"), say("chart_yearly_alt"), bars, formats)


def year_name(year: str, months: Sequence[str], formats: Formats) -> str:
    """A year, and how many months of it are counted if not all are."""
    number = sum(month.startswith(year) for month in months)
    if number == 12:
        return year
    return formats.texts.say("chart_part_year", year=year, months=number)


def _figure(
    name: str, title: str, alternative: str, bars: Sequence[Bar], formats: Formats
) -> Figure:
    each = [formats.texts.say("chart_bar_alt", name=bar.name, number=bar.text) for bar in bars]
    words = formats.texts.join([alternative, *each])
    return draw(name, title, words, lambda width: _bars(bars, width))


def _bars(bars: Sequence[Bar], width: int) -> Any:
    values = [
        {
            "place": place,
            "name": shorten(bar.name, _NAME if width == WIDE else _NAME // 2 + 3),
            "number": bar.number,
            "text": bar.text,
            "colour": INK if bar.strong else LINES[0][0],
        }
        for place, bar in enumerate(bars)
    ]
    scale = alt.Scale(domain=[0, max(1, *(bar.number for bar in bars))])
    room = 250 if width == WIDE else 185
    base = alt.Chart(pl.DataFrame(values), width=width - room, height={"step": 24}).encode(
        y=alt.Y("place:O", axis=None), x=alt.X("number:Q", axis=None, scale=scale)
    )
    numbers = base.mark_text(align="left", dx=5, fontSize=13, color=INK).encode(text="text:N")
    names = base.mark_text(align="right", dx=-8, fontSize=13, color=INK).encode(
        text="name:N", x=alt.value(0)
    )
    drawn = base.mark_bar(size=15).encode(color=alt.Color("colour:N", scale=None))
    return drawn + numbers + names


def brief(label: str) -> str:
    """A label without what stands in brackets; the table has it whole.

    >>> brief("Sea turtle (hawksbill)")
    'Sea turtle'
    """
    return re.sub(r"\s*[(（].*?[)）]$", "", label) or label


def shorten(name: str, room: int) -> str:
    """A name as it has room for; characters of Chinese are twice as wide as Latin ones.

    >>> shorten("Sea turtle (hawksbill)", 12), shorten("玳瑁", 12)
    ('Sea turtle …', '玳瑁')
    """
    used = 0
    for place, character in enumerate(name):
        used += 1 if ord(character) < 0x2E80 else 2
        if used > room:
            return f"{name[: place - 1]}…"
    return name
