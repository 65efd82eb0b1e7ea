"""Hidden parts: rows, columns and sheets of a workbook that are not shown, or are struck out."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Hidden:
    """Hidden parts of the sheets that were read so far."""

    rows: set[tuple[str, int]] = field(default_factory=set)
    """Sheet and number, from 1, of each hidden row with content."""
    columns: set[tuple[str, int]] = field(default_factory=set)
    """Sheet and number, from 1, of each hidden column."""
    sheets: set[str] = field(default_factory=set)
    """Names of the hidden sheets."""
    struck: set[tuple[str, int]] = field(default_factory=set)
    """Sheet and number, from 1, of each row whose cells are all struck out."""
