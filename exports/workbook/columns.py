"""Columns of sheets: what their cells hold, the number format, and a width that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import polars as pl

from wildcrawl.utils import display_width


class CellKind(Enum):
    """What a column's cells hold, with the number format in which spreadsheets show it."""

    TEXT = "@"
    MOMENT = "yyyy-mm-dd hh:mm:ss"
    DAY = "yyyy-mm-dd"
    MONTH = "yyyy-mm"
    YEAR = "0"
    COUNT = "#,##0"
    TENTHS = "#,##0.0"
    HUNDREDTHS = "0.00"
    MONEY = "#,##0.00"
    PERCENT = '#,##0.0"%"'
    CHANGE = '+#,##0.0"%";-#,##0.0"%";0.0"%"'


_NAMED = {
    "found_at": CellKind.MOMENT,
    "first_seen": CellKind.MOMENT,
    "last_seen": CellKind.MOMENT,
    "month": CellKind.MONTH,
    "before": CellKind.MONTH,
    "lowest_month": CellKind.MONTH,
    "highest_month": CellKind.MONTH,
    "notice": CellKind.MONTH,
    "date": CellKind.DAY,
    "rate_date": CellKind.DAY,
    "notified": CellKind.DAY,
    "sent": CellKind.DAY,
    "checked": CellKind.DAY,
    "recorded": CellKind.DAY,
    "removed": CellKind.DAY,
    "year": CellKind.YEAR,
}
"""Columns of text that become dates or numbers."""

_WIDE = {"title": 50, "description": 50, "url": 40, "key": 20}
_NARROWEST, _WIDEST = 9, 60
_FILTER = 3
"""Characters that the button of a filter takes of a header."""


def kind_of(name: str, dtype: pl.DataType) -> CellKind:
    """What the cells of a table's column hold, by its name and type."""
    if dtype == pl.String:
        return _NAMED.get(name, CellKind.TEXT)
    if isinstance(dtype, pl.Decimal):
        if name.endswith(("_cny", "_usd")):
            return CellKind.MONEY
        if name.endswith("change_percent"):
            return CellKind.CHANGE
        if name.endswith("percent"):
            return CellKind.PERCENT
        return CellKind.HUNDREDTHS if dtype.scale == 2 else CellKind.TENTHS
    return CellKind.COUNT if dtype.is_numeric() else CellKind.TEXT


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


READERS: dict[CellKind, Callable[[str], Any]] = {
    CellKind.DAY: date.fromisoformat,
    CellKind.MONTH: _month,
    CellKind.YEAR: int,
}
"""Parsers of the texts in tables of figures; the rows of lists are made by `rows_xml`."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: its name in the table, heading, kind and width in characters."""

    name: str
    heading: str
    kind: CellKind
    width: float


def column_of(name: str, heading: str, rows: pl.DataFrame) -> SheetColumn:
    """The column `name` of a table, as wide as its heading and the cells of `rows`."""
    kind = kind_of(name, rows.schema[name])
    if name in _WIDE:
        return SheetColumn(name, heading, kind, _WIDE[name])
    if kind in (CellKind.MOMENT, CellKind.DAY, CellKind.MONTH):
        cells: Iterable[str] = [kind.value]
    elif kind is CellKind.TEXT:
        cells = (str(cell) for cell in rows[name].drop_nulls())
    else:
        cells = (f"{cell:,}" for cell in rows[name].drop_nulls() if kind is not CellKind.YEAR)
    widest = max([display_width(cell) for cell in cells], default=0)
    header = max(display_width(line) for line in heading.split("\n")) + _FILTER
    return SheetColumn(name, heading, kind, min(_WIDEST, max(_NARROWEST, header, widest + 2)))
