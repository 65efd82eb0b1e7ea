"""Worksheets: the guided list for a manual search, written for a site and read back filled in."""

from wildcrawl.worksheet.model import (
    AD_COLUMNS,
    ADS,
    CSV_COLUMNS,
    GUIDE,
    SEARCH,
    SEARCH_COLUMNS,
    Mistake,
    Site,
    Worksheet,
    WorksheetError,
)
from wildcrawl.worksheet.reader import read_worksheet
from wildcrawl.worksheet.writer import write_worksheet

__all__ = [
    "ADS",
    "AD_COLUMNS",
    "CSV_COLUMNS",
    "GUIDE",
    "SEARCH",
    "SEARCH_COLUMNS",
    "Mistake",
    "Site",
    "Worksheet",
    "WorksheetError",
    "read_worksheet",
    "write_worksheet",
]
