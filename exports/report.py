"""Report export: records in, a folder with the finished report out."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout, lock_descriptor

from exports.charts import draw_figures
from exports.context import Context, ExportError
from exports.dataset import ReportData, read_report_data
from exports.formats import Formats
from exports.narrative import sentences
from exports.page import Report, render
from exports.spill import SpillFiles
from exports.summary import Summary, summarise
from exports.tables import make_tables
from exports.texts import texts_of
from exports.writers import write_csv, write_xlsx

if TYPE_CHECKING:
    import polars as pl

    from exports.tables.table import Table

_NAME = ".export-"
_LOCK = "lock"


@contextmanager
def made_aside(folder: Path) -> Iterator[Path]:
    """A new folder within `folder`, which is gone at the end; those that killed exports left too.

    OSError if it cannot be made.
    """
    _clear_left(folder)
    made = Path(tempfile.mkdtemp(prefix=_NAME, dir=folder))
    try:
        with FileLock(made / _LOCK):
            yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _clear_left(folder: Path) -> None:
    """Removes what nobody is making any longer: the system lets go of a dead process's lock."""
    for left in folder.glob(f"{_NAME}*/{_LOCK}"):
        with suppress(OSError, Timeout), FileLock(left, blocking=False):
            shutil.rmtree(left.parent)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Waits until no other export puts its files in place in `folder`, and keeps others waiting."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        # Some network drives lock no folders; two exports at once are rare there too.
        with suppress(OSError):
            lock_descriptor(opened)
        yield
    finally:
        os.close(opened)


FORMATS = ("html", "csv", "xlsx")
"""What a report can be written as."""


@dataclass(frozen=True)
class Exported:
    """Where a report was written, and what it says first.

    index    what to open: the page; the XLSX file or the folder of CSV files if there is none
    csv      the CSV files, by the name of their table
    months   the pages of single months, by month, where the period has several
    xlsx     the XLSX file, if it was asked for
    summary  the headline figures; `lines` has them as sentences
    """

    index: Path
    csv: dict[str, Path]
    months: dict[str, Path]
    xlsx: Path | None
    summary: Summary
    lines: list[str]


def export(
    records: pl.DataFrame | Iterable[pl.DataFrame],
    context: Context,
    folder: Path,
    *,
    earlier: pl.DataFrame | None = None,
    formats: Collection[str] = ("html", "csv"),
    lang: str = "en",
) -> Exported:
    """Writes the report of `records` to `folder`: pages, csv/*.csv and report.xlsx.

    `records` have the store's columns, in one frame or in parts, in any order; rows outside the
    period are no harm. `earlier` may have those before it with fewer columns (NEEDED_EARLIER).
    Files are made aside and put in place once all are whole, the page last, so that a run that
    breaks off leaves the report that was there, and of two at once the last remains. ExportError
    says what is wrong with the records, the folder, a format or the language.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ExportError(f"there is no format '{', '.join(unknown)}'; choose {', '.join(FORMATS)}")
    said = Formats(context, texts_of(lang))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with made_aside(folder) as aside:
            with _without_collecting():
                data = read_report_data(records, context, SpillFiles(aside), earlier)
            names, summary = _write(data, said, aside / "report", formats)
            with alone_in(folder):
                found = _put_in_place(aside / "report", folder, formats)
    except OSError as error:
        raise ExportError(
            f"the report cannot be written to {folder}: {error.strerror or error}; "
            f"a report that was there still stands"
        ) from error
    return Exported(
        index=found.get("index.html") or found.get("report.xlsx") or folder / "csv",
        csv={name: found[f"csv/{name}.csv"] for name in names if f"csv/{name}.csv" in found},
        months={path.stem: path for path in found.values() if path.parent.name == "months"},
        xlsx=found.get("report.xlsx"),
        summary=summary,
        lines=sentences(summary, said),
    )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spares the search for cycles, which rows have none of and which would take a sixth longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(
    data: ReportData, said: Formats, folder: Path, formats: Collection[str]
) -> tuple[list[str], Summary]:
    """Writes all files of the report to `folder`, which is new; gives the tables' names too."""
    tables = make_tables(data)
    summary = summarise(data, tables)
    (folder / "csv").mkdir(parents=True)
    with ThreadPoolExecutor(2) as beside:
        # Long files are written by polars and figures are drawn by Vega, both without Python.
        writing = []
        if "csv" in formats:
            writing.append(beside.submit(_write_csv, tables, folder / "csv"))
        if "html" in formats:
            if len(data.context.months) > 1:
                writing.append(beside.submit(_write_months, data, said, folder / "months"))
            figures = draw_figures(data, tables, summary, said)
            page = render(Report(data, tables, figures, summary), said, files=formats)
            (folder / "index.html").write_text(page, encoding="utf-8")
        for each in writing:
            each.result()
    if "xlsx" in formats:
        write_xlsx(folder / "report.xlsx", tables.values())
    return list(tables), summary


def _write_csv(tables: Mapping[str, Table], folder: Path) -> None:
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table.parts())


def _write_months(data: ReportData, said: Formats, folder: Path) -> None:
    """A page for each month of the period; its tables alone, since they are drawn as bars."""
    folder.mkdir()
    for alone in data.by_month():
        (month,) = alone.context.months
        tables = make_tables(alone)
        report = Report(alone, tables, {}, summarise(alone, tables))
        page = render(report, said, within=data.context)
        (folder / f"{month}.html").write_text(page, encoding="utf-8")


def _put_in_place(made: Path, folder: Path, formats: Collection[str]) -> dict[str, Path]:
    """Moves the files that were made to where they belong, the page last.

    They replace those of an earlier export in these formats; what it wrote in others stays.
    """
    names = sorted(str(path.relative_to(made)) for path in made.rglob("*") if path.is_file())
    of_format = {"csv": "csv/*.csv", "html": "months/*.html", "xlsx": "report.xlsx"}
    for old in (path for each in formats for path in folder.glob(of_format[each])):
        if str(old.relative_to(folder)) not in names:
            old.unlink()
    found = {}
    for name in sorted(names, key=lambda name: name == "index.html"):
        (folder / name).parent.mkdir(exist_ok=True)
        found[name] = (made / name).replace(folder / name)
    return found
