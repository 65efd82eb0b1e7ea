"""Product types: the share of each in a species' advertisements, by channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.bars import brief, shorten
from exports.charts.figure import INK, STACK, STACK_INK, WIDE, Figure, draw
from exports.counting import PRODUCT_TYPES

if TYPE_CHECKING:
    from exports.formats import Formats
    from exports.tables.table import Table


def product_figure(table: Table, formats: Formats) -> Figure | None:
    """A bar for each channel and species; None if no advertisement names a type."""
    rows: dict[str, list[tuple[str, float]]] = {}
    named = False
    for channel, species, kind, _, share in table.rows.rows():
        name = brief(formats.species(species))
        if channel == "social":
            name = formats.texts.say("chart_products_social", species=name)
        rows.setdefault(name, []).append((kind, float(share)))
        named = named or kind != PRODUCT_TYPES[-1]
    if not named:
        return None
    texts = formats.texts
    spoken = [
        texts.say(
            "chart_bar_alt",
            name=name,
            number=texts.enumerate([f"{texts.value(kind)} {share}%" for kind, share in shares]),
        )
        for name, shares in rows.items()
    ]
    return draw(
        "products",
        texts.say("chart_products"),
        texts.join([texts.say("chart_products_alt"), *spoken]),
        lambda width: _bars(rows, formats, width),
    )


def _bars(rows: dict[str, list[tuple[str, float]]], formats: Formats, width: int) -> Any:
    room, letters = (240, 30) if width == WIDE else (125, 15)
    inner = width - room - 10
    segments = []
    for place, (name, shares) in enumerate(rows.items()):
        floor = 0.0
        for kind, share in shares:
            number = PRODUCT_TYPES.index(kind)
            segments.append(
                {
                    "place": place,
                    "name": shorten(name, letters),
                    "x": floor,
                    "end": floor + share,
                    "middle": floor + share / 2,
                    "text": f"{share:.0f}" if share * inner / 100 > 22 else "",
                    "colour": STACK[number],
                    "ink": STACK_INK[number],
                }
            )
            floor += share
    data = pl.DataFrame(segments)
    y = alt.Y("place:O", axis=None)
    scale = alt.Scale(domain=[0, 100], nice=False, clamp=True)
    base = alt.Chart(data, width=inner, height={"step": 26}).encode(y=y)
    drawn = base.mark_bar(size=19, stroke="#fff", strokeWidth=1).encode(
        x=alt.X("x:Q", axis=None, scale=scale),
        x2="end:Q",
        color=alt.Color("colour:N", scale=None),
    )
    numbers = base.mark_text(fontSize=12).encode(
        x=alt.X("middle:Q", scale=scale), text="text:N", color=alt.Color("ink:N", scale=None)
    )
    names = (
        alt.Chart(data.unique("place", maintain_order=True))
        .mark_text(align="right", dx=-8, fontSize=13, color=INK)
        .encode(y=y, x=alt.value(0), text="name:N")
    )
    return alt.vconcat(
        _key(rows, formats, width), drawn + numbers + names, spacing=6, bounds="flush"
    )


def _key(rows: dict[str, list[tuple[str, float]]], formats: Formats, width: int) -> Any:
    """The names of the types in a row above, in the order of the bars."""
    used = {kind for shares in rows.values() for kind, _ in shares}
    columns = 6 if width == WIDE else 2
    each = width // columns - 8
    names = [
        {
            "x": number % columns * each,
            "y": number // columns * 20,
            "text": formats.texts.value(kind),
            "colour": STACK[PRODUCT_TYPES.index(kind)],
        }
        for number, kind in enumerate(kind for kind in PRODUCT_TYPES if kind in used)
    ]
    height = (len(names) - 1) // columns * 20 + 16
    left = 200 if width == WIDE else 105
    base = alt.Chart(pl.DataFrame(names), width=width - left - 35, height=height).encode(
        x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[left, width - 35], nice=False)),
        y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False)),
    )
    return base.mark_square(size=95, opacity=1).encode(
        color=alt.Color("colour:N", scale=None)
    ) + base.mark_text(align="left", dx=9, fontSize=12.5, color=INK).encode(text="text:N")
