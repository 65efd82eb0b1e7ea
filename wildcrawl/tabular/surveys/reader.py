"""Reads a filled file of surveys; mistakes are named by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.tabular.errors import Fault, Rejection
from wildcrawl.tabular.rows import RowError
from wildcrawl.tabular.surveys.model import KINDS, Known, Reading
from wildcrawl.tabular.surveys.rows import read_item
from wildcrawl.tabular.surveys.tables import open_sheets
from wildcrawl.tabular.worksheet.tables import CellNames

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from wildcrawl.tabular.surveys.model import Item
    from wildcrawl.tabular.surveys.tables import Sheet


def read_surveys(
    path: Path,
    species: Collection[str],
    known: Known | None = None,
    charset: str | None = None,
) -> Reading:
    """The accounts, surveys and posts of a workbook, a CSV file or a folder of CSV files.

    `species` are the group names that may be given; `known` what posts may refer to besides
    what the file itself names. SurveyError or RecordsError, before any row is read, if the
    file cannot be read or a column is not known or missing. A bad row is a rejection that
    names its cells, and the others go on.
    """
    reading = Reading()
    known = known or Known()
    for sheet in open_sheets(path, charset):
        reading.columns[sheet.kind] = sheet.table.columns
        reading.rejections[sheet.kind] = []
        _read(sheet, reading, known, species)
    return reading


def _read(sheet: Sheet, reading: Reading, known: Known, species: Collection[str]) -> None:
    lines: dict[tuple[str, ...], tuple[int, Item]] = {}
    rejections = reading.rejections[sheet.kind]
    for row in sheet.table.rows():
        if isinstance(row, Rejection):
            rejections.append(_placed(row, sheet))
            continue
        line, cells = row
        names = CellNames(sheet.name, sheet.table.columns, line)
        typed = {name: cell if isinstance(cell, str) else "" for name, cell in cells.items()}
        try:
            item = read_item(sheet.kind, cells, known, species)
        except RowError as error:
            reason = "; ".join(names.fault(fault) for fault in error.faults)
            rejections.append(Rejection(line, reason, typed))
            continue
        earlier = lines.get(item.key)
        if earlier and earlier[1] != item:
            reason = f"{names.of(_NAMING[sheet.kind])}: {_twice(item, earlier[0])}"
            rejections.append(Rejection(line, reason, typed))
        elif not earlier:
            lines[item.key] = line, item
            known.add(item)
            reading.items.append(item)


_NAMING = {"accounts": "year", "surveys": "survey", "posts": "post"}


def _twice(item: Item, line: int) -> str:
    kind = next(name for name, each in KINDS.items() if isinstance(item, each))
    named = Fault("", " ".join(item.key), "").shown
    return f"{named} stands among the {kind} in line {line} already; keep one of them"


def _placed(rejection: Rejection, sheet: Sheet) -> Rejection:
    where = f"{sheet.name} line {rejection.line}: " if sheet.name else ""
    return Rejection(rejection.line, f"{where}{rejection.reason}", rejection.row, rejection.text)
