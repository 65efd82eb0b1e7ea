"""Stacked charts of advertisements by species: counts and shares."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import altair as alt
import polars as pl

from exports.charts.bars import year_name
from exports.charts.figure import INK, STACK, STACK_INK, WIDE, Figure, apart, fit
from exports.charts.series import Series, known, read_series
from exports.charts.vega import Ticks, along, draw, gap_layers, month_ticks, up
from exports.formats import Formats
from exports.rounding import half_up
from exports.tables.table import Table

_BY_MONTH = 24
"""Maximum months with a bar each; more are drawn by year."""

_YEARS = 5
"""Maximum number of years labelled under the bars on phones."""


def stack_figures(table: Table, formats: Formats) -> list[Figure]:
    """Counts and shares by species over several months."""
    months, (everything, *series) = read_series(table, formats)
    layers = _largest([one for one in series if one.total], formats)
    gaps = everything.gaps
    names = [formats.texts.month(month) for month in months]
    years = list(dict.fromkeys(month[:4] for month in months))
    by_year = len(months) > _BY_MONTH
    if by_year:
        searched = [month for place, month in enumerate(months) if place not in gaps]
        numbers = [sum(month.startswith(year) for month in searched) for year in years]
        names = [year_name(*year, formats) for year in zip(years, numbers, strict=True)]
        gaps = [place for place, number in enumerate(numbers) if not number]
        layers = [Series(layer.name, _by_year(layer, months, years)) for layer in layers]
    columns = zip(*(layer.numbers for layer in layers), strict=True)
    wholes = [sum(known(column)) for column in columns]

    def drawing(shares: bool, width: int) -> Any:
        room = 14 if width == WIDE else 5
        ticks: Ticks = dict(enumerate(names)) if by_year else month_ticks(months, formats, room)
        if by_year and width != WIDE:
            ticks = dict(list(enumerate(years))[:: -(-len(years) // _YEARS)])
        return _bars(layers, wholes, gaps, ticks, width, shares=shares)

    say, figures = formats.texts.say, []
    legend = say("chart_gap") if gaps else ""
    for key, shares in (("stack", False), ("share", True)):
        sentences = [_spoken(layer, wholes, names[-1], shares, formats) for layer in layers]
        words = formats.texts.join([say(f"chart_{key}_alt"), *sentences])
        figures.append(draw(key, say(f"chart_{key}"), words, partial(drawing, shares), legend))
    return figures


def _largest(series: Sequence[Series], formats: Formats) -> list[Series]:
    """The largest series from the bottom up, and the others combined."""
    ordered = sorted(series, key=lambda one: -one.total)
    largest, rest = ordered[: len(STACK) - 1], ordered[len(STACK) - 1 :]
    if rest:
        columns = zip(*(one.numbers for one in rest), strict=True)
        numbers = [sum(known(column)) if known(column) else None for column in columns]
        largest.append(Series(formats.texts.say("chart_rest"), numbers))
    return largest


def _by_year(series: Series, months: Sequence[str], years: Sequence[str]) -> list[int]:
    numbers = list(zip(series.numbers, months, strict=True))
    return [sum(n or 0 for n, month in numbers if month[:4] == year) for year in years]


def _spoken(layer: Series, wholes: Sequence[int], last: str, shares: bool, formats: Formats) -> str:
    number = layer.numbers[-1]
    share = layer.last
    if shares and number is not None:
        share = f"{100 * number / max(1, wholes[-1]):.1f}%"
    return formats.texts.say("chart_stack_each", name=layer.name, number=share, last=last)


def _segments(
    layers: Sequence[Series], wholes: Sequence[int], *, shares: bool
) -> list[dict[str, Any]]:
    """Segments of all bars: the extent of each layer, from the bottom up."""
    rows, floor = [], [0.0] * len(wholes)
    for layer, colour, ink in zip(layers, STACK, STACK_INK, strict=False):
        for x, (counted, whole) in enumerate(zip(layer.numbers, wholes, strict=True)):
            number = counted or 0
            size = (100 * number / whole if whole else 0.0) if shares else float(number)
            place = {"x": x, "y": floor[x], "top": floor[x] + size, "middle": floor[x] + size / 2}
            rows.append(place | {"size": size, "colour": colour, "ink": ink})
            floor[x] += size
    return rows


def _bars(
    layers: Sequence[Series],
    wholes: Sequence[int],
    gaps: Sequence[int],
    ticks: Ticks,
    width: int,
    *,
    shares: bool,
) -> Any:
    height, room, letters = (260, 212, 23) if width == WIDE else (230, 146, 17)
    highest = 100 if shares else max(1, *wholes)
    inner = width - room - 40
    thick = min(70, 0.72 * inner / (len(wholes) + 0.2))
    rows = _segments(layers, wholes, shares=shares)
    for row in rows:
        # Shares are written only in segments large enough.
        fits = shares and thick >= 24 and row["size"] * height / highest >= 14
        row["text"] = f"{half_up(Fraction(row['size']), 0)}" if fits else ""
    ends = [row["middle"] for row in rows if row["x"] == len(wholes) - 1]
    x = along(len(wholes), ticks, half=0.6, size=12 if width == WIDE else 11)
    y = up(highest)
    drawn_rows = pl.DataFrame([row for row in rows if row["size"]])
    segments = alt.Chart(drawn_rows, width=inner, height=height).encode(x=x, y=y)
    drawn = segments.mark_bar(size=thick, stroke="#fff", strokeWidth=1).encode(
        y2=alt.Y2("top:Q"), color=alt.Color("colour:N", scale=None)
    )
    numbers = segments.mark_text(fontSize=12).encode(
        y=alt.Y("middle:Q"), text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
    )
    places = apart(ends, 16.5 * highest * (1 if shares else 1.1) / height, highest)
    labels = pl.DataFrame(
        [
            {"y": place, "text": fit(layer.name, letters), "colour": colour}
            for layer, place, colour in zip(layers, places, STACK, strict=False)
        ]
    )
    base = alt.Chart(labels).encode(y=y)
    swatch = base.mark_square(size=95, opacity=1).encode(
        x=alt.value(inner + 12), color=alt.Color("colour:N", scale=None)
    )
    names = base.mark_text(align="left", dx=10, fontSize=13, color=INK).encode(
        x=alt.value(inner + 12), text=alt.Text("text:N")
    )
    hatched = gap_layers(gaps, len(wholes), x, half=0.6)
    return alt.layer(*hatched, drawn, numbers, swatch, names)
