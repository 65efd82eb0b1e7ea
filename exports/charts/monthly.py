"""All advertisements a month: the line, the band it was expected in, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.bars import species_bars
from exports.charts.figure import (
    BAND,
    INK,
    LINES,
    SOFT,
    WIDE,
    Figure,
    along,
    draw,
    lines,
    month_ticks,
    seen,
    up,
)
from exports.charts.lines import Series, read_series, speak
from exports.context import events_of

if TYPE_CHECKING:
    from exports.formats import Formats
    from exports.summary import Summary
    from exports.tables.table import Table

_DOTTED = 18
"""Up to so many months, each one is a dot on the line."""

_LETTER = 6.2
"""Pixels that a letter of an event takes."""

_HALF = 28
"""Pixels to either side of its middle that the band's name takes."""

_APART = 36
"""Pixels between two numbers of marked months."""


def monthly_figure(table: Table, summary: Summary, formats: Formats) -> Figure:
    """The plot of all advertisements; one month alone is drawn as bars by species."""
    months, series = read_series(table, formats)
    if len(months) == 1:
        return species_bars(series, months[0], formats)
    say = formats.texts.say
    words = [say("chart_months_alt"), *speak(series[:1], months[-1], formats)]
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
        lambda width: _lines(series[0], months, summary, formats, width),
    )


def _lines(
    series: Series, months: Sequence[str], summary: Summary, formats: Formats, width: int
) -> Any:
    height, room, named = (280, 80, 14) if width == WIDE else (230, 62, 5)
    inner = width - room - 40
    step = inner / (len(months) - 1)
    highs = [expected.high for expected in summary.bands.values()]
    events = _named(months, formats, step)
    # Above the line there is room for the names of events, one under the other.
    highest = max(1, *series.numbers, *highs) * (1 + 0.075 * sum(len(each[2]) for each in events))
    x = along(len(months), month_ticks(months, formats, named))
    y = up(highest)
    layers = [*_band(months, series, summary, formats.texts.say("chart_band"), x, y, step)]
    points = pl.DataFrame([{"x": n, "y": value} for n, value in enumerate(series.numbers)])
    dots = {"filled": True, "size": 28, "color": INK} if len(months) <= _DOTTED else False
    layers.append(
        alt.Chart(points, width=inner, height=height)
        .mark_line(color=INK, strokeWidth=2.2, strokeJoin="round", point=dots)
        .encode(x=x, y=y)
    )
    layers += _marks(months, series, summary, x, y, step)
    label = {"x": len(months) - 1, "y": series.numbers[-1], "text": f"{series.numbers[-1]:,}"}
    layers.append(
        alt.Chart(pl.DataFrame([label]))
        .mark_text(align="left", dx=9, color=INK, fontSize=13, fontWeight=600)
        .encode(x=x, y=y, text="text:N")
    )
    layers += _events(events, x)
    return alt.layer(*layers)


def _band(
    months: Sequence[str],
    series: Series,
    summary: Summary,
    text: str,
    x: Any,
    y: Any,
    step: float,
) -> list[Any]:
    """The band, and its name where most of it is free of the line."""
    rows = [
        {"x": months.index(month), "y": float(expected.low), "high": float(expected.high)}
        for month, expected in summary.bands.items()
    ]
    if len(rows) < 2:
        return []
    area = alt.Chart(pl.DataFrame(rows)).mark_area(color=BAND).encode(x=x, y=y, y2="high:Q")
    reach = ceil(_HALF / step)
    free = []
    for row in rows:
        near = [each for each in rows if abs(each["x"] - row["x"]) <= reach]
        line = series.numbers[max(0, int(row["x"]) - reach) : int(row["x"]) + reach + 1]
        roof, floor = min(each["high"] for each in near), max(each["y"] for each in near)
        free.append((roof - max(line), row["x"], (roof + max(line)) / 2))
        free.append((min(line) - floor, row["x"], (floor + min(line)) / 2))
    inside = [each for each in free if reach <= each[1] < len(months) - reach] or free
    _, place, height = max(inside)
    name = (
        alt.Chart(pl.DataFrame([{"x": place, "y": height, "text": text}]))
        .mark_text(color=SOFT, fontSize=12, baseline="middle")
        .encode(x=x, y=y, text="text:N")
    )
    return [area, name]


def _marks(
    months: Sequence[str], series: Series, summary: Summary, x: Any, y: Any, step: float
) -> list[Any]:
    """A ring for each marked month; where rings are close, the oddest has its number."""
    places = [months.index(month) for month in summary.marked]
    numbers = [series.numbers[place] for place in places]
    bands = list(summary.marked.values())
    odd = [max(n - each.high, each.low - n) for n, each in zip(numbers, bands, strict=True)]
    rows = [
        {"x": place, "y": n, "text": f"{n:,}" if shown else "", "above": n > expected.high}
        for place, n, expected, shown in zip(
            places, numbers, bands, seen(places, odd, _APART / step), strict=True
        )
    ]
    layers = []
    for above in (True, False):
        some = [row for row in rows if row["above"] == above]
        if some:
            base = alt.Chart(pl.DataFrame(some)).encode(x=x, y=y)
            colour, place = LINES[1][0], -11 if above else 12
            layers += [
                base.mark_point(
                    shape="circle", size=75, strokeWidth=2, color=colour, fill="#fff", opacity=1
                ),
                base.mark_text(dy=place, fontSize=11.5, color=colour).encode(text="text:N"),
            ]
    return layers


Named = tuple[float, bool, list[str]]
"""An event's place on the axis, whether its name stands left of it, and its name in lines."""


def _named(months: Sequence[str], formats: Formats, step: float) -> list[Named]:
    """The events, their names on the side that has more room, in as many lines as it takes."""
    last, found = len(months) - 1, []
    for event in events_of(formats.context):
        place = min(months.index(event.month) + (event.day.day - 1) / 31, last)
        room = max(place, last - place) * step - 8
        text = lines(formats.event(event), max(12, int(room / _LETTER)))
        found.append((place, place > last / 2, text))
    return found


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
            name.encode(x=x, y=alt.value(8 + 17 * above), text="text:N"),
        ]
        above += len(text)
    return layers
