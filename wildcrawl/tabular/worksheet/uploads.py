"""Uploads: worksheets of strangers, looked into first and then read in a process with limits.

Run as a module it is that process: it reads a task from its input and writes the content as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from wildcrawl.tabular.tables import RecordsError
from wildcrawl.tabular.worksheet.model import Filled, WorksheetError, WorksheetSite

UNPACKED = 64 << 20
"""Most bytes of an unpacked workbook: a worksheet of a year has about one MiB."""
PARTS = 500
ROWS = 20_000
CELLS = 1_000_000
MEMORY = 512 << 20
"""Bytes that reading may take, besides the program itself."""
SECONDS = 60

_BLOCK = 1 << 16


def read_upload(path: Path, site: WorksheetSite) -> Filled:
    """Content of an uploaded worksheet at `path`, as `read_filled`, within the limits.

    WorksheetError also for a file beyond the limits, and for one on which the reader ends.
    """
    check_upload(path)
    task = json.dumps({"path": str(path), "site": asdict(site)})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", "from wildcrawl.tabular.worksheet.uploads import main; main()"]
    try:
        done = subprocess.run(  # noqa: S603 (no part of the command is given by a person)
            command, input=task, capture_output=True, encoding="utf-8", env=environment,
            timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise WorksheetError(f"{path} takes more than {SECONDS} s to read; {_FIX}") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        # Killed by the limit, or by a fault of a library in C.
        raise WorksheetError(
            f"{path} cannot be read within {MEMORY >> 20} MiB of memory; {_FIX}"
        ) from None
    if "fault" in answer:
        raise WorksheetError(answer["fault"])
    return Filled(answer["ticks"], answer["rows"], answer["notes"])


_FIX = "save only the worksheet's own sheets as a new XLSX file"


def check_upload(path: Path) -> None:
    """WorksheetError for a workbook that unpacks to more than the limits.

    It is read in blocks, since the sizes in its directory may be wrong.
    """
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return
    try:
        with ZipFile(path) as book:
            _check_book(path, book)
    except (BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        if isinstance(error, RecordsError):
            raise
        # The reader says what is wrong with a damaged one.
        return


def _check_book(path: Path, book: ZipFile) -> None:
    parts = book.infolist()
    if len(parts) > PARTS:
        raise WorksheetError(f"{path} has {len(parts)} parts; the most is {PARTS}; {_FIX}")
    # The directory of the ZIP says so first, which costs nothing.
    if sum(part.file_size for part in parts) > UNPACKED:
        raise _too_large(path)
    size = rows = cells = 0
    for part in parts:
        sheet = part.filename.lower().replace("\\", "/")
        counted = sheet.endswith(".xml") and ("sheet" in sheet or "content" in sheet)
        with book.open(part) as file:
            for block in _blocks(file):
                size += len(block)
                if size > UNPACKED:
                    raise _too_large(path)
                if counted:
                    rows += block.count(b"<row") + block.count(b"<table:table-row")
                    cells += block.count(b"<c ") + block.count(b"<table:table-cell")
                if rows > ROWS or cells > CELLS:
                    raise WorksheetError(
                        f"{path} has more than {ROWS} rows or {CELLS} cells; {_FIX}"
                    )


def _blocks(file: object) -> Iterator[bytes]:
    read = file.read  # type: ignore[attr-defined]
    while block := read(_BLOCK):
        yield block


def _too_large(path: Path) -> WorksheetError:
    return WorksheetError(f"{path} unpacks to more than {UNPACKED >> 20} MiB; {_FIX}")


def main() -> None:
    """Reads one worksheet as the task on the input says."""
    from wildcrawl.tabular.worksheet.reader import read_filled

    task = json.load(sys.stdin)
    _limit()
    try:
        filled = read_filled(Path(task["path"]), WorksheetSite(**task["site"]))
        answer: dict[str, object] = asdict(filled)
    except RecordsError as error:
        answer = {"fault": str(error)}
    json.dump(answer, sys.stdout)


def _limit() -> None:
    """Limits memory and processor time, where the system can; the imports are done already."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return
    most = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
