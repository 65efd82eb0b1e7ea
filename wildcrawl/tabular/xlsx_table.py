"""XLSX tables: cells converted to the text that a person would type."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from wildcrawl.tabular.tables import RecordsError, Rejection, Row, as_typed, column_name, row_of

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SHEET = "Advertisements"
"""Name of the sheet to read; a workbook without it is read from its first sheet."""
_EXACT = 10**15
"""Whole numbers from here on have lost digits: a spreadsheet stores fifteen."""
_IDS = ("ad_id", "seller_id", "account", "post")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}


class XlsxTable:
    """The rows of one sheet; RecordsError if the file is not a workbook or the sheet is empty."""

    def __init__(self, path: Path, sheet: str = SHEET) -> None:
        self.path = path
        self.sheet = sheet
        header = next(self._values(), None)
        if header is None or not any(header):
            raise RecordsError(f"{path} is empty; the first row must name the columns")
        self.columns = [column_name(_text(value)) for value in header]
        while self.columns and not self.columns[-1]:
            self.columns.pop()

    def rows(self) -> Iterator[Row | Rejection]:
        values = self._values()
        next(values)
        for line, row in enumerate(values, start=2):
            cells = [as_typed(_text(value)) for value in row]
            cells += [""] * (len(self.columns) - len(cells))
            checked = row_of(line, self.columns, cells)
            fault = _fault(self.columns, row)
            if fault and checked:
                yield Rejection(line, fault, dict(zip(self.columns, cells, strict=False)))
            elif checked:
                yield checked

    def _values(self) -> Iterator[tuple[object, ...]]:
        book = open_workbook(self.path)
        try:
            name = self.sheet if self.sheet in book.sheetnames else book.sheetnames[0]
            sheet = book[name]
            # Some programs write a wrong sheet size, at which reading would stop.
            sheet.reset_dimensions()
            yield from sheet.iter_rows(values_only=True)
        except (BadZipFile, zlib.error, SyntaxError, KeyError, ValueError) as error:
            raise _unreadable(self.path, error) from error
        finally:
            book.close()


def open_workbook(path: Path) -> Workbook:
    """Opens the workbook at `path` for reading; RecordsError if it is not one."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # openpyxl warns about drop-downs and styles that it drops; reading needs neither.
            warnings.simplefilter("ignore", UserWarning)
            return load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> RecordsError:
    return RecordsError(
        f"{path} is not an XLSX workbook that can be read ({error}); "
        "open it in a spreadsheet and save it as XLSX, without a password"
    )


def _text(value: object) -> str:
    """Value of a cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return _plain(value)
    return str(value)


def _plain(value: float) -> str:
    """A number as typed: 580 rather than 580.0, 1000000 rather than 1E+6."""
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fault(columns: list[str], row: tuple[object, ...]) -> str:
    """Message about a cell that a spreadsheet has spoilt; "" if there is none."""
    for name, value in zip(columns, row, strict=False):
        if isinstance(value, str) and value in _ERRORS:
            return f"{name} holds the error {value}; write its value"
        if name in _IDS and isinstance(value, int | float) and abs(value) >= _EXACT:
            return (
                f"{name}: the spreadsheet read '{_text(value)}' as a number and lost its "
                "last digits; format the column as text and type it again"
            )
    return ""
