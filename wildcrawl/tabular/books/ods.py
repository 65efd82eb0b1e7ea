"""ODS reader: the cells of one sheet after another, with their links and errors."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from lxml import etree  # type: ignore[import-untyped]

from wildcrawl.tabular.books.cells import (
    MOST_COLUMNS,
    Value,
    link_of_formula,
    linked,
    number_of,
)
from wildcrawl.tabular.books.hidden import Hidden
from wildcrawl.tabular.books.merged import Span, with_merged
from wildcrawl.tabular.books.parts import attribute, children, contains, local, parsed
from wildcrawl.tabular.books.units import unit_of_shown, with_unit
from wildcrawl.tabular.tables import ERRORS

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_LINES = ("table-row", "table-column")
_NUMBERS = ("float", "percentage", "currency")
_TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MOST_REPEATS = 1000
"""Repeats of a row with content that are read; more of them fill the rest of the sheet."""


class _Reading(NamedTuple):
    """A reading of all sheets: what is left of it, and the sheets that it has begun."""

    elements: Iterator[tuple[str, etree._Element]]
    begun: set[str]


class OdsBook:
    """An open OpenDocument spreadsheet; `names` are its sheets."""

    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path)
        if _MANIFEST in self._zip.namelist():
            with self._zip.open(_MANIFEST) as file:
                if contains(file, b"encryption-data"):
                    raise ValueError("it is protected with a password")
        self.hidden = Hidden()
        self._reading: _Reading | None = None
        self._struck: set[str] = set()
        self._lines = self._sheets()
        self.names = list(self._lines)

    def rows(self, name: str) -> Iterator[tuple[int, list[Value]]]:
        """The rows of a sheet with their numbers, from 1; empty rows are left out."""
        return with_merged(self._rows(name), self._merged.get(name, []))

    def _sheets(self) -> Counter[str]:
        """The sheets, each with its number of rows and columns; notes what a style hides."""
        hiding: set[str] = set()
        sheets: Counter[str] = Counter()
        for name, element in self._all(("style", "table", *_LINES)):
            kind = local(element)
            if kind in _LINES:
                sheets[name] += 1
            elif kind == "table":
                sheets[name] += 0
                if attribute(element, "style-name") in hiding:
                    self.hidden.sheets.add(name)
            elif any(
                attribute(each, "display") == "false"
                for each in children(element, "table-properties")
            ):
                hiding.add(attribute(element, "name"))
            elif any(
                attribute(each, "text-line-through-style") not in ("", "none")
                for each in children(element, "text-properties")
            ):
                self._struck.add(attribute(element, "name"))
        return sheets

    @cached_property
    def _merged(self) -> dict[str, list[Span]]:
        """The merged cells of each sheet that has any."""
        with self._zip.open(_CONTENT) as file:
            if not contains(file, b"number-rows-spanned"):
                return {}
        spans: dict[str, list[Span]] = defaultdict(list)
        numbers: Counter[str] = Counter()
        for sheet, row in self._all(("table-row",)):
            number, column = numbers[sheet] + 1, 1
            for cell in row:
                if rows := int(attribute(cell, "number-rows-spanned") or 0):
                    spans[sheet].append((number, number + rows - 1, column))
                column += int(attribute(cell, "number-columns-repeated") or 1)
            numbers[sheet] += int(attribute(row, "number-rows-repeated") or 1)
        return spans

    def _rows(self, name: str) -> Iterator[tuple[int, list[Value]]]:
        number = column = 1
        styles: list[tuple[int, str]] = []
        for row in self._elements(name):
            if local(row) == "table-column":
                column = self._read_columns(name, row, column)
                styles.append((column, attribute(row, "default-cell-style-name")))
                continue
            values = _values(row)
            times = int(attribute(row, "number-rows-repeated") or 1)
            if values:
                is_struck = bool(self._struck) and self._is_struck(row, styles)
                for repeat in range(min(times, _MOST_REPEATS)):
                    if _is_hidden(row):
                        self.hidden.rows.add((name, number + repeat))
                    if is_struck:
                        self.hidden.struck.add((name, number + repeat))
                    yield number + repeat, list(values)
            number += times

    def _is_struck(self, row: etree._Element, styles: Sequence[tuple[int, str]]) -> bool:
        """Whether every cell of a row that has a text is struck out.

        `styles` are those of the columns, each with the number of the column after its last one.
        """
        of_row, column, struck = attribute(row, "default-cell-style-name"), 1, []
        for cell in row:
            if next(children(cell, "p"), None) is not None:
                of_column = next((style for after, style in styles if column < after), "")
                style = attribute(cell, "style-name") or of_row or of_column
                struck.append(style in self._struck)
            column += int(attribute(cell, "number-columns-repeated") or 1)
        return bool(struck) and all(struck)

    def _elements(self, name: str) -> Iterator[etree._Element]:
        """The rows and columns of a sheet.

        Sheets that are read in their order, even in part, take one reading of the file: each goes
        on where the one before ended.
        """
        left = self._lines[name]
        reading, self._reading = self._reading, None
        if reading is None or name in reading.begun:
            reading = _Reading(self._all(_LINES), set())
        try:
            while left:
                sheet, element = next(reading.elements)
                reading.begun.add(sheet)
                if sheet == name:
                    left -= 1
                    yield element
        finally:
            self._reading = reading

    def _read_columns(self, name: str, columns: etree._Element, first: int) -> int:
        """Notes columns that are hidden, of those described together; the number after them."""
        after = first + int(attribute(columns, "number-columns-repeated") or 1)
        if _is_hidden(columns):
            last = min(after, MOST_COLUMNS + 1)
            self.hidden.columns |= {(name, column) for column in range(first, last)}
        return after

    def close(self) -> None:
        """Closes the file."""
        self._zip.close()

    def _all(self, names: tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
        """The elements of the names in all sheets, each with the name of its sheet."""
        with self._zip.open(_CONTENT) as file:
            for element in parsed(file, ("table-row", *names)):
                if local(element) in names:
                    yield _sheet_of(element), element


def _is_hidden(element: etree._Element) -> bool:
    return attribute(element, "visibility") in ("collapse", "filter")


def _sheet_of(element: etree._Element) -> str:
    if local(element) == "table":
        return attribute(element, "name")
    sheet = next((each for each in element.iterancestors() if local(each) == "table"), None)
    return "" if sheet is None else attribute(sheet, "name")


def _values(row: etree._Element) -> list[Value]:
    """Values of a row, without the empty cells at its end."""
    values: list[Value] = []
    blanks = 0
    for cell in row:
        if local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = int(attribute(cell, "number-columns-repeated") or 1)
        value = _value(cell) if local(cell) == "table-cell" else None
        if value is None or value == "":
            blanks += times
            continue
        # More repeats than that fill the rest of the sheet.
        times = min(times, MOST_COLUMNS)
        if len(values) + blanks + times > MOST_COLUMNS:
            raise ValueError(f"a row has {len(values) + blanks + times} cells")
        values += [None] * blanks + [value] * times
        blanks = 0
    return values


def _value(cell: etree._Element) -> Value:
    text, url = _content(cell)
    kinds = {
        str(key).rpartition("}")[0]: str(kind)
        for key, kind in cell.attrib.items()
        if str(key).endswith("}value-type")
    }
    if "error" in kinds.values():
        return text if text in ERRORS else "#UNKNOWN!"
    kind = next(iter(kinds.values()), "")
    url = link_of_formula(attribute(cell, "formula")) or url
    return linked(_of_kind(cell, kind, text), url)


def _of_kind(cell: etree._Element, kind: str, text: str) -> Value:
    if kind in _NUMBERS:
        number, currency = number_of(attribute(cell, "value")), attribute(cell, "currency")
        if text.startswith("0") and text.isdecimal() and int(text) == number:
            # A format that shows leading zeros.
            return text
        foreign = kind == "currency" and currency not in ("", "CNY", "RMB")
        unit = (f"{currency} ", "") if foreign else unit_of_shown(text, number)
        return with_unit(number, unit) if any(unit) else number
    if kind == "date":
        moment = attribute(cell, "date-value")
        return datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
    if kind == "time":
        match = _TIME.fullmatch(attribute(cell, "time-value"))
        if match and int(match[1]) < 24:
            return time(int(match[1]), int(match[2]), int(match[3]))
        return text
    if kind == "boolean":
        return attribute(cell, "boolean-value") == "true"
    return text or attribute(cell, "string-value")


def _content(cell: etree._Element) -> tuple[str, str]:
    """Text of a cell, a line for each paragraph, and the address of its first link."""
    url = ""
    lines = []
    for paragraph in children(cell, "p"):
        lines.append(_text(paragraph))
        for element in paragraph.iter():
            if local(element) == "a":
                url = url or attribute(element, "href")
    return "\n".join(lines), url


def _text(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            parts.append(" " * min(int(attribute(child, "c") or 1), MOST_COLUMNS))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name not in ("", "annotation", "note"):
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
