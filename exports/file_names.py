"""File names of a report; those of a provisional one say so."""

from __future__ import annotations

from pathlib import Path

PROVISIONAL = "-provisional"
"""Ending of the names of provisional files and folders, before the suffix."""
KEPT = ("advertisements",)
"""Tables whose file keeps its name: their rows each have their verdict, and are read back."""


OFFICERS_ONLY = "OFFICERS-ONLY-advertisements-with-contacts.csv"
"""File of the advertisements with contacts; it is in no folder that is published."""


def csv_name(table: str, *, provisional: bool) -> str:
    """Name of a table's CSV file.

    >>> csv_name("monthly", provisional=True), csv_name("advertisements", provisional=True)
    ('monthly-provisional.csv', 'advertisements.csv')
    """
    return f"{table}{_ending(provisional and table not in KEPT)}.csv"


def figure_name(figure: str, *, provisional: bool) -> str:
    """Name of a figure's files, without its suffix."""
    return f"{figure}{_ending(provisional)}"


def month_page_name(month: str, *, provisional: bool) -> str:
    """Name of the page of one month of a period."""
    return f"{month}{_ending(provisional)}.html"


def xlsx_name(*, provisional: bool) -> str:
    """Name of the XLSX file."""
    return f"report{_ending(provisional)}.xlsx"


def pdf_name(*, provisional: bool) -> str:
    """Name of the PDF file."""
    return f"report{_ending(provisional)}.pdf"


def folder_name(folder: Path, *, provisional: bool, lang: str = "en") -> Path:
    """Folder of a report whose folder is named after its period; languages have their own.

    >>> folder_name(Path("2016-05"), provisional=True, lang="zh").name
    '2016-05-provisional-zh'
    """
    language = "" if lang == "en" else f"-{lang}"
    return folder.with_name(f"{folder.name}{_ending(provisional)}{language}")


def stem(name: str) -> str:
    """The table or month of a file's name.

    >>> stem("monthly-provisional.csv"), stem("2016-05.html")
    ('monthly', '2016-05')
    """
    return Path(name).stem.removesuffix(PROVISIONAL)


def _ending(provisional: bool) -> str:
    return PROVISIONAL if provisional else ""
