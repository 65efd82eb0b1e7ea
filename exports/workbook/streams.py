"""Streamed sheets: rows of any number put into a finished workbook, a part at a time.

The workbook is written with the header of such a sheet and one row of formatted cells, which the
streamed rows replace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

_LEVEL = 1
"""Compression: the next level takes half as long again for a tenth less."""
_ROW = re.compile(r'<row r="2".*?</row>', re.DOTALL)
_DIMENSION = re.compile(r"<dimension[^>]*/>")
_STYLE = re.compile(r'<c r="([A-Z]+)2" s="([0-9]+)"')


class Rows(Protocol):
    """Maker of the rows of a sheet as XML, given the number of the format of each column."""

    def __call__(self, styles: Mapping[str, str]) -> Iterator[bytes]: ...


def stream_rows(book: Path, target: Path, sheets: Mapping[int, Rows]) -> None:
    """Copies the workbook `book` to `target` with the rows of `sheets` below their headers.

    `sheets` are by the place of the sheet in the workbook, from 0.
    """
    names = {f"xl/worksheets/sheet{place + 1}.xml": rows for place, rows in sheets.items()}
    with ZipFile(book) as made, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as out:
        for part in made.infolist():
            content = made.read(part)
            # By its name: a part that was read has a compression of its own.
            with out.open(part.filename, "w", force_zip64=part.filename in names) as file:
                if part.filename in names:
                    _write_sheet(file, content.decode("utf-8"), names[part.filename])
                else:
                    file.write(content)


def _write_sheet(file: IO[bytes], sheet: str, rows: Rows) -> None:
    # It states one row; readers such as openpyxl would read no more.
    sheet = _DIMENSION.sub("", sheet)
    example = _ROW.search(sheet)
    assert example, "a streamed sheet has an example of its rows"
    file.write(sheet[: example.start()].encode())
    styles = dict(_STYLE.findall(example[0]))
    # One part is made while another is compressed.
    with ThreadPoolExecutor(1) as executor:
        parts = rows(styles)
        coming = executor.submit(next, parts, None)
        while (part := coming.result()) is not None:
            coming = executor.submit(next, parts, None)
            file.write(part)
    file.write(sheet[example.end() :].encode())
