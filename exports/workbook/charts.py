"""Charts of a workbook: native ones, drawn by the spreadsheet from the cells of its sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from exports.caveats import marks
from exports.charts.figure import FAINT, INK, LINES, STACK
from exports.formats import Formats
from exports.summary import Summary

_WIDTH, _HEIGHT = 900, 380
_ROW_HEIGHT = 20
"""Pixels of a sheet's row, and of a bar."""
_BARS = 15
"""Bars of a chart at most; the sheet has all rows."""
_LEADING = 5
"""Species with lines of their own; more cannot be distinguished."""
_DASHES = ("solid", "solid", "dash", "round_dot", "long_dash", "dash_dot")


@dataclass(frozen=True)
class Sheet:
    """A written table: the name of its sheet, and its rows."""

    name: str
    rows: pl.DataFrame

    def column(self, column: str, first: int = 0, number: int | None = None) -> list[Any]:
        """Reference to the cells of a column, from the row `first` on, counted without header."""
        place = self.rows.columns.index(column)
        last = self.rows.height if number is None else min(self.rows.height, first + number)
        return [self.name, first + 1, place, last, place]

    def heading(self, column: str) -> list[Any]:
        """Reference to the heading of a column."""
        return [self.name, 0, self.rows.columns.index(column)]


def add_charts(
    book: Any,
    page: Any,
    sheets: Mapping[str, Sheet],
    summary: Summary,
    formats: Formats,
) -> None:
    """Draws the charts of the report on the sheet `page`, one below the other."""
    line = 1
    mark = marks(summary, formats)
    for title, alternative, chart, height in _charts(book, sheets, summary, formats):
        chart.set_title({"name": f"{title}{mark}", "name_font": {"size": 13, "color": INK}})
        chart.set_size({"width": _WIDTH, "height": height})
        chart.show_blanks_as("gap")
        options = {"description": alternative, "object_position": 3}
        page.insert_chart(line, 1, chart, options)
        line += height // _ROW_HEIGHT + 2


Chart = tuple[str, str, Any, int]
"""A chart with its title, its text for who cannot see it, and its height in pixels."""


def _charts(
    book: Any,
    sheets: Mapping[str, Sheet],
    summary: Summary,
    formats: Formats,
) -> Iterator[Chart]:
    say = formats.texts.say
    leading = [each.name for each in summary.species] or formats.context.species
    leading = leading[:_LEADING]
    if len(summary.by_month) > 1:
        months = sheets["monthly"]
        yield say("chart_months"), say("chart_months_alt"), _lines(book, months), _HEIGHT
        several = _leading(book, months, leading, formats)
        yield say("chart_leading"), say("chart_leading_alt"), several, _HEIGHT
    title = say("species_share.title")
    yield title, title, *_bars(book, sheets["species_share"], "species")
    yield say("chart_sites"), say("chart_sites_alt"), *_bars(book, sheets["site_share"], "site")
    if len(summary.years) > 1:
        years = book.add_chart({"type": "column"})
        _series(years, sheets["yearly"], "year", "monthly_average", STACK[0], labels=True, gap=120)
        years.set_legend({"none": True})
        years.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": FAINT}}})
        yield say("chart_yearly"), say("chart_yearly_alt"), years, _HEIGHT


def _series(chart: Any, sheet: Sheet, by: str, column: str, colour: str, **more: Any) -> None:
    """Adds a column of a sheet to a chart; with `labels` the numbers stand beside its marks."""
    labels = more.pop("labels", False)
    number = more.pop("number", None)
    series = {
        "name": sheet.heading(column),
        "categories": sheet.column(by, number=number),
        "values": sheet.column(column, number=number),
        "fill": {"color": colour},
        "gap": 40,
    } | more
    if labels:
        series["data_labels"] = {"value": True, "font": {"color": INK}}
    chart.add_series(series)


def _lines(book: Any, sheet: Sheet) -> Any:
    chart = book.add_chart({"type": "line"})
    _series(chart, sheet, "month", "all", INK, line={"color": INK, "width": 2.25})
    if sheet.rows["same_sites"].null_count() < sheet.rows.height:
        colour = LINES[0][0]
        line = {"color": colour, "width": 1.5, "dash_type": "dash"}
        _series(chart, sheet, "month", "same_sites", colour, line=line)
    _axes(chart)
    return chart


def _leading(book: Any, sheet: Sheet, leading: list[str], formats: Formats) -> Any:
    chart = book.add_chart({"type": "line"})
    named = [name for name in formats.context.species if name in leading]
    for name, colour, dash in zip(["all", *named], (INK, *STACK), _DASHES, strict=False):
        line = {"color": colour, "width": 1.75, "dash_type": dash}
        _series(chart, sheet, "month", name, colour, line=line)
    _axes(chart)
    return chart


def _axes(chart: Any) -> None:
    chart.set_x_axis({"date_axis": True, "num_format": "yyyy-mm", "num_font": {"color": INK}})
    chart.set_y_axis(
        {
            "min": 0,
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": FAINT}},
        }
    )
    chart.set_legend({"position": "bottom"})


def _bars(book: Any, sheet: Sheet, by: str) -> tuple[Any, int]:
    chart = book.add_chart({"type": "bar"})
    number = min(_BARS, sheet.rows.height)
    _series(chart, sheet, by, "share_percent", STACK[0], number=number, labels=True)
    chart.set_y_axis({"reverse": True, "num_font": {"color": INK}})
    chart.set_x_axis({"min": 0, "visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})
    return chart, 120 + 24 * number
