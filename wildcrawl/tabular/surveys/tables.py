"""The tables of a file of surveys: sheets of a workbook, CSV files of a folder, or one CSV file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wildcrawl.tabular.errors import suggestion
from wildcrawl.tabular.surveys.model import COLUMNS, KINDS, NEEDED, SurveyError
from wildcrawl.tabular.tables import REJECTED_COLUMNS
from wildcrawl.tabular.text_tables import CsvTable
from wildcrawl.tabular.xlsx_table import XlsxTable, open_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wildcrawl.tabular.tables import Table


@dataclass(frozen=True)
class Sheet:
    """One table, what it holds, and the file beside which its rejected rows are kept."""

    kind: str
    table: Table
    name: str
    path: Path


def open_sheets(path: Path, charset: str | None = None) -> list[Sheet]:
    """The tables of `path`, in the order of KINDS; SurveyError or RecordsError if it has none."""
    if path.is_dir():
        files = [(kind, path / f"{kind}.csv") for kind in KINDS]
        sheets = [_csv(file, charset, kind) for kind, file in files if file.is_file()]
        if not sheets:
            names = ", ".join(file.name for _, file in files)
            raise SurveyError(f"the folder {path} has none of {names}")
        return sheets
    if not path.is_file():
        raise SurveyError(f"{path}: there is no such file")
    ending = path.suffix.lower()
    if ending in (".xlsx", ".xlsm"):
        return _workbook(path)
    if ending in (".csv", ".tsv", ".txt"):
        return [_csv(path, charset)]
    raise SurveyError(f"{path}: surveys are read from an .xlsx or .csv file or a folder of CSV")


def _workbook(path: Path) -> list[Sheet]:
    book = open_workbook(path)
    try:
        names = {name.strip().lower(): name for name in book.sheetnames}
    finally:
        book.close()
    found = [kind for kind in KINDS if kind in names]
    if not found:
        raise SurveyError(
            f"{path} has none of the sheets {', '.join(map(str.title, KINDS))}; "
            "'scrapy survey-template' writes a workbook that has them"
        )
    sheets = []
    for kind in found:
        table = XlsxTable(path, names[kind])
        _check_columns(f"{path}, {names[kind]}", table.columns, kind)
        beside = path.with_name(f"{path.name}.{kind}")
        sheets.append(Sheet(kind, table, names[kind], beside))
    return sheets


def _csv(path: Path, charset: str | None, kind: str = "") -> Sheet:
    every = [name for columns in COLUMNS.values() for name in columns]
    table = CsvTable(path, charset, every)
    kind = kind or _kind_of(path, table.columns)
    _check_columns(str(path), table.columns, kind)
    return Sheet(kind, table, "", path)


def _kind_of(path: Path, columns: Sequence[str]) -> str:
    """What a CSV file holds, by the columns that only one kind has."""
    for kind, mark in (("posts", "post"), ("accounts", "status"), ("surveys", "date")):
        if mark in columns:
            return kind
    raise SurveyError(
        f"{path} has neither a column post (posts) nor status (accounts) nor date (surveys); "
        "'scrapy survey-template -o FOLDER' writes the three files"
    )


def _check_columns(place: str, columns: Sequence[str], kind: str) -> None:
    known = COLUMNS[kind]
    for name in columns:
        if name and name not in (*known, *REJECTED_COLUMNS):
            raise SurveyError(f"{place}: column '{name}' is not known; {suggestion(name, known)}")
        if name and columns.count(name) > 1:
            raise SurveyError(f"{place}: column '{name}' stands there twice; remove one")
    missing = [name for name in NEEDED[kind] if name not in columns]
    if missing:
        raise SurveyError(f"{place}: the column '{missing[0]}' of {kind} is missing; add it")
