"""Charts by Vega: altair charts to figures, their axes, and the hatching of months not searched.

Only figures of several months are drawn by it: it takes most of a second to load.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl
import vl_convert
from altair.utils.schemapi import debug_mode
from markupsafe import Markup

from exports.charts.figure import (
    FAINT,
    NARROW,
    SOFT,
    UNKNOWN_FONT,
    WIDE,
    Figure,
    head_of,
)
from exports.formats import Formats

GAP = "#c9c8c7"
"""Colour of months without a search, which is replaced with hatching."""


def draw(
    name: str, title: str, alternative: str, chart: Callable[[int], Any], legend: str = ""
) -> Figure:
    """Draws both widths of a figure; `chart` makes an altair chart for a width in pixels."""
    words = f"{alternative} {legend}".strip()
    wide, narrow = (
        _framed(vega_svg(chart, width), f"{name}-{width}", title, words) for width in (WIDE, NARROW)
    )
    return Figure(name, title, wide, narrow, legend)


def vega_svg(chart: Callable[[int], Any], width: int) -> str:
    """The SVG that Vega draws of the altair chart for a width in pixels."""
    # Checking each part of a chart against Vega's schema takes a third of the time of drawing it.
    with debug_mode(False):
        drawing = _styled(chart(width)).to_dict(validate=False)
    return vl_convert.vegalite_to_svg(drawing)


def _framed(drawn: str, name: str, title: str, alternative: str) -> Markup:
    # Screen readers use title and desc; without this they would read every mark.
    drawn = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    opening = re.search(r'<svg[^>]*? width="([\d.]+)"[^>]*? viewBox="([^"]+)"[^>]*>', drawn)
    if opening is None:
        raise RuntimeError(f"the chart {name} was drawn without a size")
    head = head_of(name, opening[2], opening[1], title, alternative)
    body = drawn[opening.end() :]
    if f'fill="{GAP}"' in body:
        head += _HATCHING.format(name)
        body = body.replace(f'fill="{GAP}"', f'fill="url(#{name}-gap)"')
    # Vega escapes the texts that it draws.
    return head + Markup(body)  # noqa: S704


_HATCHING = Markup(
    '<defs><pattern id="{}-gap" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><path d="M0 0V6" stroke="#9aa0a6" stroke-width="1.6"/>'
    "</pattern></defs>"
)


def _styled(chart: Any) -> Any:
    axis = {
        "domain": False,
        "ticks": False,
        "labelColor": SOFT,
        "labelFontSize": 12,
        "labelPadding": 6,
        "gridColor": FAINT,
        "title": None,
    }
    # Set rather than configured, which would copy the whole chart once more.
    chart.config = alt.Config(
        background="transparent", font=UNKNOWN_FONT, padding=2, view={"stroke": None}, axis=axis
    )
    return chart


Ticks = dict[int, str | list[str]]
"""Tick labels, of one or two lines, by their position on the axis."""


def month_ticks(months: Sequence[str], formats: Formats, room: int) -> Ticks:
    """Tick labels of the months on the axis: as many months as fit, or else years."""
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


def along(
    length: int,
    ticks: Mapping[int, str | list[str]],
    *,
    half: float = 0,
    size: float = 12,
    within: bool = False,
) -> Any:
    """The x encoding of a chart with `length` positions and tick labels of font size `size`.

    `half` is the margin, in positions, before the first and after the last one. The labels of the
    ends stay `within` the axis, as small charts side by side need it.
    """
    align: Any = "center"
    if within:
        align = {"condition": {"test": "datum.value == 0", "value": "left"}, "value": "right"}
    names = json.dumps({str(place): text for place, text in ticks.items()})
    return alt.X(
        "x:Q",
        scale=alt.Scale(domain=[-half, length - 1 + half], nice=False),
        axis=alt.Axis(
            values=list(ticks),
            labelExpr=f"{names}[datum.value]",
            labelAlign=align,
            labelOverlap=False,
            grid=False,
            labelFontSize=size,
            ticks=not half,
            tickColor=FAINT,
        ),
    )


def up(highest: float) -> Any:
    """The y encoding of a chart of counts up to `highest`."""
    return alt.Y(
        "y:Q",
        scale=alt.Scale(domain=[0, max(1, highest)], nice=True),
        axis=alt.Axis(format=",d", tickCount=5, tickMinStep=1),
    )


def gap_layers(gaps: Sequence[int], length: int, x: Any, *, half: float = 0) -> list[Any]:
    """Hatching of the months at the positions `gaps`, over the height of the chart."""
    last = length - 1 + half
    rows = [{"x": max(-half, place - 0.5), "end": min(last, place + 0.5)} for place in gaps]
    if not rows:
        return []
    return [
        alt.Chart(pl.DataFrame(rows))
        .mark_rect(color=GAP, opacity=1)
        .encode(x=x, x2=alt.X2("end:Q"))
    ]
