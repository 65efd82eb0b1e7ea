"""All advertisements a month beside those of the two leading species."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.axis import along, month_ticks, up
from exports.charts.figure import INK, LINES, WIDE, Figure, draw
from exports.charts.labels import apart, fit
from exports.charts.series import read_series, speak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.charts.series import Series
    from exports.formats import Formats
    from exports.tables.table import Table

_STYLES = ((INK, [1, 0], 2.4), *((colour, dash, 1.8) for colour, dash in LINES))


def leading_figure(table: Table, formats: Formats) -> Figure | None:
    """The lines; None for one month alone."""
    months, series = read_series(table, formats)
    if len(months) == 1:
        return None
    leading = sorted(series[1:], key=lambda each: -sum(each.numbers))[: len(LINES)]
    shown = [series[0], *(each for each in leading if sum(each.numbers))]
    say = formats.texts.say
    return draw(
        "leading",
        say("chart_leading"),
        formats.texts.join([say("chart_leading_alt"), *speak(shown, months[-1], formats)]),
        lambda width: _lines(shown, months, formats, width),
    )


def _lines(series: Sequence[Series], months: Sequence[str], formats: Formats, width: int) -> Any:
    height, room, named, letters = (260, 150, 14, 16) if width == WIDE else (220, 116, 5, 11)
    highest = max(1, *(max(each.numbers) for each in series))
    x, y = along(len(months), month_ticks(months, formats, named)), up(highest)
    layers = []
    places = apart([each.numbers[-1] for each in series], 17 * highest * 1.1 / height)
    for each, place, (colour, dash, thick) in zip(series, places, _STYLES, strict=False):
        points = [{"x": number, "y": value} for number, value in enumerate(each.numbers)]
        line = (
            alt.Chart(pl.DataFrame(points), width=width - room - 40, height=height)
            .mark_line(color=colour, strokeWidth=thick, strokeDash=dash, strokeJoin="round")
            .encode(x=x, y=y)
        )
        text = f"{fit(each.name, letters)} {each.numbers[-1]:,}"
        name = (
            alt.Chart(pl.DataFrame([{"x": len(months) - 1, "y": place, "text": text}]))
            .mark_text(align="left", dx=10, color=colour, fontSize=13, fontWeight=600)
            .encode(x=x, y=y, text="text:N")
        )
        layers += [line, name]
    return alt.layer(*layers)
