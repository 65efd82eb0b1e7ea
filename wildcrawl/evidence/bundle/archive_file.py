"""Archive file: a ZIP whose entries are hashed while they are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from struct import pack
from types import TracebackType
from typing import IO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_READABLE = 0o100644 << 16
_MOMENT = 0x5455
"""Id of the extra field of an entry's moment in UTC."""


@dataclass(frozen=True)
class Written:
    """An entry of the ZIP: SHA-256 in hexadecimal digits and size in bytes."""

    sha256: str
    size: int


class Entry:
    """An entry being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Appends `data`."""
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def written(self) -> Written:
        """Hash and size of what was written so far."""
        return Written(self._hash.hexdigest(), self.size)


class ArchiveFile:
    """A new ZIP file; `entries` are what was written, by name.

    All entries have the moment `at`, so that the same contents give the same bytes.
    """

    def __init__(self, path: Path, at: datetime) -> None:
        self._zip = ZipFile(path, "w", allowZip64=True)
        self._at = at.timetuple()[:6]
        # ReplayWeb.page looks for the place of an entry, which the ZIP64 field of a streamed one
        # moves, only if the directory has any extra field for it.
        self._extra = pack("<HHBL", _MOMENT, 5, 1, int(at.timestamp()))
        self.entries: dict[str, Written] = {}
        self._names: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def add(self, name: str, data: bytes, *, packed: bool = True) -> Written:
        """Adds a file; `packed` false for what is compressed already."""
        with self.adding(name, packed=packed) as entry:
            entry.write(data)
        return self.entries[name]

    @contextmanager
    def adding(self, name: str, *, packed: bool = False) -> Iterator[Entry]:
        """Adds a file in parts. ValueError if it exists, also in other case, as on Windows."""
        if name.lower() in self._names:
            raise ValueError(f"{name} is in the bundle already")
        self._names.add(name.lower())
        info = ZipInfo(name, self._at)
        info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
        info.external_attr = _READABLE
        info.extra = self._extra
        info.create_system = 3
        with self._zip.open(info, "w", force_zip64=True) as file:
            entry = Entry(file)
            yield entry
        self.entries[name] = entry.written()
