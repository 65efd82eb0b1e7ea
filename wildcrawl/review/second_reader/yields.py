"""Yield of the second reader: what became of the advertisements that it raised."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from wildcrawl.items import Relevance, Verdict

COLUMNS = ("relevance", "verdict")
"""Columns of a frame that `reader_yield` reads."""


@dataclass(frozen=True)
class ReaderYield:
    """Numbers of advertisements raised, of those among them judged, and judged valid."""

    raised: int = 0
    judged: int = 0
    valid: int = 0

    def __add__(self, other: ReaderYield) -> ReaderYield:
        return ReaderYield(
            self.raised + other.raised, self.judged + other.judged, self.valid + other.valid
        )


def reader_yield(frame: pl.DataFrame) -> ReaderYield:
    """Yield in a frame with COLUMNS; yields of several parts can be added."""
    verdicts = frame.filter(pl.col("relevance") == Relevance.SECOND_READER)["verdict"]
    judged = verdicts.filter(~verdicts.is_in(["", Verdict.PENDING]))
    return ReaderYield(len(verdicts), len(judged), int((judged == Verdict.VALID).sum()))
