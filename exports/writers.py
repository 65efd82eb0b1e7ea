"""CSV writer: an encoding that spreadsheets read, and cells that cannot run as formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl

from wildcrawl.tabular.tables import harmless as harmless_text

# Control characters except tab and line feed, bidirectional marks, and characters invalid in XML.
_CONTROLS = (
    r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}"
    r"\u{FFFE}\u{FFFF}]"
)


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows, with text that spreadsheets show and never run as formulas.

    Control characters are removed, and texts that would begin a formula get a leading apostrophe,
    which reading records removes again. Numbers, also negative ones, are unchanged.
    """
    # Empty texts become null, since polars would write them as "".
    given = frame.with_columns(_or_nothing(pl.col(pl.String)))
    # Only the columns that need it, which makes long files several times faster.
    suspects = pl.col(_having(given, f"{_CONTROLS}|{_openings()}"))
    clean = suspects.str.replace_all("\r\n?", "\n").str.replace_all(_CONTROLS, "")
    safe = clean.map_batches(
        lambda texts: pl.Series([text and harmless_text(text) for text in texts]),
        return_dtype=pl.String,
    )
    return given.with_columns(_or_nothing(safe))


def _or_nothing(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text).name.keep()


@cache
def _openings() -> str:
    """Pattern for texts that may begin a formula, from what `harmless_text` escapes."""
    characters = map(chr, range(0x10000))
    openings = [
        character for character in characters if harmless_text(f"{character}=") != f"{character}="
    ]
    return f"^[{''.join(map(re.escape, openings))}]"


def _having(frame: pl.DataFrame, pattern: str) -> list[str]:
    """Columns in which any text matches `pattern`."""
    matches = frame.select(pl.col(pl.String).str.contains(pattern).any())
    return [column.name for column in matches if column.item()]


def write_csv(path: Path, parts: Iterable[pl.DataFrame]) -> None:
    """Writes `parts`, which have the same columns, to one CSV file.

    UTF-8 with BOM, a header row, RFC 4180 with CR LF.
    """
    with path.open("wb") as file:
        for number, part in enumerate(parts):
            first = number == 0
            harmless(part).write_csv(
                file, include_bom=first, include_header=first, line_terminator="\r\n"
            )
