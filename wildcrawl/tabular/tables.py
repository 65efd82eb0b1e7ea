"""Table files: rows of CSV, XLSX or JSON lines, read one by one in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from wildcrawl.items import ADVERTISEMENT_COLUMNS, RECORD_COLUMNS
from wildcrawl.utils import closest

# Some programs skip blanks and invisible characters before a formula.
_LEADING = r"[\s\x00-\x1f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*"
# Full-width forms too: some spreadsheets read them as formulas in East Asian locales.
_OPENING = rf"(?:[\t\r\n]|{_LEADING}[=+\-@＝＋－＠])"
_FORMULA = re.compile(f"'*{_OPENING}")
_NEUTRALISED = re.compile(f"'+{_OPENING}")


def harmless(text: str) -> str:
    """`text` with an apostrophe in front if a spreadsheet would read it as a formula.

    A text that already begins with such an apostrophe gets another one, so that `as_typed`
    restores every text.

    >>> harmless("=1+1"), harmless("象牙"), harmless("'-5")
    ("'=1+1", '象牙', "''-5")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def as_typed(text: str) -> str:
    """`text` without the apostrophe that `harmless` added.

    >>> as_typed("'=1+1"), as_typed("'象牙'")
    ('=1+1', "'象牙'")
    """
    return text[1:] if _NEUTRALISED.match(text) else text


UNCALCULATED = "a formula without a result"
"""Text of a formula that a program wrote and no spreadsheet has calculated."""
ERRORS = frozenset(
    {
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!",
        "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#GETTING_DATA", UNCALCULATED,
    }
)  # fmt: skip
"""Texts that a spreadsheet writes in place of a value."""


_TOO_NARROW = re.compile(r"#{3,}")
_INDEX = re.compile(r"\s*[0-9]{1,6}(?:\.0)?\s*")
"""A number of a row, which data frames write into a first column without a name."""


class RecordsError(ValueError):
    """Raised when a file cannot be read; no row of it was used."""


@dataclass(frozen=True)
class Fault:
    """A fault of one cell: column, value as typed, and what is wrong with the fix (`fix`)."""

    column: str
    value: str
    fix: str

    def __str__(self) -> str:
        if not self.value:
            return f"{self.column} {self.fix}"
        return f"{self.column}: '{self.shown}' {self.fix}"

    @property
    def shown(self) -> str:
        """The value, cut to 60 characters for a message."""
        return self.value if len(self.value) <= 60 else f"{self.value[:59]}…"


@dataclass(frozen=True)
class Rejection:
    """A rejected row: its line, the reason, and its cells as typed.

    `text` is the raw line if it could not be split into cells.
    """

    line: int
    reason: str
    row: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def _denies(word: str, other: str) -> bool:
    """Whether one of two words is the other one with a beginning such as un- or ir-."""
    short, long = sorted((word, other), key=len)
    return long != short and long.removesuffix(short) in ("ir", "un", "in", "im", "non", "not_")


def suggestion(typed: str, possible: Iterable[str]) -> str:
    """The fix for a word that is not in `possible`: "did you mean 'X'? Choose one of X, Y"."""
    names: Sequence[str] = list(possible)
    word = typed.strip().lower().replace(" ", "_")
    # 'irrelevant' is no misspelling of 'relevant', but its opposite.
    close = [each for each in closest(word, names) if len(word) < 5 or not _denies(each, word)]
    fix = f"did you mean '{close[0]}'? Choose" if close else "choose"
    return f"{fix} one of {', '.join(names)}"


KEY = "key"
"""Column of the return key, by which an exported row finds its advertisement again."""
REJECTED_COLUMNS = ("line", "reason", "text")
"""Columns that a file of rejected rows adds; ignored when its fixed rows are read."""
LABEL = "_label"
"""End of the name of a column with the labels of the codes beside it."""
IGNORED_COLUMNS = (
    *ADVERTISEMENT_COLUMNS[len(RECORD_COLUMNS) :],
    *REJECTED_COLUMNS,
    f"site{LABEL}",
)
"""Columns of exported CSV files that are not part of a record."""

Cell = str | list[str]
"""Value of a cell: text, or a list if the file has lists (JSON lines)."""

Row = tuple[int, dict[str, Cell]]
"""Line number of a row, and its cells by column."""


class TableFile(Protocol):
    """A file of rows whose columns are known before its rows are read."""

    columns: list[str]

    @property
    def notes(self) -> list[str]:
        """What its reader has to say about the whole file; complete once the rows are read."""
        ...

    def rows(self) -> Iterator[Row | Rejection]:
        """All rows that are not blank; a row that cannot be split into cells is a Rejection."""
        ...


def column_name(cell: str) -> str:
    """Column name of a header cell."""
    return cell.strip().lstrip("\ufeff").lower()


class RowNumbers:
    """Row numbers of a data frame, which it writes into a first column without a name."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._missed = False
        """Whether a row was not read since the last number."""

    def miss(self) -> None:
        """Records a row that could not be split into cells."""
        self._missed = True

    def take(self, cell: str) -> bool:
        """Whether `cell` is the next number, from 0 or 1; ids and prices are not.

        >>> numbers = RowNumbers()
        >>> numbers.take("0"), numbers.take("1"), numbers.take("7"), RowNumbers().take("1001")
        (True, True, False, False)
        """
        if not _INDEX.fullmatch(cell):
            self.miss()
            return False
        number, last = int(float(cell)), self._last
        if last is None:
            follows = number in (0, 1)
        else:
            follows = number == last + 1 or (self._missed and number > last)
        if follows:
            self._last, self._missed = number, False
        return follows


def row_of(
    line: int, columns: Sequence[str], cells: Sequence[str], numbers: RowNumbers
) -> Row | Rejection | None:
    """`cells` by column; None for a blank row, a Rejection if their number does not fit.

    `numbers` are those of the file's rows before.
    """
    if not any(cell.strip() for cell in cells) or _is_header(columns, cells):
        return None
    named = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    unnamed = [cell for name, cell in zip(columns, cells, strict=False) if not name]
    if not columns[0] and numbers.take(cells[0]):
        unnamed = unnamed[1:]
    strays = unnamed + list(cells[len(columns) :])
    if any(cell.strip() for cell in unnamed):
        reason = "has a cell in a column without a name; name the column, or empty it"
    elif any(cell.strip() for cell in strays):
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
        reason = _spoilt(named)
    return Rejection(line, reason, named, ";".join(strays)) if reason else (line, dict(named))


def _is_header(columns: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row repeats the header, as in files that were put together."""
    same = 1 < len(columns) == len(cells)
    return same and all(
        column_name(cell) == name for cell, name in zip(cells, columns, strict=True)
    )


def _spoilt(named: Mapping[str, str]) -> str:
    """Message about a cell in which a spreadsheet lost the value; "" if there is none."""
    for name, cell in named.items():
        if cell.strip() in ERRORS and name not in IGNORED_COLUMNS:
            return f"{name} holds the error {cell.strip()}; write its value"
        if _TOO_NARROW.fullmatch(cell.strip()) and name not in IGNORED_COLUMNS:
            signs = cell.strip()[:9]
            return f"{name} holds {signs}, as a column that is too narrow shows it; write its value"
    return ""
