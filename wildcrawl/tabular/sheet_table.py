"""Sheet tables: a sheet of a workbook as rows of the text that a person would type."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path

from wildcrawl.items import RECORD_COLUMNS
from wildcrawl.tabular.books import open_book
from wildcrawl.tabular.books.cells import Linked, Value, address_in, is_rounded, rounded, typed
from wildcrawl.tabular.books.hidden import Hidden
from wildcrawl.tabular.tables import (
    IGNORED_COLUMNS,
    KEY,
    RecordsError,
    Rejection,
    Row,
    RowNumbers,
    as_typed,
    column_name,
    row_of,
)
from wildcrawl.tabular.words import column_of, is_records_header, known_columns

SHEETS = ("advertisements", "广告")
"""Names, in lower case, of the sheet that is preferred among several with records."""
IDS = ("ad_id", "seller_id", "account", "post")
_OF_RECORDS = {*RECORD_COLUMNS, *IGNORED_COLUMNS, KEY}
_NAMED = 5
_TITLE_ROWS = 10
"""Rows within which the header of records is looked for; a title may be above it."""


_DELETE = "delete what does not count, and read the file again"


class SheetTable:
    """The rows of one sheet; RecordsError if the file is not a workbook or the sheet is empty.

    `header` is the row with the names of the columns. A rounded number in a column of ids is a
    Rejection. With `records` it is a text in scientific form, a date there is one that a
    spreadsheet shows, and the link of a title stands for an address that is not given.
    """

    def __init__(self, path: Path, sheet: str, *, header: int = 1, records: bool = False) -> None:
        self.path = path
        self.sheet = sheet
        self._notes: list[str] = []
        self._header = header
        self._records = records
        self._more: list[str] = []
        """Sheets that continue this one."""
        self._hidden = Hidden()
        names = next(self._values(sheet, header, header + 1), (0, []))[1]
        if not any(typed(value).strip() for value in names):
            raise RecordsError(f"{path} is empty; the first row must name the columns")
        self.columns = [column_name(typed(value)) for value in names]
        while self.columns and not self.columns[-1]:
            self.columns.pop()
        self._width = len(self.columns)
        named = {column_of(column) for column in self.columns}
        if records and "title" in named and "url" not in named:
            # The links of its titles.
            self.columns.append("url")

    @property
    def notes(self) -> list[str]:
        """What there is to say about the sheet; complete once its rows are read."""
        return [*self._notes, *self._hidden_parts()]

    def _hidden_parts(self) -> Iterator[str]:
        """Sentences about hidden rows, columns and sheets, which are read like all others."""
        for sheet in (self.sheet, *self._more):
            rows = sorted(
                line for each, line in self._hidden.rows if each == sheet and line > self._header
            )
            columns = [
                name
                for number, name in enumerate(self.columns, start=1)
                if name and (sheet, number) in self._hidden.columns
            ]
            if sheet in self._hidden.sheets:
                yield f"sheet '{sheet}' is hidden and was read like the others; {_DELETE}"
            if rows:
                yield (
                    f"hidden rows of sheet '{sheet}' were read like the others (lines "
                    f"{_some(rows)}); {_DELETE}"
                )
            struck = sorted(line for each, line in self._hidden.struck if each == sheet)
            if struck:
                yield (
                    f"struck-out rows of sheet '{sheet}' were read like the others (lines "
                    f"{_some(struck)}); {_DELETE}"
                )
            if columns:
                yield (
                    f"hidden columns of sheet '{sheet}' were read like the others "
                    f"({_some(columns)}); {_DELETE}"
                )

    def note(self, sentence: str) -> None:
        """Adds something to say about the sheet."""
        self._notes.append(sentence)

    def continued_by(self, sheets: Sequence[str]) -> None:
        """Reads the rows of `sheets` after those of this sheet."""
        self._more = list(sheets)

    def rows(self) -> Iterator[Row | Rejection]:
        """All rows that are not blank."""
        named = [column_of(column) for column in self.columns]
        for sheet in (self.sheet, *self._more):
            numbers = RowNumbers()
            for line, values in self._values(sheet, self._header + 1):
                cells = self._cells(named, values)
                row = row_of(line, self.columns, cells, numbers)
                fault = "" if self._records else _fault(named, values)
                if fault and row:
                    yield Rejection(line, fault, dict(zip(self.columns, cells, strict=False)))
                elif row:
                    yield row

    def _cells(self, named: Sequence[str], values: Sequence[Value]) -> list[str]:
        """Texts of a row's cells; empty ones that the file leaves out at the end are added."""
        if len(self.columns) > self._width and len(values) > self._width:
            values = [*values[: self._width], None, *values[self._width :]]
        cells, link = [], ""
        for place, value in enumerate(values):
            column = named[place] if place < len(named) else ""
            if column == "title" and isinstance(value, Linked):
                link = value.url
            cells.append(as_typed(_text(column, value, records=self._records)))
        cells += [""] * (len(self.columns) - len(cells))
        if self._records and link and not cells[named.index("url")].strip():
            cells[named.index("url")] = link
        return cells

    def _values(
        self, sheet: str, first: int, end: int | None = None
    ) -> Iterator[tuple[int, list[Value]]]:
        """The rows from `first` to before `end`, with their numbers."""
        with open_book(self.path) as book:
            _check_sheet(self.path, sheet, book.names)
            for line, values in book.rows(sheet):
                if end is not None and line >= end:
                    return
                if line >= first:
                    yield line, values
            self._hidden.rows |= book.hidden.rows
            self._hidden.columns |= book.hidden.columns
            self._hidden.sheets |= book.hidden.sheets
            self._hidden.struck |= book.hidden.struck


def _some(parts: Sequence[object]) -> str:
    return ", ".join(map(str, parts[:_NAMED])) + (", …" if len(parts) > _NAMED else "")


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets of the workbook at `path`; RecordsError if it is not one."""
    with open_book(path) as book:
        return list(book.names)


def records_table(path: Path, sheet: str = "") -> SheetTable:
    """The sheet of records of a workbook, found by its header; `sheet` chooses one by its name.

    RecordsError if no sheet has the columns of records.
    """
    headers = _headers(path, [sheet] if sheet else sheet_names(path))
    found = {name: line for name, (line, columns) in headers.items() if is_records_header(columns)}
    if not found:
        return _only_sheet(path, headers)
    preferred = [name for name in found if name.strip().lower() in SHEETS]
    name = (preferred or list(found))[0]
    more = [
        other
        for other in found
        if other != name and _continues(name, other) and _alike(headers[other], headers[name])
    ]
    left = [other for other in found if other not in (name, *more)]
    others = [
        other
        for other in left
        if not (preferred or _continues(name, other))
        or (_has_records_only(headers[other][1]) and _has_rows(path, other, found[other]))
    ]
    if others:
        raise RecordsError(
            f"{path} has several sheets of records: {_list([name, *others])}; read one after the "
            f"other with -a 'sheet={name}', and so on, and leave out copies"
        )
    table = SheetTable(path, name, header=found[name], records=True)
    table.continued_by(more)
    if left:
        table.note(
            f"read the sheet '{name}'; {_list(left)} also {'has' if len(left) == 1 else 'have'} "
            f"the columns of records and {'was' if len(left) == 1 else 'were'} not read: to read "
            f"it, add -a 'sheet={left[0]}'"
        )
    return table


def _continues(name: str, other: str) -> bool:
    """Whether the sheet `other` is the sheet `name` or named as a continuation of it."""
    return re.fullmatch(rf"{re.escape(name)}(?: [0-9]+)?", other) is not None


def _alike(header: tuple[int, list[str]], other: tuple[int, list[str]]) -> bool:
    """Whether two headers name the same columns in the same row, in whichever language."""
    return header[0] == other[0] and [*map(column_of, header[1])] == [*map(column_of, other[1])]


def _has_records_only(columns: Sequence[str]) -> bool:
    """Whether a header has no columns but those of records, as lists of a report have."""
    return {column_of(column) for column in columns if column} <= _OF_RECORDS


def _has_rows(path: Path, sheet: str, header: int) -> bool:
    with open_book(path) as book:
        return any(
            line > header and any(typed(value).strip() for value in values)
            for line, values in book.rows(sheet)
        )


def _headers(path: Path, names: Collection[str]) -> dict[str, tuple[int, list[str]]]:
    """Row and cells of each sheet's header: that of its first rows which names most columns."""
    headers: dict[str, tuple[int, list[str]]] = {}
    with open_book(path) as book:
        for name in names:
            _check_sheet(path, name, book.names)
        for name in names:
            best = (0, 0)
            for line, values in book.rows(name):
                if line > _TITLE_ROWS and name in headers:
                    break
                columns = [typed(value) for value in values]
                rank = (known_columns(columns), any(cell.strip() for cell in columns))
                if rank > best:
                    best = rank
                    headers[name] = line, columns
                if line > _TITLE_ROWS:
                    break
    return headers


def _only_sheet(path: Path, headers: dict[str, tuple[int, list[str]]]) -> SheetTable:
    """The table of a workbook whose one sheet lacks columns, so that these are named."""
    if not headers:
        raise RecordsError(f"{path} is empty; the first row must name the columns")
    if len(headers) == 1:
        ((name, (line, _)),) = headers.items()
        return SheetTable(path, name, header=line, records=True)
    raise RecordsError(
        f"{path} has no sheet of records among {_list(list(headers))}; a sheet of records has the "
        "column site (网站) and one of ad_id (编号), url (网址) and title (标题) in its header"
    )


def _check_sheet(path: Path, name: str, names: Sequence[str]) -> None:
    if name not in names:
        raise RecordsError(f"{path} has no sheet '{name}'; it has {_list(names)}")


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:12]) + (", …" if len(names) > 12 else "")


def _text(column: str, value: Value, *, records: bool) -> str:
    if column == "url":
        return address_in(value)
    if records and column in IDS:
        if is_rounded(value):
            return rounded(value)  # type: ignore[arg-type]
        if isinstance(value, date):
            return f"{value:%Y/%m/%d}"
    return typed(value)


def _fault(columns: Sequence[str], values: Sequence[Value]) -> str:
    """Message about an id that a spreadsheet has rounded; "" if there is none."""
    for name, value in zip(columns, values, strict=False):
        if name in IDS and is_rounded(value):
            return (
                f"{name}: the spreadsheet read '{typed(value)}' as a number and lost its "
                "last digits; format the column as text and type it again"
            )
    return ""
