"""A worksheet as far as a person has filled it in, read as it was typed: mistakes and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.tabular.errors import Rejection
from wildcrawl.tabular.worksheet.model import AD_COLUMNS, Filled, WorksheetError
from wildcrawl.tabular.worksheet.tables import csv_table, is_csv, workbook_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wildcrawl.tabular.rows import Cell
    from wildcrawl.tabular.tables import Table
    from wildcrawl.tabular.worksheet.model import Site


def read_filled(path: Path, site: Site) -> Filled:
    """What stands in the worksheet of `site` at `path`, so that it can be gone on with.

    WorksheetError or RecordsError if the file is no worksheet of this site, or if a row of it
    cannot be told into cells: going on without that row would lose it.
    """
    filled = Filled()
    if is_csv(path):
        for cells in _cells(path, csv_table(path, site)):
            _tick(filled, _text(cells, "found_by"), cells)
            _row(filled, cells)
        return filled
    search, advertisements = workbook_tables(path, site)
    for cells in _cells(path, search):
        _tick(filled, _text(cells, "keyword"), cells)
    for cells in _cells(path, advertisements):
        _row(filled, cells)
    return filled


def is_written(row: dict[str, str]) -> bool:
    """Whether a row of an advertisement says more than the keyword that found it."""
    return any(row.get(name, "").strip() for name in AD_COLUMNS if name != "found_by")


def _tick(filled: Filled, term: str, cells: dict[str, Cell]) -> None:
    mark = _text(cells, "nothing_found")
    if term and mark:
        filled.ticks[term] = mark


def _row(filled: Filled, cells: dict[str, Cell]) -> None:
    row = {name: _text(cells, name) for name in AD_COLUMNS}
    if is_written(row):
        filled.rows.append({name: text for name, text in row.items() if text})


def _cells(path: Path, table: Table) -> Iterator[dict[str, Cell]]:
    for row in table.rows():
        if isinstance(row, Rejection):
            raise WorksheetError(f"{path}, {row}")
        yield row[1]


def _text(cells: dict[str, Cell], column: str) -> str:
    return str(cells.get(column, "")).strip()
