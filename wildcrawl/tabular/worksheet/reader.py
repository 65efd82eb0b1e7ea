"""Reads a filled worksheet back; mistakes are named by their cell."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from wildcrawl.items import RECORD_COLUMNS
from wildcrawl.tabular.errors import Fault, Rejection
from wildcrawl.tabular.rows import LIST_COLUMNS, RowError, read_row
from wildcrawl.tabular.worksheet.choices import all_chosen, choices_of, chosen
from wildcrawl.tabular.worksheet.model import AD_COLUMNS, ADS, SEARCH, Mistake, Worksheet
from wildcrawl.tabular.worksheet.tables import (
    CellNames,
    csv_table,
    filled_tables,
    is_csv,
    workbook_tables,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from wildcrawl.analysis.vocabulary import Group
    from wildcrawl.tabular.rows import Cell
    from wildcrawl.tabular.tables import Row, Table
    from wildcrawl.tabular.worksheet.model import Filled, Site

_TICKS = {"x", "×", "✓", "✔", "√", "是", "无", "1", "y", "yes", "true"}
_BLANKS = {"", "0", "n", "no", "false", "否"}
TICKED_AND_FOUND = "is ticked and yet has advertisements; remove the tick"


def read_worksheet(
    path: Path,
    site: Site,
    keywords: Sequence[str],
    groups: Mapping[str, Group],
    latest: datetime | None = None,
) -> Worksheet:
    """The filled worksheet of `site` at `path`.

    `keywords` are the terms that may have found an advertisement, `groups` the species that
    may be given, `latest` the last moment that `found_at` may be. WorksheetError or
    RecordsError if the file is no worksheet of this site; a bad row is a rejection that names
    its cells, and the others go on.
    """
    reading = _Reading(site, keywords, groups, latest)
    if is_csv(path):
        reading.advertisements(csv_table(path, site), "")
    else:
        search, advertisements = workbook_tables(path, site)
        reading.search(search)
        reading.advertisements(advertisements, ADS)
    return reading.result()


def check_filled(
    filled: Filled,
    site: Site,
    keywords: Sequence[str],
    groups: Mapping[str, Group],
    latest: datetime | None = None,
) -> Worksheet:
    """What `read_worksheet` would make of a workbook that holds `filled`.

    The keywords stand in the order of `keywords`, then others that are ticked; lines are those
    of the workbook.
    """
    reading = _Reading(site, keywords, groups, latest)
    search, advertisements = filled_tables(filled, keywords)
    reading.search(search)
    reading.advertisements(advertisements, ADS)
    return reading.result()


class _Reading:
    """A worksheet as far as it is read."""

    def __init__(
        self,
        site: Site,
        keywords: Sequence[str],
        groups: Mapping[str, Group],
        latest: datetime | None,
    ) -> None:
        self.site = site
        self.keywords = dict.fromkeys(keywords)
        self.groups = groups
        self.choices = choices_of(groups)
        self.latest = latest
        self.sheet = Worksheet()
        self.listed: dict[str, None] = {}
        self.ticked: dict[str, CellNames] = {}
        self.with_ads: set[str] = set()

    def search(self, table: Table) -> None:
        """The Search sheet: which keywords are listed, and which found nothing."""
        for line, cells in self._sound(table, SEARCH):
            names = CellNames(SEARCH, table.columns, line)
            term = _text(cells, "keyword")
            if term:
                faults = self._unknown([term], "keyword") or self._tick(term, cells, names)
                self._reject(faults, names, cells)

    def advertisements(self, table: Table, sheet: str) -> None:
        """The rows that describe advertisements; in a CSV file keyword rows are among them."""
        for line, cells in self._sound(table, sheet):
            names = CellNames(sheet, table.columns, line)
            terms = _terms(cells)
            faults = self._unknown(terms, "found_by")
            if not sheet:
                for term in terms:
                    faults = faults or self._tick(term, cells, names)
            filled = any(_text(cells, each) for each in AD_COLUMNS if each != "found_by")
            if filled and not terms:
                faults.append(Fault("found_by", "", "is empty; give the keyword that found it"))
            if filled or (sheet and terms):
                self._advertisement(cells, faults, names)
            else:
                self._reject(faults, names, cells)

    def result(self) -> Worksheet:
        """The worksheet; a keyword that is ticked and yet has advertisements is a mistake."""
        for term, names in self.ticked.items():
            if term in self.with_ads:
                fault = Fault("nothing_found", term, TICKED_AND_FOUND)
                reason = names.fault(fault)
                self.sheet.rejections.append(
                    Mistake(names.line, reason, sheet=names.sheet, faults=(fault,))
                )
        done = {*self.ticked, *self.with_ads}
        for term in dict.fromkeys(
            [*self.listed, *(each for each in self.keywords if each in done)]
        ):
            (self.sheet.searched if term in done else self.sheet.unsearched).append(term)
        return self.sheet

    def _tick(self, term: str, cells: dict[str, Cell], names: CellNames) -> list[Fault]:
        self.listed[term] = None
        tick = _text(cells, "nothing_found")
        if tick.lower() in _TICKS:
            self.ticked[term] = names
        elif tick.lower() not in _BLANKS:
            return [Fault("nothing_found", tick, "is no tick; write x, or leave it empty")]
        return []

    def _advertisement(self, cells: dict[str, Cell], faults: list[Fault], names: CellNames) -> None:
        record = {column: cells.get(column, "") for column in RECORD_COLUMNS}
        record["site"] = self.site.name
        for column, choices in self.choices.items():
            several = column in LIST_COLUMNS
            record[column] = (all_chosen if several else chosen)(_text(cells, column), choices)
        try:
            ad = read_row(record, self.groups, self.latest)
        except RowError as error:
            self._reject(faults + error.faults, names, cells)
            return
        if faults:
            self._reject(faults, names, cells)
            return
        self.sheet.records.append(ad)
        self.with_ads.update(ad.found_by)

    def _unknown(self, terms: Iterable[str], column: str) -> list[Fault]:
        faults = []
        for term in terms:
            if term not in self.keywords:
                close = get_close_matches(term, self.keywords, n=1, cutoff=0.5)
                mend = f"did you mean '{close[0]}'?" if close else "take one that is listed"
                faults.append(Fault(column, term, f"is no keyword of the vocabulary; {mend}"))
        return faults

    def _sound(self, table: Table, sheet: str) -> Iterator[Row]:
        """The rows that could be told into cells; the others are mistakes."""
        for row in table.rows():
            if isinstance(row, Rejection):
                where = f"{sheet} line {row.line}".strip()
                reason = f"{where}: {row.reason}"
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
