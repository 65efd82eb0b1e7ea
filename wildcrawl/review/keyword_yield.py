"""Keyword yield: what each keyword finds on each site, and which find only noise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from wildcrawl.items import Relevance, Run, Verdict

COLUMNS = ("site", "found_by", "relevance", "verdict")
"""Columns of a frame that `keyword_yields` reads."""
ENOUGH = 20
"""Advertisements found, none of them valid or pending, from which a keyword counts as noise."""


@dataclass(frozen=True)
class Yield:
    """Numbers of advertisements that one keyword found on one site.

    `found` and `nothing` (those in which no word of the vocabulary matched) are summed over
    `runs`, an advertisement once per run. The other numbers are of the store: tagged likely or set
    aside, judged valid or rejected by a person, and `waiting` for a verdict. `alone` are valid or
    waiting ones that no other keyword found.
    """

    site: str
    keyword: str
    runs: int = 0
    found: int = 0
    nothing: int = 0
    likely: int = 0
    set_aside: int = 0
    waiting: int = 0
    valid: int = 0
    rejected: int = 0
    alone: int = 0

    @property
    def noise(self) -> bool:
        """Whether the keyword finds only noise."""
        return self.found >= ENOUGH and not (self.valid or self.waiting)


def keyword_yields(runs: Iterable[Run], frames: Iterable[pl.DataFrame]) -> list[Yield]:
    """Yields of all keywords on all sites, by site, best first.

    `frames` are parts of the store with COLUMNS.
    """
    counters: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for run in runs:
        for keyword, (found, nothing) in run.yields.items():
            counters[run.site, keyword].update(runs=1, found=found, nothing=nothing)
    for frame in frames:
        for site, keyword, *counts in _stored(frame).iter_rows():
            counters[site, keyword].update(dict(zip(_COUNTS, counts, strict=True)))
    yields = [Yield(site, keyword, **counts) for (site, keyword), counts in counters.items()]
    return sorted(
        yields, key=lambda row: (row.site, -row.valid, -row.waiting, row.found, row.keyword)
    )


def _is(column: str, *values: str) -> pl.Expr:
    return pl.col(column).is_in(values)


_LIKELY, _VALID = _is("relevance", Relevance.LIKELY), _is("verdict", Verdict.VALID)
_WAITING = _LIKELY & _is("verdict", Verdict.PENDING)
_COUNTS = {
    "likely": _LIKELY,
    "set_aside": _is("relevance", Relevance.SET_ASIDE, Relevance.SECOND_READER),
    "waiting": _WAITING,
    "valid": _VALID,
    "rejected": _is("verdict", Verdict.IRRELEVANT, Verdict.FAKE),
    "alone": (_VALID | _WAITING) & ~pl.col("found_by").str.contains(";", literal=True),
}


def _stored(frame: pl.DataFrame) -> pl.DataFrame:
    """Site, keyword and the counts of one part of the store."""
    return (
        frame.filter(pl.col("found_by") != "")
        .with_columns([count.alias(name) for name, count in _COUNTS.items()])
        .with_columns(keyword=pl.col("found_by").str.split(";"))
        .explode("keyword")
        .group_by("site", "keyword")
        .agg(pl.col(*_COUNTS).sum())
    )
