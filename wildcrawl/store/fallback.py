"""Fallback file: records that could not be stored, saved for a later import."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from operator import attrgetter
from pathlib import Path
from typing import Any

from wildcrawl.items import GIVEN_TAGS, RECORD_COLUMNS, Advertisement
from wildcrawl.tabular.records import NO_CLAIM

_IN_MEMORY = 1_000_000
"""Characters of a journal from which on it is on disk."""


def write_unsaved(path: Path, ads: Sequence[Advertisement], earlier: Iterable[str] = ()) -> None:
    """Writes `ads` as JSON lines of records, without tags: the import tags them again.

    `earlier` are lines of a Journal, which come first.
    """
    # Lone surrogates are written as JSON escapes: \ud83d.
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        file.writelines(earlier)
        file.writelines(map(record_line, ads))


_values = attrgetter(*RECORD_COLUMNS)
_to_json = json.JSONEncoder(ensure_ascii=False).encode


def record_line(ad: Advertisement) -> str:
    """The line of one advertisement, with its end."""
    return _to_json(_record(ad)) + "\n"


def _record(ad: Advertisement) -> dict[str, Any]:
    row = dict(zip(RECORD_COLUMNS, _values(ad), strict=True))
    # The import cleans the texts again, and keeps the originals.
    row["title"] = ad.original_title or ad.title
    row["description"] = ad.original_description or ad.description
    row["found_at"] = ad.found_at.isoformat() if ad.found_at else ""
    for name in GIVEN_TAGS:
        if name not in ad.by_person:
            row[name] = ""
    if "age_claim" in ad.by_person:
        row["age_claim"] = ad.age_claim or NO_CLAIM
    return {name: value for name, value in row.items() if value not in ("", None, [])}


class Journal:
    """Copies of the records that a run has stored, in case that its store is lost.

    They are in memory, from 1 MB in a file without a name, which ends with the process.
    """

    def __init__(self) -> None:
        self.records = 0
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (open as long as the run)
            _IN_MEMORY, "w+", encoding="utf-8", errors="backslashreplace"
        )

    def add(self, ads: Sequence[Advertisement]) -> None:
        """Adds stored advertisements; on a full disk, the earlier ones alone are kept."""
        end = self._file.tell()
        try:
            self._file.writelines(map(record_line, ads))
            self._file.flush()
        except OSError:
            with suppress(OSError):
                self._file.seek(end)
                self._file.truncate()
            return
        self.records += len(ads)

    def lines(self) -> Iterator[str]:
        """The lines of all records so far."""
        self._file.seek(0)
        yield from self._file
