"""All advertisements a month: the line, the band it was expected in, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.axis import along, month_ticks, up
from exports.charts.bars import species_bars
from exports.charts.figure import BAND, INK, LINES, SOFT, WIDE, Figure, draw
from exports.charts.series import read_series, speak
from exports.events import events_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.charts.series import Series
    from exports.formats import Formats
    from exports.summary import Summary
    from exports.tables.table import Table

_DOTTED = 18
"""Up to so many months, each one is a dot on the line."""


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
    highs = [expected.high for expected in summary.bands.values()]
    events = events_of(formats.context)
    # Above the line there is room for the names of events, one under the other.
    highest = max(1, *series.numbers, *highs) * (1 + 0.075 * len(events))
    x = along(len(months), month_ticks(months, formats, named))
    y = up(highest)
    layers = [*_band(months, summary, formats, x, y)]
    points = pl.DataFrame([{"x": n, "y": value} for n, value in enumerate(series.numbers)])
    dots = {"filled": True, "size": 28, "color": INK} if len(months) <= _DOTTED else False
    layers.append(
        alt.Chart(points, width=width - room - 40, height=height)
        .mark_line(color=INK, strokeWidth=2.2, strokeJoin="round", point=dots)
        .encode(x=x, y=y)
    )
    layers += _marks(months, series, summary, x, y)
    label = {"x": len(months) - 1, "y": series.numbers[-1], "text": f"{series.numbers[-1]:,}"}
    layers.append(
        alt.Chart(pl.DataFrame([label]))
        .mark_text(align="left", dx=9, color=INK, fontSize=13, fontWeight=600)
        .encode(x=x, y=y, text="text:N")
    )
    layers += _events(months, formats, x)
    return alt.layer(*layers)


def _band(months: Sequence[str], summary: Summary, formats: Formats, x: Any, y: Any) -> list[Any]:
    rows = [
        {"x": months.index(month), "y": float(expected.low), "high": float(expected.high)}
        for month, expected in summary.bands.items()
    ]
    if not rows:
        return []
    area = (
        alt.Chart(pl.DataFrame(rows))
        .mark_area(color=BAND, interpolate="monotone")
        .encode(x=x, y=y, y2="high:Q")
    )
    label = rows[0] | {"text": formats.texts.say("chart_band"), "y": rows[0]["y"]}
    name = (
        alt.Chart(pl.DataFrame([label]))
        .mark_text(align="left", baseline="top", dy=4, color=SOFT, fontSize=12)
        .encode(x=x, y=y, text="text:N")
    )
    return [area, name] if len(rows) > 1 else []


def _marks(months: Sequence[str], series: Series, summary: Summary, x: Any, y: Any) -> list[Any]:
    rows = [
        {
            "x": months.index(month),
            "y": series.numbers[months.index(month)],
            "text": f"{series.numbers[months.index(month)]:,}",
            "above": series.numbers[months.index(month)] > expected.high,
        }
        for month, expected in summary.marked.items()
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


def _events(months: Sequence[str], formats: Formats, x: Any) -> list[Any]:
    layers = []
    for number, event in enumerate(events_of(formats.context)):
        place = months.index(event.month) + (event.day.day - 1) / 31
        right = place > (len(months) - 1) / 2
        row = pl.DataFrame([{"x": min(place, len(months) - 1), "text": formats.event(event)}])
        rule = alt.Chart(row).mark_rule(color=SOFT, strokeDash=[2, 3], strokeWidth=1.2)
        name = alt.Chart(row).mark_text(
            align="right" if right else "left", dx=-5 if right else 5, fontSize=12, color=SOFT
        )
        layers += [
            rule.encode(x=x),
            name.encode(x=x, y=alt.value(8 + 17 * number), text="text:N"),
        ]
    return layers
