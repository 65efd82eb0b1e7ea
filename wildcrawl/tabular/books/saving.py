"""Saving of workbooks: the bytes of an XLSX file; says what is wrong if there is no room."""

from __future__ import annotations

import io
from tempfile import gettempdir
from typing import TYPE_CHECKING

from lxml.etree import LxmlError  # type: ignore[import-untyped]

from wildcrawl.utils import NotWrittenError

if TYPE_CHECKING:
    from openpyxl import Workbook


def saved(book: Workbook) -> bytes:
    """The workbook's file; NotWrittenError if there is no room for the parts it is made of."""
    # In memory, since an interrupted save leaves a file that fails again when it is collected.
    file = io.BytesIO()
    try:
        book.save(file)
    except (OSError, LxmlError) as error:
        raise NotWrittenError(
            f"the folder {gettempdir()} of temporary files cannot be written: "
            f"{getattr(error, 'strerror', None) or error}; make room, or name another in TMPDIR"
        ) from error
    return file.getvalue()
