"""Horizontal bar charts with the number at the bar's end: sites, years, species of one month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from exports.charts.figure import (
    INK,
    LINES,
    NAMED,
    REST,
    WIDE,
    Drawing,
    Figure,
    draw_plain,
    fit,
    printable,
    span,
)
from exports.charts.series import read_series

if TYPE_CHECKING:
    from exports.formats import Formats
    from exports.summary import Summary
    from exports.tables.table import Table

_SITES = 12
"""Number of sites with a bar of their own."""

_NAME = {True: 40, False: 22}
"""Maximum letters of a bar's name: True for wide pages, False for phones."""


@dataclass(frozen=True)
class Bar:
    """A bar: its name, length, text at the end, and colour."""

    name: str
    number: float
    text: str
    colour: str = LINES[0][0]


_UNKNOWN = 4
"""Maximum number of sites named that were not searched."""


def month_figure(table: Table, summary: Summary, formats: Formats) -> Figure:
    """Bars of the only month of the monthly table: all species first, then the largest."""
    (month,), (everything, *species) = read_series(table, formats)
    say, period = formats.texts.say, formats.texts.month(month)
    bars = [Bar(everything.name, everything.total, everything.last, INK)]
    # A species that was not searched is after those with 0.
    species.sort(key=lambda one: (one.gaps, -one.total))
    bars += [Bar(one.name, one.total, one.last) for one in species]
    alternative = say("chart_one_month_alt", period=period)
    title = say("chart_one_month", period=period)
    return _figure("monthly", title, alternative, bars, formats, _missed_legend(summary, formats))


def _missed_legend(summary: Summary, formats: Formats) -> str:
    """Legend of the chart of one month: the sites that were not searched."""
    sites = [formats.missed(*each) for missed in summary.missed.values() for each in missed.items()]
    if not sites:
        return ""
    named = formats.texts.first(sites, NAMED, "more_sites")
    return formats.texts.say("chart_missed_month", sites=formats.texts.enumerate(named))


def site_figure(table: Table, formats: Formats) -> Figure | None:
    """Bars of the sites' shares, small ones combined; None if there is only one site.

    Sites that were not searched have no bar, but are named after those that were.
    """
    say = formats.texts.say
    rows = [row[:3] for row in table.rows.rows() if row[1]]
    unknown = [formats.site(row[0]) for row in table.rows.rows() if row[1] is None]
    if len(rows) + len(unknown) < 2:
        return None
    bars = [Bar(formats.site(name), float(share), f"{share}%") for name, _, share in rows[:_SITES]]
    if rows[_SITES:]:
        rest = sum(share for _, _, share in rows[_SITES:])
        name = say("chart_rest_sites", number=len(rows) - _SITES)
        bars.append(Bar(name, float(rest), f"{rest}%", REST))
    if len(unknown) > _UNKNOWN:
        rest = len(unknown) - _UNKNOWN + 1
        unknown[_UNKNOWN - 1 :] = [say("chart_rest_sites", number=rest)]
    bars += [Bar(name, 0, say("chart_not_searched")) for name in unknown]
    return _figure("sites", say("chart_sites"), say("chart_sites_alt"), bars, formats)


def yearly_figure(table: Table, formats: Formats) -> Figure | None:
    """Bars of each year's monthly average; None if there is only one year."""
    rows = table.rows.rows(named=True)
    if len(rows) < 2:
        return None
    say = formats.texts.say
    bars = [
        Bar(
            year_name(row["year"], row["months_searched"], formats),
            float(row["monthly_average"] or 0),
            f"{row['monthly_average']:,}" if row["months_searched"] else say("chart_not_searched"),
        )
        for row in rows
    ]
    return _figure("yearly", say("chart_yearly"), say("chart_yearly_alt"), bars, formats)


def year_name(year: str, number: int, formats: Formats) -> str:
    """Name of a year, with the number of its counted months if only some are."""
    if number in (0, 12):
        return year
    return formats.texts.say("chart_part_year", year=year, months=number)


def _figure(
    name: str,
    title: str,
    alternative: str,
    bars: Sequence[Bar],
    formats: Formats,
    legend: str = "",
) -> Figure:
    sentences = [formats.texts.say("chart_bar_alt", name=bar.name, number=bar.text) for bar in bars]
    words = formats.texts.join([alternative, *sentences])
    return draw_plain(name, title, words, lambda width: _bars(bars, width), legend)


_STEP, _THICK, _PAD = 24, 15, 2
"""Distance and thickness of bars, and the margin of the drawing, in pixels."""
_END = 75
"""Room in pixels for the number at the end of the longest bar."""
_BAR = Markup('<rect x="{:g}" y="{:g}" width="{:.1f}" height="{}" fill="{}"/>')
_WORDS = Markup('<text x="{:g}" y="{:g}" text-anchor="{}" fill="{}">{}</text>')


def _bars(bars: Sequence[Bar], width: int) -> Drawing:
    """Bars as plain SVG: a report draws them for every month, and charts take far longer."""
    names = [printable(fit(bar.name, _NAME[width == WIDE])) for bar in bars]
    # Short names such as years may consist of wide letters alone.
    left = 16 + max(map(span, names))
    highest = max(1, *(bar.number for bar in bars))
    scale = (width - left - _END) / highest
    parts = []
    for place, (bar, name) in enumerate(zip(bars, names, strict=True)):
        middle = _PAD + _STEP * (place + 0.5)
        length = bar.number * scale
        parts += [
            _WORDS.format(left - 8, middle + 4.5, "end", INK, name),
            _WORDS.format(left + length + 5, middle + 4.5, "start", INK, bar.text),
        ]
        if length:
            parts.append(_BAR.format(left, middle - _THICK / 2, length, _THICK, bar.colour))
    return Drawing(width, _STEP * len(bars) + 2 * _PAD, Markup("").join(parts))
