"""Writer of a report's workbook: its sheets in order, and each table as a sheet with filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range

from exports.caveats import title
from exports.dataset import ReportData
from exports.file_names import csv_name
from exports.formats import Formats
from exports.labels import labelled
from exports.narrative import notes
from exports.page import ALWAYS
from exports.summary import Summary
from exports.tables.table import Table
from exports.workbook.charts import Sheet, add_charts
from exports.workbook.columns import READERS, CellKind, SheetColumn, column_of
from exports.workbook.cover import ContentsLine, write_cover, write_notes
from exports.workbook.rows import fitting, rows_xml
from exports.workbook.streams import Rows, stream_rows
from exports.writers import harmless
from wildcrawl.tabular.words import CLOSED, shown

ROWS = 1_048_575
"""Maximum rows of a sheet below its header; longer tables continue on another sheet."""
LISTS = ("notified", "advertisements")
"""Tables of advertisements, which may be long; they are written after the notes."""
_NUMERIC = (
    CellKind.COUNT, CellKind.MONEY, CellKind.PERCENT, CellKind.CHANGE, CellKind.TENTHS,
    CellKind.HUNDREDTHS,
)  # fmt: skip
"""Kinds of columns that spreadsheets align to the right."""
_LEFT = (CellKind.MOMENT, CellKind.DAY, CellKind.MONTH, CellKind.YEAR)
"""Kinds that are aligned to the left, so that they do not touch the next column's text."""
_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
"""What names of sheets may not have."""
_AT_ONCE = 20_000
"""Rows of a list that are made to text at once."""
_ALL_COLUMNS = 9
"""Columns from which on a sheet is printed across the long side of the paper."""


@dataclass(frozen=True)
class Contents:
    """What a workbook has.

    tables    the tables of the report, by name
    records   the counted advertisements as their CSV file has them, which are read back
    with_csv  whether the CSV files are written too, so that the cover names them
    """

    data: ReportData
    tables: Mapping[str, Table]
    records: Table
    summary: Summary
    with_csv: bool


def write_workbook(path: Path, contents: Contents, formats: Formats) -> None:
    """Writes the workbook; a draft of it, without the rows of its lists, is beside it meanwhile.

    Texts are never formulas, contacts are hidden as in `contents`. Memory is bounded: the lists
    are written a part at a time.
    """
    draft = path.with_name(f".{path.name}")
    book = xlsxwriter.Workbook(draft, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_size(2400, 1500)
    book.set_properties({"title": title(contents.summary, formats)})
    streams = _Writer(book, contents, formats).write()
    book.close()
    stream_rows(draft, path, streams)
    draft.unlink()


class _Writer:
    """Writer of the sheets of one workbook."""

    def __init__(self, book: Any, contents: Contents, formats: Formats) -> None:
        self._book, self._contents, self._formats = book, contents, formats
        self._streams: dict[int, Rows] = {}
        self._looks: dict[CellKind, Any] = {}
        header = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        header["bg_color"] = "#f1f3f5"
        self._header = book.add_format(header)
        self._number_header = book.add_format(header | {"align": "right"})
        self._indented_header = book.add_format(header | {"align": "left", "indent": 1})
        self._indented = book.add_format({"align": "left", "indent": 1})

    def write(self) -> dict[int, Rows]:
        """Writes all sheets; the rows of the lists by the place of their sheet."""
        say, summary = self._formats.texts.say, self._contents.summary
        cover = self._sheet(say("book.cover"))
        drawn = self._sheet(say("book.figures")) if summary.total else None
        tables = self._contents.tables
        chosen = [table for table in tables.values() if self._has(table)]
        sheets = {t.name: self._table(t) for t in chosen if t.name not in LISTS}
        noted = self._sheet(say("book.notes"))
        lists = {t.name: self._list(t) for t in chosen if t.name in LISTS}
        listed = [ContentsLine(say("book.figures"), say("book.figures.what"))] if drawn else []
        listed += [self._listed(tables[name], sheets[name].name) for name in sheets]
        listed.append(ContentsLine(say("book.notes"), say("book.notes.what")))
        listed += [self._listed(tables[name], sheet) for name, sheet in lists.items()]
        write_cover(self._book, cover, summary, self._formats, listed)
        cover.activate()
        if drawn:
            drawn.hide_gridlines(2)
            add_charts(self._book, drawn, sheets, summary, self._formats)
        written = notes(
            self._contents.data, summary, self._formats, with_files=self._contents.with_csv
        )
        write_notes(self._book, noted, say("notes.title"), written)
        return self._streams

    def _has(self, table: Table) -> bool:
        """Whether the workbook has the table: the page has it too, and it says something."""
        summary = self._contents.summary
        if table.name == "extremes" and len(summary.by_month) == 1:
            return False
        if table.name == "yearly" and len(summary.years) < 2:
            return False
        return table.name in (*ALWAYS, "advertisements") or table.height > 0

    def _listed(self, table: Table, sheet: str) -> ContentsLine:
        texts, context = self._formats.texts, self._formats.context
        key = f"{table.name}.what"
        if key not in texts.phrases:
            key = f"{table.name}.note"
        words = {"general": self._formats.species("general"), "year": context.months[-1][:4]}
        what = texts.say(key, **words)
        if table.name == "comparisons" and self._contents.summary.differing:
            what = texts.join([what, texts.say("comparisons.differ")])
        if table.name == "removals" and self._has(self._contents.tables["notified"]):
            named = texts.say("removals.in_sheet", sheet=self._tab("notified"))
            what = texts.join([what, named])
        provisional = self._contents.summary.provisional is not None
        file = csv_name(table.name, provisional=provisional)
        return ContentsLine(
            sheet, what, table.height, f"csv/{file}" if self._contents.with_csv else ""
        )

    def _sheet(self, name: str) -> Any:
        """A new sheet, set up for paper."""
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        head = title(self._contents.summary, self._formats).replace("&", "&&")
        sheet.set_header(f"&L{head}&R&A")
        sheet.set_footer("&C&P / &N")
        if self._contents.summary.provisional:
            sheet.set_tab_color("#b64a00")
        return sheet

    def _tab(self, table: str) -> str:
        """Name of a table's sheet, as spreadsheets allow it."""
        phrases = self._formats.texts.phrases
        name = phrases.get(f"{table}.tab") or phrases.get(f"{table}.title") or table
        return _FORBIDDEN.sub(" ", name)[:_LONGEST_NAME].strip(" '")

    def _columns(self, table: Table, rows: pl.DataFrame, *, with_codes: bool) -> list[SheetColumn]:
        formats, columns = self._formats, []
        for name in rows.columns:
            heading = formats.heading(name, table.name)
            if with_codes:
                heading = name if formats.texts.lang == "en" else f"{name}\n{heading}"
            columns.append(column_of(name, heading, rows))
        return columns

    def _look(self, kind: CellKind) -> Any:
        if kind not in self._looks:
            style = {"num_format": kind.value} | ({"align": "left"} if kind in _LEFT else {})
            self._looks[kind] = self._book.add_format(style)
        return self._looks[kind]

    def _table_sheet(self, name: str, columns: Sequence[SheetColumn], rows: int) -> Any:
        """A sheet with its header, which remains visible and has filters."""
        sheet = self._sheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            header = self._number_header if column.kind in _NUMERIC else self._header
            if _after_number(columns, place):
                header = self._indented_header
            sheet.write_string(0, place, column.heading, header)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, rows, len(columns) - 1)
        if len(columns) > _ALL_COLUMNS:
            sheet.set_landscape()
        return sheet

    def _table(self, table: Table) -> Sheet:
        """Writes a table of figures to its sheet, with labels in place of codes."""
        rows = harmless(labelled(table.rows, self._formats))
        columns = self._columns(table, rows, with_codes=False)
        name = self._tab(table.name)
        sheet = self._table_sheet(name, columns, rows.height)
        for line, row in enumerate(rows.iter_rows(), 1):
            for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
                if cell is not None and _after_number(columns, place):
                    sheet.write_string(line, place, fitting(str(cell)), self._indented)
                elif cell is not None:
                    self._write_cell(sheet, (line, place), cell, column.kind)
        return Sheet(name, table.rows)

    def _write_cell(self, sheet: Any, place: tuple[int, int], cell: Any, kind: CellKind) -> None:
        value = READERS[kind](cell) if kind in READERS else cell
        if kind is CellKind.TEXT:
            sheet.write_string(*place, fitting(str(cell)))
        elif kind in (CellKind.DAY, CellKind.MONTH):
            sheet.write_datetime(*place, value, self._look(kind))
        else:
            sheet.write_number(*place, value, self._look(kind))

    def _list(self, table: Table) -> str:
        """Writes a list to one sheet or several, of which the later ones are numbered."""
        with_codes = table.name == "advertisements"
        if with_codes:
            table = self._contents.records
        shown_rows = table.rows if with_codes else labelled(table.rows, self._formats)
        columns = self._columns(table, shown_rows, with_codes=with_codes)
        first = self._tab(table.name)
        parts = _Parts(table, None if with_codes else lambda rows: labelled(rows, self._formats))
        for number in range(max(1, ceil(table.height / ROWS))):
            height = min(ROWS, table.height - number * ROWS)
            name = f"{first} {number + 1}" if number else first
            sheet = self._table_sheet(name, columns, height)
            if with_codes:
                self._offer_verdicts(sheet, columns, height)
            # Ids that look like numbers are text, so that no digit of them is lost.
            sheet.ignore_errors(
                {"number_stored_as_text": xl_range(1, 0, max(1, height), len(columns) - 1)}
            )
            if height:
                for place, column in enumerate(columns):
                    sheet.write_blank(1, place, None, self._look(column.kind))
                kinds = [column.kind for column in columns]
                place = len(self._book.worksheets()) - 1
                self._streams[place] = _rows_of(parts, kinds, height)
        return first

    def _offer_verdicts(self, sheet: Any, columns: Sequence[SheetColumn], rows: int) -> None:
        """Offers the verdicts in their column; other words for them may be typed too."""
        place = [column.name for column in columns].index("verdict")
        chinese = self._formats.texts.lang == "zh"
        words = [shown(word, label if chinese else "") for word, label in CLOSED["verdict"].items()]
        choices = {"validate": "list", "source": words, "show_error": False}
        sheet.data_validation(1, place, max(1, rows), place, choices)


def _after_number(columns: Sequence[SheetColumn], place: int) -> bool:
    """Whether a column of texts follows one that is aligned to the right, and needs an indent."""
    before = columns[place - 1].kind if place else CellKind.TEXT
    return columns[place].kind is CellKind.TEXT and before in _NUMERIC


class _Parts:
    """The rows of a table, taken from it in order by one sheet after another."""

    def __init__(self, table: Table, change: Callable[[pl.DataFrame], pl.DataFrame] | None) -> None:
        self._parts = table.parts()
        self._change = change
        self._rest: pl.DataFrame | None = None

    def take(self, most: int) -> pl.DataFrame:
        """The next `most` rows, fewer at the end; ValueError if there are none.

        Small parts are joined, since making the text of a part takes as long as that of
        thousands of rows.
        """
        taken: list[pl.DataFrame] = []
        while most and (part := self._next()) is not None:
            taken.append(part.head(most))
            self._rest = part.slice(most)
            most -= taken[-1].height
        if not taken:
            raise ValueError("a table has fewer rows than it says")
        return pl.concat(taken)

    def _next(self) -> pl.DataFrame | None:
        """What is left of a part, or else the next one with rows; None if there is none."""
        while self._rest is None or not self._rest.height:
            part = next(self._parts, None)
            if part is None:
                return None
            self._rest = self._change(part) if self._change else part
        return self._rest


def _rows_of(parts: _Parts, kinds: Sequence[CellKind], height: int) -> Rows:
    """The next `height` rows of a table as the rows of a sheet."""

    def rows(styles: Mapping[str, str]) -> Iterator[bytes]:
        numbers = [styles.get(xl_col_to_name(place), "") for place in range(len(kinds))]
        done = 0
        while done < height:
            part = parts.take(min(_AT_ONCE, height - done))
            # The header is the first row.
            yield rows_xml(harmless(part), kinds, numbers, done + 2)
            done += part.height

    return rows
