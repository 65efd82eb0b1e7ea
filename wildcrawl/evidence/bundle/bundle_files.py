"""Files of a bundle, from a ZIP or an unpacked folder, read without trusting any of them."""

from __future__ import annotations

import os
import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

_PART = 1 << 20
BROKEN = (BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError)
"""What reading a damaged ZIP raises; RuntimeError for entries that claim to be encrypted."""


class BundleFiles:
    """The files of a bundle; `faults` are found in their list."""

    def __init__(self, names: Iterable[str], faults: list[str]) -> None:
        self.names = frozenset(names)
        self.faults = faults
        self._hashes: dict[str, str] = {}

    def open(self, name: str) -> IO[bytes]:
        """The file `name`; KeyError if there is none."""
        raise NotImplementedError

    def read(self, name: str) -> bytes:
        """Contents of the file `name`; KeyError if there is none."""
        if name not in self.names:
            raise KeyError(name)
        with self.open(name) as file:
            return file.read()

    def hash(self, name: str) -> str:
        """SHA-256 of a file, read once; a text that is not a hash if it cannot be read."""
        if name not in self._hashes:
            self._hashes[name] = self._hash(name)
        return self._hashes[name]

    def _hash(self, name: str) -> str:
        digest = sha256()
        try:
            with self.open(name) as file:
                while part := file.read(_PART):
                    digest.update(part)
        except (*BROKEN, KeyError) as error:
            return f"unreadable: {error}"
        return digest.hexdigest()


class _Zip(BundleFiles):
    def __init__(self, file: ZipFile) -> None:
        self._file = file
        names = Counter(info.filename for info in file.infolist() if not info.is_dir())
        double = [name for name, times in names.items() if times > 1]
        super().__init__(names, [f"{name}: it is in the ZIP more than once" for name in double])

    def open(self, name: str) -> IO[bytes]:
        return self._file.open(name)


class _Folder(BundleFiles):
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        names, faults = [], []
        for place, folders, files in os.walk(folder):
            for path in (Path(place, name) for name in folders + files):
                inside = path.relative_to(folder).as_posix()
                if path.is_symlink():
                    faults.append(f"{inside}: it is a link to another place")
                elif path.is_file():
                    names.append(inside)
        super().__init__(names, faults)

    def open(self, name: str) -> IO[bytes]:
        return (self._folder / name).open("rb")


@contextmanager
def opened(path: Path) -> Iterator[BundleFiles]:
    if path.is_dir():
        yield _Folder(path)
    else:
        with ZipFile(path) as file:
            yield _Zip(file)


def lines_of(data: bytes) -> list[str]:
    """Lines of a text; only a newline ends one, since texts of sellers have other separators."""
    return data.decode("utf-8", "replace").removesuffix("\n").split("\n")
