"""Prices by species and age claimed, on a log scale: lowest, median and highest."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from exports.charts.figure import (
    FAINT,
    INK,
    LINES,
    SOFT,
    TEXT,
    WIDE,
    Drawing,
    Figure,
    brief,
    draw_plain,
    fit,
    printable,
)
from exports.formats import Formats, yuan
from exports.rounding import half_up
from exports.tables.prices import price_ranges
from wildcrawl.items import PriceKind

if TYPE_CHECKING:
    from exports.dataset import ReportData

_MOST = 24

_GRID = Markup('<path d="M{:.1f} {}V{:g}" stroke="{}"/>')
_LINE = Markup(
    '<path d="M{:.1f} {:g}H{:.1f}" stroke="{}" stroke-width="3" stroke-linecap="round"/>'
)
_MIDDLE = Markup('<circle cx="{:.1f}" cy="{:g}" r="4.9" fill="{}" stroke="#fff"/>')
_COLOURS = {"old": LINES[1][0], "new": LINES[0][0]}
"""Colours by age claim; lines without a claim are grey."""


def price_figure(data: ReportData, formats: Formats) -> Figure | None:
    """A line for each species and age with prices, prices per gram last; None without prices."""
    texts = formats.texts
    rows: list[dict[str, Any]] = []
    for (species, age, kind), sample, (low, middle, high) in price_ranges(data):
        phrase = "chart_prices_gram" if kind == PriceKind.PER_GRAM else "chart_prices_name"
        name = texts.say(
            phrase, species=brief(formats.species(species)), age=texts.value(f"age.{age}")
        )
        if low > 0:
            rows.append(
                {
                    "gram": kind == PriceKind.PER_GRAM,
                    "name": name,
                    "low": float(low),
                    "middle": float(middle),
                    "high": float(high),
                    "text": yuan(half_up(middle, 0)),
                    "sample": sample,
                    "colour": _COLOURS.get(age, SOFT),
                    "words": [yuan(half_up(price, 2)) for price in (low, middle, high)],
                }
            )
    if not rows:
        return None
    # Only the lines with the largest samples; the table has all.
    chosen = sorted(rows, key=lambda row: -int(row["sample"]))[:_MOST]
    rows = sorted((row for row in rows if row in chosen), key=lambda row: bool(row["gram"]))
    spoken = [
        texts.say("chart_prices_each", name=row["name"], low=low, middle=middle, high=high)
        for row in rows
        for low, middle, high in [row["words"]]
    ]
    return draw_plain(
        "prices",
        texts.say("chart_prices"),
        texts.join([texts.say("chart_prices_alt"), *spoken]),
        lambda width: _drawing(rows, formats, width),
    )


def _drawing(rows: Sequence[dict[str, Any]], formats: Formats, width: int) -> Drawing:
    """Lines with their names, beside them on wide pages and above them on phones."""
    beside = width == WIDE
    left, right, step = (300.0, 44.0, 25) if beside else (18.0, 24.0, 36)
    first = floor(log10(min(row["low"] for row in rows)))
    last = max(first + 1, -floor(-log10(max(row["high"] for row in rows))))
    scale = (width - left - right) / (last - first)

    def at(price: float) -> float:
        return left + (log10(price) - first) * scale

    bottom, parts = step * len(rows) + 10, []
    for power in range(first, last + 1, 1 if beside else 1 + (last - first + 1) // 6):
        price = 10.0**power
        label = f"{price:,.0f}" if price >= 1 else f"{price:g}"
        text = label if beside else formats.texts.short_number(price)
        parts += [
            _GRID.format(at(price), 0, bottom, FAINT),
            TEXT.format(at(price), bottom + 17, "middle", 12, SOFT, text),
        ]
    for place, row in enumerate(rows):
        middle = step * (place + 1) - 6
        low, centre, high = (at(row[name]) for name in ("low", "middle", "high"))
        name = printable(fit(row["name"], 40))
        if beside:
            parts.append(TEXT.format(left - 10, middle + 4.5, "end", 13, INK, name))
        else:
            both = formats.texts.say("chart_prices_middle", name=name, number=row["text"])
            parts.append(TEXT.format(left, middle - 10, "start", 13, INK, both))
        parts += [
            _LINE.format(low, middle, high, row["colour"]),
            _MIDDLE.format(centre, middle, row["colour"]),
        ]
        if beside:
            parts.append(TEXT.format(centre, middle - 7, "middle", 11.5, INK, row["text"]))
    return Drawing(width, bottom + 24, Markup("").join(parts))
