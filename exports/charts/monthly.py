"""Advertisements a month: all and the leading species as lines, or one month's species as bars."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.figure import FAINT, INK, LINES, WIDE, Figure, draw
from exports.charts.series import read_series, speak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.charts.series import Series
    from exports.formats import Formats
    from exports.tables.table import Table

_MARKED = 18
"""Up to so many months, each one is a dot on its line."""

_STYLES = ((INK, [1, 0], 2.4), *((colour, dash, 1.8) for colour, dash in LINES))


def monthly_figure(table: Table, formats: Formats) -> Figure:
    """The plot of the monthly table; one month alone is drawn as bars by species."""
    months, series = read_series(table, formats)
    say = formats.texts.say
    if len(months) == 1:
        period = formats.texts.month(months[0])
        spoken = [say("chart_bar_alt", name=s.name, number=f"{s.numbers[0]:,}") for s in series]
        return draw(
            "monthly",
            say("chart_one_month", period=period),
            " ".join([say("chart_one_month_alt", period=period), *spoken]),
            lambda width: _bars(series, width),
        )
    leading = sorted(series[1:], key=lambda each: -sum(each.numbers))[: len(LINES)]
    shown = [series[0], *(each for each in leading if sum(each.numbers))]
    return draw(
        "monthly",
        say("chart_months"),
        " ".join([say("chart_months_alt"), *speak(shown, months[-1], formats)]),
        lambda width: _lines(shown, months, formats, width),
    )


def _bars(series: Sequence[Series], width: int) -> Any:
    values = [
        {"name": each.name, "number": each.numbers[0], "text": f"{each.numbers[0]:,}"}
        for each in series
    ]
    order = [each.name for each in series]
    whole = alt.Scale(domain=[0, max(1, series[0].numbers[0])])
    base = alt.Chart(pl.DataFrame(values), width=width - 200, height={"step": 24}).encode(
        y=alt.Y("name:N", sort=order, axis=alt.Axis(labelColor=INK, labelFontSize=13)),
        x=alt.X("number:Q", axis=None, scale=whole),
    )
    fill = alt.condition(alt.datum.name == order[0], alt.value(INK), alt.value(LINES[0][0]))
    numbers = base.mark_text(align="left", dx=5, fontSize=13, color=INK).encode(text="text:N")
    return base.mark_bar(size=15).encode(color=fill) + numbers


def _lines(series: Sequence[Series], months: Sequence[str], formats: Formats, width: int) -> Any:
    height, room, named = (260, 130, 14) if width == WIDE else (220, 112, 5)
    highest = max(1, *(max(each.numbers) for each in series))
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[0, len(months) - 1], nice=False),
        axis=_month_axis(month_ticks(months, formats, named)),
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, highest], nice=True),
        axis=alt.Axis(format=",d", tickCount=5, tickMinStep=1),
    )
    layers = []
    places = apart([each.numbers[-1] for each in series], 17 * highest * 1.1 / height)
    for each, place, (colour, dash, thick) in zip(series, places, _STYLES, strict=False):
        points = [{"x": number, "y": value} for number, value in enumerate(each.numbers)]
        dots = {"filled": True, "size": 28, "color": colour} if len(months) <= _MARKED else False
        line = (
            alt.Chart(pl.DataFrame(points), width=width - room - 40, height=height)
            .mark_line(
                color=colour, strokeWidth=thick, strokeDash=dash, strokeJoin="round", point=dots
            )
            .encode(x=x, y=y)
        )
        label = {"x": len(months) - 1, "y": place, "text": f"{each.name} {each.numbers[-1]:,}"}
        name = (
            alt.Chart(pl.DataFrame([label]))
            .mark_text(align="left", dx=10, color=colour, fontSize=13, fontWeight=600)
            .encode(x=x, y=y, text="text:N")
        )
        layers += [line, name]
    return alt.layer(*layers)


def _month_axis(ticks: dict[int, str | list[str]]) -> Any:
    names = json.dumps({str(place): text for place, text in ticks.items()})
    return alt.Axis(
        values=list(ticks),
        labelExpr=f"{names}[datum.value]",
        labelAlign="center",
        labelOverlap=False,
        grid=False,
        ticks=True,
        tickColor=FAINT,
    )


def apart(places: Sequence[int], gap: float) -> list[float]:
    """The places of labels, moved up where they would lie on each other; their order is kept.

    >>> apart([10, 10, 0], 4)
    [14.0, 10.0, 0.0]
    """
    moved: dict[int, float] = {}
    lowest = float("-inf")
    for number in sorted(range(len(places)), key=lambda each: (places[each], -each)):
        lowest = moved[number] = max(float(places[number]), lowest + gap)
    return [moved[number] for number in range(len(places))]


def month_ticks(months: Sequence[str], formats: Formats, room: int) -> dict[int, str | list[str]]:
    """Which months are named under the axis, by their place: as many as have room, or years."""
    short = formats.texts.month_tick
    ticks: dict[int, str | list[str]] = {}
    if len(months) > 2 * room:
        januaries = [place for place, month in enumerate(months) if month.endswith("-01")]
        if len(januaries) > 1:
            step = -(-len(januaries) // room)
            return ticks | {place: months[place][:4] for place in januaries[::step]}
    step = -(-len(months) // room)
    for place in range(0, len(months), step):
        month = months[place]
        new_year = place == 0 or month[:4] != months[place - step][:4]
        ticks[place] = [short(month), month[:4]] if new_year else short(month)
    return ticks
