"""The whole export: records in, a folder with the report out."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exports.charts import draw_figures
from exports.context import ExportError
from exports.csvfile import write_csv
from exports.formats import Formats
from exports.ledger import read_ledger
from exports.page import render
from exports.summary import sentences, summarise
from exports.tables import make_tables
from exports.texts import ENGLISH

if TYPE_CHECKING:
    import polars as pl

    from exports.context import Context
    from exports.summary import Summary


@dataclass(frozen=True)
class Exported:
    """Where a report was written, and what it says first.

    index    the page
    csv      the CSV files, by the name of their table
    summary  the headline figures; `lines` has them as sentences
    """

    index: Path
    csv: dict[str, Path]
    summary: Summary
    lines: list[str]


def export(frame: pl.DataFrame, context: Context, folder: Path) -> Exported:
    """Writes the report of the records in `frame` to `folder`: index.html and csv/*.csv.

    `frame` has the store's columns; rows outside the period are no harm. Files are made
    aside and put in place once all are whole, the page last, so that a run that breaks
    off leaves the report that was there. ExportError says what is wrong with the records
    or with the folder.
    """
    ledger = read_ledger(frame, context)
    formats = Formats(context, ENGLISH)
    tables = make_tables(ledger)
    summary = summarise(ledger, tables)
    page = render(ledger, tables, draw_figures(tables, formats), summary, formats)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".export-", dir=folder))
    except OSError as error:
        raise ExportError(f"the report cannot be written to {folder}: {error.strerror}") from error
    try:
        for name, table in tables.items():
            write_csv(aside / f"{name}.csv", table.parts())
        (aside / "index.html").write_text(page, encoding="utf-8")
        index, csv = _put_in_place(aside, folder, list(tables))
    except OSError as error:
        raise ExportError(
            f"the report could not be written to {folder}: {error.strerror}; "
            f"the report that was there still stands"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Exported(index, csv, summary, sentences(summary, formats))


def _put_in_place(aside: Path, folder: Path, names: list[str]) -> tuple[Path, dict[str, Path]]:
    (folder / "csv").mkdir(exist_ok=True)
    csv = {name: (aside / f"{name}.csv").replace(folder / "csv" / f"{name}.csv") for name in names}
    return (aside / "index.html").replace(folder / "index.html"), csv
