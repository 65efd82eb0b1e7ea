"""The worksheet as a workbook: Search, Advertisements with drop-downs, Guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from wildcrawl.items import AgeClaim, ProductType, Verdict
from wildcrawl.records import harmless
from wildcrawl.worksheet.guide import COLUMNS, guide_rows
from wildcrawl.worksheet.model import AD_COLUMNS, ADS, GUIDE, SEARCH, SEARCH_COLUMNS
from wildcrawl.worksheet.writer import group_label, hint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet as Sheet

    from wildcrawl.vocabulary import Group, Keyword
    from wildcrawl.worksheet.model import Site

_ROWS = 2000
"""How many rows of Advertisements have drop-downs."""
_WIDTHS = {
    "group": 24, "keyword": 16, "hint": 28, "search_link": 42, "where_to_look": 60,
    "nothing_found": 15, "found_by": 16, "url": 40, "title": 40, "description": 50,
    "image_urls": 30, "note": 30,
}  # fmt: skip
_HEAD = PatternFill("solid", fgColor="1F4E5F")
_FILL_IN = PatternFill("solid", fgColor="FFF8E1")
_WRAP = Alignment(vertical="top", wrap_text=True)


def write_book(
    path: Path, site: Site, keywords: Sequence[Keyword], groups: Mapping[str, Group]
) -> None:
    """Writes the workbook of `site` for `keywords` to `path`."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _search(book.create_sheet(SEARCH), site, keywords, groups)
    _advertisements(book.create_sheet(ADS), len(keywords), list(groups))
    _guide(book.create_sheet(GUIDE), site)
    book.save(path)


def _search(
    sheet: Sheet, site: Site, keywords: Sequence[Keyword], groups: Mapping[str, Group]
) -> None:
    _header(sheet, SEARCH_COLUMNS)
    for line, keyword in enumerate(keywords, start=2):
        link = site.link(keyword.term)
        texts = (
            group_label(groups[keyword.group]),
            keyword.term,
            hint(keyword),
            link,
            site.where_to_look(),
        )
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(line, column, _text(text))
            cell.alignment = _WRAP
            if text and text == link and link.startswith(("http://", "https://")):
                cell.hyperlink = link
                cell.style = "Hyperlink"
        sheet.cell(line, len(texts) + 1).fill = _FILL_IN
    tick = _list(["x"], "Write x if the keyword finds nothing.")
    tick.add(_column(SEARCH_COLUMNS, "nothing_found", max(2, len(keywords) + 1)))
    sheet.add_data_validation(tick)


def _advertisements(sheet: Sheet, keywords: int, groups: Sequence[str]) -> None:
    _header(sheet, AD_COLUMNS)
    for number, name in enumerate(AD_COLUMNS, start=1):
        if name not in ("images", "videos"):
            # As text, so that numbers of twenty digits and prices stay as they are typed.
            sheet.column_dimensions[get_column_letter(number)].number_format = "@"
    letter = get_column_letter(SEARCH_COLUMNS.index("keyword") + 1)
    terms = f"{SEARCH}!${letter}$2:${letter}${max(2, keywords + 1)}"
    lists = {
        # Several values may stand in these cells, so the drop-down only offers.
        "found_by": _list(terms, COLUMNS["found_by"][1], strict=False),
        "species": _list(groups, COLUMNS["species"][1], strict=False),
        "product_type": _list(list(ProductType), COLUMNS["product_type"][1]),
        "age_claim": _list(list(AgeClaim), COLUMNS["age_claim"][1]),
        "verdict": _list(list(Verdict), COLUMNS["verdict"][1]),
    }
    for name, values in lists.items():
        values.add(_column(AD_COLUMNS, name, _ROWS))
        sheet.add_data_validation(values)


def _guide(sheet: Sheet, site: Site) -> None:
    for texts in guide_rows(site):
        sheet.append([_text(text) for text in texts])
    for letter, width in zip("ABC", (20, 14, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = _WRAP
        row[0].font = Font(bold=True)


def _header(sheet: Sheet, columns: Sequence[str]) -> None:
    sheet.append(list(columns))
    for number, cell in enumerate(sheet[1], start=1):
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        width = _WIDTHS.get(columns[number - 1], 14)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"


def _list(values: Sequence[str] | str, prompt: str, *, strict: bool = True) -> DataValidation:
    """A drop-down of `values`, or of the cells that a reference names."""
    formula = values if isinstance(values, str) else f'"{",".join(values)}"'
    return DataValidation(
        type="list",
        formula1=formula,
        allow_blank=True,
        showErrorMessage=strict,
        showInputMessage=True,
        prompt=prompt[:255],
        error="Choose one from the list or leave the cell empty.",
    )


def _column(columns: Sequence[str], name: str, last: int) -> str:
    letter = get_column_letter(columns.index(name) + 1)
    return f"{letter}2:{letter}{last}"


def _text(text: str) -> str:
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", text))
