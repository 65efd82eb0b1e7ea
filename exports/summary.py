"""Summary of a report: its key figures, taken from the tables and the data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exports.expected_range import Band, bands, course
from exports.rounding import change
from wildcrawl.months import previous_month

if TYPE_CHECKING:
    from exports.dataset import ReportData
    from exports.tables.table import Table


@dataclass(frozen=True)
class Leader:
    """Who has the most: its name, how many, and what share of all in percent."""

    name: str
    number: int
    share: Decimal


@dataclass(frozen=True)
class Comparison:
    """A month against an earlier one; `percent` is None if that one had nothing."""

    month: str
    now: int
    before: str
    then: int
    percent: Decimal | None


@dataclass(frozen=True)
class Move:
    """A species whose number changed between two months."""

    name: str
    then: int
    now: int


@dataclass(frozen=True)
class Season:
    """A month that has fewer, or more, than the same month of every earlier year on record."""

    month: str
    fewest: bool
    since: str


@dataclass(frozen=True)
class Summary:
    """The headline figures of a report.

    comparison   the last month against the one before it, if that is known
    year_before  the last month against the same month a year before, if that is known
    rose, fell   the species that changed most between the last month and the one before it
    years        the last two rows of the yearly table, and its first year, if it has several
    bands        the expected band of each month for which enough is known
    season       what is unusual for the season in the last month
    """

    total: int
    by_month: dict[str, int]
    comparison: Comparison | None
    year_before: Comparison | None
    rose: Move | None
    fell: Move | None
    years: list[dict[str, Any]]
    species: list[Leader]
    sites: list[Leader]
    monitored: int
    left_out: dict[str, int]
    bands: dict[str, Band]
    season: Season | None

    @property
    def marked(self) -> dict[str, Band]:
        """The months that leave their expected band."""
        return {
            month: expected
            for month, expected in self.bands.items()
            if expected.marks(self.by_month[month])
        }


def summarise(data: ReportData, tables: Mapping[str, Table]) -> Summary:
    """The headline figures, taken from the tables so that they cannot differ."""
    by_month = dict(tables["monthly"].rows.select("month", "all").rows())
    month = data.context.months[-1]
    numbers = course(data)
    before = previous_month(month)
    rose, fell = _moves(data, month, before)
    return Summary(
        total=data.total,
        by_month=by_month,
        comparison=_compare(data, month, before),
        year_before=_compare(data, month, _year_before(month)),
        rose=rose,
        fell=fell,
        years=tables["yearly"].rows.rows(named=True),
        species=_leaders(tables["species_share"]),
        sites=_leaders(tables["site_share"]),
        monitored=tables["site_share"].rows.height,
        left_out={
            name: data.left_out[name] for name in ("pending", "irrelevant", "fake", "set_aside")
        },
        bands=bands(numbers, data.context.months),
        season=_season(numbers, month),
    )


def _leaders(table: Table) -> list[Leader]:
    """Those that have any, the largest first; equals stay in the table's order."""
    rows = [Leader(*row) for row in table.rows.rows() if row[1]]
    return sorted(rows, key=lambda leader: -leader.number)


def _year_before(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def _known(data: ReportData, month: str) -> bool:
    """Whether `month` was read, and anything was recorded by then: before that, 0 says nothing."""
    context = data.context
    if month in context.months:
        return True
    read = bool(context.read_from) and context.read_from <= month
    return read and "" < data.recorded_from <= month


def _compare(data: ReportData, month: str, before: str) -> Comparison | None:
    if not _known(data, before):
        return None
    counts = data.count("month") + data.count_earlier("month")
    now, then = counts[(month,)], counts[(before,)]
    return Comparison(month, now, before, then, change(now, then))


def _moves(data: ReportData, month: str, before: str) -> tuple[Move | None, Move | None]:
    if not _known(data, before):
        return None, None
    counts: Counter[tuple[str, ...]] = data.count("month", "species")
    counts += data.count_earlier("month", "species")
    moves = [Move(name, counts[before, name], counts[month, name]) for name in data.context.species]
    up = max(moves, key=lambda move: move.now - move.then)
    down = min(moves, key=lambda move: move.now - move.then)
    return (up if up.now > up.then else None), (down if down.now < down.then else None)


def _season(numbers: Mapping[str, int], month: str) -> Season | None:
    """Told from two earlier years on; equals are nothing unusual."""
    same = {each: n for each, n in numbers.items() if each[5:] == month[5:] and each < month}
    if len(same) < 2 or month not in numbers:
        return None
    fewest = numbers[month] < min(same.values())
    if fewest or numbers[month] > max(same.values()):
        return Season(month, fewest, min(same)[:4])
    return None
