"""The advertisements of a report, read once, as every table reads them."""

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


def status(context: Context) -> pl.Expr:
    """Each record's status in the report: counted, or the reason why it is left out."""
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


NEEDED = (*ADVERTISEMENT_COLUMNS, "price_amount", "price_currency", "rate", "rate_date", "audit")
"""The columns an export reads; more are no harm."""

NEEDED_EARLIER = ("first_seen", "site", "species", "verdict", "relevance")
"""The columns it reads of what was recorded before its period."""

_KEPT = ("price_cny", "price_usd", "price_amount", "price_currency", "rate", "rate_date")
_EARLIER = {"month": pl.String, "site": pl.String, "species": pl.String, "number": pl.Int64}
_PART = 50_000
_AHEAD = 10
"""Parts that are read ahead: as many as a store hands over while the shelf is put away."""
T = TypeVar("T")


@dataclass(frozen=True)
class ReportData:
    """What a report counts.

    counted        one row for each counted advertisement of the period: `month`, `site`,
                   primary `species`, and what else the tables group by
    status_counts  how many records there are by (month, status); those that are not
                   `counted` are `pending`, `set_aside`, `irrelevant` or `fake`
    earlier_counts how many were counted before the period: month, site, species, number
    recorded_from  the first month of any record that was read; empty if there is none
    first_months   for each site, the month since which it is monitored
    shelf          the counted advertisements with all their columns
    missed         what people found in the audited share of what the period set aside
    """

    context: Context
    counted: pl.DataFrame
    status_counts: Counter[tuple[str, str]]
    earlier_counts: pl.DataFrame
    recorded_from: str
    first_months: dict[str, str]
    shelf: SpillFiles
    missed: MissRate | None
    _cache: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def total(self) -> int:
        """How many advertisements the report counts."""
        return self.counted.height

    @property
    def left_out(self) -> Counter[str]:
        """How many of the period are not counted, by the reason."""
        found: Counter[str] = Counter()
        for (_, name), number in self.status_counts.items():
            if name != "counted":
                found[name] += number
        return found

    def count(self, *columns: str) -> Counter[tuple[str, ...]]:
        """How many advertisements there are for each combination of `columns`."""
        return Counter({row[:-1]: row[-1] for row in self.rows(_lengths, *columns)})

    def count_earlier(self, *columns: str) -> Counter[tuple[str, ...]]:
        """How many there were before the period, by month, site or species."""
        number = pl.col("number").sum()
        rows = self._cached(
            columns, lambda: self.earlier_counts.group_by(columns).agg(number).rows()
        )
        return Counter({row[:-1]: row[-1] for row in rows})

    def rows(self, group: Grouping, *columns: str) -> list[tuple[Any, ...]]:
        """The rows that `group` makes: one for each combination of columns, with its figures."""
        return self._cached((group, columns), lambda: group(self, columns).rows())

    def rows_by_month(self, group: Grouping, *columns: str) -> dict[str, list[tuple[Any, ...]]]:
        """The rows that `group` makes of each month by itself, by month."""

        def make() -> dict[str, list[tuple[Any, ...]]]:
            found: dict[str, list[tuple[Any, ...]]] = {}
            within = tuple(name for name in columns if name != "month")
            for month, *row in group(self, ("month", *within)).rows():
                if "month" in columns:
                    row.insert(columns.index("month"), month)
                found.setdefault(month, []).append(tuple(row))
            return found

        return self._cached(("by month", group, columns), make)

    def _cached(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._cache:
            self._cache[key] = make()
        cached: T = self._cache[key]
        return cached

    def sites(self, month: str) -> list[str]:
        """The sites monitored in `month`, by name."""
        return sorted(name for name, since in self.first_months.items() if since <= month)

    def by_month(self) -> Iterator[MonthView]:
        """Each month of the period by itself; the months before it count as earlier ones."""
        parts = self.counted.partition_by("month", as_dict=True)
        summed = _as_earlier(self.counted)
        for month in self.context.months:
            before = summed.filter(pl.col("month") < month)
            yield MonthView(
                context=self.context.month_alone(month),
                counted=parts.get((month,), self.counted.clear()),
                status_counts=Counter(
                    {key: n for key, n in self.status_counts.items() if key[0] == month}
                ),
                earlier_counts=pl.concat([self.earlier_counts, before]),
                recorded_from=self.recorded_from,
                first_months=self.first_months,
                shelf=self.shelf,
                missed=None,
                period=self,
            )


@dataclass(frozen=True)
class MonthView(ReportData):
    """One month of a period: its own counts, with rows that are made for the whole period at once.

    Grouping the few rows of a month takes nearly as long as grouping those of all months.
    """

    period: ReportData

    def rows(self, group: Grouping, *columns: str) -> list[tuple[Any, ...]]:
        """The rows that `group` makes of this month."""
        return self.period.rows_by_month(group, *columns).get(self.context.months[0], [])


Grouping = Callable[[ReportData, Sequence[str]], pl.DataFrame]
"""Groups what a report counts by columns; a module's function, since results are cached by it."""


def _lengths(data: ReportData, columns: Sequence[str]) -> pl.DataFrame:
    return data.counted.group_by(columns).len()


def read_report_data(
    records: pl.DataFrame | Iterable[pl.DataFrame],
    context: Context,
    shelf: SpillFiles | None = None,
    earlier: pl.DataFrame | None = None,
) -> ReportData:
    """Sorts records, in one frame or in parts, into counted and left out.

    `earlier` may have those from before the period, with the columns NEEDED_EARLIER. ExportError
    if `records` lack a column or hold moments without a time zone.
    """
    parts = records.iter_slices(_PART) if isinstance(records, pl.DataFrame) else records
    reader = _Reader(context, shelf or SpillFiles())
    for part in _ahead(parts):
        _check(part)
        reader.read(part)
    if earlier is not None:
        reader.read_earlier(earlier)
    return reader.data()


def _ahead(parts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The same parts; while one is worked on, the next few are read already."""
    coming = iter(parts)
    with ThreadPoolExecutor(1) as beside:
        following = deque(beside.submit(next, coming, None) for _ in range(_AHEAD))
        while (part := following.popleft().result()) is not None:
            following.append(beside.submit(next, coming, None))
            yield part


class _Reader:
    """Takes the records part by part and keeps of each what the tables need."""

    def __init__(self, context: Context, shelf: SpillFiles) -> None:
        self._context = context
        self._shelf = shelf
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
        self._shelf.add(counted.select("month", *ADVERTISEMENT_COLUMNS))
        self._counted.append(self._narrow(counted))

    def read_earlier(self, part: pl.DataFrame) -> None:
        self._judge(part)

    def _judge(self, part: pl.DataFrame) -> pl.DataFrame:
        """Each record's month and status; what lies before the period is summed as earlier."""
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
            shelf=self._shelf,
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
        """A site's own month is that of its first record, whatever became of that record."""
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
            f"the records lack the columns {', '.join(missing)}; "
            f"read them with all of the store's columns"
        )
    for name in ("first_seen", "last_seen", "found_at"):
        kind = frame.schema[name]
        if not isinstance(kind, pl.Datetime) or kind.time_zone is None:
            raise ExportError(f"the column {name} is {kind}; it must hold moments with a time zone")
