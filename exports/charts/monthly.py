"""Monthly chart of all advertisements, with the expected band and events."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import ceil
from typing import Any

import altair as alt
import polars as pl

from exports.charts.figure import BAND, INK, LINES, NAMED, SOFT, WIDE, Figure, lines, seen, wide
from exports.charts.lines import dots
from exports.charts.series import Series, known, points, read_series, speak
from exports.charts.vega import along, draw, gap_layers, month_ticks, up
from exports.context import events_of
from exports.formats import Formats
from exports.summary import Summary
from exports.tables.monthly import SAME_SITES
from exports.tables.table import Table

_FEWEST_BANDS = 2
"""Months with an expected range from which on a band is drawn."""
_DOTTED = 18
"""Maximum months for which each month is drawn as a dot."""

_LETTER = 6.2
"""Width in pixels of a letter of an event's label."""

_APART = 36
"""Minimum distance in pixels between the numbers of marked months."""


def monthly_figure(table: Table, summary: Summary, formats: Formats) -> Figure:
    """Chart of all advertisements by month, of several months."""
    months, series = read_series(table, formats)
    say = formats.texts.say
    panel = _panel(table, formats)
    words = [say("chart_months_alt"), *speak(series[:1], months, formats)]
    if summary.marked:
        names = [formats.texts.month(month) for month in summary.marked]
        words.append(say("chart_band_alt", months=formats.texts.enumerate(names)))
    events = events_of(formats.context)
    if events:
        named = [f"{event.day} {formats.event(event)}" for event in events]
        words.append(say("chart_events_alt", events=formats.texts.enumerate(named)))
    return draw(
        "monthly",
        say("chart_months"),
        formats.texts.join(words),
        lambda width: _lines(series[0], panel, months, summary, formats, width),
        _legend(series[0], panel, summary, formats),
    )


def _legend(series: Series, panel: Series | None, summary: Summary, formats: Formats) -> str:
    texts = formats.texts
    lines = [texts.say("chart_gap")] if series.gaps else []
    if summary.missed:
        lines.append(texts.say("chart_missed"))
    if panel:
        lines.append(
            texts.say(texts.numbered("chart_panel", summary.same_sites), number=summary.same_sites)
        )
    if summary.provisional:
        months = [texts.month(month) for month in summary.provisional.months]
        named = texts.first(months, NAMED, "more_months")
        lines.append(texts.say("chart_provisional", months=texts.enumerate(named)))
    return texts.join(lines)


def _panel(table: Table, formats: Formats) -> Series | None:
    """The line of the sites searched in every month, if there is one."""
    numbers = table.rows[SAME_SITES].to_list()
    name = formats.heading(SAME_SITES)
    return Series(name, numbers) if any(n is not None for n in numbers) else None


def _lines(
    series: Series,
    panel: Series | None,
    months: Sequence[str],
    summary: Summary,
    formats: Formats,
    width: int,
) -> Any:
    height, room, named = (280, 80, 14) if width == WIDE else (230, 62, 5)
    inner = width - room - 40
    step = inner / (len(months) - 1)
    bands = summary.bands.values() if len(summary.bands) >= _FEWEST_BANDS else ()
    highs = [expected.high for expected in bands]
    events = _named(months, formats, step)
    # Space above the line for the labels of events, stacked.
    highest = max(1, series.highest, *highs) * (1 + 0.075 * sum(len(event[2]) for event in events))
    x = along(len(months), month_ticks(months, formats, named))
    y = up(highest)
    layers = gap_layers(series.gaps, len(months), x)
    drawn = [series, panel] if panel else [series]
    text = formats.texts.say("chart_band")
    band, *named_band = _band(months, drawn, summary, text, x, y, step) or [None]
    layers += [band] if band else []
    if panel:
        colour, dash = LINES[0][0], LINES[1][1]
        layers += _line(panel, colour, x, y, strokeWidth=1.6, strokeDash=dash)
    dotted = {"filled": True, "size": 28, "color": INK} if len(months) <= _DOTTED else False
    layers += _line(series, INK, x, y, strokeWidth=2.2, point=dotted)
    # Above the lines, which would strike it through where there is too little space.
    layers += named_band
    layers += _triangles([months.index(month) for month in summary.missed], height, x)
    layers += _marks(months, series, summary, x, y, step)
    label = {"x": len(months) - 1, "y": series.end, "text": series.end_label}
    layers.append(
        alt.Chart(pl.DataFrame([label]))
        .mark_text(align="left", dx=9, color=INK, fontSize=13, fontWeight=600)
        .encode(x=x, y=y, text=alt.Text("text:N"))
    )
    layers += _events(events, x)
    return alt.layer(*layers).properties(width=inner, height=height)


def _line(series: Series, colour: str, x: Any, y: Any, **style: Any) -> list[Any]:
    """A line that is broken at months without a search, with dots where it has one month."""
    rows = points(series.numbers)
    mark = alt.Chart(pl.DataFrame(rows)).mark_line(color=colour, strokeJoin="round", **style)
    return [mark.encode(x=x, y=y, detail=alt.Detail("part:N")), *dots(rows, colour, x, y)]


def _triangles(places: Sequence[int], height: int, x: Any) -> list[Any]:
    """Triangles on the axis at the months in which not every monitored site was searched."""
    if not places:
        return []
    marks = alt.Chart(pl.DataFrame([{"x": place} for place in places])).mark_point(
        shape="triangle-up", filled=True, size=42, color=SOFT, opacity=1
    )
    return [marks.encode(x=x, y=alt.value(height - 4))]


def _band(
    months: Sequence[str],
    drawn: Sequence[Series],
    summary: Summary,
    text: str,
    x: Any,
    y: Any,
    step: float,
) -> list[Any]:
    """The band and its label, which is where it is farthest from the lines `drawn` over it."""
    rows = [
        {"x": months.index(month), "y": float(expected.low), "high": float(expected.high)}
        for month, expected in summary.bands.items()
    ]
    if len(rows) < _FEWEST_BANDS:
        return []
    area = alt.Chart(pl.DataFrame(rows)).mark_area(color=BAND).encode(x=x, y=y, y2=alt.Y2("high:Q"))
    reach = ceil(_LETTER * wide(text) / 2 / step)
    free = []
    for row in rows:
        near = [other for other in rows if abs(other["x"] - row["x"]) <= reach]
        around = slice(max(0, int(row["x"]) - reach), int(row["x"]) + reach + 1)
        near_lines = [n for one in drawn if (n := known(one.numbers[around]))]
        roof, floor = min(other["high"] for other in near), max(other["y"] for other in near)
        free += [
            (high - low, row["x"], (low + high) / 2)
            for low, high in spaces(near_lines, floor, roof)
        ]
    first, last = rows[0]["x"] + reach, rows[-1]["x"] - reach
    inside = [spot for spot in free if first <= spot[1] <= last] or free
    _, place, height = max(inside, default=(0, rows[0]["x"], rows[0]["high"]))
    label = pl.DataFrame([{"x": place, "y": height, "text": text}])
    named = alt.Chart(label).encode(x=x, y=y, text=alt.Text("text:N"))
    return [area, named.mark_text(color=SOFT, fontSize=12, baseline="middle")]


def spaces(
    near_lines: Sequence[Sequence[float]], floor: float, roof: float
) -> list[tuple[float, float]]:
    """Spaces between `floor` and `roof` that no line is in or crosses, by their ends.

    >>> spaces([[4, 5], [7, 6]], 0, 10), spaces([[2, 9]], 0, 10)
    ([(0, 4), (5, 6), (7, 10)], [(0, 2), (9, 10)])
    """
    edges = sorted({floor, roof, *(n for line in near_lines for n in line)})
    return [
        (low, high)
        for low, high in pairwise(edges)
        if floor <= low
        and high <= roof
        and all(max(line) <= low or min(line) >= high for line in near_lines)
    ]


def _marks(
    months: Sequence[str], series: Series, summary: Summary, x: Any, y: Any, step: float
) -> list[Any]:
    """Rings around marked months; of close ones only the farthest from its band has its number."""
    places = [months.index(month) for month in summary.marked]
    numbers = [series.numbers[place] or 0 for place in places]
    bands = list(summary.marked.values())
    odd = [max(n - band.high, band.low - n) for n, band in zip(numbers, bands, strict=True)]
    rows = [
        {"x": place, "y": n, "text": f"{n:,}" if labelled else "", "above": n > expected.high}
        for place, n, expected, labelled in zip(
            places, numbers, bands, seen(places, odd, _APART / step), strict=True
        )
    ]
    layers = []
    for above in (True, False):
        chosen = [row for row in rows if row["above"] == above]
        if chosen:
            base = alt.Chart(pl.DataFrame(chosen)).encode(x=x, y=y)
            colour, place = LINES[1][0], -11 if above else 12
            layers += [
                base.mark_point(
                    shape="circle", size=75, strokeWidth=2, color=colour, fill="#fff", opacity=1
                ),
                base.mark_text(dy=place, fontSize=11.5, color=colour).encode(
                    text=alt.Text("text:N")
                ),
            ]
    return layers


Named = tuple[float, bool, list[str]]
"""An event's position on the axis, whether its label is to the left, and the label's lines."""


def _named(months: Sequence[str], formats: Formats, step: float) -> list[Named]:
    """Events with labels on the side with more space, broken into lines."""
    last, named = len(months) - 1, []
    for event in events_of(formats.context):
        place = min(months.index(event.month) + (event.day.day - 1) / 31, last)
        room = max(place, last - place) * step - 8
        text = lines(formats.event(event), max(12, int(room / _LETTER)))
        named.append((place, place > last / 2, text))
    return named


def _events(events: Sequence[Named], x: Any) -> list[Any]:
    layers, above = [], 0
    for place, left, text in events:
        row = pl.DataFrame([{"x": place, "text": "\n".join(text)}])
        rule = alt.Chart(row).mark_rule(color=SOFT, strokeDash=[2, 3], strokeWidth=1.2)
        name = alt.Chart(row).mark_text(
            align="right" if left else "left",
            dx=-5 if left else 5,
            fontSize=12,
            color=SOFT,
            lineBreak="\n",
        )
        layers += [
            rule.encode(x=x),
            name.encode(x=x, y=alt.value(8 + 17 * above), text=alt.Text("text:N")),
        ]
        above += len(text)
    return layers
