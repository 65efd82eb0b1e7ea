"""Worksheet writer: keyword list for a manual search, as a workbook or CSV file."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from wildcrawl.analysis.vocabulary import Group, Keyword
from wildcrawl.tabular.books.saving import saved
from wildcrawl.tabular.tables import harmless
from wildcrawl.tabular.words import choices_of, shown
from wildcrawl.tabular.worksheet.guide import COLUMNS, TICK, guide_rows, label_of
from wildcrawl.tabular.worksheet.model import (
    AD_COLUMNS,
    ADS,
    CSV_COLUMNS,
    GUIDE,
    LISTS,
    SEARCH,
    SEARCH_COLUMNS,
    Filled,
    WorksheetError,
    WorksheetSite,
)
from wildcrawl.utils import atomic_write, display_width, replacing

ROWS = 2000
"""Rows of Advertisements with drop-downs, at least."""
_BY_LINK = "Open the link, then follow Guide. 打开链接，再按“Guide（说明）”表操作。"


def write_book(
    path: Path,
    site: WorksheetSite,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    filled: Filled,
) -> None:
    """Writes the workbook of `site` for `keywords` to `path`, with the content of `filled`."""
    book = Workbook()
    book.remove(book.worksheets[0])
    search, ads = book.create_sheet(SEARCH), book.create_sheet(ADS)
    rows = max(ROWS, len(filled.rows) + 1)
    last = _search(search, site, keywords, groups, filled.ticks)
    colour_where(search, last, _is_done(rows))
    _advertisements(ads, last, groups, rows)
    _fill_in(ads, filled.rows)
    _guide(book.create_sheet(GUIDE), site)
    _lists(book.create_sheet(LISTS), groups)
    atomic_write(path, saved(book))


def _search(
    sheet: Sheet,
    site: WorksheetSite,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    ticks: Mapping[str, str],
) -> int:
    """Fills the sheet and returns its last row."""
    header(sheet, SEARCH_COLUMNS)
    listed: dict[str, tuple[str, str]] = {
        keyword.term: (group_label(groups[keyword.group]), _both(hints(keyword)))
        for keyword in keywords
    }
    listed |= {term: ("", "") for term in ticks if term not in listed}
    first_terms: dict[str, str] = {}
    for line, (term, (group, keyword_hint)) in enumerate(listed.items(), start=2):
        link = site.link(term)
        # In full once per group, since texts repeated beside each keyword are not read.
        first = first_terms.setdefault(group, term)
        steps = site.where_to_look() if first == term else _as_above(first)
        texts = (group, term, keyword_hint, link, _BY_LINK if link else steps)
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(line, column, in_cell(text))
            cell.alignment = WRAP
            if text and text == link and link.startswith(("http://", "https://")):
                cell.hyperlink = link
                cell.font = HYPERLINK
        sheet.row_dimensions[line].height = row_height(SEARCH_COLUMNS, texts)
        tick = sheet.cell(line, len(texts) + 1, in_cell(ticks.get(term, "")) or None)
        tick.fill = FILL_IN
        tick.alignment = MIDDLE
    last = max(2, len(listed) + 1)
    drop_down(sheet, place(SEARCH_COLUMNS, "nothing_found", last), '"x"', TICK)
    print_wide(sheet)
    return last


def _as_above(term: str) -> str:
    return f"The same steps as for {term} above. 步骤与上面的“{term}”相同。"


def _is_done(rows: int) -> str:
    """Formula that is true if the keyword of a row is ticked or has an advertisement."""
    found_by = f'SUBSTITUTE(SUBSTITUTE({ADS}!$A$2:$A${rows}," ",""),"；",";")'
    return f'OR($F2<>"",SUMPRODUCT(--ISNUMBER(SEARCH(";"&$B2&";",";"&{found_by}&";")))>0)'


def _advertisements(sheet: Sheet, last: int, groups: Mapping[str, Group], rows: int) -> None:
    header(sheet, AD_COLUMNS)
    for number, name in enumerate(AD_COLUMNS, start=1):
        if name not in ("images", "videos"):
            # As text, so that long numbers and prices remain as typed.
            sheet.column_dimensions[get_column_letter(number)].number_format = "@"
    terms = f"{SEARCH}!$B$2:$B${last}"
    # found_by and species accept several values, so their drop-downs only suggest.
    drop_down(
        sheet, place(AD_COLUMNS, "found_by", rows), terms, COLUMNS["found_by"].both, strict=False
    )
    for number, (name, choices) in enumerate(choices_of(groups).items()):
        drop_down(
            sheet,
            place(AD_COLUMNS, name, rows),
            list_of(number, len(choices)),
            COLUMNS[name].both,
            strict=name != "species",
        )


def _fill_in(sheet: Sheet, rows: Sequence[Mapping[str, str]]) -> None:
    for line, row in enumerate(rows, start=2):
        texts = [row.get(name, "") for name in AD_COLUMNS]
        sheet.row_dimensions[line].height = row_height(AD_COLUMNS, texts)
        for column, name in enumerate(AD_COLUMNS, start=1):
            text = row.get(name, "")
            if text:
                cell = sheet.cell(line, column, in_cell(text))
                # A written cell does not inherit the style of its column.
                cell.number_format = "@"
                cell.alignment = WRAP


def _lists(sheet: Sheet, groups: Mapping[str, Group]) -> None:
    for column, choices in enumerate(choices_of(groups).values(), start=1):
        for line, (word, label) in enumerate(choices.items(), start=1):
            sheet.cell(line, column, in_cell(shown(word, label)))
    sheet.sheet_state = "hidden"


def _guide(sheet: Sheet, site: WorksheetSite) -> None:
    names = ("guide_name", "guide_label", "guide_english", "guide_chinese")
    for letter, name in zip("ABCD", names, strict=True):
        sheet.column_dimensions[letter].width = WIDTHS[name]
    for line, texts in enumerate(guide_rows(site), start=1):
        for column, text in enumerate(texts, start=1):
            sheet.cell(line, column, in_cell(text)).alignment = WRAP
        sheet.cell(line, 1).font = BOLD
        sheet.row_dimensions[line].height = row_height(names, texts or ("",))
    print_wide(sheet)


WIDTHS = {
    "group": 22, "keyword": 14, "hint": 26, "search_link": 46, "where_to_look": 60,
    "nothing_found": 15, "found_by": 16, "url": 40, "title": 40, "description": 50,
    "image_urls": 30, "note": 30, "species": 20, "product_type": 26, "verdict": 18,
    "guide_name": 20, "guide_label": 12, "guide_english": 62, "guide_chinese": 48,
}  # fmt: skip
"""Widths of columns, in characters; other columns have _WIDTH."""
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
    """Writes the header: names above Chinese labels; it is frozen and repeated in print."""
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
    """Prints the sheet in landscape A4, fitted to the width of the page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def row_height(columns: Sequence[str], texts: Sequence[str]) -> float:
    """Height in points that the fullest cell of a row needs; programs compute it differently."""
    return _LINE * max(_lines(name, text) for name, text in zip(columns, texts, strict=False))


def _lines(column: str, text: str) -> int:
    """Number of lines of a text in a column."""
    room = WIDTHS.get(column, _WIDTH) - 1
    return sum(max(1, math.ceil(display_width(line) / room)) for line in text.split("\n"))


def place(columns: Sequence[str], name: str, last: int) -> str:
    """Range of a column below the header, up to row `last`."""
    letter = get_column_letter(columns.index(name) + 1)
    return f"{letter}2:{letter}{last}"


def list_of(number: int, length: int) -> str:
    """Range of list `number` (from 0) in the hidden sheet."""
    letter = get_column_letter(number + 1)
    return f"{LISTS}!${letter}$1:${letter}${length}"


def drop_down(sheet: Sheet, cells: str, values: str, prompt: str, *, strict: bool = True) -> None:
    """Adds a drop-down of the formula `values` to `cells`; `strict` refuses other values."""
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
    """Colours the rows for which `formula`, written for row 2, is true."""
    rule = FormulaRule(formula=[formula], fill=_DONE)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(f"A2:F{last}", rule)


def in_cell(text: str) -> str:
    """`text` without control characters, and never read as a formula."""
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", text))


def write_worksheet(
    path: Path,
    site: WorksheetSite,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    filled: Filled | None = None,
) -> None:
    """Writes the worksheet of `site` for `keywords` to `path`, which ends in .xlsx or .csv.

    A workbook has a sheet for the search, one with drop-downs for the advertisements, and a
    guide; a CSV file has one row for each keyword, to which rows are added. `filled` is
    written into it. WorksheetError for another ending; NotWrittenError, which leaves no part of a
    file, if it cannot be written.
    """
    ending = path.suffix.lower()
    filled = filled or Filled()
    if ending == ".csv":
        _write_csv(path, site, keywords, groups, filled)
    elif ending == ".xlsx":
        from wildcrawl.tabular.worksheet.writer import write_book

        write_book(path, site, keywords, groups, filled)
    else:
        raise WorksheetError(f"{path} is not a valid name of a worksheet; end it in .xlsx or .csv")


def _write_csv(
    path: Path,
    site: WorksheetSite,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    filled: Filled,
) -> None:
    # The BOM makes spreadsheets read it as UTF-8.
    with replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictWriter(file, CSV_COLUMNS, restval="")
        rows.writeheader()
        listed = {keyword.term: group_label(groups[keyword.group]) for keyword in keywords}
        for term in dict.fromkeys([*listed, *filled.ticks]):
            row = {
                "site": site.name,
                "group": listed.get(term, ""),
                "search_link": site.link(term),
                "where_to_look": site.where_to_look(),
                "found_by": term,
                "nothing_found": filled.ticks.get(term, ""),
            }
            rows.writerow({name: harmless(text) for name, text in row.items()})
        for written in filled.rows:
            row = {"site": site.name} | {name: written.get(name, "") for name in AD_COLUMNS}
            rows.writerow({name: harmless(text) for name, text in row.items()})


def group_label(group: Group) -> str:
    """Label of a species group, in both languages."""
    return f"{group.label} {group.label_zh}".strip()


def hints(keyword: Keyword) -> list[tuple[str, str]]:
    """Hints about a keyword in English and Chinese: it is a code word, most of its use is legal."""
    found = [("code word", "暗语")] if keyword.kind == "code" else []
    return found + ([("mostly legal use", "多为合法用法")] if keyword.ambiguous else [])


def _both(texts: Iterable[tuple[str, str]]) -> str:
    return ", ".join(" ".join(each) for each in texts)
