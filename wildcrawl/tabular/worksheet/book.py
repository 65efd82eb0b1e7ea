"""The worksheet as a workbook: Search, Advertisements with drop-downs, Guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from wildcrawl.tabular.worksheet.choices import choices_of, shown
from wildcrawl.tabular.worksheet.guide import COLUMNS, TICK, guide_rows
from wildcrawl.tabular.worksheet.layout import (
    BOLD,
    FILL_IN,
    HYPERLINK,
    MIDDLE,
    WIDTHS,
    WRAP,
    colour_where,
    drop_down,
    header,
    in_cell,
    list_of,
    place,
    print_wide,
    row_height,
)
from wildcrawl.tabular.worksheet.model import (
    AD_COLUMNS,
    ADS,
    GUIDE,
    LISTS,
    SEARCH,
    SEARCH_COLUMNS,
    Filled,
)
from wildcrawl.tabular.worksheet.writer import group_label, hint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet as Sheet

    from wildcrawl.analysis.vocabulary import Group, Keyword
    from wildcrawl.tabular.worksheet.model import Site

ROWS = 2000
"""How many rows of Advertisements have drop-downs."""
_BY_LINK = "Open the link, then as Guide says. 打开链接，再按 Guide 做。"


def write_book(
    path: Path,
    site: Site,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    filled: Filled,
) -> None:
    """Writes the workbook of `site` for `keywords` to `path`, with what is `filled` in it."""
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
    book.save(path)


def _search(
    sheet: Sheet,
    site: Site,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    ticks: Mapping[str, str],
) -> int:
    """Fills the sheet and returns its last row."""
    header(sheet, SEARCH_COLUMNS)
    listed: dict[str, tuple[str, str]] = {
        keyword.term: (group_label(groups[keyword.group]), hint(keyword)) for keyword in keywords
    }
    listed |= {term: ("", "") for term in ticks if term not in listed}
    told: dict[str, str] = {}
    for line, (term, (group, why)) in enumerate(listed.items(), start=2):
        link = site.link(term)
        # In full once a group: five lines beside each of its keywords are not read.
        first = told.setdefault(group, term)
        steps = site.where_to_look() if first == term else _as_above(first)
        texts = (group, term, why, link, _BY_LINK if link else steps)
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
    """A formula: whether the keyword of a row is ticked or has an advertisement."""
    found_by = f'SUBSTITUTE(SUBSTITUTE({ADS}!$A$2:$A${rows}," ",""),"；",";")'
    return f'OR($F2<>"",SUMPRODUCT(--ISNUMBER(SEARCH(";"&$B2&";",";"&{found_by}&";")))>0)'


def _advertisements(sheet: Sheet, last: int, groups: Mapping[str, Group], rows: int) -> None:
    header(sheet, AD_COLUMNS)
    for number, name in enumerate(AD_COLUMNS, start=1):
        if name not in ("images", "videos"):
            # As text, so that numbers of twenty digits and prices stay as they are typed.
            sheet.column_dimensions[get_column_letter(number)].number_format = "@"
    terms = f"{SEARCH}!$B$2:$B${last}"
    # Several values may stand in these two, so that the drop-down only offers.
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
                # A style of its own, since a written cell does not take that of its column.
                cell.number_format = "@"
                cell.alignment = WRAP


def _lists(sheet: Sheet, groups: Mapping[str, Group]) -> None:
    for column, choices in enumerate(choices_of(groups).values(), start=1):
        for line, (word, label) in enumerate(choices.items(), start=1):
            sheet.cell(line, column, in_cell(shown(word, label)))
    sheet.sheet_state = "hidden"


def _guide(sheet: Sheet, site: Site) -> None:
    names = ("guide_name", "guide_label", "guide_english", "guide_chinese")
    for letter, name in zip("ABCD", names, strict=True):
        sheet.column_dimensions[letter].width = WIDTHS[name]
    for line, texts in enumerate(guide_rows(site), start=1):
        for column, text in enumerate(texts, start=1):
            sheet.cell(line, column, in_cell(text)).alignment = WRAP
        sheet.cell(line, 1).font = BOLD
        sheet.row_dimensions[line].height = row_height(names, texts or ("",))
    print_wide(sheet)
