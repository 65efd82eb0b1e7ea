"""Data set of a report: its counted advertisements, read once for all tables."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl

from exports.context import GENERAL, Context, ExportError
from exports.spill import SpillFiles
from wildcrawl.items import (
    ADVERTISEMENT_COLUMNS,
    AgeClaim,
    PriceKind,
    ProductType,
    Relevance,
    Verdict,
)
from wildcrawl.review.filter_audit import COLUMNS as AUDITED
from wildcrawl.review.filter_audit import MissRate, miss_rate
from wildcrawl.store.frame import FRAME_SCHEMA

PRODUCT_TYPES = (*(member.value for member in ProductType), "unknown")
AGE_CLAIMS = (*(member.value for member in AgeClaim), "none")
PRICE_KINDS = tuple(member.value for member in PriceKind)
"""Kinds of prices; `absent`, the last, also covers records whose price was never parsed."""


def month_number() -> pl.Expr:
    """Month of first_seen in China as a number such as 201605, which is faster than text."""
    local = pl.col("first_seen").dt.convert_time_zone("Asia/Shanghai")
    return local.dt.year() * 100 + local.dt.month().cast(pl.Int32)


def to_number(month: str) -> int:
    """201605 for 2016-05."""
    return int(month.replace("-", ""))


def to_month(number: int) -> str:
    """2016-05 for 201605."""
    return f"{number // 100:04d}-{number % 100:02d}"


def primary_species(context: Context) -> pl.Expr:
    """First of a record's species groups; `general` if the vocabulary does not have it."""
    first = pl.col("species").str.split(";").list.first().str.strip_chars()
    return closed(first, context.species, GENERAL)


def closed(value: pl.Expr, words: Sequence[str], rest: str) -> pl.Expr:
    """The value as an enum of `words`; any other value becomes `rest`."""
    return value.cast(pl.Enum(list(words)), strict=False).fill_null(
        pl.lit(rest, dtype=pl.Enum(list(words)))
    )


def status(context: Context) -> pl.Expr:
    """Status of each record in the report: counted, or the reason why it is left out."""
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


NEEDED = (*ADVERTISEMENT_COLUMNS, "price_amount", "price_currency", "audit")
"""Columns that an export needs; others are ignored."""

NEEDED_EARLIER = ("first_seen", "site", "species", "verdict", "relevance")
"""Columns that an export needs of records from before its period."""

_KEPT = ("price_cny", "price_usd", "price_amount", "price_currency", "rate", "rate_date")
_EARLIER = {"month": pl.String, "site": pl.String, "species": pl.String, "number": pl.Int64}
_PART = 50_000
_AHEAD = 10
"""Parts read ahead: as many as a store delivers while one part is spilled."""
T = TypeVar("T")


@dataclass(frozen=True)
class ReportData:
    """Data that a report counts.

    counted        one row for each counted advertisement of the period: `month`, `site`,
                   primary `species`, and the other columns that tables group by
    status_counts  number of records by (month, status); the status is `counted`, `pending`,
                   `set_aside`, `irrelevant` or `fake`
    earlier_counts counts from before the period: month, site, species, number
    recorded_from  first month of any record; empty without records
    first_months   the month since which each site is monitored
    spill          the counted advertisements with all their columns
    missed         miss rate of the filter, from the audited share of what the period set aside
    """

    context: Context
    counted: pl.DataFrame
    status_counts: Counter[tuple[str, str]]
    earlier_counts: pl.DataFrame
    recorded_from: str
    first_months: dict[str, str]
    spill: SpillFiles
    missed: MissRate | None
    _cache: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def total(self) -> int:
        """Number of advertisements that the report counts."""
        return self.counted.height

    @property
    def left_out(self) -> Counter[str]:
        """Numbers of records of the period that are not counted, by reason."""
        counts: Counter[str] = Counter()
        for (_, name), number in self.status_counts.items():
            if name != "counted":
                counts[name] += number
        return counts

    def count(self, *columns: str) -> Counter[tuple[str, ...]]:
        """Numbers of advertisements by each combination of `columns`."""
        return Counter({row[:-1]: row[-1] for row in self.rows(_lengths, *columns)})

    def count_earlier(self, *columns: str) -> Counter[tuple[str, ...]]:
        """Numbers of advertisements before the period, by month, site or species."""
        number = pl.col("number").sum()
        rows = self._cached(
            columns, lambda: self.earlier_counts.group_by(columns).agg(number).rows()
        )
        return Counter({row[:-1]: row[-1] for row in rows})

    def rows(self, group: Grouping, *columns: str) -> list[tuple[Any, ...]]:
        """Rows made by `group`: one for each combination of columns, with its figures."""
        return self._cached((group, columns), lambda: group(self, columns).rows())

    def rows_by_month(self, group: Grouping, *columns: str) -> dict[str, list[tuple[Any, ...]]]:
        """Rows made by `group` for each month separately, by month."""

        def make() -> dict[str, list[tuple[Any, ...]]]:
            rows: dict[str, list[tuple[Any, ...]]] = {}
            within = tuple(name for name in columns if name != "month")
            for month, *row in group(self, ("month", *within)).rows():
                if "month" in columns:
                    row.insert(columns.index("month"), month)
                rows.setdefault(month, []).append(tuple(row))
            return rows

        return self._cached(("by month", group, columns), make)

    def _cached(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._cache:
            self._cache[key] = make()
        cached: T = self._cache[key]
        return cached

    def sites(self, month: str) -> list[str]:
        """Names of the sites monitored in `month`, sorted."""
        return sorted(name for name, since in self.first_months.items() if since <= month)

    def by_month(self) -> Iterator[MonthView]:
        """Views of the single months of the period; preceding months count as earlier ones."""
        parts = self.counted.partition_by("month", as_dict=True)
        summed = _as_earlier(self.counted)
        for month in self.context.months:
            before = summed.filter(pl.col("month") < month)
            yield MonthView(
                context=self.context.single_month(month),
                counted=parts.get((month,), self.counted.clear()),
                status_counts=Counter(
                    {key: n for key, n in self.status_counts.items() if key[0] == month}
                ),
                earlier_counts=pl.concat([self.earlier_counts, before]),
                recorded_from=self.recorded_from,
                first_months=self.first_months,
                spill=self.spill,
                missed=None,
                period=self,
            )


@dataclass(frozen=True)
class MonthView(ReportData):
    """View of one month of a period: its own counts, with rows grouped once for the whole period.

    Grouping the rows of one month takes nearly as long as grouping those of all months.
    """

    period: ReportData

    def rows(self, group: Grouping, *columns: str) -> list[tuple[Any, ...]]:
        """Rows made by `group` for this month."""
        return self.period.rows_by_month(group, *columns).get(self.context.months[0], [])


Grouping = Callable[[ReportData, Sequence[str]], pl.DataFrame]
"""Function that groups counted advertisements by columns; results are cached per function, so it
must be a module's function."""


def _lengths(data: ReportData, columns: Sequence[str]) -> pl.DataFrame:
    return data.counted.group_by(columns).len()


def read_report_data(
    records: pl.DataFrame | Iterable[pl.DataFrame],
    context: Context,
    spill: SpillFiles | None = None,
    earlier: pl.DataFrame | None = None,
) -> ReportData:
    """Reads records, given as one frame or in parts, and decides which are counted.

    `earlier` may hold records from before the period, with the columns NEEDED_EARLIER.
    ExportError if `records` lack a column or hold moments without a time zone.
    """
    parts = records.iter_slices(_PART) if isinstance(records, pl.DataFrame) else records
    reader = _Reader(context, spill or SpillFiles())
    for part in _ahead(parts):
        _check(part)
        reader.read(part)
    if earlier is not None:
        reader.read_earlier(earlier)
    return reader.data()


def _ahead(parts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same parts, of which the next few are read ahead in a thread."""
    coming = iter(parts)
    with ThreadPoolExecutor(1) as executor:
        following = deque(executor.submit(next, coming, None) for _ in range(_AHEAD))
        while (part := following.popleft().result()) is not None:
            following.append(executor.submit(next, coming, None))
            yield part


class _Reader:
    """Reader that keeps from each part of the records the columns that tables need."""

    def __init__(self, context: Context, spill: SpillFiles) -> None:
        self._context = context
        self._spill = spill
        self._first, self._last = map(to_number, (context.months[0], context.months[-1]))
        self._months = pl.Enum(list(context.months))
        self._names = {to_number(month): month for month in context.months}
        self._counted: list[pl.DataFrame] = []
        self._earlier: list[pl.DataFrame] = []
        self._status_counts: Counter[tuple[str, str]] = Counter()
        self._since: dict[str, int] = {}
        self._missed = MissRate()

    def read(self, part: pl.DataFrame) -> None:
        judged = self._judge(part)
        in_period = pl.col("month").is_between(self._first, self._last)
        groups = judged.filter(in_period).group_by("month", "status").len().rows()
        for month, name, number in groups:
            self._status_counts[self._names[month], name] += number
        chosen = judged.select(in_period & (pl.col("status") == "counted")).to_series()
        audited = part.select(AUDITED).filter(judged.select(in_period).to_series())
        self._missed += miss_rate(audited)
        counted = part.with_columns(judged["month"]).filter(chosen)
        months = pl.col("month").replace_strict(self._names, return_dtype=self._months)
        counted = counted.with_columns(months)
        self._spill.add(counted.select("month", *ADVERTISEMENT_COLUMNS))
        self._counted.append(self._narrow(counted))

    def read_earlier(self, part: pl.DataFrame) -> None:
        self._judge(part)

    def _judge(self, part: pl.DataFrame) -> pl.DataFrame:
        """Month and status of each record; sums those from before the period as earlier ones."""
        judged = part.select("site", "species", month=month_number(), status=status(self._context))
        self._read_months(judged)
        self._read_earlier(judged)
        return judged

    def data(self) -> ReportData:
        if not self._counted:
            self.read(pl.DataFrame(schema=FRAME_SCHEMA))
        last = self._last
        since = {site: to_month(first) for site, first in self._since.items() if first <= last}
        declared = {
            site.name: min(site.since, since.get(site.name, site.since))
            for site in self._context.sites
            if site.since
        }
        return ReportData(
            context=self._context,
            counted=pl.concat(self._counted),
            status_counts=self._status_counts,
            earlier_counts=_sum(self._earlier),
            recorded_from=min(since.values(), default=""),
            first_months=since | declared,
            spill=self._spill,
            missed=self._missed,
        )

    def _narrow(self, counted: pl.DataFrame) -> pl.DataFrame:
        return counted.select(
            "month",
            pl.col("site").cast(pl.Categorical),
            primary_species(self._context).alias("species"),
            closed(pl.col("product_type"), PRODUCT_TYPES, PRODUCT_TYPES[-1]),
            closed(pl.col("age_claim"), AGE_CLAIMS, AGE_CLAIMS[-1]),
            closed(pl.col("price_kind"), PRICE_KINDS, PRICE_KINDS[-1]),
            *_KEPT,
        )

    def _read_months(self, judged: pl.DataFrame) -> None:
        """Updates each site's first month, which is that of its first record, counted or not."""
        for site, month in judged.group_by("site").agg(pl.col("month").min()).rows():
            self._since[site] = min(month, self._since.get(site, month))

    def _read_earlier(self, judged: pl.DataFrame) -> None:
        before = judged.filter(pl.col("month") < self._first, pl.col("status") == "counted")
        if before.height:
            species = primary_species(self._context).alias("species")
            self._earlier.append(_as_earlier(before.select("month", "site", species)))


def _as_earlier(rows: pl.DataFrame) -> pl.DataFrame:
    keys = ("month", "site", "species")
    counted = rows.group_by(keys).agg(pl.len().cast(pl.Int64).alias("number"))
    if counted.schema["month"].is_integer():
        months = [to_month(month) for month in counted["month"]]
        counted = counted.with_columns(pl.Series("month", months, dtype=pl.String))
    return counted.with_columns(pl.col(keys).cast(pl.String))


def _sum(parts: list[pl.DataFrame]) -> pl.DataFrame:
    if not parts:
        return pl.DataFrame(schema=_EARLIER)
    keys = ("month", "site", "species")
    return pl.concat(parts).group_by(keys).agg(pl.col("number").sum())


def _check(frame: pl.DataFrame) -> None:
    missing = [name for name in NEEDED if name not in frame.columns]
    if missing:
        raise ExportError(
            f"the records lack the columns {', '.join(missing)}; read all columns of the store"
        )
    for name in ("first_seen", "last_seen", "found_at"):
        kind = frame.schema[name]
        if not isinstance(kind, pl.Datetime) or kind.time_zone is None:
            raise ExportError(f"the column {name} is {kind}; it must hold moments with a time zone")
