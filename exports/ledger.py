"""Which advertisements a report counts, in which month and under which species."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from exports.context import GENERAL, ExportError
from wildcrawl.items import ADVERTISEMENT_COLUMNS, Relevance, Verdict
from wildcrawl.months import previous_month

if TYPE_CHECKING:
    from exports.context import Context

NEEDED = (*ADVERTISEMENT_COLUMNS, "price_amount", "price_currency", "rate", "rate_date")
"""The columns an export reads; more are no harm."""

_KEPT = (
    "site",
    "product_type",
    "age_claim",
    "price_kind",
    "price_cny",
    "price_usd",
    "price_amount",
    "price_currency",
    "rate",
    "rate_date",
)


@dataclass(frozen=True)
class Ledger:
    """The advertisements of a report, as every table reads them.

    frame         the records as given
    counted       one row per counted advertisement of the period: `row` (its place in
                  `frame`), `month`, primary `species`, and what the tables group by
    left_out      how many of the period are not counted, by `pending`, `set_aside`,
                  `irrelevant`, `fake`
    month_before  how many were counted in the month before the period; None if not known
    first_months  for each site, the month since which it is monitored
    """

    context: Context
    frame: pl.DataFrame
    counted: pl.DataFrame
    left_out: Counter[str]
    month_before: int | None
    first_months: dict[str, str]

    @property
    def total(self) -> int:
        """How many advertisements the report counts."""
        return self.counted.height

    def count(self, *columns: str) -> Counter[tuple[str, ...]]:
        """How many advertisements there are for each combination of `columns`."""
        rows = self.counted.group_by(columns).len().rows()
        return Counter({row[:-1]: row[-1] for row in rows})

    def sites(self, month: str) -> list[str]:
        """The sites monitored in `month`, by name."""
        return sorted(name for name, since in self.first_months.items() if since <= month)


def read_ledger(frame: pl.DataFrame, context: Context) -> Ledger:
    """Sorts the records of `frame` into counted and left out.

    ExportError if `frame` lacks a column or holds moments without a time zone.
    """
    _check(frame)
    judged = frame.lazy().select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        *_KEPT,
        month=_month(),
        species=_primary_species(context),
        standing=_standing(context),
    )
    first, last = (_number(month) for month in (context.months[0], context.months[-1]))
    in_period = judged.filter(pl.col("month").is_between(first, last)).collect()
    names = {_number(month): month for month in context.months}
    standings = in_period.group_by("standing").len().rows()
    counted = in_period.filter(pl.col("standing") == "counted").drop("standing")
    return Ledger(
        context=context,
        frame=frame,
        counted=counted.with_columns(
            pl.col("month").replace_strict(names, return_dtype=pl.String),
        ),
        left_out=Counter({name: number for name, number in standings if name != "counted"}),
        month_before=_count_before(judged, context),
        first_months=_first_months(frame, context),
    )


def _check(frame: pl.DataFrame) -> None:
    missing = [name for name in NEEDED if name not in frame.columns]
    if missing:
        raise ExportError(
            f"the records lack the columns {', '.join(missing)}; "
            f"read them with all of the store's columns"
        )
    for name in ("first_seen", "last_seen", "found_at"):
        kind = frame.schema[name]
        if not isinstance(kind, pl.Datetime) or kind.time_zone is None:
            raise ExportError(f"the column {name} is {kind}; it must hold moments with a time zone")


def _month() -> pl.Expr:
    """The month in China as the number 201605, cheaper to make and compare than text."""
    local = pl.col("first_seen").dt.convert_time_zone("Asia/Shanghai")
    return local.dt.year() * 100 + local.dt.month().cast(pl.Int32)


def _number(month: str) -> int:
    return int(month.replace("-", ""))


def _primary_species(context: Context) -> pl.Expr:
    first = pl.col("species").str.extract(r"^\s*([^;]*?)\s*(?:;|$)")
    return pl.when(first.is_in(context.species)).then(first).otherwise(pl.lit(GENERAL))


def _standing(context: Context) -> pl.Expr:
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


def _count_before(judged: pl.LazyFrame, context: Context) -> int | None:
    first = context.months[0]
    if not context.read_from or context.read_from >= first:
        return None
    before = pl.col("month") == _number(previous_month(first))
    rows = judged.filter(before, pl.col("standing") == "counted")
    return int(rows.select(pl.len()).collect().item())


def _first_months(frame: pl.DataFrame, context: Context) -> dict[str, str]:
    """A site's own month, or that of its first record, whatever became of that record."""
    months = frame.lazy().select("site", month=_month())
    seen = months.filter(pl.col("month") <= _number(context.months[-1]))
    rows = seen.group_by("site").agg(pl.col("month").min()).collect().rows()
    found = {site: f"{month // 100:04d}-{month % 100:02d}" for site, month in rows}
    return found | {site.name: site.since for site in context.sites if site.since}
