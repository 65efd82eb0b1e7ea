"""JSON lines: one object a line, lists for the columns that hold several values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from wildcrawl.tabular.charset import find_charset
from wildcrawl.tabular.errors import RecordsError, Rejection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wildcrawl.tabular.rows import Cell
    from wildcrawl.tabular.tables import Row


class JsonLinesTable:
    """A file of JSON lines; RecordsError if it is empty or one JSON list."""

    def __init__(self, path: Path, charset: str | None = None) -> None:
        self.path = path
        self.charset = find_charset(path, charset)
        names: dict[str, None] = {}
        with path.open(encoding=self.charset) as file:
            start = file.read(100).lstrip("\ufeff \t\r\n")
        if not start:
            raise RecordsError(f"{path} is empty; write one JSON object a line")
        if start.startswith("["):
            raise RecordsError(
                f"{path} is one JSON list; write one object a line, without the list"
            )
        # Columns must be known before anything is read, and each line may name others.
        for row in self.rows():
            if not isinstance(row, Rejection):
                names |= dict.fromkeys(row[1])
        self.columns = list(names) or ["site"]

    def rows(self) -> Iterator[Row | Rejection]:
        with self.path.open(encoding=self.charset) as file:
            for line, text in enumerate(file, start=1):
                if text.strip():
                    yield _row(line, text.rstrip("\r\n"))


def _row(line: int, text: str) -> Row | Rejection:
    try:
        # Numbers stay as they are typed: a price of 580.10 is no 580.1.
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        return Rejection(line, f"is no JSON object ({error}); write one object a line", text=text)
    if not isinstance(found, dict):
        return Rejection(line, "is no JSON object; write one object a line", text=text)
    row: dict[str, Cell] = {}
    for name, value in found.items():
        cell = _cell(value)
        if cell is None:
            reason = f"{name} is neither text nor a number nor a list of them"
            return Rejection(line, reason, text=text)
        row[name.strip().lower()] = cell
    return line, row


def _cell(value: object) -> Cell | None:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return list(value)
    return None
