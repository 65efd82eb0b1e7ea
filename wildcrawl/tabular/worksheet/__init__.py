"""Worksheets: keyword lists for a manual search, written for a site and read back once filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.tabular.worksheet.model import (
    AD_COLUMNS,
    ADS,
    CSV_COLUMNS,
    GUIDE,
    LISTS,
    SEARCH,
    SEARCH_COLUMNS,
    Filled,
    Mistake,
    Worksheet,
    WorksheetError,
    WorksheetSite,
)
from wildcrawl.tabular.worksheet.reader import (
    check_filled,
    check_worksheet,
    is_written,
    read_filled,
    read_worksheet,
)

if TYPE_CHECKING:
    from wildcrawl.tabular.worksheet.writer import write_worksheet

__all__ = [
    "ADS",
    "AD_COLUMNS",
    "CSV_COLUMNS",
    "GUIDE",
    "LISTS",
    "SEARCH",
    "SEARCH_COLUMNS",
    "Filled",
    "Mistake",
    "Worksheet",
    "WorksheetError",
    "WorksheetSite",
    "check_filled",
    "check_worksheet",
    "is_written",
    "read_filled",
    "read_worksheet",
    "write_worksheet",
]


def __getattr__(name: str) -> object:
    """The writer, imported when it is used: openpyxl takes half a second to load."""
    if name == "write_worksheet":
        from wildcrawl.tabular.worksheet.writer import write_worksheet

        return write_worksheet
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
