"""Drafts: worksheets being filled in, stored as CSV worksheets."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from wildcrawl.analysis.vocabulary import Vocabulary
from wildcrawl.tabular.tables import RecordsError
from wildcrawl.tabular.worksheet import (
    Filled,
    WorksheetError,
    WorksheetSite,
    read_filled,
    write_worksheet,
)
from wildcrawl.utils import replacing

Read = Callable[[Path, WorksheetSite], Filled]
Written = dict[str, str]
"""Texts of an advertisement's row as typed, by column."""


class Drafts:
    """Folder with a CSV worksheet for each site and month that was started.

    Saves are atomic, and concurrent windows or desks do not overwrite each other's changes.
    """

    def __init__(self, folder: Path, vocabulary: Vocabulary, read: Read = read_filled) -> None:
        self.folder = folder
        self.vocabulary = vocabulary
        self._read = read
        """Reads an uploaded file; the desk gives one with limits."""

    def path(self, site: WorksheetSite, month: str, ending: str = "csv") -> Path:
        """Path of the worksheet of a site and month."""
        return self.folder / f"{site.name}-{month}.{ending}"

    def load(self, site: WorksheetSite, month: str) -> Filled:
        """The worksheet's current content; errors as in `read_filled`."""
        path = self.path(site, month)
        return read_filled(path, site) if path.exists() else Filled()

    @contextmanager
    def change(self, site: WorksheetSite, month: str) -> Iterator[Filled]:
        """Yields the worksheet's content under its lock and saves it afterwards."""
        with self.locked(site, month):
            filled = self.load(site, month)
            yield filled
            self.write(self.path(site, month), site, month, filled)

    def take_in(self, site: WorksheetSite, month: str, name: str, content: bytes) -> list[str]:
        """Merges an uploaded worksheet file, named `name`, into the draft; what there is to say.

        Errors as in `read_filled`; then nothing is merged.
        """
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"file{Path(name).suffix.lower()}"
            path.write_bytes(content)
            try:
                other = self._read(path, site)
            except RecordsError as error:
                raise WorksheetError(str(error).replace(str(path), name)) from error
        with self.change(site, month) as filled:
            take_in(filled, other)
        return other.notes

    def export(self, site: WorksheetSite, month: str, ending: str) -> bytes:
        """The worksheet's current content as a CSV or XLSX file; the folder is left as it is."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / self.path(site, month, ending).name
            self.write(path, site, month, self.load(site, month))
            return path.read_bytes()

    @contextmanager
    def locked(self, site: WorksheetSite, month: str) -> Iterator[None]:
        """Lock on a worksheet across windows and desks."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / f".{site.name}-{month}.lock"):
            yield

    def write(self, path: Path, site: WorksheetSite, month: str, filled: Filled) -> None:
        """Writes the worksheet of a month atomically."""
        keywords, groups = self.vocabulary.searched(month), self.vocabulary.groups
        with replacing(path) as part:
            write_worksheet(part, site, keywords, groups, filled)


def key_of(row: Written) -> str:
    """Key of a row in a page: a hash of its content, since row numbers change."""
    text = json.dumps(sorted(row.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def put(filled: Filled, key: str, row: Written) -> None:
    """Replaces the row with the key `key` by `row`.

    If there is no such row (another window changed it) or `key` is "", the row is added, so that
    no window's work is lost.
    """
    for place, old in enumerate(filled.rows):
        if key_of(old) == key:
            filled.rows[place] = row
            return
    if row not in filled.rows:
        filled.rows.append(row)


def take_in(filled: Filled, other: Filled) -> None:
    """Adds the ticks and rows of another worksheet; existing ones stay unchanged."""
    for term, mark in other.ticks.items():
        filled.ticks.setdefault(term, mark)
    filled.rows += [row for row in other.rows if row not in filled.rows]


def remove(filled: Filled, key: str) -> Written | None:
    """Removes and returns the row with the key `key`; None if there is no such row."""
    for place, old in enumerate(filled.rows):
        if key_of(old) == key:
            return filled.rows.pop(place)
    return None
