"""The tables of a filled worksheet, checked to be this site's; and the names of their cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from wildcrawl.tabular.errors import Rejection, suggestion
from wildcrawl.tabular.tables import IGNORED_COLUMNS
from wildcrawl.tabular.text_tables import CsvTable
from wildcrawl.tabular.worksheet.model import (
    AD_COLUMNS,
    ADS,
    CSV_COLUMNS,
    GUIDE,
    SEARCH,
    SEARCH_COLUMNS,
    WorksheetError,
)
from wildcrawl.tabular.xlsx_table import XlsxTable, open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wildcrawl.tabular.errors import Fault
    from wildcrawl.tabular.tables import Row, Table
    from wildcrawl.tabular.worksheet.model import Filled, Site

_AGAIN = "make it anew with 'scrapy worksheet SITE' and copy what is filled in"


@dataclass(frozen=True)
class CellNames:
    """Names the cells of one row: Advertisements!H12, or "line 12, price" in a CSV file."""

    sheet: str
    columns: Sequence[str]
    line: int

    def of(self, column: str) -> str:
        """The name of the cell of `column`."""
        # A fault of several columns is shown at the first of them.
        here = [name for name in column.split(", ") if name in self.columns]
        if self.sheet and here:
            letter = get_column_letter(self.columns.index(here[0]) + 1)
            return f"{self.sheet}!{letter}{self.line}"
        where = f"{self.sheet} line {self.line}" if self.sheet else f"line {self.line}"
        return f"{where}, {column}"

    def fault(self, fault: Fault) -> str:
        """What is wrong with a cell, with its name."""
        value = f"'{fault.shown}'" if fault.value else fault.column
        return f"{self.of(fault.column)}: {value} {fault.mend}"


def is_csv(path: Path) -> bool:
    """Whether the worksheet is a CSV file; WorksheetError if it is no file of either kind."""
    if not path.is_file():
        raise WorksheetError(f"{path}: there is no such file")
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx", ".xlsm"):
        raise WorksheetError(f"{path}: a worksheet is an .xlsx or a .csv file")
    return ending == ".csv"


def workbook_tables(path: Path, site: Site) -> tuple[Table, Table]:
    """The Search and the Advertisements sheet of a workbook of `site`."""
    book = open_workbook(path)
    try:
        missing = [name for name in (SEARCH, ADS, GUIDE) if name not in book.sheetnames]
        if missing:
            raise WorksheetError(f"{path} has no sheet '{missing[0]}'; {_AGAIN}")
        rows = book[GUIDE].iter_rows(max_row=20, max_col=3, values_only=True)
        named = {str(row[2] or "") for row in rows if len(row) > 2 and row[0] == "site"}
    finally:
        book.close()
    _check_site(path, site, named - {""})
    search, ads = _sheet(path, SEARCH), _sheet(path, ADS)
    _check_columns(f"{path}, {SEARCH}", search, SEARCH_COLUMNS, ("keyword", "nothing_found"))
    _check_columns(f"{path}, {ADS}", ads, AD_COLUMNS, ("found_by",))
    return search, ads


def _sheet(path: Path, name: str) -> Table:
    """A sheet by its columns' names, which stand above their Chinese labels."""
    table = XlsxTable(path, name)
    table.columns = [column.partition("\n")[0].strip() for column in table.columns]
    return table


def filled_tables(filled: Filled, keywords: Sequence[str]) -> tuple[Table, Table]:
    """The Search and the Advertisements sheet of a workbook that would hold `filled`."""
    terms = dict.fromkeys([*keywords, *filled.ticks])
    ticks = [{"keyword": term, "nothing_found": filled.ticks.get(term, "")} for term in terms]
    return FilledTable(SEARCH_COLUMNS, ticks), FilledTable(AD_COLUMNS, filled.rows)


class FilledTable:
    """Rows that are in no file, numbered as a workbook would."""

    def __init__(self, columns: Sequence[str], filled: Sequence[dict[str, str]]) -> None:
        self.columns = list(columns)
        self._filled = filled

    def rows(self) -> Iterator[Row | Rejection]:
        for line, row in enumerate(self._filled, start=2):
            yield line, {column: row.get(column, "") for column in self.columns}


def csv_table(path: Path, site: Site) -> Table:
    """The one table of a worksheet of `site` that is a CSV file."""
    table = CsvTable(path)
    _check_columns(str(path), table, CSV_COLUMNS, ("site", "found_by", "nothing_found"))
    rows = (row for row in table.rows() if not isinstance(row, Rejection))
    # A row that an analyst adds may leave the site empty.
    _check_site(path, site, {str(cells["site"]).strip() for _, cells in rows} - {""})
    return table


def _check_site(path: Path, site: Site, named: set[str]) -> None:
    if not named:
        raise WorksheetError(f"{path} does not say of which site it is; {_AGAIN}")
    others = sorted(named - {site.name})
    if others:
        raise WorksheetError(
            f"{path} is a worksheet of '{others[0]}', not of '{site.name}'; "
            f"read it with: scrapy crawl {others[0]} -a worksheet={path}"
        )


def _check_columns(place: str, table: Table, known: Sequence[str], needed: Sequence[str]) -> None:
    for name in table.columns:
        if name and name not in (*known, *IGNORED_COLUMNS):
            raise WorksheetError(
                f"{place}: column '{name}' is not known; {suggestion(name, known)}"
            )
    for name in needed:
        if name not in table.columns:
            raise WorksheetError(f"{place}: the column '{name}' is missing; {_AGAIN}")
