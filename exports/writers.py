"""CSV files that spreadsheets read right and that cannot harm who opens them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from wildcrawl.tabular.cells import harmless as harmless_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Controls but tab and line feed, marks that turn the direction of text, and what XML has not.
_CONTROLS = (
    r"[\x00-\x08\x0B-\x1F\x7F-\x9F\u{2028}\u{2029}\u{202A}-\u{202E}\u{2066}-\u{2069}"
    r"\u{FFFE}\u{FFFF}]"
)


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows, with text that a spreadsheet shows and never runs.

    Text loses its control characters, and gets an apostrophe in front where it would begin a
    formula, by the rule that records are read back by. Numbers, negative ones too, stay as they
    are.
    """
    # Nothing is written as nothing, an empty text would be written as "".
    given = frame.with_columns(_or_nothing(pl.col(pl.String)))
    # Few columns ever need it; to rewrite only those makes long files several times faster.
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
    """A pattern for texts that may open a formula: what they begin with, by that same rule."""
    every = map(chr, range(0x10000))
    found = [each for each in every if harmless_text(f"{each}=") != f"{each}="]
    return f"(?m)^[{''.join(map(re.escape, found))}]"


def _having(frame: pl.DataFrame, pattern: str) -> list[str]:
    """The columns in which some text, or a line of one, matches `pattern`."""
    # To look through one long text is several times faster than through each of many.
    found = frame.select(pl.col(pl.String).str.join("\n").str.contains(pattern))
    return [column.name for column in found if column.item()]


def write_csv(path: Path, parts: Iterable[pl.DataFrame]) -> None:
    """Writes `parts`, which have the same columns, one after the other into one file.

    UTF-8 with BOM, a header row, RFC 4180 with CR LF.
    """
    with path.open("wb") as file:
        for number, part in enumerate(parts):
            first = number == 0
            harmless(part).write_csv(
                file, include_bom=first, include_header=first, line_terminator="\r\n"
            )
