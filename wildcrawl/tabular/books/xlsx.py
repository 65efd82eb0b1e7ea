"""XLSX reader: the cells of one sheet after another, with their links and errors, in any dialect.

It reads the parts that hold values and skips all others, so that a fill, a chart or a property
that another program wrote in its own way is read all the same.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from wildcrawl.tabular.books.cells import (
    MOST_COLUMNS,
    MOST_LINKS,
    Value,
    link_of_formula,
    linked,
    number_of,
    unescaped,
)
from wildcrawl.tabular.books.hidden import Hidden
from wildcrawl.tabular.books.merged import Span, with_merged
from wildcrawl.tabular.books.parts import attribute, children, contains, local, parsed
from wildcrawl.tabular.books.units import unit_of_format, width_of_format, with_unit
from wildcrawl.tabular.tables import ERRORS, UNCALCULATED

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")
_EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in formats of dates and times in the Chinese, Japanese and Korean programs."""
_WIDEST_LINK = 10_000
"""Cells of one link; a link over more is one over whole columns."""

Place = tuple[int, int]
"""Row and column of a cell, both from 1."""


_TRUE = ("1", "true")


class XlsxBook:
    """An open XLSX or XLSM workbook; `names` are its sheets, without sheets of charts."""

    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path)
        self._parts = {
            name.replace("\\", "/").lstrip("/").lower(): name for name in self._zip.namelist()
        }
        self._main = next(
            (target for kind, target in self._relations("").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        self._sheets: dict[str, str] = {}
        self._from_1904 = False
        self.hidden = Hidden()
        self._read_workbook()
        self.names = list(self._sheets)

    def _read_workbook(self) -> None:
        relations = self._relations(self._main)
        with self._open(self._main) as file:
            for element in parsed(file, ("sheet", "workbookPr")):
                if local(element) == "workbookPr":
                    self._from_1904 = element.get("date1904", "") in ("1", "true")
                    continue
                kind, target = relations.get(attribute(element, "id"), ("", ""))
                if kind == "worksheet" and self._has(target):
                    self._sheets[element.get("name", "")] = target
                    if element.get("state", "visible") != "visible":
                        self.hidden.sheets.add(element.get("name", ""))

    def rows(self, name: str) -> Iterator[tuple[int, list[Value]]]:
        """The rows of a sheet with their numbers, from 1; rows without cells are left out."""
        part = self._sheets[name]
        return with_merged(self._rows(name, part), self._merged(part))

    def _rows(self, name: str, part: str) -> Iterator[tuple[int, list[Value]]]:
        links = self._links(part)
        number = 0
        with self._open(part) as file:
            for row in parsed(file, ("row", "col")):
                if local(row) == "col":
                    self._read_column(name, row)
                    continue
                number = int(row.get("r") or number + 1)
                values = self._values(row, number, links)
                if row.get("hidden") in _TRUE and any(each is not None for each in values):
                    self.hidden.rows.add((name, number))
                if self._struck and self._is_struck(row):
                    self.hidden.struck.add((name, number))
                yield number, values

    def _is_struck(self, row: etree._Element) -> bool:
        """Whether every cell of a row that has a value is struck out."""
        filled = [cell for cell in children(row, "c") if len(cell)]
        return bool(filled) and all(int(cell.get("s") or 0) in self._struck for cell in filled)

    def _read_column(self, name: str, columns: etree._Element) -> None:
        """Notes columns that are hidden, of those with the same properties."""
        first, last = int(columns.get("min") or 0), int(columns.get("max") or 0)
        if columns.get("hidden") in _TRUE and 0 < first <= last:
            last = min(last, MOST_COLUMNS)
            self.hidden.columns |= {(name, column) for column in range(first, last + 1)}

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()

    def _values(self, row: etree._Element, number: int, links: dict[Place, str]) -> list[Value]:
        values: list[Value] = []
        for cell in children(row, "c"):
            match = _CELL.fullmatch(cell.get("r", ""))
            column = column_index_from_string(match[1]) if match else len(values) + 1
            if column > MOST_COLUMNS:
                raise ValueError(f"row {number} has a cell in column {column}")
            values += [None] * (column - 1 - len(values))
            value = self._value(cell)
            link = links.get((number, column), "") if links else ""
            values[column - 1 :] = [linked(value, link) if link else value]
        return values

    def _value(self, cell: etree._Element) -> Value:
        formula, result, inline = None, None, None
        for child in cell:
            name = local(child)
            if name == "v":
                result = child.text or ""
            elif name == "f":
                formula = child.text or ""
            elif name == "is":
                inline = _text(child)
        if formula is not None:
            return self._of_formula(cell, formula, result)
        if cell.get("t") == "inlineStr":
            return inline
        return None if result is None else self._read(cell, result)

    def _of_formula(self, cell: etree._Element, formula: str, result: str | None) -> Value:
        link = link_of_formula(formula)
        if not result and cell.get("t") != "str":
            return linked("", link) if link else UNCALCULATED
        return linked(self._read(cell, result or ""), link)

    def _read(self, cell: etree._Element, text: str) -> Value:
        """Value of a cell's text `text` by the cell's type."""
        kind = cell.get("t", "n")
        if kind == "s":
            return self._shared[int(text)]
        if kind in ("str", "inlineStr"):
            return unescaped(text)
        text = text.strip()
        if kind == "e":
            return text if text in ERRORS else "#UNKNOWN!"
        if kind == "b":
            return text in ("1", "true")
        if kind == "d":
            return datetime.fromisoformat(text)
        if not text:
            return None
        number = number_of(text)
        style = int(cell.get("s") or 0)
        if style in self._dates:
            return self._moment(number, self._dates[style])
        if isinstance(number, int) and style in self._widths:
            return f"{number:0{self._widths[style]}d}"
        return with_unit(number, self._units[style]) if style in self._units else number

    def _moment(self, number: float, is_duration: bool) -> Value:
        epoch = MAC_EPOCH if self._from_1904 else WINDOWS_EPOCH
        try:
            moment: Value = from_excel(number, epoch, timedelta=is_duration)
        except (OverflowError, ValueError):
            return number
        return moment

    @cached_property
    def _shared(self) -> list[str]:
        """Texts that cells refer to by number."""
        part = self._related("sharedStrings")
        if not part:
            return []
        with self._open(part) as file:
            return [_text(element) for element in parsed(file, ("si",))]

    @cached_property
    def _dates(self) -> dict[int, bool]:
        """Styles of dates and times by number, and whether each is one of durations."""
        formats, styles = self._styles
        dates: dict[int, bool] = {}
        for number, format_id in enumerate(styles):
            code = formats.get(format_id, BUILTIN_FORMATS.get(format_id, ""))
            if format_id in _EAST_ASIAN_DATES or is_date_format(code):
                dates[number] = bool(is_timedelta_format(code))
        return dates

    @cached_property
    def _units(self) -> dict[int, tuple[str, str]]:
        """Styles that show a unit of money by number; built-in ones differ between countries."""
        formats, styles = self._styles
        units = {
            number: unit_of_format(formats[format_id])
            for number, format_id in enumerate(styles)
            if format_id in formats
        }
        return {number: unit for number, unit in units.items() if any(unit)}

    @cached_property
    def _widths(self) -> dict[int, int]:
        """Styles that show a number with leading zeros (00000000), and the digits of each."""
        formats, styles = self._styles
        codes = ((number, formats.get(format_id, "")) for number, format_id in enumerate(styles))
        return {number: width for number, code in codes if (width := width_of_format(code))}

    @cached_property
    def _struck(self) -> set[int]:
        """Styles by number whose font is struck through."""
        part = self._related("styles")
        if not part:
            return set()
        with self._open(part) as file:
            found = {local(each): list(each) for each in parsed(file, ("fonts", "cellXfs"))}
        fonts = {
            number
            for number, font in enumerate(found.get("fonts", []))
            if any(each.get("val", "1") in _TRUE for each in children(font, "strike"))
        }
        styles = enumerate(found.get("cellXfs", []))
        return {number for number, style in styles if int(style.get("fontId") or 0) in fonts}

    @cached_property
    def _styles(self) -> tuple[dict[int, str], list[int]]:
        """The workbook's own number formats by id, and the id of the format of each style."""
        part = self._related("styles")
        formats: dict[int, str] = {}
        styles: list[int] = []
        if not part:
            return formats, styles
        with self._open(part) as file:
            for element in parsed(file, ("numFmt", "cellXfs")):
                if local(element) == "numFmt":
                    formats[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
                    continue
                styles += [int(style.get("numFmtId") or 0) for style in children(element, "xf")]
        return formats, styles

    def _links(self, part: str) -> dict[Place, str]:
        """Address of each cell of a sheet that has a link."""
        with self._open(part) as file:
            if not contains(file, b"hyperlink"):
                return {}
        relations = self._relations(part)
        links: dict[Place, str] = {}
        with self._open(part) as file:
            for element in parsed(file, ("row", "hyperlink")):
                if local(element) == "hyperlink":
                    _, target = relations.get(attribute(element, "id"), ("", ""))
                    place = element.get("location", "")
                    url = f"{target}#{place}" if target and place else target
                    links |= dict.fromkeys(_places(element.get("ref", "")), url)
                    if len(links) > MOST_LINKS:
                        raise ValueError(f"it has more than {MOST_LINKS:,} links")
        return links

    def _merged(self, part: str) -> list[Span]:
        """The merged cells of a sheet."""
        with self._open(part) as file:
            if not contains(file, b"mergeCell"):
                return []
        spans: list[Span] = []
        with self._open(part) as file:
            for element in parsed(file, ("row", "mergeCell")):
                match = _RANGE.fullmatch(element.get("ref", "").replace("$", ""))
                if match:
                    column = column_index_from_string(match[1])
                    spans.append((int(match[2]), int(match[3]), column))
        return spans

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of a part by id: the last word of their kind, and their target."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self._has(rels):
            return {}
        relations = {}
        with self._open(rels) as file:
            for element in parsed(file, ("Relationship",)):
                target = element.get("Target", "").replace("\\", "/")
                if element.get("TargetMode") != "External":
                    target = posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")
                kind = posixpath.basename(element.get("Type", ""))
                relations[element.get("Id", "")] = kind, target
        return relations

    def _related(self, kind: str) -> str:
        """Part of the workbook of a kind; "" if there is none."""
        relations = self._relations(self._main).values()
        return next((to for name, to in relations if name == kind and self._has(to)), "")

    def _has(self, part: str) -> bool:
        return part.lower() in self._parts

    def _open(self, part: str):  # type: ignore[no-untyped-def]
        return self._zip.open(self._parts[part.lower()])


def _text(element: etree._Element) -> str:
    """Text of a string, without the readings that some programs add above it."""
    parts: list[str] = []
    for child in element:
        name = local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [part.text or "" for part in children(child, "t")]
    return unescaped("".join(parts))


def _places(reference: str) -> Iterator[Place]:
    """Cells of a reference such as B2 or B2:B5."""
    ends = [_CELL.fullmatch(end) for end in reference.upper().split(":")]
    if not all(ends):
        return
    (left, top), (right, bottom) = (
        (column_index_from_string(end[1]), int(end[2])) for end in (ends[0], ends[-1]) if end
    )
    if (right - left + 1) * (bottom - top + 1) <= _WIDEST_LINK:
        for row in range(top, bottom + 1):
            yield from ((row, column) for column in range(left, right + 1))
