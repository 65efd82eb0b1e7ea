"""Prices by species and age claimed, on a log scale: lowest, median and highest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from exports.charts.figure import INK, LINES, SOFT, WIDE, Figure, brief, draw, fit
from exports.formats import Formats, yuan
from exports.rounding import half_up
from exports.tables.prices import price_ranges
from wildcrawl.items import PriceKind

if TYPE_CHECKING:
    from exports.dataset import ReportData

_MOST = 24

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
    return draw(
        "prices",
        texts.say("chart_prices"),
        texts.join([texts.say("chart_prices_alt"), *spoken]),
        lambda width: _lines(rows, formats, width),
    )


def _lines(rows: Sequence[dict[str, Any]], formats: Formats, width: int) -> Any:
    """Lines with their names, beside them on wide pages and above them on phones."""
    beside = width == WIDE
    room = 300 if beside else 30
    data = pl.DataFrame(
        [
            {"place": place, "name": fit(row["name"], 40)}
            | {n: row[n] for n in ("low", "middle", "high", "text", "colour")}
            for place, row in enumerate(rows)
        ]
    )
    if not beside:
        say = formats.texts.say
        both = [say("chart_prices_middle", name=row["name"], number=row["text"]) for row in rows]
        data = data.with_columns(name=pl.Series(both), text=pl.lit(""))
    first = floor(log10(min(row["low"] for row in rows)))
    last = max(first + 1, -floor(-log10(max(row["high"] for row in rows))))
    ticks = [10.0**power for power in range(first, last + 1)]
    step = 1 if beside else 1 + len(ticks) // 6
    scale = alt.Scale(type="log", domain=[ticks[0], ticks[-1]], nice=False)
    axis = alt.Axis(
        values=ticks[::step],
        labelExpr="format(datum.value, ',~f')" if beside else _short_numbers(ticks, formats),
        labelFlush=False,
        grid=True,
    )
    base = alt.Chart(data, width=width - room, height={"step": 25 if beside else 36}).encode(
        y=alt.Y("place:O", axis=None)
    )
    colour = alt.Color("colour:N", scale=None)
    line = base.mark_rule(strokeWidth=3, strokeCap="round").encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q"), color=colour
    )
    middle = base.mark_point(filled=True, size=75, opacity=1, stroke="#fff").encode(
        x=alt.X("middle:Q", scale=scale, axis=axis), color=colour
    )
    number = base.mark_text(dy=-9, fontSize=11.5, color=INK).encode(
        x=alt.X("middle:Q", scale=scale, axis=axis), text=alt.Text("text:N")
    )
    where: dict[str, Any] = (
        {"align": "right", "dx": -10} if beside else {"align": "left", "dy": -14}
    )
    name = base.mark_text(fontSize=13, color=INK, **where).encode(
        x=alt.value(0), text=alt.Text("name:N")
    )
    return line + middle + number + name


def _short_numbers(ticks: Sequence[float], formats: Formats) -> str:
    """Vega expression that formats tick values as the language's short numbers."""
    names = {f"{tick:.0f}" if tick >= 1 else f"{tick:g}": tick for tick in ticks}
    names_by_tick = {key: formats.texts.short_number(tick) for key, tick in names.items()}
    return f"{json.dumps(names_by_tick)}[datum.value]"
