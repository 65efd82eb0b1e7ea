"""The rows of a records file that were not taken, in a file beside it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Self

from wildcrawl.records.cells import harmless
from wildcrawl.records.tables import REJECTED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

    from wildcrawl.records.errors import Rejection


class RejectedFile:
    """Writes rejected rows to FILE.rejected.csv beside the records file FILE.

    It has the columns of the file, then line, reason and the raw text of a line that could
    not be told into cells. Mended in place, it is itself a records file. One left by an
    earlier reading is replaced, and removed if nothing is rejected now. Use it in a `with`.
    """

    def __init__(self, records: Path, columns: Sequence[str]) -> None:
        self.path = records.with_name(f"{records.name}.rejected.csv")
        self.columns = [name for name in columns if name and name not in REJECTED_COLUMNS]
        self.count = 0
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def add(self, rejection: Rejection) -> None:
        """Writes one rejected row, at once."""
        if self._file is None:
            # The BOM makes spreadsheets read it as UTF-8.
            self._file = self.path.open("w", encoding="utf-8-sig", newline="", errors="replace")
            csv.writer(self._file).writerow([*self.columns, *REJECTED_COLUMNS])
        self.count += 1
        cells = [rejection.row.get(name, "") for name in self.columns]
        cells += [str(rejection.line), rejection.reason, rejection.text]
        csv.writer(self._file).writerow([harmless(cell) for cell in cells])
        self._file.flush()
