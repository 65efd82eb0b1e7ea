"""Made reports in tests: the tables of rows, and the page of a report with its tables' cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lxml.html  # type: ignore[import-untyped]
import polars as pl

from exports import Context
from exports.dataset import read_report_data
from exports.tables import make_tables
from tests.helpers.exports_data import frame


def tables_of(rows: Sequence[dict[str, Any]], given: Context) -> dict[str, pl.DataFrame]:
    """The rows of each table of a report."""
    tables = make_tables(read_report_data(frame(*rows), given))
    return {name: table.rows for name, table in tables.items()}


def page_of(path: Path) -> Any:
    """A report's page as an element tree."""
    return lxml.html.fromstring(path.read_text(encoding="utf-8"))


def grid(page: Any, name: str) -> list[list[str]]:
    """Texts of the cells of a section's table."""
    rows = page.xpath(f"//section[@id='{name}']//tbody/tr")
    return [[cell.text_content().strip() for cell in row.xpath("./th|./td")] for row in rows]
