"""Limits of workbooks that people send: a small file may unpack to one that fills the memory.

What unpacks to little is read at once. A larger workbook is read in a process of its own, with a
limit of memory and of time, and its rows are handed over as they come.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol
from zipfile import ZipFile, is_zipfile

from wildcrawl.tabular.books.cells import Value
from wildcrawl.tabular.books.hidden import Hidden
from wildcrawl.tabular.books.parts import Counts, counted
from wildcrawl.tabular.tables import RecordsError

MOST_ROWS = 1_048_576
"""Rows of a sheet in every spreadsheet program."""
MOST_CELLS = 64_000_000
"""Cells of a sheet that are read, empty ones among them included."""
LONGEST_CELL = 1_000_000
"""Characters of a cell; a spreadsheet program saves 32,767."""
MOST_TEXT = 256_000_000
"""Characters of all cells of a sheet."""
MOST_SHARED = 8_000_000
"""Texts that the cells of a workbook share."""
MOST_TOGETHER = 2_000_000
"""XML tags between two rows: of the cells of one, or of all merged cells and links."""
AT_ONCE = 8 << 20
"""Bytes of an unpacked workbook that is read in this process."""
MOST_UNPACKED = 2 << 30
"""Bytes of an unpacked workbook."""
MEMORY = 1 << 30
"""Bytes that reading a larger workbook may take."""
SECONDS = 300
"""Seconds of computing that reading a larger workbook may take."""
BATCH = 200
"""Rows that are handed over together."""
_ZIP = b"PK\x03\x04"
_ROWS = tuple[int, list[Value]]
_CLASSES = {
    *(("datetime", name) for name in ("date", "datetime", "time", "timedelta")),
    ("wildcrawl.tabular.books.cells", "Linked"),
}
"""What the rows of a workbook are made of, besides texts and numbers."""


class _Rows(Protocol):
    names: list[str]

    @property
    def hidden(self) -> Hidden: ...
    def rows(self, name: str) -> Iterator[_ROWS]: ...
    def close(self) -> None: ...


def unpacked_size(path: Path) -> int:
    """Bytes of a workbook once it is unpacked; RecordsError beyond MOST_UNPACKED."""
    size = path.stat().st_size
    with path.open("rb") as file:
        zipped = file.read(len(_ZIP)) == _ZIP
    if zipped:
        with ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
    if size > MOST_UNPACKED:
        raise RecordsError(
            too_large(path, f"it unpacks to {size >> 20} MiB, over {MOST_UNPACKED >> 20} MiB")
        )
    return size


def check_parts(path: Path) -> None:
    """RecordsError if the parts of a large workbook have too much to be read, without reading them.

    It looks at their bytes as they are unpacked, and stops at the first limit.
    """
    if not is_zipfile(path):
        return
    with ZipFile(path) as parts:
        for part in parts.infolist():
            if part.file_size <= AT_ONCE:
                continue
            with parts.open(part) as file:
                for counts in counted(file):
                    if excess := _excess(counts):
                        why = f"in its part '{part.filename}' {excess}"
                        raise RecordsError(too_large(path, why))


def _excess(counts: Counts) -> str:
    """What a part has too many of, in words; "" if nothing."""
    if counts.rows > MOST_ROWS:
        return f"it has more than {MOST_ROWS:,} rows"
    if counts.cells > MOST_CELLS:
        return f"it has more than {MOST_CELLS:,} cells"
    if counts.texts > MOST_SHARED:
        return f"it has more than {MOST_SHARED:,} texts"
    if counts.together > MOST_TOGETHER:
        return f"it has more than {MOST_TOGETHER:,} tags between two rows"
    return ""


class LimitedBook:
    """A workbook whose rows, cells and texts are counted while they are read."""

    def __init__(self, book: _Rows, path: Path) -> None:
        self._book = book
        self._path = path
        self.names = book.names

    def rows(self, name: str) -> Iterator[_ROWS]:
        """The rows of a sheet with their numbers; RecordsError beyond a limit."""
        cells = text = 0
        for rows, (number, values) in enumerate(self._book.rows(name), start=1):
            cells += len(values)
            lengths = [len(value) for value in values if isinstance(value, str)]
            text += sum(lengths)
            if (longest := max(lengths, default=0)) > LONGEST_CELL:
                self._exceeded(name, f"row {number} has a cell of {longest:,} characters")
            if rows > MOST_ROWS:
                self._exceeded(name, f"it has more than {MOST_ROWS:,} rows")
            if cells > MOST_CELLS:
                self._exceeded(name, f"it has more than {MOST_CELLS:,} cells")
            if text > MOST_TEXT:
                self._exceeded(name, f"its texts have more than {MOST_TEXT:,} characters")
            yield number, values

    @property
    def hidden(self) -> Hidden:
        """What of the rows read so far the spreadsheet does not show."""
        return self._book.hidden

    def close(self) -> None:
        """Closes the workbook."""
        self._book.close()

    def _exceeded(self, name: str, what: str) -> None:
        raise RecordsError(too_large(self._path, f"in sheet '{name}' {what}"))


class DistantBook:
    """A workbook that is read in a process of its own, with a limit of memory and of time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.hidden = Hidden()
        self._running: list[subprocess.Popen[bytes]] = []
        (self.names,) = self._ask("")

    def rows(self, name: str) -> Iterator[_ROWS]:
        """The rows of a sheet with their numbers; RecordsError if it takes too much."""
        for batch in self._ask(name):
            yield from batch

    def close(self) -> None:
        """Ends the processes that still read."""
        for process in self._running:
            process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()
        self._running.clear()

    def _ask(self, name: str) -> Iterator[Any]:
        words = ["-P", "-m", "wildcrawl.tabular.books.distant"]
        # The code of a deployment is found by this path alone.
        paths = os.pathsep.join(str(Path(each).absolute()) for each in sys.path)
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *words, str(self._path), name, str(MEMORY), str(SECONDS)],
            env=os.environ | {"PYTHONPATH": paths},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._running.append(process)
        assert process.stdout is not None
        assert process.stderr is not None
        while True:
            kind, content = _received(process.stdout)
            if kind == "end":
                return
            if kind == "error":
                raise RecordsError(content)
            if kind == "":
                raise RecordsError(self._why_ended(process))
            if kind == "hidden":
                self.hidden = Hidden(*content)
                continue
            yield content

    def _why_ended(self, process: subprocess.Popen[bytes]) -> str:
        """Why the process has ended without a word of its own: a limit, or a fault of a library."""
        process.wait()
        assert process.stderr is not None
        said = process.stderr.read()[-2000:].decode("utf-8", "replace").strip()
        if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
            return too_large(self._path, f"it takes more than {SECONDS} s")
        if process.returncode < 0 or "MemoryError" in said or not said:
            return too_large(self._path, f"it takes more than {MEMORY >> 20} MiB of memory")
        return f"{self._path} cannot be read ({said.splitlines()[-1][:200]})"


class _Unpickler(pickle.Unpickler):
    """Reads rows, and nothing that would run code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _CLASSES:
            raise pickle.UnpicklingError(f"unexpected {module}.{name}")
        return super().find_class(module, name)


def _received(stream: IO[bytes]) -> tuple[str, Any]:
    """The next message of the process: its kind and content; "" for the kind if it has ended."""
    try:
        kind, content = _Unpickler(stream).load()
    except (EOFError, pickle.UnpicklingError):
        return "", None
    return kind, content


def serve(path: Path, sheet: str, out: IO[bytes], opened: Any, memory: int) -> None:
    """Writes the names of a workbook's sheets, or the rows of `sheet`, to `out`.

    `opened` opens the workbook; what it raises is written as an error. `memory`, in bytes, is what
    this process may take.
    """
    with contextlib.suppress(BrokenPipeError):
        try:
            with opened(path) as book:
                if not sheet:
                    _send(out, "names", book.names)
                batch = []
                for row in book.rows(sheet) if sheet else ():
                    batch.append(row)
                    if len(batch) == BATCH:
                        _send(out, "rows", batch)
                        batch = []
                if sheet:
                    _send(out, "rows", batch)
                    hidden = book.hidden
                    parts = (hidden.rows, hidden.columns, hidden.sheets, hidden.struck)
                    _send(out, "hidden", parts)
        except (RecordsError, MemoryError) as error:
            # A library that gets no memory reports something else.
            too_much = isinstance(error, MemoryError) or _peak() > MOSTLY * memory
            why = f"it takes more than {memory >> 20} MiB of memory"
            _send(out, "error", too_large(path, why) if too_much else str(error))
        _send(out, "end", None)
        out.flush()


MOSTLY = 0.75
"""Share of the memory from which on a fault is taken for one of memory."""


def _peak() -> int:
    """Bytes that this process has taken at most; 0 where that is not known."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def too_large(path: Path, why: str) -> str:
    """The message about a workbook that takes too much."""
    return f"{path} is too large to be read: {why}; split it into several files"


def _send(out: IO[bytes], kind: str, content: Any) -> None:
    pickle.dump((kind, content), out, protocol=5)
