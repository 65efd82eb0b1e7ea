"""Reads a file of records: advertisements typed or kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildcrawl.tabular.errors import RecordsError, Rejection
from wildcrawl.tabular.jsonlines import JsonLinesTable
from wildcrawl.tabular.rows import RowError, read_row
from wildcrawl.tabular.tables import check_columns
from wildcrawl.tabular.text_tables import CsvTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from wildcrawl.items import Advertisement
    from wildcrawl.tabular.rows import Cell
    from wildcrawl.tabular.tables import Table

_CSV = (".csv", ".tsv", ".txt")
_XLSX = (".xlsx", ".xlsm")
_JSON = (".jsonl", ".ndjson", ".jl", ".json")


@dataclass(frozen=True)
class Record:
    """An advertisement and the line of the file it was read from."""

    line: int
    advertisement: Advertisement


class Records:
    """A file of records, open for reading: iterate to get each row as Record or Rejection."""

    def __init__(
        self, path: Path, table: Table, species: Collection[str], latest: datetime | None
    ) -> None:
        self.path = path
        self.columns = table.columns
        self._table = table
        self._species = species
        self._latest = latest

    def __iter__(self) -> Iterator[Record | Rejection]:
        for row in self._table.rows():
            if isinstance(row, Rejection):
                yield row
                continue
            line, cells = row
            try:
                yield Record(line, read_row(cells, self._species, self._latest))
            except RowError as error:
                yield Rejection(line, str(error), _typed(cells))


def read_records(
    path: Path,
    species: Collection[str],
    *,
    charset: str | None = None,
    latest: datetime | None = None,
) -> Records:
    """The records of a CSV, XLSX or JSON lines file, one by one, however many there are.

    `species` are the group names that a record may give, `charset` that of a text file if it
    must not be guessed, and `latest` the last moment that `found_at` may be. RecordsError,
    before any row is read, if the file cannot be read or a column is not known or `site` is
    missing; a bad row is a Rejection and the others go on.
    """
    table = open_table(path, charset)
    check_columns(path, table.columns)
    return Records(path, table, species, latest)


def open_table(path: Path, charset: str | None = None) -> Table:
    """The rows of a file, by the ending of its name; RecordsError if it cannot be opened."""
    if not path.is_file():
        raise RecordsError(f"{path}: there is no such file")
    ending = path.suffix.lower()
    try:
        if ending in _XLSX:
            # Not at the top: a crawl that reads no workbook need not load openpyxl.
            from wildcrawl.tabular.xlsx_table import XlsxTable

            return XlsxTable(path)
        if ending in _JSON:
            return JsonLinesTable(path, charset)
        if ending in _CSV:
            return CsvTable(path, charset)
    except OSError as error:
        raise RecordsError(f"{path} cannot be read: {error.strerror}") from error
    known = ", ".join((*_CSV, *_XLSX, *_JSON))
    raise RecordsError(f"{path}: what the file holds is told by its ending, one of {known}")


def _typed(cells: Mapping[str, Cell]) -> dict[str, str]:
    return {
        name: ";".join(cell) if isinstance(cell, list) else cell for name, cell in cells.items()
    }
