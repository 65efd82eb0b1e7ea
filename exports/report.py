"""Report export: writes the report of records to a folder."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from filelock import lock_descriptor

from exports.caveats import marks, steps, unlisted
from exports.charts import MONTH_TABLES, draw_figures, draw_month_figures
from exports.charts.files import write_figures
from exports.context import Context, ExportError
from exports.datapackage import NAME as PACKAGE
from exports.datapackage import data_package
from exports.dataset import ReportData, read_report_data
from exports.file_names import (
    OFFICERS_ONLY,
    csv_name,
    folder_name,
    month_page_name,
    pdf_name,
    stem,
    xlsx_name,
)
from exports.formats import Formats
from exports.labels import for_files
from exports.narrative import sentences
from exports.page import Links, Report, render
from exports.report_index import page_language
from exports.spill import SpillFiles
from exports.summary import Summary, summarise
from exports.tables import make_tables
from exports.tables.advertisements import every_part
from exports.texts import texts_of
from exports.unmonitored import cautions
from exports.writers import write_csv
from wildcrawl.staging import staging_folder

if TYPE_CHECKING:
    from exports.judging import Provisional
    from exports.photographs import Photograph
    from exports.tables.table import Table

_NAME = ".export-"


@contextmanager
def exclusive_lock(folder: Path) -> Iterator[None]:
    """Lock on `folder`, so that only one export at a time moves its files into it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        # Some network drives do not support locks on folders.
        with suppress(OSError):
            lock_descriptor(opened)
        yield
    finally:
        os.close(opened)


FORMATS = ("html", "csv", "xlsx", "figures", "pdf")
"""Formats of a report."""


Printer = Callable[[Path, Path], None]
"""Prints a page to a PDF file; OSError if it cannot."""


@dataclass(frozen=True)
class Exported:
    """Result of an export: the written files and the key figures.

    folder   the folder of all files
    tables   the names of the tables, in the order of the page
    written  the written files, by their paths within the folder
    summary  the key figures; `lines` has them as sentences, and what is to be done next
    warnings what is wrong with the data of the report, as sentences
    """

    folder: Path
    tables: Sequence[str]
    written: Mapping[str, Path]
    summary: Summary
    lines: list[str]
    warnings: list[str]

    @property
    def index(self) -> Path:
        """The file to open: the page, or else the XLSX file or the folder of CSV files."""
        return self.written.get("index.html") or self.xlsx or self.folder / "csv"

    @property
    def csv(self) -> dict[str, Path]:
        """The CSV files, by the name of their table."""
        files = {stem(path.name): path for path in self._within("csv")}
        return {name: files[name] for name in self.tables if name in files}

    @property
    def months(self) -> dict[str, Path]:
        """The pages of single months, by month, if the period has several."""
        return {stem(path.name): path for path in self._within("months")}

    @property
    def xlsx(self) -> Path | None:
        """The XLSX file, if it was requested."""
        return self._with_suffix(".xlsx")

    @property
    def pdf(self) -> Path | None:
        """The page as a PDF file, if it was requested."""
        return self._with_suffix(".pdf")

    @property
    def with_contacts(self) -> Path | None:
        """The file for officers only, if it was requested."""
        return self.written.get(OFFICERS_ONLY)

    def _within(self, folder: str) -> list[Path]:
        return [path for path in self.written.values() if path.parent.name == folder]

    def _with_suffix(self, suffix: str) -> Path | None:
        return next((path for path in self.written.values() if path.suffix == suffix), None)


def export(
    records: pl.DataFrame | Iterable[pl.DataFrame],
    context: Context,
    folder: Path,
    *,
    earlier: pl.DataFrame | Iterable[pl.DataFrame] | None = None,
    formats: Collection[str] = ("html", "csv"),
    lang: str = "en",
    name_folder: bool = False,
    print_pdf: Printer | None = None,
) -> Exported:
    """Writes the report of `records` to `folder`: pages, csv/*.csv and report.xlsx.

    The files of a provisional report say so in their names, and with `name_folder` the folder too,
    as one in another language than English does.

    `print_pdf` prints a page to a PDF file, for the format pdf.

    `records` have the store's columns, in one frame or in parts, in any order; rows outside the
    period are not counted. `earlier` may hold records from before it with fewer columns
    (NEEDED_EARLIER). Files are written to a staging folder and moved once all are complete, the
    page last, so that an aborted export leaves the previous report intact, and of two concurrent
    exports the last one remains. ExportError says what is wrong with the records, the folder, a
    format or the language, or that too much waits for a verdict for a final report.
    """
    _check(formats, print_pdf)
    texts = texts_of(lang)
    printer = print_pdf if "pdf" in formats else None
    home = folder.parent if name_folder else folder
    with _plain_errors(folder), _made(home), staging_folder(home, _NAME) as staging:
        with _garbage_collection_off():
            data = read_report_data(records, context, SpillFiles(staging), earlier)
        if context.final and data.provisional:
            raise ExportError(_refusal(data.provisional))
        formatter = Formats(data.context, texts)
        tables, summary = _write(data, formatter, staging / "report", formats, printer)
        if name_folder:
            folder = folder_name(folder, provisional=data.provisional is not None, lang=lang)
        with _plain_errors(folder), _made(folder), exclusive_lock(folder):
            replaced = "html" in formats and page_language(folder / "index.html")
            written = put_in_place(staging / "report", folder, formats)
    return Exported(
        folder=folder,
        tables=tables,
        written=written,
        summary=summary,
        lines=[*sentences(summary, formatter), *steps(summary, formatter)],
        warnings=[
            *unlisted(summary, formatter),
            *cautions(data, formatter),
            *([texts.say("notes.replaced")] if replaced and replaced != lang else []),
        ],
    )


def _check(formats: Collection[str], print_pdf: Printer | None) -> None:
    """ExportError if the formats are not known, or lack what they are made from."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise ExportError(
            f"'{', '.join(unknown)}' is not a valid format; choose one of {', '.join(FORMATS)}"
        )
    if "html" not in formats and not {"figures", "pdf"}.isdisjoint(formats):
        raise ExportError("figures and pdf are made from the page; choose html as well")
    if "pdf" in formats and print_pdf is None:
        raise ExportError("a PDF needs a browser to print it; choose html and print that")


@contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    """Raises ExportError for an OSError of a report to `folder`."""
    try:
        yield
    except OSError as error:
        raise ExportError(
            f"the report cannot be written to {folder}: {error.strerror or error}; "
            f"an earlier report there is unchanged"
        ) from error


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Makes `folder`; one that is made for a report that is then refused does not remain."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except ExportError:
        with suppress(OSError):
            for each in made:
                each.rmdir()
        raise


def _refusal(provisional: Provisional) -> str:
    """Why there is no final report, and what to do."""
    months = ", ".join(
        f"{month.waiting:,} of {month.total:,} ({month.waiting_percent}%) in {name}"
        for name, month in provisional.months.items()
    )
    return (
        f"there is no final report while advertisements wait for a verdict: {months}; "
        f"judge them at the desk: scrapy desk"
    )


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Garbage collection switched off: rows have no cycles, and reading is a sixth faster."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(
    data: ReportData,
    formatter: Formats,
    folder: Path,
    formats: Collection[str],
    print_pdf: Printer | None,
) -> tuple[list[str], Summary]:
    """Writes all files of the report to the new `folder`; returns the tables' names and summary."""
    tables = make_tables(data)
    summary = summarise(data, tables)
    provisional = summary.provisional is not None
    files = {name: for_files(table, formatter) for name, table in tables.items()}
    (folder / "csv").mkdir(parents=True)
    with ThreadPoolExecutor(2) as executor:
        # In parallel: polars writes files and Vega draws figures outside the interpreter lock.
        writing = []
        if "csv" in formats:
            writing.append(executor.submit(_write_csv, files, folder / "csv", provisional))
        if data.with_contacts is not None:
            parts = every_part(data.with_contacts, data.context.months)
            writing.append(executor.submit(_write_marked, folder / OFFICERS_ONLY, parts))
        if "html" in formats:
            if len(data.context.months) > 1:
                months = folder / "months"
                writing.append(executor.submit(_write_months, data, formatter, months, formats))
            figures = draw_figures(data, tables, summary, formatter)
            page = render(Report(data, tables, figures, summary), formatter, files=formats)
            (folder / "index.html").write_text(page, encoding="utf-8")
            _write_photographs(data.context.photographs, folder / "photographs")
            if "figures" in formats:
                mark = marks(summary, formatter)
                writing.append(
                    executor.submit(
                        write_figures, folder / "figures", figures, mark, provisional=provisional
                    )
                )
        for task in writing:
            task.result()
    if "csv" in formats:
        package = data_package(files, summary, formatter, data.context.author)
        (folder / PACKAGE).write_text(package, encoding="utf-8")
    if print_pdf is not None:
        print_pdf(folder / "index.html", folder / pdf_name(provisional=provisional))
    if "xlsx" in formats:
        # Imported here: most exports write no workbook, and its library loads slowly.
        from exports.workbook import Contents, write_workbook

        contents = Contents(
            data, tables, files["advertisements"], summary, with_csv="csv" in formats
        )
        write_workbook(folder / xlsx_name(provisional=provisional), contents, formatter)
    return list(tables), summary


def _write_photographs(photographs: Sequence[Photograph], folder: Path) -> None:
    if photographs:
        folder.mkdir()
    for each in photographs:
        (folder / f"{each.name}.jpg").write_bytes(each.data)


def _write_csv(tables: Mapping[str, Table], folder: Path, provisional: bool) -> None:
    for name, table in tables.items():
        write_csv(folder / csv_name(name, provisional=provisional), table.parts())


def _write_marked(path: Path, parts: Iterable[pl.DataFrame]) -> None:
    """Writes the advertisements with contacts to a file that only its owner may read."""
    path.touch(mode=0o600)
    mark = pl.lit("officers only: has contacts, not for publication").alias("marking")
    write_csv(path, (part.with_columns(mark) for part in parts))


def _write_months(
    data: ReportData, formatter: Formats, folder: Path, formats: Collection[str]
) -> None:
    """Writes a page for each month of the period, and its figures to a folder beside it."""
    folder.mkdir()
    for alone in data.by_month():
        (month,) = alone.context.months
        provisional = alone.provisional is not None
        tables = make_tables(alone)
        summary = summarise(alone, tables)
        figures = draw_month_figures(tables, summary, formatter)
        name = month_page_name(month, provisional=provisional)
        own = folder / Path(name).stem
        files = {"figures", "csv"}.intersection(formats) if figures else set()
        if "csv" in files:
            own.mkdir()
            _write_csv({table: tables[table] for table in MONTH_TABLES}, own, provisional)
        if "figures" in files:
            write_figures(own, figures, marks(summary, formatter), provisional=provisional)
        page = render(
            Report(alone, tables, figures, summary),
            formatter,
            files=files,
            links=Links(own.name, own.name, MONTH_TABLES),
            within=data,
        )
        (folder / name).write_text(page, encoding="utf-8")


def put_in_place(made: Path, folder: Path, formats: Collection[str]) -> dict[str, Path]:
    """Moves the files in `made` to `folder`, the page last.

    They replace those of an earlier export in these formats; its files in other formats remain.
    """
    names = sorted(str(path.relative_to(made)) for path in made.rglob("*") if path.is_file())
    if OFFICERS_ONLY not in names:
        (folder / OFFICERS_ONLY).unlink(missing_ok=True)
    of_format = {
        "csv": ("csv/*.csv", "months/*/*.csv"),
        "html": ("months/*.html", "photographs/*.jpg"),
        "xlsx": ("report*.xlsx",),
        "figures": ("figures/*.*", "months/*/*.svg", "months/*/*.png"),
        "pdf": ("report*.pdf",),
    }
    patterns = [pattern for kind in formats for pattern in of_format[kind]]
    for old in (path for pattern in patterns for path in folder.glob(pattern)):
        if str(old.relative_to(folder)) not in names:
            old.unlink()
            if old.parent.parent.name == "months":
                # Only an empty folder can be removed.
                with suppress(OSError):
                    old.parent.rmdir()
    placed = {}
    for name in sorted(names, key=lambda name: name == "index.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        placed[name] = (made / name).replace(folder / name)
    return placed
