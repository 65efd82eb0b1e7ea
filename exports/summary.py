"""Summary of a report: its key figures, taken from the tables and the data set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from exports.comparison import Comparison, compare, why_unknown, year_before
from exports.context import GENERAL
from exports.expected_range import Band, bands, course
from exports.tables.monthly import same_sites
from wildcrawl.months import previous_month

if TYPE_CHECKING:
    from exports.dataset import ReportData
    from exports.judging import Provisional
    from exports.tables.table import Table

LEAST_MOVE = 5
"""Advertisements by which a species changed between two months for the summary to name it."""
MONTHS_OF_YEAR = 6
"""Months of a year for the summary to compare its average: two months are mostly their season."""


@dataclass(frozen=True)
class Leader:
    """A species or site with its number of advertisements and its share in percent."""

    name: str
    number: int
    share: Decimal


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

    by_month     numbers by month; None for a month in which no site was searched
    gaps         months in which no site was searched
    missed       the monitored sites not searched, each with the reason, by month without the
                 gaps of a period
    keywords     the numbers of keywords searched and in use, by month with a search, if they differ
    provisional  why the report is provisional, if it is: it then compares nothing and names no
                 leading species or site
    waiting      what waits for a verdict, by site and by species, the most first
    running      whether the last month was not over when the report was made: it is then left out
                 of comparisons and averages
    comparison   the last month compared with the one before it, if that is known
    unknown      why the month before it cannot be compared with: see `why_unknown`
    year_before  the last month compared with the same month a year before, if that is known
    rose, fell   the species with the largest changes between the last month and the one before
                 it, on the sites searched in both; None for fewer than LEAST_MOVE advertisements
    years        the rows of the yearly table
    bands        the expected band of each month with enough preceding months
    season       set if the last month is unusual for the season
    same_sites   number of sites searched in every month with a search, if not all are
    differing    whether the websites or keywords searched differ between any months compared
    unlisted     species groups that the vocabulary lacks, with their numbers
    """

    total: int
    by_month: dict[str, int | None]
    gaps: list[str]
    missed: dict[str, dict[str, str]]
    keywords: dict[str, tuple[int, int]]
    provisional: Provisional | None
    waiting: tuple[list[tuple[str, int]], list[tuple[str, int]]]
    running: bool
    comparison: Comparison | None
    unknown: str
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
    same_sites: int
    differing: bool
    unlisted: list[tuple[str, int]]

    @property
    def compared_years(self) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The last year and the one before it, if the averages of both are of enough months."""
        if len(self.years) < 2 or self.years[-1]["change_percent"] is None:
            return None
        before, last = self.years[-2:]
        enough = min(before["months_searched"], last["months_searched"]) >= MONTHS_OF_YEAR
        return (before, last) if enough else None

    @property
    def searched_nothing(self) -> bool:
        """Whether no month had a search and nothing counts, so that there is no number."""
        return not self.total and len(self.gaps) == len(self.by_month) > 0

    @property
    def finished(self) -> dict[str, int | None]:
        """Numbers by month, without a last month that was not over."""
        months = list(self.by_month.items())
        return dict(months[:-1] if self.running else months)

    @property
    def marked(self) -> dict[str, Band]:
        """Months outside their expected band."""
        return {
            month: expected
            for month, expected in self.bands.items()
            if expected.marks(self.by_month[month] or 0)
        }


def summarise(data: ReportData, tables: Mapping[str, Table]) -> Summary:
    """Key figures, taken from the tables so that page and files agree."""
    by_month = dict(tables["monthly"].rows.select("month", "all").rows())
    months, provisional = data.context.months, data.provisional
    month = months[-1]
    running = data.context.is_running(month)
    numbers = {} if provisional else course(data)
    # The number of a month that is not over will grow.
    settled = [each for each in months if not (running and each == month)]
    before = previous_month(month)
    comparison = None if provisional else compare(data, month, before)
    rose, fell = _moves(data, comparison)
    gaps = [each for each in months if data.is_gap(each)]
    alone = len(months) == 1
    missed = {each: data.coverage.missed(each) for each in months if alone or each not in gaps}
    return Summary(
        total=data.total,
        by_month=by_month,
        gaps=gaps,
        missed={each: sites for each, sites in missed.items() if sites},
        keywords={each: numbers for each, numbers in _keywords(data) if numbers[0] < numbers[1]},
        provisional=provisional,
        waiting=(_waiting(data, "site"), _waiting(data, "species")),
        running=running,
        comparison=comparison,
        unknown="" if why_unknown(data, month) else why_unknown(data, before),
        year_before=None if provisional else compare(data, month, year_before(month)),
        rose=rose,
        fell=fell,
        years=tables["yearly"].rows.rows(named=True),
        # Advertisements that name no species make none of them the leading one.
        species=[each for each in _leaders(tables["species_share"]) if each.name != GENERAL],
        sites=_leaders(tables["site_share"]),
        monitored=len({site for each in months for site in data.sites(each)}),
        left_out={
            name: data.left_out[name] for name in ("pending", "irrelevant", "fake", "set_aside")
        },
        bands=bands(numbers, settled),
        season=None if running else _season(numbers, month),
        same_sites=len(same_sites(data)),
        differing=bool(_differing(tables["comparisons"])),
        unlisted=[(name, data.count("species")[(name,)]) for name in data.unlisted],
    )


def _differing(table: Table) -> int:
    """Number of compared pairs of months with other websites or another number of keywords."""
    other = (pl.col("only_now") != "") | (pl.col("only_before") != "")
    return table.rows.filter(other | (pl.col("keywords") != pl.col("keywords_then"))).height


def _leaders(table: Table) -> list[Leader]:
    """Rows with advertisements, largest first; ties stay in the table's order."""
    rows = [Leader(*row[:3]) for row in table.rows.rows() if row[1]]
    return sorted(rows, key=lambda leader: -leader.number)


def _keywords(data: ReportData) -> Iterator[tuple[str, tuple[int, int]]]:
    """Numbers of keywords searched and in use, by month with a search."""
    for month in data.covered_months:
        yield month, (len(data.keywords(month)), len(set(data.context.keywords(month))))


def _waiting(data: ReportData, column: str) -> list[tuple[str, int]]:
    """Numbers of advertisements that wait by site or species, the most first."""
    rows: Sequence[tuple[str, int]] = (
        data.waiting.group_by(column).agg(pl.col("number").sum()).rows()
    )
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _moves(data: ReportData, compared: Comparison | None) -> tuple[Move | None, Move | None]:
    """The species that rose and fell most on the sites searched in both months.

    Advertisements that name no species are left out.
    """
    if compared is None:
        return None, None
    same = None if not compared.same.other_sites else compared.same.sites
    then, now = (_by_species(data, month, same) for month in (compared.before, compared.month))
    known = data.context.species
    unknown = data.unsearched_species(compared.month) | data.unsearched_species(compared.before)
    names = [*known, *sorted((now.keys() | then.keys()) - set(known))]
    moves = [
        Move(name, then[name], now[name])
        for name in names
        if name not in unknown and name != GENERAL
    ]
    if not moves:
        return None, None
    up = max(moves, key=lambda move: move.now - move.then)
    down = min(moves, key=lambda move: move.now - move.then)
    rose = up if up.now - up.then >= LEAST_MOVE else None
    return rose, (down if down.then - down.now >= LEAST_MOVE else None)


def _by_species(data: ReportData, month: str, sites: Collection[str] | None) -> Counter[str]:
    """Numbers of a month by species, on the `sites` alone if given."""
    counts: Counter[str] = Counter()
    for (site, name), number in data.count_in(month, "site", "species").items():
        if sites is None or site in sites:
            counts[name] += number
    return counts


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
