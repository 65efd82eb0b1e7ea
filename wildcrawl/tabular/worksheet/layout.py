"""How the sheets of a worksheet look: headers, drop-downs, heights, colours."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from wildcrawl.tabular.cells import harmless
from wildcrawl.tabular.worksheet.guide import label_of
from wildcrawl.tabular.worksheet.model import LISTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet as Sheet

WIDTHS = {
    "group": 22, "keyword": 14, "hint": 26, "search_link": 46, "where_to_look": 60,
    "nothing_found": 15, "found_by": 16, "url": 40, "title": 40, "description": 50,
    "image_urls": 30, "note": 30, "species": 20, "product_type": 26, "verdict": 18,
    "guide_name": 20, "guide_label": 12, "guide_english": 62, "guide_chinese": 48,
}  # fmt: skip
"""Of columns, in characters of a spreadsheet; any other column has _WIDTH."""
_WIDTH = 14
_LINE = 15.0
"""Height of a line of text, in points."""
_HEAD = PatternFill("solid", fgColor="1F4E5F")
_DONE = PatternFill("solid", bgColor="E3EFE6")
FILL_IN = PatternFill("solid", fgColor="FFF8E1")
WRAP = Alignment(vertical="top", wrap_text=True)
MIDDLE = Alignment(vertical="top", horizontal="center")
_FONT = "Calibri"
HYPERLINK = Font(name=_FONT, color="0563C1", underline="single")
BOLD = Font(name=_FONT, bold=True)


def header(sheet: Sheet, columns: Sequence[str]) -> None:
    """Names the columns, their Chinese labels below, and keeps them in sight."""
    for number, name in enumerate(columns, start=1):
        cell = sheet.cell(1, number, f"{name}\n{label_of(name)}")
        cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = WRAP
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(name, _WIDTH)
    sheet.row_dimensions[1].height = 2 * _LINE + 2
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"


def print_wide(sheet: Sheet) -> None:
    """On paper the sheet is as wide as the page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def row_height(columns: Sequence[str], texts: Sequence[str]) -> float:
    """The height that the fullest cell of a row needs: programs differ in finding it."""
    return _LINE * max(_lines(name, text) for name, text in zip(columns, texts, strict=False))


def _lines(column: str, text: str) -> int:
    """How many lines a text takes in a column."""
    room = WIDTHS.get(column, _WIDTH) - 1
    return sum(max(1, math.ceil(places(line) / room)) for line in text.split("\n"))


def places(text: str) -> int:
    """The places that a text takes: a Chinese character is as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def place(columns: Sequence[str], name: str, last: int) -> str:
    """The cells of a column below the header, up to row `last`."""
    letter = get_column_letter(columns.index(name) + 1)
    return f"{letter}2:{letter}{last}"


def list_of(number: int, length: int) -> str:
    """Where the hidden sheet has the list of that number, counted from 0."""
    letter = get_column_letter(number + 1)
    return f"{LISTS}!${letter}$1:${letter}${length}"


def drop_down(sheet: Sheet, cells: str, values: str, prompt: str, *, strict: bool = True) -> None:
    """A drop-down in `cells` of what `values`, a formula, names; `strict` refuses all else."""
    rule = DataValidation(
        type="list",
        formula1=values,
        allow_blank=True,
        showErrorMessage=strict,
        showInputMessage=True,
        prompt=prompt[:255],
        error="Choose one from the list or leave the cell empty. 请从列表中选择，或留空。",
    )
    rule.add(cells)
    sheet.add_data_validation(rule)


def colour_where(sheet: Sheet, last: int, formula: str) -> None:
    """Colours the rows for which `formula`, written for row 2, holds."""
    rule = FormulaRule(formula=[formula], fill=_DONE)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(f"A2:F{last}", rule)


def in_cell(text: str) -> str:
    """A text as a cell may hold it: shown, never run."""
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", text))
