"""Which records a report counts, in which month and under which species: the rules alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from exports.context import GENERAL
from wildcrawl.items import AgeClaim, PriceKind, ProductType, Relevance, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.context import Context

PRODUCT_TYPES = (*(each.value for each in ProductType), "unknown")
AGE_CLAIMS = (*(each.value for each in AgeClaim), "none")
PRICE_KINDS = tuple(each.value for each in PriceKind)
"""What was never read as a price has none, so the last, `absent`, takes the rest."""


def month_number() -> pl.Expr:
    """The month in China of first_seen as the number 201605, cheaper to make than text."""
    local = pl.col("first_seen").dt.convert_time_zone("Asia/Shanghai")
    return local.dt.year() * 100 + local.dt.month().cast(pl.Int32)


def to_number(month: str) -> int:
    """2016-05 as 201605."""
    return int(month.replace("-", ""))


def to_month(number: int) -> str:
    """201605 as 2016-05."""
    return f"{number // 100:04d}-{number % 100:02d}"


def primary_species(context: Context) -> pl.Expr:
    """The first of the record's species groups; `general` if the vocabulary has no such group."""
    first = pl.col("species").str.split(";").list.first().str.strip_chars()
    return closed(first, context.species, GENERAL)


def closed(value: pl.Expr, words: Sequence[str], rest: str) -> pl.Expr:
    """The value as one of `words`; what is none of them becomes `rest`."""
    return value.cast(pl.Enum(list(words)), strict=False).fill_null(
        pl.lit(rest, dtype=pl.Enum(list(words)))
    )


def standing(context: Context) -> pl.Expr:
    """Each record's place in the report: counted, or the reason why it is left out."""
    verdict = pl.col("verdict")
    ruled_out = pl.col("relevance").is_in([Relevance.SET_ASIDE, Relevance.NONE])
    waiting = "counted" if context.include_pending else "pending"
    return (
        pl.when(verdict == Verdict.VALID)
        .then(pl.lit("counted"))
        .when(verdict == Verdict.IRRELEVANT)
        .then(pl.lit("irrelevant"))
        .when(verdict == Verdict.FAKE)
        .then(pl.lit("fake"))
        .when(ruled_out)
        .then(pl.lit("set_aside"))
        .otherwise(pl.lit(waiting))
    )
