"""Worksheets that are being filled in, each a file of the worksheet's own format."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from wildcrawl.tabular.tables import RecordsError
from wildcrawl.tabular.worksheet import (
    Filled,
    WorksheetError,
    WorksheetSite,
    read_filled,
    write_worksheet,
)
from wildcrawl.utils import replacing

if TYPE_CHECKING:
    from wildcrawl.analysis.vocabulary import Vocabulary

Written = dict[str, str]
"""An advertisement as it was typed, by column."""


class Drafts:
    """A folder with a CSV worksheet for each site and month that somebody has begun.

    A save is whole or not at all, and two windows, or two desks, do not undo each other.
    """

    def __init__(self, folder: Path, vocabulary: Vocabulary) -> None:
        self.folder = folder
        self.vocabulary = vocabulary

    def path(self, site: WorksheetSite, month: str, ending: str = "csv") -> Path:
        """Where the worksheet of a site and month is kept."""
        return self.folder / f"{site.name}-{month}.{ending}"

    def load(self, site: WorksheetSite, month: str) -> Filled:
        """What is filled in so far; errors as in `read_filled`."""
        path = self.path(site, month)
        return read_filled(path, site) if path.exists() else Filled()

    @contextmanager
    def change(self, site: WorksheetSite, month: str) -> Iterator[Filled]:
        """Gives what is filled in so far and keeps what it has become."""
        with self.locked(site, month):
            filled = self.load(site, month)
            yield filled
            self.write(self.path(site, month), site, filled)

    def take_in(self, site: WorksheetSite, month: str, name: str, content: bytes) -> None:
        """Adds what stands in a worksheet that was filled in as a file called `name`.

        Errors as in `read_filled`; then nothing of it is taken.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"file{Path(name).suffix.lower()}"
            path.write_bytes(content)
            try:
                other = read_filled(path, site)
            except RecordsError as error:
                raise WorksheetError(str(error).replace(str(path), name)) from error
        with self.change(site, month) as filled:
            take_in(filled, other)

    def export(self, site: WorksheetSite, month: str, ending: str) -> Path:
        """A worksheet as a file that ends in csv or xlsx, with all that is filled in."""
        path = self.path(site, month, ending)
        if ending != "csv" or not path.exists():
            with self.locked(site, month):
                self.write(path, site, self.load(site, month))
        return path

    @contextmanager
    def locked(self, site: WorksheetSite, month: str) -> Iterator[None]:
        """Keeps every other window and desk from a worksheet."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / f".{site.name}-{month}.lock"):
            yield

    def write(self, path: Path, site: WorksheetSite, filled: Filled) -> None:
        """Writes a worksheet so that a reader never sees half of it."""
        keywords, groups = self.vocabulary.keywords, self.vocabulary.groups
        with replacing(path) as part:
            write_worksheet(part, site, keywords, groups, filled)


def key_of(row: Written) -> str:
    """What a row is known by in a page: its content, since rows have no number that stays."""
    text = json.dumps(sorted(row.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def put(filled: Filled, key: str, row: Written) -> None:
    """Puts `row` in place of the one known by `key`.

    If that one is not there (another window has changed it) or `key` is "", the row is added, so
    that neither window's work is lost.
    """
    for place, old in enumerate(filled.rows):
        if key_of(old) == key:
            filled.rows[place] = row
            return
    if row not in filled.rows:
        filled.rows.append(row)


def take_in(filled: Filled, other: Filled) -> None:
    """Adds what was filled in elsewhere; what is there already stays as it is."""
    for term, mark in other.ticks.items():
        filled.ticks.setdefault(term, mark)
    filled.rows += [row for row in other.rows if row not in filled.rows]


def remove(filled: Filled, key: str) -> Written | None:
    """Takes out the row known by `key` and gives it, None if it is not there."""
    for place, old in enumerate(filled.rows):
        if key_of(old) == key:
            return filled.rows.pop(place)
    return None
