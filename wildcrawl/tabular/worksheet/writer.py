"""Writes the guided list for a manual search, as a workbook or a CSV file."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from wildcrawl.tabular.cells import harmless
from wildcrawl.tabular.worksheet.model import AD_COLUMNS, CSV_COLUMNS, Filled, WorksheetError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from wildcrawl.analysis.vocabulary import Group, Keyword
    from wildcrawl.tabular.worksheet.model import Site


def write_worksheet(
    path: Path,
    site: Site,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    filled: Filled | None = None,
) -> None:
    """Writes the worksheet of `site` for `keywords` to `path`, which ends in .xlsx or .csv.

    A workbook has a sheet for the search, one for the advertisements with drop-downs, and a
    guide; a CSV file has one row for each keyword, to which rows are added. What is `filled`
    in already stands in it.
    """
    ending = path.suffix.lower()
    filled = filled or Filled()
    if ending == ".csv":
        _write_csv(path, site, keywords, groups, filled)
    elif ending == ".xlsx":
        from wildcrawl.tabular.worksheet.book import write_book

        write_book(path, site, keywords, groups, filled)
    else:
        raise WorksheetError(f"{path}: a worksheet is an .xlsx or a .csv file; name it so")


def _write_csv(
    path: Path,
    site: Site,
    keywords: Sequence[Keyword],
    groups: Mapping[str, Group],
    filled: Filled,
) -> None:
    # The BOM makes spreadsheets read it as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
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
    """A species group as people read it, in both languages."""
    return f"{group.label} {group.label_zh}".strip()


def hint(keyword: Keyword) -> str:
    """What to mind about a keyword: that it hides what is sold, or mostly finds legal things."""
    hints = ["code word 暗语"] if keyword.kind == "code" else []
    hints += ["mostly legal use 多为合法用法"] if keyword.ambiguous else []
    return ", ".join(hints)
