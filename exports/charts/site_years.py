"""Site and year chart: the number and the species of each website in each year, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from exports.charts.figure import (
    INK,
    RECT,
    SOFT,
    STACK,
    TEXT,
    WIDE,
    Drawing,
    Figure,
    brief,
    draw_plain,
    fit,
    legend_of,
    printable,
    span,
)
from exports.formats import NOTHING

if TYPE_CHECKING:
    from exports.dataset import ReportData
    from exports.formats import Formats
    from exports.tables.table import Table

_SITES = 40
"""Number of websites with a row of their own; the others are combined in one."""
_LINE = 20


@dataclass(frozen=True)
class _Cell:
    """A website's year: its numbers in the order of the legend; None if it was not searched."""

    numbers: Sequence[int] | None

    @property
    def text(self) -> str:
        return NOTHING if self.numbers is None else f"{sum(self.numbers):,}"


def site_years_figure(data: ReportData, table: Table, formats: Formats) -> Figure | None:
    """A row for each website and a column for each year; None for fewer than two websites."""
    counts: dict[tuple[str, str, str], int] = {}
    totals: dict[str, int] = {}
    for site, year, name, number, _ in table.rows.rows():
        counts[site, year, name] = number
        totals[site] = totals.get(site, 0) + number
    if len(totals) < 2:
        return None
    say = formats.texts.say
    years = sorted({month[:4] for month in data.context.months})
    groups, legend = _stack(counts, formats)
    searched = _searched(data)
    rows: dict[str, list[_Cell]] = {}
    named, rest = list(totals)[:_SITES], list(totals)[_SITES:]
    labelled: list[tuple[tuple[str, ...], str]] = [((site,), formats.site(site)) for site in named]
    if rest:
        labelled.append((tuple(rest), say("chart_rest_sites", number=len(rest))))
    for sites, label in labelled:
        # Two websites may have the same label.
        key = label if label not in rows else f"{label} ({sites[0]})"
        rows[key] = [_cell(counts, sites, year, groups, searched) for year in years]
    alone = len(data.context.months) == 1
    title = "chart_site_month" if alone else "chart_site_years"
    spoken = [
        say(
            "chart_bar_alt",
            name=name,
            number=formats.texts.enumerate(
                [
                    cell.text if alone else f"{year} {cell.text}"
                    for year, cell in zip(years, cells, strict=True)
                ]
            ),
        )
        for name, cells in rows.items()
    ]
    unsearched = any(cell.numbers is None for cells in rows.values() for cell in cells)
    return draw_plain(
        "site_years",
        say(title),
        formats.texts.join([say(f"{title}_alt"), *spoken]),
        lambda width: _drawing(rows, [""] if alone else years, legend, width),
        say("chart_site_years_none", sign=NOTHING) if unsearched else "",
    )


def _stack(
    counts: Mapping[tuple[str, str, str], int], formats: Formats
) -> tuple[list[tuple[str, ...]], list[str]]:
    """The parts of a bar, of one species each and the last of the rest, and their labels."""
    species: dict[str, int] = {}
    for (_, _, name), number in counts.items():
        species[name] = species.get(name, 0) + number
    largest = sorted(species, key=lambda name: -species[name])
    named, rest = largest[: len(STACK) - 1], largest[len(STACK) - 1 :]
    groups: list[tuple[str, ...]] = [(name,) for name in named]
    legend = [brief(formats.species(name)) for name in named]
    if rest:
        groups.append(tuple(rest))
        legend.append(formats.texts.say("chart_rest"))
    return groups, legend


def _searched(data: ReportData) -> set[tuple[str, str]]:
    """Pairs of a website and a year in which it was searched."""
    return {
        (site, month[:4]) for month in data.context.months for site in data.coverage.searched(month)
    }


def _cell(
    counts: Mapping[tuple[str, str, str], int],
    sites: Sequence[str],
    year: str,
    groups: Sequence[Sequence[str]],
    searched: set[tuple[str, str]],
) -> _Cell:
    numbers = [
        sum(counts.get((site, year, name), 0) for site in sites for name in names)
        for names in groups
    ]
    known = any(numbers) or any((site, year) in searched for site in sites)
    return _Cell(numbers if known else None)


def _drawing(
    rows: Mapping[str, Sequence[_Cell]], years: Sequence[str], legend: Sequence[str], width: int
) -> Drawing:
    """Names to the left of the rows on wide pages, and above them on phones."""
    beside = width == WIDE
    names = [printable(fit(name, 26 if beside else 44)) for name in rows]
    left = 16 + max(span(name, 12.5) for name in names) if beside else 0.0
    column = (width - left) / len(years)
    numbered = column >= 90 or (beside and column >= 60)
    room = column - (48 if numbered else 6)
    parts, top = legend_of(list(zip(legend, STACK, strict=False)), width)
    step, drop = (_LINE, 0) if beside else (38, 17)
    for place, year in enumerate(years):
        x = left + column * place
        if year:
            parts.append(TEXT.format(x, top + 12, "start", 12, SOFT, year))
    top += 20 if any(years) else 0
    for number, (name, cells) in enumerate(zip(names, rows.values(), strict=True)):
        y = top + step * number
        end, x = ("end", left - 8) if beside else ("start", 0.0)
        parts.append(TEXT.format(x, y + 14, end, 12.5, INK, name))
        for place, cell in enumerate(cells):
            parts += _bar(cell, left + column * place, y + drop, room, numbered=numbered)
    return Drawing(width, top + step * len(rows) + 4, Markup("").join(parts))


def _bar(cell: _Cell, x: float, y: float, room: float, *, numbered: bool) -> list[Markup]:
    """The shares of the species as a bar of full length, and the number after it."""
    parts, start = [], x
    whole = sum(cell.numbers or ())
    for size, colour in zip(cell.numbers or (), STACK, strict=False):
        if size:
            length = room * size / whole
            parts.append(RECT.format(start, y + 4, length, 11, colour))
            start += length
    if numbered or not whole:
        at = x + room + 4 if whole else x
        parts.append(TEXT.format(at, y + 13.5, "start", 11.5, INK if whole else SOFT, cell.text))
    return parts
