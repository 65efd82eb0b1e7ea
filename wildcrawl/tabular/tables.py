"""Table files: rows of CSV, XLSX or JSON lines, read one by one in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from wildcrawl.items import ADVERTISEMENT_COLUMNS, RECORD_COLUMNS
from wildcrawl.utils import closest

# Some programs pass over blanks, and over invisible characters, before a formula.
_LEADING = r"[\s\x00-\x1f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
# Full-width forms too: some spreadsheets take them for formulas in East Asian locales.
_OPENING = rf"(?:[\t\r\n]|{_LEADING}[=+\-@＝＋－＠])"
_FORMULA = re.compile(f"'*{_OPENING}")
_NEUTRALISED = re.compile(f"'+{_OPENING}")


def harmless(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet would take it for a formula.

    A text that begins with such an apostrophe of its own gets one more, so that `as_typed`
    gives back any text.

    >>> harmless("=1+1"), harmless("象牙"), harmless("'-5")
    ("'=1+1", '象牙', "''-5")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_typed(text: str) -> str:
    """`text` without the apostrophe of `harmless`.

    >>> as_typed("'=1+1"), as_typed("'象牙'")
    ('=1+1', "'象牙'")
    """
    return text[1:] if _NEUTRALISED.match(text) else text


class RecordsError(ValueError):
    """A file that cannot be read at all; nothing of it was."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: its column, its value as typed, and the fix."""

    column: str
    value: str
    mend: str

    def __str__(self) -> str:
        if not self.value:
            return f"{self.column} {self.mend}"
        return f"{self.column}: '{self.shown}' {self.mend}"

    @property
    def shown(self) -> str:
        """The value, cut where it is too long for a message."""
        return self.value if len(self.value) <= 60 else f"{self.value[:59]}…"


@dataclass(frozen=True)
class Rejection:
    """A row that is not taken: its line, the reason, and its cells as they were typed.

    `text` is the raw line where it could not be split into cells.
    """

    line: int
    reason: str
    row: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def suggestion(typed: str, possible: Iterable[str]) -> str:
    """What `typed` may have been meant for: "did you mean X? Possible are: …"."""
    names: Sequence[str] = list(possible)
    close = closest(typed.strip().lower().replace(" ", "_"), names)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}Possible are: {', '.join(names)}"


REJECTED_COLUMNS = ("line", "reason", "text")
"""What the file of rejected rows adds; ignored, so that its fixed rows can be read."""
IGNORED_COLUMNS = (*ADVERTISEMENT_COLUMNS[len(RECORD_COLUMNS) :], *REJECTED_COLUMNS)
"""Columns of our own CSV files that are not part of a record."""

Cell = str | list[str]
"""What a cell holds: text, or a list where the file has lists."""

Row = tuple[int, dict[str, Cell]]
"""A line number and the cells of that row by column."""


class Table(Protocol):
    """A file of rows whose columns are known before its rows are read."""

    columns: list[str]

    def rows(self) -> Iterator[Row | Rejection]:
        """All rows that are not blank; a row that cannot be split into cells is a rejection."""
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
        raise RecordsError(f"{path}: column '{twice[0]}' appears twice; remove one")
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
