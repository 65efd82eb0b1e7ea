"""CSV and XLSX writers: encodings that spreadsheets read, cells that cannot run as formulas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from wildcrawl.tabular.tables import harmless as harmless_text

if TYPE_CHECKING:
    from exports.tables.table import Table

# Control characters except tab and line feed, bidirectional marks, and characters invalid in XML.
_CONTROLS = (
    r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}"
    r"\u{FFFE}\u{FFFF}]"
)


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows, with text that spreadsheets show and never run as formulas.

    Control characters are removed, and texts that would begin a formula get a leading apostrophe,
    which reading records removes again. Numbers, also negative ones, are unchanged.
    """
    # Empty texts become null, since polars would write them as "".
    given = frame.with_columns(_or_nothing(pl.col(pl.String)))
    # Only the columns that need it, which makes long files several times faster.
    suspects = pl.col(_having(given, f"{_CONTROLS}|{_openings()}"))
    clean = suspects.str.replace_all("\r\n?", "\n").str.replace_all(_CONTROLS, "")
    safe = clean.map_batches(
        lambda texts: pl.Series([text and harmless_text(text) for text in texts]),
        return_dtype=pl.String,
    )
    return given.with_columns(_or_nothing(safe))


def _or_nothing(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text).name.keep()


@cache
def _openings() -> str:
    """Pattern for texts that may begin a formula, from what `harmless_text` escapes."""
    characters = map(chr, range(0x10000))
    openings = [
        character for character in characters if harmless_text(f"{character}=") != f"{character}="
    ]
    return f"(?m)^[{''.join(map(re.escape, openings))}]"


def _having(frame: pl.DataFrame, pattern: str) -> list[str]:
    """Columns in which any text, or a line of it, matches `pattern`."""
    # Searching one long text is several times faster than searching many.
    matches = frame.select(pl.col(pl.String).str.join("\n").str.contains(pattern))
    return [column.name for column in matches if column.item()]


def write_csv(path: Path, parts: Iterable[pl.DataFrame]) -> None:
    """Writes `parts`, which have the same columns, to one CSV file.

    UTF-8 with BOM, a header row, RFC 4180 with CR LF.
    """
    with path.open("wb") as file:
        for number, part in enumerate(parts):
            first = number == 0
            harmless(part).write_csv(
                file, include_bom=first, include_header=first, line_terminator="\r\n"
            )


ROWS = 1_048_575
"""Maximum rows of a sheet below its header; longer tables continue on another sheet."""

_WIDTHS = {
    "title": 50,
    "description": 50,
    "url": 40,
    "price": 20,
    "species": 24,
    "site": 24,
    "key": 20,
}
_NOTICE_WIDTH = 120
_MOMENT_WIDTH = 20
"""Width of moments; in narrower columns spreadsheets show #####."""


def _moment(text: str) -> datetime:
    """Time in China without a time zone, which spreadsheets do not support."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


_MOMENT, _MONTH = (_moment, "yyyy-mm-dd hh:mm:ss"), (_month, "yyyy-mm")
_TYPED: dict[str, tuple[Callable[[str], Any], str]] = {
    "found_at": _MOMENT,
    "first_seen": _MOMENT,
    "last_seen": _MOMENT,
    "month": _MONTH,
    "before": _MONTH,
    "lowest_month": _MONTH,
    "highest_month": _MONTH,
    "date": (date.fromisoformat, "yyyy-mm-dd"),
    "rate_date": (date.fromisoformat, "yyyy-mm-dd"),
    "year": (int, "0"),
}
"""Text columns that become typed cells: the parser of a value and its number format."""

_MONEY = ("_cny", "_usd")
Kind = tuple[int, "Callable[[Any], Any]", str]
"""A typed column: its position, the parser of a value, its number format."""


def _kinds(part: pl.DataFrame) -> list[Kind]:
    kinds: list[Kind] = []
    for place, (column, kind) in enumerate(part.schema.items()):
        if column in _TYPED:
            kinds.append((place, *_TYPED[column]))
        elif isinstance(kind, pl.Decimal) and column.endswith(_MONEY):
            kinds.append((place, _itself, "#,##0.00"))
        elif isinstance(kind, pl.Decimal):
            kinds.append((place, _itself, "0.00" if kind.scale == 2 else "#,##0.0"))
        elif kind.is_integer():
            kinds.append((place, _itself, "#,##0"))
    return kinds


def _itself(value: Any) -> Any:
    return value


_CELL = 32_767
"""Characters of a cell, of which those outside the basic plane count twice."""


def fitting(text: str) -> str:
    """The beginning of `text` that a cell holds; Excel takes a longer one for a damaged file.

    Reading records knows such a text as cut and never shortens what is stored.
    """
    if 2 * len(text) <= _CELL:
        return text
    return text.encode("utf-16-le")[: 2 * _CELL].decode("utf-16-le", "ignore")


NOTICE = "provisional"
"""Name of the first sheet of a provisional report."""


def write_xlsx(path: Path, tables: Iterable[Table], notice: Sequence[str] = ()) -> None:
    """Writes each table to a sheet of its name; text is never a formula.

    A `notice` is written to a sheet before them, a sentence a row.
    """
    book = Workbook(write_only=True)
    if notice:
        sheet: WriteOnlyWorksheet = book.create_sheet(NOTICE)
        # The type stubs of openpyxl lack this attribute for write-only sheets.
        sheet.column_dimensions["A"].width = _NOTICE_WIDTH  # type: ignore[attr-defined]
        for (line,) in harmless(pl.DataFrame({"notice": list(notice)})).iter_rows():
            sheet.append([line])
    for table in tables:
        _write_table(book, table)
    book.save(path)


def _write_table(book: Workbook, table: Table) -> None:
    sheet, written, number = None, 0, 1
    for part in table.parts():
        kinds = _kinds(part)
        for row in harmless(part).iter_rows():
            if sheet is None or written == ROWS:
                sheet = _sheet(
                    book, table.name if number == 1 else f"{table.name} {number}", part.columns
                )
                written, number = 0, number + 1
            sheet.append(_cells(sheet, kinds, row))
            written += 1
    if sheet is None:
        _sheet(book, table.name, table.rows.columns)


def _sheet(book: Workbook, name: str, columns: list[str]) -> WriteOnlyWorksheet:
    sheet: WriteOnlyWorksheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        width = _WIDTHS.get(column, max(12, len(column) + 2))
        if _TYPED.get(column) == _MOMENT:
            width = _MOMENT_WIDTH
        # The type stubs of openpyxl lack this attribute for write-only sheets.
        sheet.column_dimensions[get_column_letter(place)].width = width  # type: ignore[attr-defined]
    header = [WriteOnlyCell(sheet, column) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    return sheet


def _cells(sheet: WriteOnlyWorksheet, kinds: list[Kind], row: tuple[Any, ...]) -> list[Any]:
    cells = [fitting(cell) if isinstance(cell, str) else cell for cell in row]
    for place, read, number_format in kinds:
        if cells[place] is not None:
            cell = WriteOnlyCell(sheet, read(cells[place]))
            cell.number_format = number_format
            cells[place] = cell
    return cells
