"""Data set of a report: its counted advertisements, read once for all tables."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import polars as pl

from exports.contacts import without_contacts
from exports.context import GENERAL, Context, ExportError
from exports.coverage import Coverage, read_coverage
from exports.judging import JudgedCounts, Provisional, judged_by_month, summed
from exports.spill import SpillFiles
from wildcrawl.analysis.contacts import Kind
from wildcrawl.analysis.vocabulary import Group
from wildcrawl.items import (
    ADVERTISEMENT_COLUMNS,
    AgeClaim,
    PriceKind,
    ProductType,
)
from wildcrawl.review.filter_audit import COLUMNS as AUDITED
from wildcrawl.review.filter_audit import MissRate, miss_rates
from wildcrawl.review.month_counts import WAITING, status
from wildcrawl.review.second_reader.yields import ReaderYield, reader_yield
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


def primary_species() -> pl.Expr:
    """First of a record's species groups, whether the vocabulary has it or not; else `general`."""
    first = pl.col("species").str.split(";").list.first().str.strip_chars()
    return pl.when(first != "").then(first).otherwise(pl.lit(GENERAL))


def several_species() -> pl.Expr:
    """Whether a record names more than one species group; `general` names none."""
    named = pl.col("species").str.count_matches(r"[^;\s][^;]*")
    general = pl.col("species").str.count_matches(rf"(?:^|;)\s*{GENERAL}\s*(?:;|$)")
    return named > general + 1


def closed(value: pl.Expr, words: Sequence[str], rest: str) -> pl.Expr:
    """The value as an enum of `words`; any other value becomes `rest`."""
    return value.cast(pl.Enum(list(words)), strict=False).fill_null(
        pl.lit(rest, dtype=pl.Enum(list(words)))
    )


def counted_statuses(context: Context) -> tuple[str, ...]:
    """Statuses of the records that the report counts."""
    return ("valid", WAITING) if context.include_pending else ("valid",)


NEEDED = (*ADVERTISEMENT_COLUMNS, "price_amount", "price_currency", "audit")
"""Columns that an export needs; others are ignored."""

NEEDED_EARLIER = ("first_seen", "site", "species", "verdict", "relevance")
"""Columns that an export needs of records from before its period.

Rows of a store's monthly numbers have `month` and `number` in place of `first_seen`.
"""

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
    status_counts  number of records by (month, status), also of months before the period; the
                   status is `valid`, `pending`, `set_aside`, `second_reader`, `irrelevant` or
                   `fake`
    waiting        records of the period that wait for a verdict: month, site, species, number
    earlier_counts counts from before the period: month, site, species, number
    recorded_from  first month of any record; empty without records
    spill          the counted advertisements with all their columns, contacts hidden
    with_contacts  the same with contacts, if the context asks for them
    hidden         number of contacts hidden in the counted advertisements, by kind; None for a
                   single month of a longer period
    missed         miss rate of the filter, from the audited share of what the period set aside
    second_reader  what became of those that the second reader raised in the period
    missed_by_year the same by year
    coverage       the sites and keywords searched in each month
    unlisted       species groups of the counted advertisements that the vocabulary lacks; the
                   context has them as its last groups
    """

    context: Context
    counted: pl.DataFrame
    status_counts: Counter[tuple[str, str]]
    waiting: pl.DataFrame
    earlier_counts: pl.DataFrame
    recorded_from: str
    spill: SpillFiles
    missed: MissRate | None
    second_reader: ReaderYield
    coverage: Coverage
    unlisted: tuple[str, ...] = ()
    with_contacts: SpillFiles | None = None
    hidden: Counter[Kind] | None = None
    missed_by_year: Mapping[str, MissRate] = field(default_factory=dict)
    _cache: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def total(self) -> int:
        """Number of advertisements that the report counts."""
        return self.counted.height

    @property
    def left_out(self) -> Counter[str]:
        """Numbers of records of the period that are not counted, by reason."""
        counts: Counter[str] = Counter()
        for (month, name), number in self.status_counts.items():
            if month in self.context.months and name not in counted_statuses(self.context):
                counts[name] += number
        return counts

    def judged(self, month: str) -> JudgedCounts:
        """How much of `month` is judged; it may be before the period, if records were read."""
        return judged_by_month(self.status_counts, [month])[month]

    @property
    def provisional(self) -> Provisional | None:
        """Why the report is provisional; None if enough of every month is judged."""
        months = judged_by_month(self.status_counts, self.context.months)
        unfinished = {month: share for month, share in months.items() if share.unfinished}
        return Provisional(unfinished, summed(months.values())) if unfinished else None

    def is_gap(self, month: str) -> bool:
        """Whether no site was searched in `month`."""
        return self.coverage.is_gap(month)

    def unsearched_species(self, month: str) -> set[str]:
        """Species groups with keywords in use in `month` of which none was searched."""
        searched = self.keywords(month)
        in_use = {
            group.name: {each.term for each in group.keywords if each.monitored(month)}
            for group in self.context.groups
        }
        return {name for name, terms in in_use.items() if terms and not terms & searched}

    @property
    def covered_months(self) -> list[str]:
        """Months of the period in which any site was searched."""
        return [month for month in self.context.months if not self.is_gap(month)]

    def keywords(self, month: str) -> frozenset[str]:
        """Keywords searched in `month`."""
        return self.coverage.keywords(month, self.context.keywords(month))

    def count(self, *columns: str) -> Counter[tuple[str, ...]]:
        """Numbers of advertisements by each combination of `columns`."""
        return Counter({row[:-1]: row[-1] for row in self.rows(_lengths, *columns)})

    def count_in(self, month: str, *columns: str) -> Counter[tuple[str, ...]]:
        """Numbers of advertisements of a month by site, species or both.

        The month may be before the period, if records were read.
        """
        by_month: Mapping[str, Counter[tuple[str, ...]]] = self._cached(
            ("in", columns), lambda: self._by_month(columns)
        )
        return by_month.get(month, Counter())

    def _by_month(self, columns: tuple[str, ...]) -> dict[str, Counter[tuple[str, ...]]]:
        keys = ("month", *columns)
        earlier = self.earlier_counts.group_by(keys).agg(pl.col("number").sum()).rows()
        found: dict[str, Counter[tuple[str, ...]]] = {}
        for month, *names, number in [*self.rows(_lengths, *keys), *earlier]:
            found.setdefault(month, Counter())[tuple(names)] += number
        return found

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
        return self.coverage.monitored(month)

    def by_month(self) -> Iterator[MonthView]:
        """Views of the single months of the period; preceding months count as earlier ones."""
        parts = self.counted.partition_by("month", as_dict=True)
        for month in self.context.months:
            yield MonthView(
                context=self.context.single_month(month),
                counted=parts.get((month,), self.counted.clear()),
                status_counts=self.status_counts,
                waiting=self.waiting.filter(pl.col("month") == month),
                earlier_counts=self.earlier_counts,
                recorded_from=self.recorded_from,
                spill=self.spill,
                missed=None,
                second_reader=ReaderYield(),
                coverage=self.coverage,
                unlisted=self.unlisted,
                period=self,
            )


@dataclass(frozen=True)
class MonthView(ReportData):
    """View of one month of a period: its own counts, with rows grouped once for the whole period.

    Grouping the rows of one month takes nearly as long as grouping those of all months.
    """

    period: ReportData = field(kw_only=True)

    def rows(self, group: Grouping, *columns: str) -> list[tuple[Any, ...]]:
        """Rows made by `group` for this month."""
        return self.period.rows_by_month(group, *columns).get(self.context.months[0], [])

    def count_in(self, month: str, *columns: str) -> Counter[tuple[str, ...]]:
        """Numbers of advertisements of a month, counted once for the whole period."""
        return self.period.count_in(month, *columns)


Grouping = Callable[[ReportData, Sequence[str]], pl.DataFrame]
"""Function that groups counted advertisements by columns; results are cached per function, so it
must be a module's function."""


def _lengths(data: ReportData, columns: Sequence[str]) -> pl.DataFrame:
    return data.counted.group_by(columns).len()


def read_report_data(
    records: pl.DataFrame | Iterable[pl.DataFrame],
    context: Context,
    spill: SpillFiles | None = None,
    earlier: pl.DataFrame | Iterable[pl.DataFrame] | None = None,
) -> ReportData:
    """Reads records, given as one frame or in parts, and decides which are counted.

    `earlier` may hold records from before the period, in the same ways, with NEEDED_EARLIER.
    ExportError if `records` lack a column or hold moments without a time zone.
    """
    parts = records.iter_slices(_PART) if isinstance(records, pl.DataFrame) else records
    reader = _Reader(context, spill or SpillFiles())
    for part in _ahead(parts):
        _check(part)
        reader.read(part)
    for part in _ahead([earlier] if isinstance(earlier, pl.DataFrame) else earlier or ()):
        reader.read_earlier(part)
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
        self._with_contacts = SpillFiles(spill.folder) if context.with_contacts else None
        self._hidden: Counter[Kind] = Counter()
        self._first, self._last = map(to_number, (context.months[0], context.months[-1]))
        self._months = pl.Enum(list(context.months))
        self._names = {to_number(month): month for month in context.months}
        self._counted: list[pl.DataFrame] = []
        self._earlier: list[pl.DataFrame] = []
        self._status_counts: Counter[tuple[str, str]] = Counter()
        self._recorded: set[tuple[str, int]] = set()
        self._waiting: list[pl.DataFrame] = []
        self._missed: dict[str, MissRate] = {}
        self._second_reader = ReaderYield()

    def read(self, part: pl.DataFrame) -> None:
        judged = self._judge(part)
        in_period = pl.col("month").is_between(self._first, self._last)
        counts = pl.col("status").is_in(counted_statuses(self._context))
        chosen = judged.select(in_period & counts).to_series()
        waits = judged.filter(in_period & (pl.col("status") == WAITING))
        if waits.height:
            self._waiting.append(_summed(waits))
        audited = part.select(AUDITED).with_columns(judged["month"]).filter(in_period)
        for number, missed in miss_rates(audited, "month").items():
            year = f"{number // 100:04d}"
            self._missed[year] = self._missed.get(year, MissRate()) + missed
        self._second_reader += reader_yield(audited)
        counted = part.with_columns(judged["month"]).filter(chosen)
        months = pl.col("month").replace_strict(self._names, return_dtype=self._months)
        counted = counted.with_columns(months)
        whole = counted.select("month", *ADVERTISEMENT_COLUMNS)
        if self._with_contacts is not None:
            self._with_contacts.add(whole)
        shown, hidden = without_contacts(whole)
        self._hidden += hidden
        self._spill.add(shown)
        self._counted.append(self._narrow(counted))

    def read_earlier(self, part: pl.DataFrame) -> None:
        self._judge(part)

    def _judge(self, part: pl.DataFrame) -> pl.DataFrame:
        """Month and status of each record; sums those from before the period as earlier ones."""
        counted = "number" in part.columns
        judged = part.select(
            "site",
            species=primary_species(),
            month=pl.col("month") if counted else month_number(),
            status=status(),
            number=pl.col("number") if counted else pl.lit(1, pl.Int64),
        )
        groups = judged.group_by("site", "month", "status").agg(pl.col("number").sum()).rows()
        for site, number, name, size in groups:
            self._recorded.add((site, number))
            self._status_counts[to_month(number), name] += size
        self._read_earlier(judged)
        return judged

    def data(self) -> ReportData:
        if not self._counted:
            self.read(pl.DataFrame(schema=FRAME_SCHEMA))
        recorded = {
            (site, to_month(month)) for site, month in self._recorded if month <= self._last
        }
        since: dict[str, str] = {}
        for site, month in recorded:
            since[site] = min(month, since.get(site, month))
        declared = {
            site.name: min(site.since, since.get(site.name, site.since))
            for site in self._context.sites
            if site.since
        }
        counted = pl.concat(self._counted)
        known = self._context.species
        unlisted = sorted(set(counted["species"].unique().cast(pl.String)) - set(known))
        extra = [Group(name, name, name, ()) for name in unlisted]
        groups = pl.Enum([*known, *unlisted])
        return ReportData(
            context=replace(self._context, groups=[*self._context.groups, *extra]),
            counted=counted.with_columns(pl.col("species").cast(pl.String).cast(groups)),
            status_counts=self._status_counts,
            waiting=_sum(self._waiting),
            earlier_counts=_sum(self._earlier),
            recorded_from=min(since.values(), default=""),
            spill=self._spill,
            missed=sum(self._missed.values(), MissRate()),
            missed_by_year=self._missed,
            second_reader=self._second_reader,
            coverage=read_coverage(self._context, since | declared, recorded),
            unlisted=tuple(unlisted),
            with_contacts=self._with_contacts,
            hidden=self._hidden,
        )

    def _narrow(self, counted: pl.DataFrame) -> pl.DataFrame:
        return counted.select(
            "month",
            pl.col("site").cast(pl.Categorical),
            pl.col("found_by").cast(pl.Categorical),
            primary_species().cast(pl.Categorical).alias("species"),
            several_species().alias("several"),
            closed(pl.col("product_type"), PRODUCT_TYPES, PRODUCT_TYPES[-1]),
            closed(pl.col("age_claim"), AGE_CLAIMS, AGE_CLAIMS[-1]),
            closed(pl.col("price_kind"), PRICE_KINDS, PRICE_KINDS[-1]),
            *_KEPT,
        )

    def _read_earlier(self, judged: pl.DataFrame) -> None:
        counts = pl.col("status").is_in(counted_statuses(self._context))
        before = judged.filter(pl.col("month") < self._first, counts)
        if before.height:
            self._earlier.append(_summed(before))


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    keys = ("month", "site", "species")
    counted = rows.group_by(keys).agg(pl.col("number").sum())
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
