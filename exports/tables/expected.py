"""expected.csv: the last month of the period beside what earlier months led to expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exports.comparison import why_unknown, year_before
from exports.context import GENERAL
from exports.expected_range import BEFORE, LEVEL, Band, band
from exports.tables.table import COUNT, TEXT, Table, make_table
from wildcrawl.months import previous_month

if TYPE_CHECKING:
    from exports.dataset import ReportData

WINDOW = LEVEL + BEFORE
"""Calendar months before the month from which its range is estimated."""
LEAST = 1
"""Least level for which chance is estimated: after months of 0, one more is likely by chance."""
SEASONS = 3
"""Least number of earlier years whose same month is known, without which nothing is said."""
WITHIN, ABOVE, BELOW = "within", "above", "below"
BETWEEN, HIGHEST, LOWEST = "between", "highest", "lowest"
TOO_LITTLE = "too_little"
NOT_SEARCHED, NOT_JUDGED, NOT_OVER = "not_searched", "not_judged", "not_over"
"""Why a number is not compared: itself unknown, or still to change."""


@dataclass(frozen=True)
class _Series:
    """A species or site: its names, its numbers by month, and whether a month's is known."""

    species: str
    site: str
    numbers: Mapping[str, int]
    is_known: Callable[[str], bool]


def expected(data: ReportData) -> Table:
    """One row for all advertisements, each species and each site, of the period's last month.

    `expected_low` and `expected_high` are the range from the preceding months (see `band`), of
    which `months_before` were known; `season_low` and `season_high` are the least and the most in
    the same month of earlier years, beyond which it is the `highest` or the `lowest`.
    Months in which the site was not searched, or no keyword of the species was, and months that
    are not judged, are not known. With too little history a range is empty and the column beside
    it says so.
    """
    columns = {"species": TEXT, "site": TEXT, "advertisements": COUNT}
    columns |= {"expected_low": COUNT, "expected_high": COUNT, "against_expected": TEXT}
    columns |= {"months_before": COUNT, "season_low": COUNT, "season_high": COUNT}
    columns |= {"against_season": TEXT, "season_years": COUNT}
    return make_table("expected", columns, list(_rows(data)))


def _rows(data: ReportData) -> Iterator[tuple[object, ...]]:
    month = data.context.months[-1]
    past = _preceding(data, month)
    seasons = _same_months(data, month)
    # Asked many times of the same months.
    usable = {each for each in {*past, *seasons} if not why_unknown(data, each)}
    state = _state(data, month)
    for series in _all_series(data, {*past, *seasons, month}):
        known = series.is_known(month)
        number = series.numbers.get(month, None if state == NOT_SEARCHED else 0) if known else None
        before = [_of(series, each) for each in past if each in usable and series.is_known(each)]
        same = [_of(series, each) for each in seasons if each in usable and series.is_known(each)]
        expected_range = band(before, LEAST)
        season = Band(min(same), max(same)) if len(same) >= SEASONS else None
        own = state or ("" if known else NOT_SEARCHED)
        yield (
            series.species,
            series.site,
            number,
            *_ends(expected_range),
            own or _against(number, expected_range),
            len(before),
            *_ends(season),
            own or _SEASON[_against(number, season)],
            len(same),
        )


def _of(series: _Series, month: str) -> int:
    return series.numbers.get(month, 0)


def _ends(expected_range: Band | None) -> tuple[int | None, int | None]:
    return (expected_range.low, expected_range.high) if expected_range else (None, None)


_SEASON = {WITHIN: BETWEEN, ABOVE: HIGHEST, BELOW: LOWEST, TOO_LITTLE: TOO_LITTLE}


def _against(number: int | None, expected_range: Band | None) -> str:
    if expected_range is None or number is None:
        return TOO_LITTLE
    if number > expected_range.high:
        return ABOVE
    return BELOW if number < expected_range.low else WITHIN


def _state(data: ReportData, month: str) -> str:
    """Why the numbers of the month are not compared; "" if they are."""
    if data.is_gap(month):
        return NOT_SEARCHED
    if data.judged(month).unfinished:
        return NOT_JUDGED
    return NOT_OVER if data.context.is_running(month) else ""


def _preceding(data: ReportData, month: str) -> list[str]:
    """The last WINDOW calendar months before the month, since the first record."""
    months: list[str] = []
    while len(months) < WINDOW and data.recorded_from and month > data.recorded_from:
        month = previous_month(month)
        months.append(month)
    return months[::-1]


def _same_months(data: ReportData, month: str) -> list[str]:
    """The same month of all earlier years on record."""
    months, earlier = [], year_before(month)
    while data.recorded_from and earlier >= data.recorded_from:
        months.append(earlier)
        earlier = year_before(earlier)
    return months


def _all_series(data: ReportData, months: set[str]) -> Iterator[_Series]:
    """All advertisements, each species and each monitored site, with their numbers in `months`."""
    everything: Counter[str] = Counter()
    by_species: dict[str, Counter[str]] = {}
    by_site: dict[str, Counter[str]] = {}
    for month in months:
        for (name,), number in data.count_in(month, "species").items():
            everything[month] += number
            by_species.setdefault(name, Counter())[month] += number
        for (site,), number in data.count_in(month, "site").items():
            by_site.setdefault(site, Counter())[month] += number
    yield _Series("all", "all", everything, lambda _month: True)
    searched = {month: data.keywords(month) for month in months}
    for name in data.context.species:
        known = _species_known(data, name, searched)
        yield _Series(name, "all", by_species.get(name, Counter()), known)
    last = data.context.months[-1]
    monitored = {*data.sites(last), *(site for site, each in by_site.items() if each[last])}
    empty: Counter[str] = Counter()
    for site in sorted(monitored, key=lambda name: (-by_site.get(name, empty)[last], name)):
        yield _Series("all", site, by_site.get(site, Counter()), _site_known(data, site))


def _species_known(
    data: ReportData, name: str, searched: Mapping[str, frozenset[str]]
) -> Callable[[str], bool]:
    """Whether a keyword of the species was searched in a month.

    Advertisements of `general` and of groups that the vocabulary lacks are found by any keyword.
    """
    group = next(each for each in data.context.groups if each.name == name)
    if name == GENERAL or not group.keywords:
        return lambda _month: True
    return lambda month: any(
        keyword.monitored(month) and keyword.term in searched[month] for keyword in group.keywords
    )


def _site_known(data: ReportData, site: str) -> Callable[[str], bool]:
    return lambda month: site in data.coverage.searched(month)
