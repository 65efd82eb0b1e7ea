"""XLS reader: the cells of workbooks in the binary format of Excel before 2007."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

import xlrd
from xlrd.sheet import Cell, Sheet

from wildcrawl.tabular.books.cells import MOST_LINKS, Value, linked, unescaped
from wildcrawl.tabular.books.hidden import Hidden
from wildcrawl.tabular.books.merged import with_merged
from wildcrawl.tabular.books.units import unit_of_format, width_of_format, with_unit

Place = tuple[int, int]
_OWN_FORMATS = 164
"""Number of the first format that is not built in."""
_WIDEST_LINK = 10_000
"""Cells of one link; a link over more is one over whole columns."""


class XlsBook:
    """An open XLS workbook; `names` are its sheets, without sheets of charts."""

    def __init__(self, path: Path) -> None:
        with open(os.devnull, "w", encoding="utf-8") as log:  # noqa: PTH123 (a device)
            try:
                # The reader tells which cells are merged only together with their formats.
                self._book = xlrd.open_workbook(str(path), logfile=log, formatting_info=True)
            except Exception:
                # Formats that it cannot read fail in any way.
                self._book = xlrd.open_workbook(str(path), logfile=log)
        self.names = list(self._book.sheet_names())
        self.hidden = Hidden()

    def rows(self, name: str) -> Iterator[tuple[int, list[Value]]]:
        """The rows of a sheet with their numbers, from 1."""
        sheet = self._book.sheet_by_name(name)
        self._note_hidden(name, sheet)
        spans = [(first + 1, end, column + 1) for first, end, column, _ in sheet.merged_cells]
        return with_merged(self._rows(sheet), spans)

    def _note_hidden(self, name: str, sheet: Sheet) -> None:
        self.hidden.rows |= {
            (name, row + 1)
            for row, info in sheet.rowinfo_map.items()
            if info.hidden and row < sheet.nrows and any(sheet.row_values(row))
        }
        columns = sheet.colinfo_map.items()
        self.hidden.columns |= {(name, column + 1) for column, info in columns if info.hidden}
        if sheet.visibility:
            self.hidden.sheets.add(name)

    def _rows(self, sheet: Sheet) -> Iterator[tuple[int, list[Value]]]:
        links = _links(sheet)
        for row in range(sheet.nrows):
            values = [self._value(cell) for cell in sheet.row(row)]
            if self._is_struck(sheet.row(row)):
                self.hidden.struck.add((sheet.name, row + 1))
            yield (
                row + 1,
                [
                    linked(value, links.get((row, column), ""))
                    for column, value in enumerate(values)
                ],
            )

    def close(self) -> None:
        """Frees the memory of the workbook."""
        self._book.release_resources()

    def _value(self, cell: Cell) -> Value:
        kind, value = cell.ctype, cell.value
        if kind == xlrd.XL_CELL_TEXT:
            return unescaped(str(value))
        if not isinstance(value, int | float) or kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
            return None
        if kind == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(int(value), "#UNKNOWN!"))
        if kind == xlrd.XL_CELL_BOOLEAN:
            return bool(value)
        if kind == xlrd.XL_CELL_DATE:
            return self._moment(float(value))
        return self._shown(value, self._formats.get(cell.xf_index or 0, ""))

    def _shown(self, number: float, code: str) -> Value:
        """A number with the zeros, or the unit of money, that its format shows around it."""
        width, unit = width_of_format(code), unit_of_format(code)
        if width and float(number).is_integer() and number >= 0:
            return f"{int(number):0{width}d}"
        return with_unit(number, unit) if any(unit) else number

    @cached_property
    def _formats(self) -> dict[int, str]:
        """The workbook's own number formats, by style; built-in ones differ between countries."""
        formats = self._book.format_map
        found = {
            style.xf_index: formats[style.format_key].format_str
            for style in self._book.xf_list
            if style.format_key >= _OWN_FORMATS and style.format_key in formats
        }
        return {number: code for number, code in found.items() if code}

    def _is_struck(self, row: Sequence[Cell]) -> bool:
        """Whether every cell of a row that has a value is struck out."""
        filled = [cell for cell in row if cell.value != ""]
        return bool(filled) and all(cell.xf_index in self._struck for cell in filled)

    @cached_property
    def _struck(self) -> set[int]:
        """Styles by number whose font is struck through."""
        fonts = self._book.font_list
        return {
            style.xf_index
            for style in self._book.xf_list
            if style.font_index < len(fonts) and fonts[style.font_index].struck_out
        }

    def _moment(self, value: float) -> Value:
        try:
            moment: datetime = xlrd.xldate.xldate_as_datetime(value, self._book.datemode)
        except (OverflowError, ValueError):
            return value
        return moment.time() if 0 <= value < 1 else moment


def _links(sheet: Sheet) -> dict[Place, str]:
    """Address of each cell of a sheet that has a link; rows and columns from 0."""
    links: dict[Place, str] = {}
    for link in sheet.hyperlink_list:
        rows, columns = range(link.frowx, link.lrowx + 1), range(link.fcolx, link.lcolx + 1)
        if not link.url_or_path or len(rows) * len(columns) > _WIDEST_LINK:
            continue
        url = link.url_or_path
        address = url.decode("latin-1") if isinstance(url, bytes) else url
        if link.textmark:
            address = f"{address}#{link.textmark}"
        links |= dict.fromkeys(((row, column) for row in rows for column in columns), address)
        if len(links) > MOST_LINKS:
            raise ValueError(f"it has more than {MOST_LINKS:,} links")
    return links
