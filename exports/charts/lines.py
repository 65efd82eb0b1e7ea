"""Every species a month, in small panels, so that a rare one is seen beside a common one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.axis import Ticks, along
from exports.charts.figure import INK, LINES, SOFT, WIDE, Figure, draw
from exports.charts.series import read_series, speak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.charts.series import Series
    from exports.formats import Formats
    from exports.tables.table import Table

_AXIS = 36
"""Room for the numbers to the left of a panel."""

_BY_MONTH = 12
"""Up to so many months, the ends of the axis are named by month."""


def species_figure(table: Table, formats: Formats) -> Figure | None:
    """A panel for each species that has any; None for one month alone, which has no course."""
    months, (_, *series) = read_series(table, formats)
    shown = [each for each in series if any(each.numbers)]
    if len(months) == 1 or not shown:
        return None
    say = formats.texts.say
    return draw(
        "species",
        say("chart_species"),
        formats.texts.join([say("chart_species_alt"), *speak(series, months[-1], formats)]),
        lambda width: _panels(shown, months, formats, width),
    )


def _panels(series: Sequence[Series], months: Sequence[str], formats: Formats, width: int) -> Any:
    columns = min(5 if width == WIDE else 2, len(series))
    each_width = (width - _AXIS * columns - 8) // columns
    return alt.concat(
        *(_panel(each, months, formats, each_width) for each in series),
        columns=columns,
        align="all",
        bounds="flush",
        spacing={"row": 76, "column": _AXIS},
    )


def _panel(series: Series, months: Sequence[str], formats: Formats, width: int) -> Any:
    highest = max(series.numbers)
    points = [{"x": number, "y": value} for number, value in enumerate(series.numbers)]
    line = {"color": LINES[0][0], "strokeWidth": 1.4, "strokeJoin": "round"}
    title = alt.TitleParams(
        series.name,
        subtitle=formats.texts.say("chart_species_total", number=f"{sum(series.numbers):,}"),
        anchor="start",
        frame="group",
        fontSize=12.5,
        color=INK,
        subtitleColor=SOFT,
        subtitleFontSize=11,
        offset=5,
        limit=width + _AXIS,
    )
    # Without a scale that ends at the highest month, the axis would name rounder numbers.
    return (
        alt.Chart(pl.DataFrame(points), width=width, height=56, title=title)
        .mark_area(color=LINES[0][0], opacity=0.16, line=line)
        .encode(
            x=along(len(points), _ends(months, formats)),
            y=alt.Y(
                "y:Q",
                scale=alt.Scale(domain=[0, highest], nice=False),
                axis=alt.Axis(
                    values=[0, highest],
                    format=",d",
                    labelFontSize=11,
                    minExtent=_AXIS - 8,
                    maxExtent=_AXIS - 8,
                ),
            ),
        )
    )


def _ends(months: Sequence[str], formats: Formats) -> Ticks:
    """The first and the last month, or its year where a panel has many."""
    texts, last = formats.texts, len(months) - 1
    if len(months) > _BY_MONTH:
        return {0: months[0][:4], last: months[-1][:4]}
    return {place: texts.month_tick(months[place]) for place in (0, last)}
