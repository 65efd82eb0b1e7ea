"""Workbooks: the sheets of XLSX, XLS and ODS files, and of tables saved as .xls by web pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile, ZipFile

from wildcrawl.tabular.books.cells import Value
from wildcrawl.tabular.books.hidden import Hidden
from wildcrawl.tabular.books.limits import (
    AT_ONCE,
    DistantBook,
    LimitedBook,
    check_parts,
    unpacked_size,
)
from wildcrawl.tabular.tables import RecordsError

ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlt", ".et", ".ods", ".ots")
"""Endings of workbooks' names; what a file really is shows its content."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_START = 4096
_AS_XLSX = "open it in a spreadsheet and save it as XLSX"


class Book(Protocol):
    """An open workbook: the names of its sheets, and their rows."""

    names: list[str]

    @property
    def hidden(self) -> Hidden:
        """What of the rows read so far the spreadsheet does not show."""
        ...

    def rows(self, name: str) -> Iterator[tuple[int, list[Value]]]:
        """The rows of a sheet with their numbers, from 1."""
        ...

    def close(self) -> None:
        """Closes the file."""
        ...


def is_workbook(path: Path) -> bool:
    """Whether the content of `path` is that of a workbook, whatever its name says."""
    with path.open("rb") as file:
        start = file.read(_START)
    return start.startswith((_ZIP, _OLE, *_BIFF)) or _is_markup(start)


def is_zipped_or_ole(path: Path) -> bool:
    """Whether `path` is a file of an office program, which no text begins like."""
    with path.open("rb") as file:
        return file.read(len(_OLE)).startswith((_ZIP, _OLE))


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """The workbook at `path`, by its content; RecordsError if it is none, damaged or too large.

    A fault that shows when rows are read becomes a RecordsError too. A workbook that unpacks to
    more than AT_ONCE is read in a process of its own.
    """
    with errors(path):
        distant = unpacked_size(path) > AT_ONCE
        if distant:
            check_parts(path)
    if not distant:
        with read_directly(path) as book:
            yield book
        return
    with errors(path):
        far = DistantBook(path)
        try:
            yield far
        finally:
            far.close()


@contextmanager
def read_directly(path: Path) -> Iterator[Book]:
    """The workbook at `path`, read in this process; RecordsError as `open_book`."""
    with path.open("rb") as file:
        start = file.read(_START)
    if not start:
        raise RecordsError(f"{path} is empty (0 bytes); save it again, or ask for it again")
    with errors(path):
        book = LimitedBook(_opened(path, start), path)
        try:
            yield book
        finally:
            book.close()


def _opened(path: Path, start: bytes) -> Book:
    if start.startswith(_ZIP):
        return _zipped(path)
    if start.startswith((_OLE, *_BIFF)):
        _check_ole(path)
        from wildcrawl.tabular.books.xls import XlsBook

        return XlsBook(path)
    if _is_markup(start):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start:
            raise RecordsError(f"{path} is an XML spreadsheet of 2003; {_AS_XLSX}")
        from wildcrawl.tabular.books.html import HtmlBook

        return HtmlBook(path)
    raise RecordsError(
        f"{path} is not an XLSX workbook, nor one in another format that can be read; {_AS_XLSX}"
    )


def _zipped(path: Path) -> Book:
    with ZipFile(path) as file:
        names = {name.replace("\\", "/").lower() for name in file.namelist()}
    if "xl/workbook.bin" in names:
        raise RecordsError(f"{path} is a binary workbook (XLSB); {_AS_XLSX}")
    if "content.xml" in names:
        from wildcrawl.tabular.books.ods import OdsBook

        return OdsBook(path)
    if any(name.startswith("word/") for name in names):
        raise RecordsError(f"{path} is a text document; copy its table into a spreadsheet")
    if any(name.startswith("index/") and name.endswith(".iwa") for name in names):
        raise RecordsError(f"{path} is a Numbers document; export it as XLSX")
    from wildcrawl.tabular.books.xlsx import XlsxBook

    return XlsxBook(path)


def _check_ole(path: Path) -> None:
    """RecordsError for an OLE file that is not an XLS workbook: stream names are in UTF-16."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise RecordsError(
            f"{path} is protected with a password; open it in a spreadsheet and save it as XLSX "
            "without a password"
        )
    if "WordDocument".encode("utf-16-le") in data:
        raise RecordsError(f"{path} is a text document; copy its table into a spreadsheet")


def _is_markup(start: bytes) -> bool:
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return plain.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<?xml"))


@contextmanager
def errors(path: Path) -> Iterator[None]:
    """Turns what a damaged workbook raises into a RecordsError with the fix."""
    try:
        yield
    except RecordsError:
        raise
    except OSError as error:
        reason = error.strerror or error
        raise RecordsError(f"{path} cannot be read: {reason}") from error
    except _faults() as error:
        raise RecordsError(
            f"{path} is not an {_format(path)} workbook that can be read "
            f"({error or type(error).__name__}); {_AS_XLSX}, without a password"
        ) from error


def _format(path: Path) -> str:
    """The format of a workbook by the ending of its name.

    >>> _format(Path("a.ODS")), _format(Path("a.upload"))
    ('ODS', 'XLSX')
    """
    ending = path.suffix.lower()
    return ending[1:].upper() if ending in ENDINGS else "XLSX"


def _faults() -> tuple[type[Exception], ...]:
    """What readers raise for damaged files; the readers check little of what they read."""
    return (
        ArithmeticError,
        AssertionError,
        AttributeError,
        BadZipFile,
        EOFError,
        LookupError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
        *_raised_by_libraries(),
    )


def _raised_by_libraries() -> tuple[type[Exception], ...]:
    import struct
    import zlib

    import xlrd
    from lxml import etree  # type: ignore[import-untyped]
    from xlrd.compdoc import CompDocError

    return (struct.error, zlib.error, xlrd.XLRDError, CompDocError, etree.LxmlError)
