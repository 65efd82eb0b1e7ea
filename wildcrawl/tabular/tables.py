"""Files of rows: CSV, XLSX and JSON lines, each read row by row in bounded memory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from wildcrawl.items import ADVERTISEMENT_COLUMNS, RECORD_COLUMNS
from wildcrawl.tabular.errors import RecordsError, Rejection, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from wildcrawl.tabular.rows import Cell

REJECTED_COLUMNS = ("line", "reason", "text")
"""What the file of rejected rows adds; ignored, so that its mended rows can be read."""
IGNORED_COLUMNS = (*ADVERTISEMENT_COLUMNS[len(RECORD_COLUMNS) :], *REJECTED_COLUMNS)
"""Columns of our own CSV files that are no part of a record."""

Row = tuple[int, "dict[str, Cell]"]
"""A line number and the cells of that row by column."""


class Table(Protocol):
    """A file of rows whose columns are known before its rows are read."""

    columns: list[str]

    def rows(self) -> Iterator[Row | Rejection]:
        """All rows that are not blank; a row that cannot be told into cells is a rejection."""
        ...


def check_columns(
    path: Path, columns: Sequence[str], known: Sequence[str] = RECORD_COLUMNS
) -> None:
    """RecordsError unless `columns` are `known` ones, each once, and `site` is among them."""
    possible = (*known, *IGNORED_COLUMNS)
    for name in columns:
        if name and name not in possible:
            raise RecordsError(f"{path}: column '{name}' is not known; {suggestion(name, known)}")
    twice = [name for name, times in Counter(columns).items() if name and times > 1]
    if twice:
        raise RecordsError(f"{path}: column '{twice[0]}' stands there twice; remove one")
    if "site" not in columns:
        raise RecordsError(
            f"{path}: there is no column 'site'; add one that names the site of each advertisement"
        )


def column_name(cell: str) -> str:
    """A header cell as a column's name."""
    return cell.strip().lstrip("\ufeff").lower()


def row_of(line: int, columns: Sequence[str], cells: Sequence[str]) -> Row | Rejection | None:
    """`cells` under their columns; None for a blank row, a rejection if they do not fit."""
    if not any(cell.strip() for cell in cells):
        return None
    named = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    strays = [cell for name, cell in zip(columns, cells, strict=False) if not name]
    strays += cells[len(columns) :]
    if any(cell.strip() for cell in strays):
        reason = (
            f"has {len(cells)} cells where the header has {len(columns)}; "
            "put a cell that holds the separator in quotes"
        )
    elif len(cells) < len(columns):
        reason = (
            f"has {len(cells)} cells where the header has {len(columns)}; "
            "add the missing separators, and put a cell that holds a line break in quotes"
        )
    else:
        return line, dict(named)
    return Rejection(line, reason, named, ";".join(strays))
