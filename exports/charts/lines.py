"""Line charts over months: coverage, leading species, and small panels of every species."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from exports.charts.figure import INK, LETTER, LINES, SOFT, WIDE, Figure, apart, fit
from exports.charts.series import (
    Numbers,
    Series,
    alone,
    gap_legend,
    points,
    read_series,
    speak,
)
from exports.charts.vega import Ticks, along, draw, gap_layers, month_ticks, up
from exports.formats import Formats
from exports.tables.monthly import NOT_SEARCHED
from exports.tables.table import Table

_COLUMNS = ("species", "keywords", "sites")
_GAP = 56


def growth_figure(table: Table, formats: Formats) -> Figure:
    """Panels of the coverage table of several months."""
    months = table.rows["month"].to_list()
    texts = formats.texts
    panels = [(formats.heading(name, table.name), table.rows[name].to_list()) for name in _COLUMNS]
    start, end = texts.month(months[0]), texts.month(months[-1])
    spoken = [
        texts.say("chart_growth_each", name=name, first=n[0], last=n[-1], start=start, end=end)
        for name, n in panels
    ]
    searched = (table.rows["sites"] - table.rows[NOT_SEARCHED]).to_list()
    if searched == panels[-1][1]:
        searched = []
    return draw(
        "growth",
        texts.say("chart_growth"),
        texts.join([texts.say("chart_growth_alt"), *spoken]),
        lambda width: _growth_panels(panels, searched, months, formats, width),
        texts.say("chart_searched") if searched else "",
    )


def _growth_panels(
    panels: Sequence[tuple[str, list[int]]],
    searched: list[int],
    months: Sequence[str],
    formats: Formats,
    width: int,
) -> Any:
    columns = len(panels) if width == WIDE else 1
    panel_width = (width - _GAP * columns) // columns
    drawn = [_growth_panel(name, numbers, months, formats, panel_width) for name, numbers in panels]
    if searched:
        drawn[-1] += _growth_line(searched).mark_line(
            interpolate="step-after", color=LINES[1][0], strokeWidth=2, strokeDash=LINES[1][1]
        )
    return alt.concat(*drawn, columns=columns, spacing={"row": 30, "column": 30})


def _growth_panel(
    name: str, numbers: list[int], months: Sequence[str], formats: Formats, width: int
) -> Any:
    x = along(len(months), month_ticks(months, formats, 5))
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, max(1, *numbers) * 1.12], nice=False),
        axis=alt.Axis(values=[0, max(numbers)], format=",d", minExtent=24, maxExtent=24),
    )
    rows = pl.DataFrame(points(numbers))
    title = alt.TitleParams(
        f"{name} {numbers[-1]:,}", anchor="start", frame="group", fontSize=13, color=INK, offset=6
    )
    base = alt.Chart(rows, width=width, height=110, title=title).encode(x=x, y=y)
    line = base.mark_line(interpolate="step-after", color=LINES[0][0], strokeWidth=2)
    end = alt.Chart(rows.tail(1)).mark_point(filled=True, size=40, color=LINES[0][0], opacity=1)
    return line + end.encode(x=x, y=y)


def _growth_line(numbers: Numbers) -> Any:
    return alt.Chart(pl.DataFrame(points(numbers))).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))


_STYLES = ((INK, [1, 0], 2.4), *((colour, dash, 1.8) for colour, dash in LINES))


def leading_figure(table: Table, formats: Formats) -> Figure:
    """Lines of all and of the leading species over several months."""
    months, series = read_series(table, formats)
    leading = sorted(series[1:], key=lambda one: -one.total)[: len(LINES)]
    drawn = [series[0], *(one for one in leading if one.total)]
    say = formats.texts.say
    return draw(
        "leading",
        say("chart_leading"),
        formats.texts.join([say("chart_leading_alt"), *speak(drawn, months, formats)]),
        lambda width: _lines(drawn, months, formats, width),
        gap_legend(series[:1], formats),
    )


def comparable_figure(table: Table, formats: Formats) -> Figure | None:
    """Lines of all and of the fixed sites and searches; None if they are all the same."""
    rows, say = table.rows, formats.texts.say
    named = {"fixed_sites": "chart_fixed_sites", "fixed_searches": "chart_fixed_searches"}
    columns = {name: phrase for name, phrase in named.items() if rows[name].count()}
    if all(rows[name].to_list() == rows["all"].to_list() for name in columns):
        return None
    if rows["fixed_sites"].to_list() == rows["fixed_searches"].to_list():
        # Two lines over one another would show neither.
        columns = {"fixed_sites": "chart_fixed_both"}
    columns = {"all": "all"} | columns
    months = rows["month"].to_list()
    drawn = [Series(say(name), rows[column].to_list()) for column, name in columns.items()]
    return draw(
        "comparable",
        say("chart_comparable"),
        formats.texts.join([say("chart_comparable_alt"), *speak(drawn, months, formats)]),
        lambda width: _lines(drawn, months, formats, width),
        gap_legend(drawn[:1], formats),
    )


def _lines(series: Sequence[Series], months: Sequence[str], formats: Formats, width: int) -> Any:
    height, room, named, letters = (260, 150, 14, 16) if width == WIDE else (220, 138, 5, 14)
    highest = max(1, *(one.highest for one in series))
    x, y = along(len(months), month_ticks(months, formats, named)), up(highest)
    layers = gap_layers(series[0].gaps, len(months), x)
    places = apart([one.end for one in series], 17 * highest * 1.1 / height)
    for one, place, (colour, dash, thick) in zip(series, places, _STYLES, strict=False):
        rows = points(one.numbers)
        line = (
            alt.Chart(pl.DataFrame(rows), width=width - room - 40, height=height)
            .mark_line(color=colour, strokeWidth=thick, strokeDash=dash, strokeJoin="round")
            .encode(x=x, y=y, detail=alt.Detail("part:N"))
        )
        layers += dots(rows, colour, x, y)
        text = f"{fit(one.name, letters)} {one.end_label}".rstrip()
        name = (
            alt.Chart(pl.DataFrame([{"x": len(months) - 1, "y": place, "text": text}]))
            .mark_text(align="left", dx=10, color=colour, fontSize=13, fontWeight=600)
            .encode(x=x, y=y, text=alt.Text("text:N"))
        )
        layers += [line, name]
    return alt.layer(*layers)


def dots(rows: Sequence[Mapping[str, int]], colour: str, x: Any, y: Any) -> list[Any]:
    """Dots for the points that a broken line does not show."""
    single = alone(rows)
    if not single:
        return []
    mark = alt.Chart(pl.DataFrame(single)).mark_point(filled=True, size=28, color=colour, opacity=1)
    return [mark.encode(x=x, y=y)]


_AXIS = 36
"""Width in pixels of the numbers to the left of a panel."""

_BY_MONTH = 12
"""Maximum months for which the ends of the axis are labelled by month, not by year."""


def species_figure(table: Table, formats: Formats) -> Figure:
    """A panel for each species with advertisements over several months."""
    months, (_, *series) = read_series(table, formats)
    drawn = [one for one in series if one.total]
    say = formats.texts.say
    return draw(
        "species",
        say("chart_species"),
        formats.texts.join([say("chart_species_alt"), *speak(series, months, formats)]),
        lambda width: _panels(drawn, months, formats, width),
        gap_legend(drawn, formats),
    )


def _panels(series: Sequence[Series], months: Sequence[str], formats: Formats, width: int) -> Any:
    columns = min(5 if width == WIDE else 2, len(series))
    panel_width = (width - _AXIS * columns - 8) // columns
    return alt.concat(
        *(_panel(one, months, formats, panel_width) for one in series),
        columns=columns,
        align="all",
        bounds="flush",
        spacing={"row": 76, "column": _AXIS},
    )


def _panel(series: Series, months: Sequence[str], formats: Formats, width: int) -> Any:
    highest, rows = series.highest, points(series.numbers)
    line = {"color": LINES[0][0], "strokeWidth": 1.4, "strokeJoin": "round"}
    title = alt.TitleParams(
        # Vega takes Chinese characters for wider than they are, and would cut names that fit.
        fit(series.name, int((width + _AXIS) / LETTER)),
        subtitle=formats.texts.say("chart_species_total", number=f"{series.total:,}"),
        anchor="start",
        frame="group",
        fontSize=12.5,
        color=INK,
        subtitleColor=SOFT,
        subtitleFontSize=11,
        offset=5,
        limit=2 * WIDE,
    )
    x = along(len(months), _ends(months, formats), within=True)
    # The scale ends at the highest month, or the axis would show rounder numbers.
    y = alt.Y(
        "y:Q",
        # The parts of a line would be stacked.
        stack=None,
        scale=alt.Scale(domain=[0, highest], nice=False),
        axis=alt.Axis(
            values=[0, highest],
            format=",d",
            labelFontSize=11,
            minExtent=_AXIS - 8,
            maxExtent=_AXIS - 8,
        ),
    )
    area = (
        alt.Chart(pl.DataFrame(rows))
        .mark_area(color=LINES[0][0], opacity=0.16, line=line)
        .encode(x=x, y=y, detail=alt.Detail("part:N"))
    )
    layers = [*gap_layers(series.gaps, len(months), x), area, *dots(rows, LINES[0][0], x, y)]
    return alt.layer(*layers).properties(width=width, height=56, title=title)


def _ends(months: Sequence[str], formats: Formats) -> Ticks:
    """Tick labels of the first and the last month, or their years if there are many months."""
    texts, last = formats.texts, len(months) - 1
    if len(months) > _BY_MONTH:
        return {0: months[0][:4], last: months[-1][:4]}
    return {place: texts.month_tick(months[place]) for place in (0, last)}
