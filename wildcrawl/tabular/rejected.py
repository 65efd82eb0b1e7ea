"""The rows of a records file that were not taken, in a file beside it."""

from __future__ import annotations

import csv
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from wildcrawl.tabular.cells import harmless
from wildcrawl.tabular.tables import REJECTED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from wildcrawl.tabular.errors import Rejection


class RejectedFile:
    """Writes rejected rows to FILE.rejected.csv beside the records file FILE.

    It has the columns of the file, then line, reason and the raw text of a line that could
    not be told into cells. Mended in place, it is itself a records file. One left by an
    earlier reading is replaced, and removed if nothing is rejected now. Use it in a `with`.
    Where it cannot be written, `fault` says so, the other rows go through all the same, and
    what it was left with is taken away.
    """

    def __init__(self, records: Path, columns: Sequence[str]) -> None:
        self.path = records.with_name(f"{records.name}.rejected.csv")
        self.columns = [name for name in columns if name and name not in REJECTED_COLUMNS]
        self.count = 0
        self.fault = ""
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        with self._noting_a_fault():
            self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        with self._noting_a_fault():
            if self._file:
                self._file.close()

    def add(self, rejection: Rejection) -> None:
        """Writes one rejected row, at once."""
        self.count += 1
        if self.fault:
            return
        with self._noting_a_fault():
            self._write(rejection)

    def _write(self, rejection: Rejection) -> None:
        if self._file is None:
            # The BOM makes spreadsheets read it as UTF-8.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="", errors="replace")
            csv.writer(self._file).writerow([*self.columns, *REJECTED_COLUMNS])
        cells = [rejection.row.get(name, "") for name in self.columns]
        cells += [str(rejection.line), rejection.reason, rejection.text]
        csv.writer(self._file).writerow([harmless(cell) for cell in cells])
        self._file.flush()

    @contextmanager
    def _noting_a_fault(self) -> Iterator[None]:
        """Half a file, in which rows would be missed, is worse than none."""
        try:
            yield
        except OSError as error:
            self.fault = (
                f"{self.path} cannot be written: {error.strerror}; the rows that were not taken "
                "stand in this log alone: mend that and read the file again"
            )
            with suppress(OSError):
                if self._file:
                    self._file.close()
            self._file = None
            with suppress(OSError):
                self.path.unlink()
