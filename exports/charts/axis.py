"""What charts over time share: which months the axis names, and how its scales run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import altair as alt

from exports.charts.figure import FAINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exports.formats import Formats

Ticks = dict[int, str | list[str]]
"""By their place on the axis, the names of the months, in one line or in two."""


def month_ticks(months: Sequence[str], formats: Formats, room: int) -> Ticks:
    """Which months are named under the axis, by their place: as many as have room, or years."""
    short = formats.texts.month_tick
    ticks: Ticks = {}
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


def along(length: int, ticks: Mapping[int, str | list[str]], *, half: float = 0) -> Any:
    """The x of a chart over so many places, of which some are named; `half` is the room beside."""
    names = json.dumps({str(place): text for place, text in ticks.items()})
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[-half, length - 1 + half], nice=False),
        axis=alt.Axis(
            values=list(ticks),
            labelExpr=f"{names}[datum.value]",
            labelAlign="center",
            labelOverlap=False,
            grid=False,
            ticks=not half,
            tickColor=FAINT,
        ),
    )


def up(highest: float) -> Any:
    """The y of a chart of counts up to `highest`."""
    return alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, max(1, highest)], nice=True),
        axis=alt.Axis(format=",d", tickCount=5, tickMinStep=1),
    )
