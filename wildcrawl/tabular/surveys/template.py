"""Survey template: a workbook with drop-downs and a guide, or three CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from wildcrawl.items import ProductType
from wildcrawl.tabular.books.saving import saved
from wildcrawl.tabular.surveys.model import COLUMNS, KINDS, NEEDED, AccountStatus, SurveyError
from wildcrawl.utils import atomic_write

_ROWS = 2000
"""Rows with drop-downs."""
_HEAD = PatternFill("solid", fgColor="1F4E5F")
_WIDTHS = {"account": 24, "title": 40, "url": 40, "note": 30, "species": 18, "product_type": 18}

GUIDE = {
    ("accounts", "account"): "the account's name, the same in all sheets",
    ("accounts", "year"): "the year of the surveys; one row for each account and year",
    ("accounts", "status"): "its state at the surveys of that year: active, suspended, moved, …",
    ("accounts", "platform"): "the social network",
    ("accounts", "formerly"): "names that the account had before; semicolons between several",
    ("accounts", "dealer"): "for a backup account: the main account or dealer it belongs to",
    ("surveys", "survey"): "a unique name for each survey, such as 2016-1",
    ("surveys", "date"): "the day in China on which it began, such as 2016-05-12",
    ("surveys", "start"): "the hour at which its 24 hours began, such as 09:00",
    ("surveys", "accounts"): "number of accounts surveyed; empty: all accounts of that year",
    ("surveys", "advertisements"): "only if no posts are listed: the total of advertisements",
    ("surveys", "images"): "only if no posts are listed: the total of images",
    ("surveys", "videos"): "only if no posts are listed: the total of videos",
    ("posts", "survey"): "the survey's name",
    ("posts", "account"): "the account's name",
    ("posts", "post"): "a number for each post, unique within account and survey",
    ("posts", "species"): "the species group that the advertisement is mainly for; only one",
    ("posts", "product_type"): "the product type, by how far the product is worked",
    ("posts", "images"): "number of images; empty: none",
    ("posts", "videos"): "number of videos; empty: none",
    ("posts", "url"): "the post's address, if it has one",
    ("posts", "title"): "the text of the post",
    ("posts", "price"): "the price as the seller wrote it",
    ("posts", "advertisements"): "how many advertisements the post has; empty: one",
}


def write_template(path: Path, species: Sequence[str]) -> None:
    """Writes an empty workbook (.xlsx), or a folder of three CSV files if `path` has no ending.

    `species` are the group names of its drop-down. SurveyError if `path` already exists or has
    another ending, OSError if it cannot be written.
    """
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise SurveyError(f"{path} already exists; give another name with -o")
    if path.suffix.lower() == ".xlsx":
        atomic_write(path, saved(_book(species)))
    elif path.suffix:
        raise SurveyError(f"{path}: a template is an .xlsx file, or a folder for three CSV files")
    else:
        path.mkdir(exist_ok=True)
        for kind, columns in COLUMNS.items():
            header = f"{','.join(columns)}\r\n"
            atomic_write(path / f"{kind}.csv", header.encode("utf-8-sig"))


def _book(species: Sequence[str]) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    lists = {"status": list(AccountStatus), "species": species, "product_type": list(ProductType)}
    for kind in KINDS:
        sheet = book.create_sheet(kind.title())
        _header(sheet, COLUMNS[kind])
        for name, words in lists.items():
            if name in COLUMNS[kind]:
                _choices(sheet, COLUMNS[kind].index(name) + 1, words)
    _guide(book.create_sheet("Guide"))
    return book


def _header(sheet: Sheet, columns: Sequence[str]) -> None:
    sheet.append(list(columns))
    for number, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        letter = get_column_letter(number)
        name = columns[number - 1]
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 14)
        if name in ("account", "survey", "post", "title", "url", "note"):
            # As text, so that names made of digits remain as typed.
            sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"


def _choices(sheet: Sheet, column: int, words: Sequence[str]) -> None:
    choices = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    letter = get_column_letter(column)
    choices.add(f"{letter}2:{letter}{_ROWS}")
    sheet.add_data_validation(choices)


def _guide(sheet: Sheet) -> None:
    sheet.append(["sheet", "column", "needed", "what to write"])
    for (kind, column), text in GUIDE.items():
        needed = "yes" if column in NEEDED[kind] else ""
        sheet.append([kind.title(), column, needed, text])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (12, 16, 9, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        row[-1].alignment = Alignment(vertical="top", wrap_text=True)
