"""Files of records: CSV, JSON lines and workbooks, opened by name and content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wildcrawl.tabular.books import ENDINGS, is_workbook, is_zipped_or_ole
from wildcrawl.tabular.tables import RecordsError, TableFile
from wildcrawl.tabular.text_tables import CsvTable, JsonLinesTable
from wildcrawl.tabular.words import COLUMN_NAMES

_CSV = (".csv", ".tsv", ".txt")
_JSON = (".jsonl", ".ndjson", ".jl", ".json")
_WEB = (".htm", ".html")


def check_file(path: Path, error: type[ValueError]) -> None:
    """Raises `error` for a path that is not a file."""
    if path.is_dir():
        raise error(f"{path}: this is a folder; name a file in it")
    if not path.is_file():
        raise error(f"{path}: no such file")


def open_table(path: Path, charset: str | None = None, sheet: str = "") -> TableFile:
    """The table of records of a file, by the ending of its name; `sheet` is one of a workbook.

    A workbook is opened as one even if its name ends in .csv, a text even if it ends in .xls.
    RecordsError if the file cannot be opened.
    """
    check_file(path, RecordsError)
    ending = path.suffix.lower()
    known = (*_CSV, *ENDINGS, *_JSON)
    if ending not in (*known, *_WEB):
        raise RecordsError(
            f"{path}: '{ending}' is not a supported file type; use one of {', '.join(known)}"
        )
    with _reading(path):
        if _holds_workbook(path, ending):
            # Imported here, so that a crawl without workbooks does not load their readers.
            from wildcrawl.tabular.sheet_table import records_table

            return records_table(path, sheet)
        if sheet:
            raise RecordsError(f"{path} has no sheets; leave sheet={sheet} out")
        if ending in _JSON:
            return JsonLinesTable(path, charset)
        return CsvTable(path, charset, COLUMN_NAMES)


def _holds_workbook(path: Path, ending: str) -> bool:
    if ending in (".xls", ".et"):
        # Shops and office systems save text with tabs under these names.
        return is_workbook(path) or path.stat().st_size == 0
    return ending in (*ENDINGS, *_WEB) or is_zipped_or_ole(path)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordsError(f"{path} cannot be read: {error.strerror or error}") from error
