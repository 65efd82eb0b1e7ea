"""CSV in the dialects that spreadsheets write: comma, semicolon or tab, any usual charset."""

from __future__ import annotations

import csv
from collections import deque
from typing import TYPE_CHECKING

from wildcrawl.items import RECORD_COLUMNS
from wildcrawl.tabular.cells import as_typed
from wildcrawl.tabular.charset import find_charset
from wildcrawl.tabular.errors import RecordsError, Rejection
from wildcrawl.tabular.tables import column_name, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from wildcrawl.tabular.tables import Row

_DELIMITERS = ",;\t"
_LONGEST_CELL = 10_000_000
_LONGEST_ROW = 1000
"""Lines after which a row is taken for one whose quotation mark was never closed."""


class CsvTable:
    """A CSV file; RecordsError if it is empty or in no known charset.

    Its delimiter is the one under which most of the `known` columns are found.
    """

    def __init__(
        self, path: Path, charset: str | None = None, known: Sequence[str] = RECORD_COLUMNS
    ) -> None:
        self.path = path
        self.charset = find_charset(path, charset)
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
        with self._open() as file:
            header = file.readline(_LONGEST_CELL)
        if not header.strip():
            raise RecordsError(f"{path} is empty; its first line must name the columns")
        self.delimiter, self.columns = _header(header, known)

    def rows(self) -> Iterator[Row | Rejection]:
        with self._open() as file:
            lines = _Lines(file)
            next(lines)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            while True:
                lines.begin()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except (csv.Error, _EndlessError) as error:
                    yield Rejection(lines.start, _reason(error), text=lines.give_back())
                    continue
                row = row_of(lines.start, self.columns, [as_typed(cell) for cell in cells])
                if row:
                    yield row

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.charset, newline="")


def _header(line: str, known: Sequence[str]) -> tuple[str, list[str]]:
    """The delimiter under which most columns are known, and the columns."""

    def columns(delimiter: str) -> list[str]:
        return [column_name(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]

    best = max(_DELIMITERS, key=lambda each: len({*columns(each)} & {*known}))
    return best, columns(best)


def _reason(error: Exception) -> str:
    return (
        f"its quotation marks do not match ({error}); "
        'put the cell in quotes and write "" for a quotation mark within it'
    )


class _EndlessError(Exception):
    """A row that goes on and on."""

    def __str__(self) -> str:
        return f"the row goes on for more than {_LONGEST_ROW} lines"


class _Lines:
    """Lines of a file that remember where the present row began and can be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self._row: list[str] = []
        self.start = 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._row) >= _LONGEST_ROW:
            raise _EndlessError
        line = self._back.popleft() if self._back else next(self._file)
        self._row.append(line)
        return line

    def begin(self) -> None:
        """A new row begins."""
        self.start += len(self._row)
        self._row.clear()

    def give_back(self) -> str:
        """The first line of the present row; the others are read again, as rows of their own."""
        first, *others = self._row
        self._back.extendleft(reversed(others))
        self._row = [first]
        return first.rstrip("\r\n")
