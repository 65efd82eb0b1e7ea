"""Product type chart: the share of each type in a species' advertisements, by channel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.figure import INK, STACK, STACK_INK, WIDE, Figure, brief, draw, fit, wide
from exports.dataset import PRODUCT_TYPES

if TYPE_CHECKING:
    from exports.formats import Formats
    from exports.tables.table import Table


_NAME = 24
"""Maximum letters of a species' name."""

_LETTER = 6.9
"""Width of a letter in pixels."""

Shares = dict[str, list[tuple[str, float]]]
"""Product types and their shares in percent, by the species' name."""


def product_figure(table: Table, formats: Formats) -> Figure | None:
    """A bar for each species, in a panel per channel; None if no advertisement has a type."""
    channels: dict[str, Shares] = {}
    texts, named = formats.texts, False
    for channel, species, kind, _, share in table.rows.rows():
        rows = channels.setdefault(texts.say(f"chart_products_{channel}"), {})
        rows.setdefault(brief(formats.species(species)), []).append((kind, float(share)))
        named = named or kind != PRODUCT_TYPES[-1]
    if not named:
        return None
    spoken = [
        texts.say(
            "chart_bar_alt",
            name=texts.say("chart_products_name", channel=channel, species=name),
            number=texts.enumerate([f"{texts.value(kind)} {share}%" for kind, share in shares]),
        )
        for channel, rows in channels.items()
        for name, shares in rows.items()
    ]
    return draw(
        "products",
        texts.say("chart_products"),
        texts.join([texts.say("chart_products_alt"), *spoken]),
        lambda width: _panels(channels, formats, width),
    )


def _panels(channels: dict[str, Shares], formats: Formats, width: int) -> Any:
    """Legend, then the bars of each channel; a single channel has no title."""
    names = [fit(name, _NAME) for rows in channels.values() for name in rows]
    inner = width - 30 - _LETTER * max(map(wide, names))
    kinds = {kind for rows in channels.values() for shares in rows.values() for kind, _ in shares}
    panels = [
        _bars(rows, formats, inner).properties(
            title=alt.TitleParams(
                channel if len(channels) > 1 else "",
                anchor="start",
                fontSize=12.5,
                color=INK,
                offset=4,
            )
        )
        for channel, rows in channels.items()
    ]
    key = _key([kind for kind in PRODUCT_TYPES if kind in kinds], formats, inner, width)
    bars = alt.vconcat(*panels, spacing=34, bounds="flush")
    return alt.vconcat(key, bars, spacing=30 if len(panels) > 1 else 6, bounds="flush")


def _bars(rows: Shares, formats: Formats, inner: float) -> Any:
    segments = []
    for place, (name, shares) in enumerate(rows.items()):
        floor = 0.0
        for kind, share in shares:
            number = PRODUCT_TYPES.index(kind)
            segments.append(
                {
                    "place": place,
                    "name": fit(name, _NAME),
                    "x": floor,
                    "end": floor + share,
                    "middle": floor + share / 2,
                    "text": _inside(formats.texts.value(kind), share, share * inner / 100),
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
        x2=alt.X2("end:Q"),
        color=alt.Color("colour:N", scale=None),
    )
    numbers = base.mark_text(fontSize=12).encode(
        x=alt.X("middle:Q", scale=scale),
        text=alt.Text("text:N"),
        color=alt.Color("ink:N", scale=None),
    )
    names = (
        alt.Chart(data.unique("place", maintain_order=True))
        .mark_text(align="right", dx=-8, fontSize=13, color=INK)
        .encode(y=y, x=alt.value(0), text=alt.Text("name:N"))
    )
    return drawn + numbers + names


def _inside(kind: str, share: float, room: float) -> str:
    """The longest label that fits into a bar: type and share, share, or nothing."""
    for text in (f"{kind} {share:.0f}", f"{share:.0f}"):
        if _LETTER * wide(text) + 8 < room:
            return text
    return ""


def _key(kinds: Sequence[str], formats: Formats, inner: float, width: int) -> Any:
    """Legend of the types in the order of the bars."""
    texts = [formats.texts.value(kind) for kind in kinds]
    columns = len(kinds) if width == WIDE else 2
    if width == WIDE:
        places = list(accumulate((_LETTER * wide(text) + 30 for text in texts), initial=0.0))
    else:
        places = [
            inner + 24 - width + number % 2 * (width - 24) / 2 for number in range(len(kinds))
        ]
    names = [
        {
            "x": place,
            "y": number // columns * 20,
            "text": text,
            "colour": STACK[PRODUCT_TYPES.index(kind)],
        }
        for number, (kind, text, place) in enumerate(zip(kinds, texts, places, strict=False))
    ]
    height = (len(names) - 1) // columns * 20 + 16
    base = alt.Chart(pl.DataFrame(names), width=inner, height=height).encode(
        x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-6, inner - 6], nice=False)),
        y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False)),
    )
    return base.mark_square(size=95, opacity=1).encode(
        color=alt.Color("colour:N", scale=None)
    ) + base.mark_text(align="left", dx=9, fontSize=12.5, color=INK).encode(text=alt.Text("text:N"))
