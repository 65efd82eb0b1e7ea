"""Records reader: advertisements from a CSV, XLSX or JSON-lines file, checked row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Self, TextIO

from wildcrawl.analysis.dates import DateError, parse_moment
from wildcrawl.analysis.ids import (
    Damage,
    clean_id,
    damage_of,
    derive_ad_id,
    find_address,
    names_nothing,
    names_one_page,
    restored_id,
)
from wildcrawl.analysis.text import one_line
from wildcrawl.items import (
    GIVEN_TAGS,
    RECORD_COLUMNS,
    Advertisement,
    AgeClaim,
    ProductType,
    RowOrigin,
    Verdict,
)
from wildcrawl.tabular.files import open_table
from wildcrawl.tabular.keyed import Finder, KeyedTable, rounded_id
from wildcrawl.tabular.tables import (
    KEY,
    REJECTED_COLUMNS,
    Cell,
    Fault,
    Rejection,
    TableFile,
    harmless,
    suggestion,
)
from wildcrawl.tabular.words import ColumnWords, WordedTable, check_columns, header_in

LIST_COLUMNS = ("found_by", "image_urls", "species")
_CLOSED: dict[str, type[StrEnum]] = {
    "product_type": ProductType,
    "age_claim": AgeClaim,
    "verdict": Verdict,
}
_TEXT_COLUMNS = [
    name
    for name in RECORD_COLUMNS
    if name not in (*LIST_COLUMNS, *_CLOSED, "found_at", "images", "videos")
]
_TOTALS = re.compile(
    r"(?:合计|总计|小计|共计|合計|總計|小計|(?:grand |sub)?total)"
    r"\s*[:：]?\s*[0-9]*\s*[条條件个個]?",
    re.IGNORECASE,
)
"""Text of a row in which a person or a spreadsheet added up the others."""
_WHOLE = re.compile(r"([0-9]{1,30})(?:\.0+)?")
_MOST = 999_999_999
_SEPARATE = "put each table into a file of its own"
_WEB = re.compile(r"https?://\S+\Z", re.IGNORECASE)
_WIDE_SEMICOLON = "；"
NO_CLAIM = "none"
"""Value of age_claim by which a person states that the seller claims no age."""


class RowError(ValueError):
    """Raised for a row with faults; `faults` lists all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


def read_row(
    row: Mapping[str, Cell], species: Collection[str], latest: datetime | None = None
) -> Advertisement:
    """The advertisement that a row describes; RowError naming every fault of the row.

    `species` are the group names that may be given. A missing `ad_id` is derived. One that a
    program has damaged is a fault, unless the row's address may tell which it was: then `origin`
    has the reason for the doubt. Without a `found_at`, `first_seen` stands for it; without both it
    remains None. One after `latest` is a fault.
    `by_person` lists which of species, product type and age claim the row gives; the age claim
    "none" counts as given.
    """
    faults: list[Fault] = []
    no_claim = _is_no_claim(row.get("age_claim", ""))
    if no_claim:
        row = {**row, "age_claim": ""}
    dated = "found_at" if row.get("found_at", "") else "first_seen"
    ad = Advertisement(site="", found_at_given=bool(row.get(dated, "")))
    for name in _TEXT_COLUMNS:
        setattr(ad, name, _text(name, row, faults))
    # Tables and figures group by it, so that spelling variants must not split a site.
    ad.site = one_line(ad.site)
    for name in LIST_COLUMNS:
        setattr(ad, name, _list(row.get(name, "")))
    for name, closed in _CLOSED.items():
        setattr(ad, name, _word(name, _text(name, row, faults), closed, faults))
    for name in ("images", "videos"):
        setattr(ad, name, _count(name, _text(name, row, faults), faults))
    ad.found_at = _moment(dated, _text(dated, row, faults), latest, faults)
    ad.species = _species(ad.species, species, faults)
    if not ad.site:
        faults.append(Fault("site", "", "is empty; name the site of the advertisement"))
    _identify(ad, faults)
    if faults:
        raise RowError(faults)
    ad.by_person = [name for name in GIVEN_TAGS if getattr(ad, name)]
    if no_claim:
        ad.by_person.append("age_claim")
    return ad


def _identify(ad: Advertisement, faults: list[Fault]) -> None:
    """Checks the id and the address of a row, and derives a missing id."""
    ad.ad_id = clean_id(ad.ad_id)
    if names_nothing(ad.ad_id):
        ad.ad_id = ""
    elif _WEB.match(ad.ad_id) and names_one_page(ad.ad_id):
        # The address is its own id: it is known by it as one in the column url is.
        ad.ad_id, ad.url = "", ad.url if names_one_page(find_address(ad.url)) else ad.ad_id
    address, ad.origin = find_address(ad.url), RowOrigin()
    if not _WEB.match(address) and _LOCAL.search(ad.url):
        why = (
            "is a file of a computer; write the address of the advertisement's own page, or leave "
            "it empty"
        )
        faults.append(Fault("url", ad.url, why))
        return
    if not (ad.ad_id or ad.url or ad.title):
        faults.append(Fault("ad_id, url, title", "", "are all empty; give one of them"))
        return
    if not (ad.ad_id or ad.title or names_one_page(address)):
        faults.append(Fault("url", ad.url, f"names no advertisement; {_NAME_IT}"))
        return
    ad.origin.words = "" if address else ad.url
    ad.url = address
    if not ad.ad_id:
        ad.ad_id, ad.origin.derived = derive_ad_id(ad.url, ad.title, ad.seller), True
        return
    damage = damage_of(ad.ad_id)
    restored = restored_id(ad.ad_id, address)
    if restored == ad.ad_id or not (damage or restored):
        return
    fault = Fault("ad_id", ad.ad_id, f"{damage or Damage.ROUNDED}; {_AS_TEXT}")
    if not names_one_page(address):
        faults.append(fault)
    ad.origin.doubt, ad.origin.restored = str(fault), restored


_LOCAL = re.compile(
    r"(?:^|[\"'])(?:file|content|blob|s?ftps?):|^[a-z]:[\\/]|^\\\\\w", re.IGNORECASE
)
_NAME_IT = "write the address of its own page, or give an ad_id or a title"
_AS_TEXT = (
    "format the column as text and export it again, or give the advertisement's own address in url"
)


def _is_no_claim(cell: Cell) -> bool:
    return isinstance(cell, str) and cell.strip().lower() == NO_CLAIM


def _text(name: str, row: Mapping[str, Cell], faults: list[Fault]) -> str:
    cell = row.get(name, "")
    if isinstance(cell, list):
        faults.append(Fault(name, ";".join(cell), "is a list; give one text"))
        return ""
    return cell.strip()


def _list(cell: Cell) -> list[str]:
    parts = cell if isinstance(cell, list) else cell.replace(_WIDE_SEMICOLON, ";").split(";")
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _word(name: str, text: str, closed: type[StrEnum], faults: list[Fault]) -> str:
    word = text.lower()
    if word and word not in list(closed):
        faults.append(
            Fault(
                name,
                text,
                f"is not a valid {name.replace('_', ' ')}; "
                f"{suggestion(text, closed)}, or leave it empty",
            )
        )
    return word


def _count(name: str, text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    match = _WHOLE.fullmatch(text)
    if match and int(match[1]) <= _MOST:
        return int(match[1])
    if match:
        faults.append(Fault(name, text, f"is more than {_MOST}; correct it"))
        return None
    faults.append(Fault(name, text, "is not a whole number from 0; write a count such as 3"))
    return None


def _moment(name: str, text: str, latest: datetime | None, faults: list[Fault]) -> datetime | None:
    if not text:
        return None
    try:
        moment = parse_moment(text)
    except DateError as error:
        faults.append(Fault(name, text, str(error).rpartition("' ")[2]))
        return None
    if latest and moment > latest:
        faults.append(Fault(name, text, "is in the future; write the date on which it was found"))
    return moment


def _species(given: list[str], allowed: Collection[str], faults: list[Fault]) -> list[str]:
    """The named groups, in any case, without repeats; unknown names are added to `faults`."""
    named = [name if name in allowed else name.lower() for name in given]
    faults += [
        Fault("species", typed, f"is not a valid species group; {suggestion(typed, allowed)}")
        for typed, name in zip(given, named, strict=True)
        if name not in allowed
    ]
    return list(dict.fromkeys(named))


@dataclass(frozen=True)
class Record:
    """An advertisement, and the line of the file from which it was read."""

    line: int
    advertisement: Advertisement


class Records:
    """Open file of records: iterate to get each row as Record or Rejection."""

    def __init__(
        self,
        path: Path,
        table: TableFile,
        species: Collection[str],
        latest: datetime | None,
        finder: Finder | None = None,
    ) -> None:
        self.path = path
        self.columns = table.columns
        self._table = table
        self._species = species
        self._latest = latest
        self._finder = finder
        self._totals: list[int] = []
        self._rows = 0

    @property
    def notes(self) -> list[str]:
        """What there is to say about the whole file; complete once its rows are read."""
        notes = list(self._table.notes)
        if self._totals:
            lines = ", ".join(map(str, self._totals))
            notes.append(f"rows of totals were left out (lines {lines})")
        if not self._rows:
            notes.append("it has no rows below its header")
        return notes

    def __iter__(self) -> Iterator[Record | Rejection]:
        self._totals.clear()
        self._rows = 0
        other = 0
        for row in self._table.rows():
            if isinstance(row, Rejection):
                self._rows += 1
                if _is_totals(row.row) and not row.text:
                    # Its sum may be an error, as where it adds up words.
                    self._totals.append(row.line)
                else:
                    yield row
                continue
            line, cells = row
            if not any(cell for name, cell in cells.items() if name not in REJECTED_COLUMNS):
                # A row that is only numbered, as templates have them.
                continue
            self._rows += 1
            if header := header_in(cells):
                # A cell that names no column may be a remark: 价格 and 元，可不填.
                same = all(named in ("", name) for name, named in header.items())
                other = 0 if same else line
                if not other:
                    continue
            if other:
                reason = f"line {other} is the header of other columns; {_SEPARATE}"
                yield Rejection(line, reason, _typed(cells))
                continue
            if _is_totals(cells):
                self._totals.append(line)
                continue
            yield self._record(line, cells)

    def _record(self, line: int, cells: Mapping[str, Cell]) -> Record | Rejection:
        """The advertisement of one row, or why it is rejected."""
        fault = "" if cells.get(KEY) else rounded_id(cells)
        if fault:
            return Rejection(line, fault, _typed(cells))
        try:
            ad = read_row(cells, self._species, self._latest)
        except RowError as error:
            return Rejection(line, str(error), _typed(cells))
        if ad.origin:
            ad.origin.place, ad.origin.line = f"line {line}", line
            ad.origin.row = _typed(cells)
        if cells.get(KEY):
            # The key stands for these, whatever their form.
            ad.returned, ad.site, ad.ad_id = True, str(cells["site"]), str(cells["ad_id"])
        fault = self._finder.contradiction(ad) if self._finder and ad.returned else ""
        return Rejection(line, fault, _typed(cells)) if fault else Record(line, ad)


def read_records(
    path: Path,
    species: Collection[str],
    *,
    charset: str | None = None,
    sheet: str = "",
    latest: datetime | None = None,
    words: ColumnWords | None = None,
    finder: Finder | None = None,
) -> Records:
    """The records of a CSV or JSON-lines file or a workbook, one by one in bounded memory.

    `species` are the group names that a record may give, `charset` that of a text file (None:
    detected), `sheet` that of a workbook (none: found by its header), `latest` the upper bound of
    `found_at`, `words` the labels that a cell may hold in place of a word, `finder` finds the
    advertisements of return keys. RecordsError, before any row is read, if the file cannot be
    read, a column is unknown or `site` is missing; a faulty row becomes a Rejection and the
    others are still read.
    """
    table: TableFile = WordedTable(open_table(path, charset, sheet), words or ColumnWords())
    check_columns(path, table.columns)
    if KEY in table.columns:
        table = KeyedTable(table, finder)
    return Records(path, table, species, latest, finder)


def _is_totals(cells: Mapping[str, Cell]) -> bool:
    """Whether a row without a key and an address adds up the others."""
    named = [cells.get(name, "") for name in ("site", "ad_id", "title")]
    return not (cells.get(KEY) or cells.get("url")) and any(
        _TOTALS.fullmatch(cell.strip()) for cell in named if isinstance(cell, str)
    )


def _typed(cells: Mapping[str, Cell]) -> dict[str, str]:
    return {
        name: ";".join(cell) if isinstance(cell, list) else cell for name, cell in cells.items()
    }


class RejectedFile:
    """Writes rejected rows to FILE.rejected.csv beside the records file FILE.

    It has the columns of the file, then line, reason and the raw text of a line that could
    not be split into cells. Once fixed in place, it can be read as a records file. A file of an
    earlier reading is replaced, or removed if no row is rejected now. Use it in a `with`.
    If it cannot be written, `fault` says so, the half-written file is removed, and the other
    rows are still read.
    """

    def __init__(self, records: Path, columns: Sequence[str]) -> None:
        self.path = records.with_name(f"{records.name}.rejected.csv")
        self.columns = [name for name in columns if name and name not in REJECTED_COLUMNS]
        self.count = 0
        self.fault = ""
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        with self._recording_fault():
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        with self._recording_fault():
            if self._file:
                self._file.close()
            # A row that is rejected later is still added.
            self._file = None

    def add(self, rejection: Rejection) -> None:
        """Writes one rejected row and flushes it."""
        self.count += 1
        if self.fault:
            return
        with self._recording_fault():
            self._write(rejection)

    def _write(self, rejection: Rejection) -> None:
        if self._file is None:
            # The BOM makes spreadsheets read it as UTF-8.
            begun = self.path.exists()
            self._file = self.path.open(
                "a" if begun else "w",
                encoding="utf-8" if begun else "utf-8-sig",
                newline="",
                errors="replace",
            )
            if not begun:
                csv.writer(self._file).writerow([*self.columns, *REJECTED_COLUMNS])
        cells = [rejection.row.get(name, "") for name in self.columns]
        cells += [str(rejection.line), rejection.reason, rejection.text]
        csv.writer(self._file).writerow([harmless(cell) for cell in cells])
        self._file.flush()

    @contextmanager
    def _recording_fault(self) -> Iterator[None]:
        """Turns an OSError into `fault`; removes the file, since half a file would hide rows."""
        try:
            yield
        except OSError as error:
            self.fault = (
                f"{self.path} cannot be written: {error.strerror}; the rejected rows are only in "
                "this log: make the file writable and read the records again"
            )
            with suppress(OSError):
                if self._file:
                    self._file.close()
            self._file = None
            with suppress(OSError):
                self.path.unlink()
