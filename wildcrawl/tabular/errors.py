"""What can be wrong with a records file, as a whole and in a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class RecordsError(ValueError):
    """A file that cannot be read at all; nothing of it was."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell: its column, its value as typed, and the mend."""

    column: str
    value: str
    mend: str

    def __str__(self) -> str:
        if not self.value:
            return f"{self.column} {self.mend}"
        return f"{self.column}: '{self.shown}' {self.mend}"

    @property
    def shown(self) -> str:
        """The value, cut where it is too long for a message."""
        return self.value if len(self.value) <= 60 else f"{self.value[:59]}…"


@dataclass(frozen=True)
class Rejection:
    """A row that is not taken: its line, the reason, and its cells as they were typed.

    `text` is the raw line where it could not be told into cells.
    """

    line: int
    reason: str
    row: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def suggestion(typed: str, possible: Iterable[str]) -> str:
    """What `typed` may have been meant for: "did you mean X? Possible are: …"."""
    names: Sequence[str] = list(possible)
    close = get_close_matches(typed.strip().lower().replace(" ", "_")[:100], names, n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}Possible are: {', '.join(names)}"
