"""What was monitored, as it grew: species, keywords and websites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.axis import along, month_ticks
from exports.charts.figure import INK, LINES, WIDE, Figure, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.formats import Formats
    from exports.tables.table import Table

_COLUMNS = ("species", "keywords", "sites")
_GAP = 56


def growth_figure(table: Table, formats: Formats) -> Figure | None:
    """The panels of the table of coverage; None for one month alone."""
    months = table.rows["month"].to_list()
    if len(months) == 1:
        return None
    texts = formats.texts
    panels = [(formats.heading(name, table.name), table.rows[name].to_list()) for name in _COLUMNS]
    start, end = texts.month(months[0]), texts.month(months[-1])
    spoken = [
        texts.say("chart_growth_each", name=name, first=n[0], last=n[-1], start=start, end=end)
        for name, n in panels
    ]
    return draw(
        "growth",
        texts.say("chart_growth"),
        texts.join([texts.say("chart_growth_alt"), *spoken]),
        lambda width: _panels(panels, months, formats, width),
    )


def _panels(
    panels: Sequence[tuple[str, list[int]]], months: Sequence[str], formats: Formats, width: int
) -> Any:
    columns = len(panels) if width == WIDE else 1
    each = (width - _GAP * columns) // columns
    drawn = [_panel(name, numbers, months, formats, each) for name, numbers in panels]
    return alt.concat(*drawn, columns=columns, spacing={"row": 30, "column": 30})


def _panel(
    name: str, numbers: list[int], months: Sequence[str], formats: Formats, width: int
) -> Any:
    x = along(len(months), month_ticks(months, formats, 5))
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, max(1, *numbers) * 1.12], nice=False),
        axis=alt.Axis(values=[0, max(numbers)], format=",d", minExtent=24, maxExtent=24),
    )
    points = pl.DataFrame([{"x": n, "y": value} for n, value in enumerate(numbers)])
    title = alt.TitleParams(
        f"{name} {numbers[-1]:,}", anchor="start", frame="group", fontSize=13, color=INK, offset=6
    )
    base = alt.Chart(points, width=width, height=110, title=title).encode(x=x, y=y)
    line = base.mark_line(interpolate="step-after", color=LINES[0][0], strokeWidth=2)
    end = alt.Chart(points.tail(1)).mark_point(filled=True, size=40, color=LINES[0][0], opacity=1)
    return line + end.encode(x=x, y=y)
