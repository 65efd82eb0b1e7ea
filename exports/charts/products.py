"""Product type chart: the share of each type in a species' advertisements, by channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from markupsafe import Markup

from exports.charts.figure import (
    INK,
    LETTER,
    STACK,
    STACK_INK,
    TEXT,
    Drawing,
    Figure,
    brief,
    draw_plain,
    fit,
    legend_of,
    printable,
    span,
    wide,
)
from exports.dataset import PRODUCT_TYPES
from exports.rounding import half_up

if TYPE_CHECKING:
    from exports.formats import Formats
    from exports.tables.table import Table


_NAME = 24
"""Maximum letters of a species' name."""

_STEP, _THICK = 26, 19
"""Distance and thickness of bars in pixels."""
_SEGMENT = Markup(
    '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" fill="{}" stroke="#fff"/>'
)

Shares = dict[str, list[tuple[str, float, int]]]
"""Product types and their shares in percent, as printed and whole, by the species' name."""


def product_figure(table: Table, formats: Formats) -> Figure | None:
    """A bar for each species, in a panel per channel; None if no advertisement has a type."""
    channels: dict[str, Shares] = {}
    texts, named = formats.texts, False
    wholes: Counter[tuple[str, str]] = Counter()
    for channel, species, _, number, _ in table.rows.rows():
        wholes[channel, species] += number
    for channel, species, kind, number, share in table.rows.rows():
        # Not of the printed share, which is rounded already: 4.4545 % are not 4.5, and then 5.
        whole = int(half_up(Fraction(100 * number, wholes[channel, species]), 0))
        rows = channels.setdefault(texts.say(f"chart_products_{channel}"), {})
        rows.setdefault(brief(formats.species(species)), []).append((kind, float(share), whole))
        named = named or kind != PRODUCT_TYPES[-1]
    if not named:
        return None
    spoken = [
        texts.say(
            "chart_bar_alt",
            name=texts.say("chart_products_name", channel=channel, species=name),
            number=texts.enumerate([f"{texts.value(kind)} {share}%" for kind, share, _ in shares]),
        )
        for channel, rows in channels.items()
        for name, shares in rows.items()
    ]
    return draw_plain(
        "products",
        texts.say("chart_products"),
        texts.join([texts.say("chart_products_alt"), *spoken]),
        lambda width: _drawing(channels, formats, width),
    )


def _drawing(channels: dict[str, Shares], formats: Formats, width: int) -> Drawing:
    """Legend, then the bars of each channel; a single channel has no title."""
    names = [printable(fit(name, _NAME)) for rows in channels.values() for name in rows]
    left = 16 + max(map(span, names))
    kinds = {kind for rows in channels.values() for shares in rows.values() for kind, *_ in shares}
    legend = [
        (formats.texts.value(kind), colour)
        for kind, colour in zip(PRODUCT_TYPES, STACK, strict=False)
        if kind in kinds
    ]
    parts, top = legend_of(legend, width)
    for channel, rows in channels.items():
        if len(channels) > 1:
            parts.append(TEXT.format(left, top + 14, "start", 12.5, INK, printable(channel)))
            top += 22
        for name, shares in rows.items():
            shown = printable(fit(name, _NAME))
            parts.append(TEXT.format(left - 8, top + 17.5, "end", 13, INK, shown))
            parts += _bar(shares, formats, left, top, width - left - 2)
            top += _STEP
        top += 8
    return Drawing(width, top - 6, Markup("").join(parts))


def _bar(
    shares: Sequence[tuple[str, float, int]], formats: Formats, left: float, top: float, room: float
) -> list[Markup]:
    """The shares of one species side by side, with their names where they fit."""
    parts, start = [], left
    for kind, share, whole in shares:
        number, length = PRODUCT_TYPES.index(kind), share * room / 100
        parts.append(_SEGMENT.format(start, top + 3.5, length, _THICK, STACK[number]))
        if text := _inside(formats.texts.value(kind), whole, length):
            middle = start + length / 2
            parts.append(TEXT.format(middle, top + 17, "middle", 12, STACK_INK[number], text))
        start += length
    return parts


def _inside(kind: str, share: int, room: float) -> str:
    """The longest label that fits into a bar: type and share, share, or nothing."""
    for text in (f"{kind} {share}", f"{share}"):
        if LETTER * wide(text) + 8 < room:
            return text
    return ""
