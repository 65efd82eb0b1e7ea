"""Worksheet reader: advertisements and mistakes, named by cell, of a filled worksheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from wildcrawl.analysis.vocabulary import Group
from wildcrawl.items import RECORD_COLUMNS
from wildcrawl.tabular.books import ENDINGS, is_workbook, open_book
from wildcrawl.tabular.books.cells import typed
from wildcrawl.tabular.files import check_file
from wildcrawl.tabular.records import RowError, read_row
from wildcrawl.tabular.sheet_table import SheetTable
from wildcrawl.tabular.tables import (
    IGNORED_COLUMNS,
    Cell,
    Fault,
    Rejection,
    Row,
    TableFile,
    suggestion,
)
from wildcrawl.tabular.text_tables import CsvTable
from wildcrawl.tabular.words import CLOSED, ColumnWords, column_of
from wildcrawl.tabular.worksheet.model import (
    AD_COLUMNS,
    ADS,
    CSV_COLUMNS,
    GUIDE,
    SEARCH,
    SEARCH_COLUMNS,
    Filled,
    Mistake,
    Worksheet,
    WorksheetError,
    WorksheetSite,
)
from wildcrawl.utils import closest

_GUIDE_ROWS = 20
"""First rows of the Guide sheet, one of which names the site."""
_AGAIN = "write a new one with 'scrapy worksheet SITE' and copy the filled cells into it"


@dataclass(frozen=True)
class CellNames:
    """Names of the cells of one row: Advertisements!H12, or "line 12, price" in a CSV file."""

    sheet: str
    columns: Sequence[str]
    line: int

    def of(self, column: str) -> str:
        """Name of the cell of `column`."""
        # A fault of several columns is reported at the first of them.
        present = [name for name in column.split(", ") if name in self.columns]
        if self.sheet and present:
            from openpyxl.utils import get_column_letter

            letter = get_column_letter(self.columns.index(present[0]) + 1)
            return f"{self.sheet}!{letter}{self.line}"
        where = f"{self.sheet} line {self.line}" if self.sheet else f"line {self.line}"
        return f"{where}, {column}"

    def fault(self, fault: Fault) -> str:
        """Message about a fault, with the name of its cell."""
        value = f"'{fault.shown}'" if fault.value else fault.column
        return f"{self.of(fault.column)}: {value} {fault.fix}"


def is_csv(path: Path) -> bool:
    """Whether the worksheet is a CSV file; WorksheetError if it is neither that nor a workbook."""
    check_file(path, WorksheetError)
    ending = path.suffix.lower()
    if ending not in (".csv", *ENDINGS):
        raise WorksheetError(f"{path} is not a worksheet; give an .xlsx or .csv file")
    return ending == ".csv" and not is_workbook(path)


def workbook_tables(path: Path, site: WorksheetSite) -> tuple[TableFile, TableFile]:
    """The Search and Advertisements sheets of a workbook of `site`."""
    with open_book(path) as book:
        missing = [name for name in (SEARCH, ADS, GUIDE) if name not in book.names]
        if missing:
            raise WorksheetError(f"{path} has no sheet '{missing[0]}'; {_AGAIN}")
        guide = (list(map(typed, values)) for _, values in islice(book.rows(GUIDE), _GUIDE_ROWS))
        named = {row[2].strip() for row in guide if len(row) > 2 and row[0] == "site"}
    _check_site(path, site, named - {""})
    search, ads = SheetTable(path, SEARCH), SheetTable(path, ADS)
    # The first line of each header cell is the column's name, the second its label.
    search.columns = [column.partition("\n")[0].strip() for column in search.columns]
    ads.columns = [column_of(column) for column in ads.columns]
    _check_columns(f"{path}, {SEARCH}", search, SEARCH_COLUMNS, ("keyword", "nothing_found"))
    _check_columns(f"{path}, {ADS}", ads, AD_COLUMNS, ("found_by",))
    return search, ads


def filled_tables(filled: Filled, keywords: Sequence[str]) -> tuple[TableFile, TableFile]:
    """The Search and Advertisements sheets that a workbook with `filled` would have."""
    terms = dict.fromkeys([*keywords, *filled.ticks])
    ticks = [{"keyword": term, "nothing_found": filled.ticks.get(term, "")} for term in terms]
    return FilledTable(SEARCH_COLUMNS, ticks), FilledTable(AD_COLUMNS, filled.rows)


class FilledTable:
    """Table of rows in memory, numbered as in a workbook."""

    def __init__(self, columns: Sequence[str], filled: Sequence[dict[str, str]]) -> None:
        self.columns = list(columns)
        self.notes: list[str] = []
        self._filled = filled

    def rows(self) -> Iterator[Row | Rejection]:
        for line, row in enumerate(self._filled, start=2):
            yield line, {column: row.get(column, "") for column in self.columns}


def csv_table(path: Path, site: WorksheetSite) -> TableFile:
    """The table of a CSV worksheet of `site`."""
    table = CsvTable(path)
    _check_columns(str(path), table, CSV_COLUMNS, ("site", "found_by", "nothing_found"))
    rows = (row for row in table.rows() if not isinstance(row, Rejection))
    # A row that an analyst adds may leave the site empty.
    _check_site(path, site, {str(cells["site"]).strip() for _, cells in rows} - {""})
    return table


def _check_site(path: Path, site: WorksheetSite, named: set[str]) -> None:
    if not named:
        raise WorksheetError(f"{path} does not name its site; {_AGAIN}")
    others = sorted(named - {site.name})
    if others:
        raise WorksheetError(
            f"{path} is a worksheet of '{others[0]}', not of '{site.name}'; "
            f"read it with: scrapy crawl {others[0]} -a worksheet={path}"
        )


def _check_columns(
    place: str, table: TableFile, known: Sequence[str], needed: Sequence[str]
) -> None:
    for name in table.columns:
        if name and name not in (*known, *IGNORED_COLUMNS):
            raise WorksheetError(
                f"{place}: '{name}' is not a known column; {suggestion(name, known)}"
            )
    for name in needed:
        if name not in table.columns:
            raise WorksheetError(f"{place}: the column '{name}' is missing; {_AGAIN}")


_TICKS = {"x", "×", "✓", "✔", "√", "是", "无", "1", "y", "yes", "true"}
_BLANKS = {"", "0", "n", "no", "false", "否"}
TICKED_AND_FOUND = (
    "is ticked as nothing found but has advertisements, which are counted; remove the tick"
)


def read_worksheet(
    path: Path,
    site: WorksheetSite,
    keywords: Sequence[str],
    groups: Mapping[str, Group],
    latest: datetime | None = None,
) -> Worksheet:
    """The filled worksheet of `site` at `path`.

    `keywords` are the allowed keywords, `groups` the allowed species groups, `latest` is the
    upper bound of `found_at`. WorksheetError or RecordsError if the file is not a worksheet of
    this site; a faulty row becomes a Mistake and the others are still read.
    """
    reading = _Reading(site, keywords, groups, latest)
    if is_csv(path):
        reading.advertisements(csv_table(path, site), "")
    else:
        search, advertisements = workbook_tables(path, site)
        reading.search(search)
        reading.advertisements(advertisements, ADS)
        reading.sheet.notes = _notes(search, advertisements)
    return reading.result()


def check_worksheet(path: Path, site: WorksheetSite) -> None:
    """Raises WorksheetError or RecordsError for a file that is not a worksheet of `site`."""
    if is_csv(path):
        csv_table(path, site)
    else:
        workbook_tables(path, site)


def _notes(search: TableFile, advertisements: TableFile) -> list[str]:
    """What there is to say about the sheets of a worksheet, once their rows are read."""
    return [*search.notes, *advertisements.notes]


def check_filled(
    filled: Filled,
    site: WorksheetSite,
    keywords: Sequence[str],
    groups: Mapping[str, Group],
    latest: datetime | None = None,
    listed: Sequence[str] | None = None,
) -> Worksheet:
    """The result of `read_worksheet` for a workbook with `filled`, without writing one.

    It lists `listed` (None: all `keywords`) in their order, then others that are ticked; lines
    are those of the workbook.
    """
    reading = _Reading(site, keywords, groups, latest)
    search, advertisements = filled_tables(filled, keywords if listed is None else listed)
    reading.search(search)
    reading.advertisements(advertisements, ADS)
    return reading.result()


class _Reading:
    """State of reading a worksheet."""

    def __init__(
        self,
        site: WorksheetSite,
        keywords: Sequence[str],
        groups: Mapping[str, Group],
        latest: datetime | None,
    ) -> None:
        self.site = site
        self.keywords = dict.fromkeys(keywords)
        self.groups = groups
        self.words = ColumnWords(groups)
        self.latest = latest
        self.sheet = Worksheet()
        self.listed: dict[str, None] = {}
        self.ticked: dict[str, CellNames] = {}
        self.with_ads: set[str] = set()

    def search(self, table: TableFile) -> None:
        """Reads the Search sheet: listed keywords, and those that found nothing."""
        for line, cells in self._sound(table, SEARCH):
            names = CellNames(SEARCH, table.columns, line)
            term = _text(cells, "keyword")
            if term:
                faults = self._unknown([term], "keyword") or self._tick(term, cells, names)
                self.sheet.rows += bool(faults or _text(cells, "nothing_found"))
                self._reject(faults, names, cells)

    def advertisements(self, table: TableFile, sheet: str) -> None:
        """Reads the rows of advertisements; a CSV file mixes them with keyword rows."""
        for line, cells in self._sound(table, sheet):
            names = CellNames(sheet, table.columns, line)
            terms = _terms(cells)
            faults = self._unknown(terms, "found_by")
            if not sheet:
                for term in terms:
                    faults = faults or self._tick(term, cells, names)
            filled = any(_text(cells, name) for name in AD_COLUMNS if name != "found_by")
            if filled and not terms:
                faults.append(Fault("found_by", "", "is empty; give the keyword that found it"))
            if filled or (sheet and terms):
                self.sheet.rows += 1
                self._advertisement(cells, faults, names)
            else:
                self.sheet.rows += bool(faults or _text(cells, "nothing_found"))
                self._reject(faults, names, cells)

    def result(self) -> Worksheet:
        """The worksheet; a tick of a keyword that has advertisements is a mistake."""
        for term, names in self.ticked.items():
            if term in self.with_ads:
                fault = Fault("nothing_found", term, TICKED_AND_FOUND)
                reason = names.fault(fault)
                self.sheet.rejections.append(
                    Mistake(names.line, reason, sheet=names.sheet, faults=(fault,), left_out=False)
                )
        if wrong := len(self.ticked.keys() & self.with_ads):
            self.sheet.notes.append(
                f"{wrong} ticked keyword has advertisements, which are counted"
                if wrong == 1
                else f"{wrong} ticked keywords have advertisements, which are counted"
            )
        done = {*self.ticked, *self.with_ads}
        for term in dict.fromkeys(
            [*self.listed, *(keyword for keyword in self.keywords if keyword in done)]
        ):
            (self.sheet.searched if term in done else self.sheet.unsearched).append(term)
        return self.sheet

    def _tick(self, term: str, cells: dict[str, Cell], names: CellNames) -> list[Fault]:
        self.listed[term] = None
        tick = _text(cells, "nothing_found")
        if tick.lower() in _TICKS:
            self.ticked[term] = names
        elif tick.lower() not in _BLANKS:
            return [Fault("nothing_found", tick, "is not a tick; write x, or leave it empty")]
        return []

    def _advertisement(self, cells: dict[str, Cell], faults: list[Fault], names: CellNames) -> None:
        record = {column: cells.get(column, "") for column in RECORD_COLUMNS}
        record["site"] = self.site.name
        for column in ("species", *CLOSED):
            record[column] = self.words.word(column, _text(cells, column))
        try:
            ad = read_row(record, self.groups, self.latest)
        except RowError as error:
            self._reject(faults + error.faults, names, cells)
            return
        if faults:
            self._reject(faults, names, cells)
            return
        if ad.origin:
            ad.origin.place = names.of("ad_id" if cells.get("ad_id") else "url")
            ad.origin.line = names.line
        self.sheet.records.append(ad)
        self.with_ads.update(ad.found_by)

    def _unknown(self, terms: Iterable[str], column: str) -> list[Fault]:
        faults = []
        for term in terms:
            if term not in self.keywords:
                close = closest(term, self.keywords)
                fix = f"did you mean '{close[0]}'?" if close else "choose one of the Search sheet"
                faults.append(Fault(column, term, f"is not a keyword of the vocabulary; {fix}"))
        return faults

    def _sound(self, table: TableFile, sheet: str) -> Iterator[Row]:
        """Rows that could be split into cells; the others become mistakes."""
        for row in table.rows():
            if isinstance(row, Rejection):
                where = f"{sheet} line {row.line}".strip()
                reason = f"{where}: {row.reason}"
                self.sheet.rows += 1
                self.sheet.rejections.append(
                    Mistake(row.line, reason, row.row, row.text, sheet=sheet)
                )
            else:
                yield row

    def _reject(self, faults: list[Fault], names: CellNames, cells: dict[str, Cell]) -> None:
        if faults:
            reason = "; ".join(names.fault(fault) for fault in faults)
            typed = {column: str(cell) for column, cell in cells.items()}
            self.sheet.rejections.append(
                Mistake(names.line, reason, typed, sheet=names.sheet, faults=tuple(faults))
            )


def _text(cells: dict[str, Cell], column: str) -> str:
    return str(cells.get(column, "")).strip()


def _terms(cells: dict[str, Cell]) -> list[str]:
    parts = _text(cells, "found_by").replace("；", ";").split(";")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def read_filled(path: Path, site: WorksheetSite) -> Filled:
    """Content of the worksheet of `site` at `path`, to continue filling it in.

    WorksheetError or RecordsError if the file is not a worksheet of this site, or if a row
    cannot be split into cells and would be lost.
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
    filled.notes = _notes(search, advertisements)
    return filled


def is_written(row: dict[str, str]) -> bool:
    """Whether a row of an advertisement has more than the keyword that found it."""
    return any(row.get(name, "").strip() for name in AD_COLUMNS if name != "found_by")


def _tick(filled: Filled, term: str, cells: dict[str, Cell]) -> None:
    tick = _text(cells, "nothing_found")
    if term and tick:
        filled.ticks[term] = tick


def _row(filled: Filled, cells: dict[str, Cell]) -> None:
    row = {name: _text(cells, name) for name in AD_COLUMNS}
    if is_written(row):
        filled.rows.append({name: text for name, text in row.items() if text})


def _cells(path: Path, table: TableFile) -> Iterator[dict[str, Cell]]:
    for row in table.rows():
        if isinstance(row, Rejection):
            raise WorksheetError(f"{path}, {row}")
        yield row[1]
