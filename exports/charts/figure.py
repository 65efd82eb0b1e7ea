"""Figure drawing: altair charts to inline SVG with a text alternative and no external links."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl
import vl_convert
from markupsafe import Markup

if TYPE_CHECKING:
    from exports.formats import Formats

UNKNOWN_FONT = "wildcrawl"
"""Name of a font that does not exist.

Vega then reserves the same width for texts on every machine, enough for the widest common fonts;
the page's style sheet sets the real fonts.
"""
INK, SOFT, FAINT = "#1c1e21", "#5b6168", "#dfe2e5"
# Okabe and Ito's palette, distinguishable by colour-blind readers; dashes distinguish in grey.
LINES = (("#0072B2", [1, 0]), ("#B64A00", [5, 3]))
# Dark and light alternate and all differ in lightness, so that layers differ in grey too.
STACK = ("#0072B2", "#EDA827", "#702A00", "#B8DDF4", "#005F45", "#92969B")
STACK_INK = ("#fff", "#1c1e21", "#fff", "#1c1e21", "#fff", "#1c1e21")
BAND = "#e6e9ec"
GAP = "#c9c8c7"
"""Colour of months without a search, which is replaced with hatching."""
REST = "#9aa0a6"

WIDE, NARROW = 900, 350
"""Width of figures in pixels: for screens and paper, and for phones."""


@dataclass(frozen=True)
class Figure:
    """A drawn figure: SVG for wide pages and paper, SVG for phones, and its texts.

    `legend` explains signs of the figure, if it has any.
    """

    name: str
    title: str
    alternative: str
    wide: Markup
    narrow: Markup
    legend: str = ""


@dataclass(frozen=True)
class Drawing:
    """SVG elements that need no chart library, and their extent in pixels."""

    width: float
    height: float
    body: Markup


def draw(
    name: str, title: str, alternative: str, chart: Callable[[int], Any], legend: str = ""
) -> Figure:
    """Draws both widths of a figure; `chart` makes an altair chart for a width in pixels."""
    words = f"{alternative} {legend}".strip()
    wide, narrow = (
        _framed(vega_svg(chart, width), f"{name}-{width}", title, words) for width in (WIDE, NARROW)
    )
    return Figure(name, title, words, wide, narrow, legend)


def draw_plain(
    name: str, title: str, alternative: str, drawing: Callable[[int], Drawing], legend: str = ""
) -> Figure:
    """Both widths of a figure of plain SVG; `drawing` makes it for a width in pixels."""
    words = f"{alternative} {legend}".strip()
    wide, narrow = (
        _plain(drawing(width), f"{name}-{width}", title, words) for width in (WIDE, NARROW)
    )
    return Figure(name, title, words, wide, narrow, legend)


def _plain(drawing: Drawing, name: str, title: str, alternative: str) -> Markup:
    box = f"0 0 {drawing.width:g} {drawing.height:g}"
    head = _head(name, box, drawing.width, title, alternative)
    return head + _TEXTS.format(UNKNOWN_FONT, drawing.body) + Markup("</svg>")


def vega_svg(chart: Callable[[int], Any], width: int) -> str:
    """The SVG that Vega draws of the altair chart for a width in pixels."""
    return vl_convert.vegalite_to_svg(_styled(chart(width)).to_dict(validate=False))


def _framed(drawn: str, name: str, title: str, alternative: str) -> Markup:
    # Screen readers use title and desc; without this they would read every mark.
    drawn = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawn)
    opening = re.search(r'<svg[^>]*? width="([\d.]+)"[^>]*? viewBox="([^"]+)"[^>]*>', drawn)
    if opening is None:
        raise RuntimeError(f"the chart {name} was drawn without a size")
    head = _head(name, opening[2], opening[1], title, alternative)
    body = drawn[opening.end() :]
    if f'fill="{GAP}"' in body:
        head += _HATCHING.format(name)
        body = body.replace(f'fill="{GAP}"', f'fill="url(#{name}-gap)"')
    # Vega escapes the texts that it draws.
    return head + Markup(body)  # noqa: S704


def _head(name: str, box: str, width: float | str, title: str, alternative: str) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{0}-t {0}-d" '
        'viewBox="{1}" style="max-width:{2}px"><title id="{0}-t">{3}</title>'
        '<desc id="{0}-d">{4}</desc>'
    ).format(name, box, width, printable(title), printable(alternative))


def printable(text: str) -> str:
    """A text without characters that are not valid in XML.

    >>> printable("a" + chr(0) + "b" + chr(0xFFFE))
    'ab'
    """
    return _NOT_XML.sub("", text)


_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXTS = Markup('<g font-family="{}" font-size="13px">{}</g>')
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
    return chart.configure(
        background="transparent", font=UNKNOWN_FONT, padding=2, view={"stroke": None}, axis=axis
    )


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
    length: int, ticks: Mapping[int, str | list[str]], *, half: float = 0, size: float = 12
) -> Any:
    """The x encoding of a chart with `length` positions and tick labels of font size `size`.

    `half` is the margin, in positions, before the first and after the last one.
    """
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


Numbers = Sequence["int | None"]
"""Numbers by month; None for a month in which no site was searched."""


def known(numbers: Numbers) -> list[int]:
    """The numbers of the months with a search."""
    return [number for number in numbers if number is not None]


def points(numbers: Numbers) -> list[dict[str, int]]:
    """Points of a line with the number of its `part`: a line is broken at months without one."""
    rows, part = [], 0
    for place, number in enumerate(numbers):
        if number is None:
            part += 1
        else:
            rows.append({"x": place, "y": number, "part": part})
    return rows


def alone(rows: Sequence[Mapping[str, int]]) -> list[Mapping[str, int]]:
    """Points that are a part of their own, which a line does not show."""
    parts = [row["part"] for row in rows]
    return [row for row in rows if parts.count(row["part"]) == 1]


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


def brief(label: str) -> str:
    """A label without its part in brackets, which the table keeps.

    >>> brief("Sea turtle (hawksbill)")
    'Sea turtle'
    """
    return re.sub(r"\s*[(（].*?[)）]$", "", label) or label


def wide(text: str) -> int:
    """Width of a text in letters; Chinese characters count as two."""
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)


def fit(name: str, room: int) -> str:
    """A name shortened to `room` letters: whole, without its brackets, or cut.

    >>> fit("Sea turtle (hawksbill)", 12), fit("Helmeted hornbill", 12), fit("玳瑁", 12)
    ('Sea turtle', 'Helmeted ho…', '玳瑁')
    """
    if wide(name) <= room:
        return name
    name, used = brief(name), 0
    for place, character in enumerate(name):
        used += wide(character)
        if used > room:
            return f"{name[: place - 1].rstrip()}…"
    return name


def lines(text: str, room: int) -> list[str]:
    """A text broken into lines of about the given number of letters.

    >>> lines("China pledges to end its ivory trade", 20), lines("中国宣布停止象牙贸易", 12)
    (['China pledges to end', 'its ivory trade'], ['中国宣布停止', '象牙贸易'])
    """
    if wide(text) <= room:
        return [text]
    letters = room if text.isascii() else room // 2
    return textwrap.wrap(text, max(4, letters)) or [text]


def apart(places: Sequence[float], gap: float, highest: float = inf) -> list[float]:
    """Positions of labels, moved apart by at least `gap` where they overlap, in the same order.

    They are moved up, and down again if they exceed `highest`.

    >>> apart([10, 10, 0], 4), apart([10, 10, 0], 4, highest=10)
    ([14.0, 10.0, 0.0], [10.0, 6.0, 0.0])
    """
    moved: dict[int, float] = {}
    order = sorted(range(len(places)), key=lambda number: (places[number], -number))
    lowest = -inf
    for number in order:
        lowest = moved[number] = max(float(places[number]), lowest + gap)
    for number in reversed(order):
        moved[number] = min(moved[number], float(highest))
        highest = moved[number] - gap
    return [moved[number] for number in range(len(places))]


def seen(places: Sequence[float], ranks: Sequence[float], gap: float) -> list[bool]:
    """Whether each label along a line is written: highest rank first, at least `gap` apart.

    >>> seen([0, 1, 9], [5, 7, 1], 4)
    [False, True, True]
    """
    written: list[float] = []
    for number in sorted(range(len(places)), key=lambda number: -ranks[number]):
        if all(abs(places[number] - other) >= gap for other in written):
            written.append(places[number])
    return [place in written for place in places]
