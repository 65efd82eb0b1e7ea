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
    """A species or site with its number of advertisements and its share in percent."""

    name: str
    number: int
    share: Decimal


@dataclass(frozen=True)
class Comparison:
    """A month compared with an earlier one; `percent` is None if the earlier one had none."""

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
    """Key figures of a report.

    comparison   the last month compared with the one before it, if that is known
    year_before  the last month compared with the same month a year before, if that is known
    rose, fell   the species with the largest changes between the last month and the one before it
    years        the rows of the yearly table
    bands        the expected band of each month with enough preceding months
    season       set if the last month is unusual for the season
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
        """Months outside their expected band."""
        return {
            month: expected
            for month, expected in self.bands.items()
            if expected.marks(self.by_month[month])
        }


def summarise(data: ReportData, tables: Mapping[str, Table]) -> Summary:
    """Key figures, taken from the tables so that page and files agree."""
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
    """Rows with advertisements, largest first; ties stay in the table's order."""
    rows = [Leader(*row) for row in table.rows.rows() if row[1]]
    return sorted(rows, key=lambda leader: -leader.number)


def _year_before(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def _known(data: ReportData, month: str) -> bool:
    """Whether `month` was read and is not before the first record, where 0 means nothing."""
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
    """The season's note; needs two earlier years, and ties do not count as unusual."""
    same = {
        earlier: n for earlier, n in numbers.items() if earlier[5:] == month[5:] and earlier < month
    }
    if len(same) < 2 or month not in numbers:
        return None
    fewest = numbers[month] < min(same.values())
    if fewest or numbers[month] > max(same.values()):
        return Season(month, fewest, min(same)[:4])
    return None
