"""Gaps, the fixed set and expected ranges beside sums by other means, over months made at random.

Nothing here asks the exporter what a month is worth: which sites were searched, and for what, is
read from the runs, and every number is added up from the rows.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property
from math import isqrt
from statistics import median
from typing import Any

import pytest

from exports import ReportSite
from exports.dataset import read_report_data
from exports.tables import make_tables
from tests.helpers.exports_data import GROUPS, ad, context, frame
from tests.helpers.made_runs import run
from wildcrawl.items import Run
from wildcrawl.months import months_between

MONTHS = months_between("2012-01", "2016-05")
LAST = MONTHS[-1]
SITES = ("forum", "mall", "shop")
SPECIES = [group.name for group in GROUPS]
TERMS = {group.name: {each.term: each.since for each in group.keywords} for group in GROUPS}


@dataclass(frozen=True)
class World:
    """Months made at random: the runs of each site and what they found."""

    runs: list[Run]
    rows: list[dict[str, Any]]
    searched: Mapping[str, Mapping[str, set[str]]]
    """By month, the keywords searched on each site that had a good run."""

    @cached_property
    def sums(self) -> Counter[tuple[str, str, str]]:
        """Numbers by month, species and site."""
        return Counter(
            (f"{row['first_seen']:%Y-%m}", row["species"], row["site"]) for row in self.rows
        )

    def number(self, month: str, species: str = "", sites: Iterable[str] = SITES) -> int:
        names = [species] if species else SPECIES
        return sum(self.sums[month, name, site] for name in names for site in sites)

    def is_gap(self, month: str) -> bool:
        return not self.searched[month]

    def knows(self, month: str, species: str) -> bool:
        """Whether a keyword of the species was searched on any site."""
        terms = set().union(*self.searched[month].values())
        return species == "general" or bool(terms & TERMS[species].keys())


def made(seed: int) -> World:
    chance = random.Random(seed)
    runs: list[Run] = []
    rows: list[dict[str, Any]] = []
    searched: dict[str, dict[str, set[str]]] = {}
    panel = chance.choice(SITES)
    for month in MONTHS:
        in_use = {
            term for terms in TERMS.values() for term, since in terms.items() if since <= month
        }
        nothing = month not in (MONTHS[0], LAST) and chance.random() < 0.08
        few = month != MONTHS[0] and chance.random() < 0.15
        terms = in_use - TERMS["rhino_horn"].keys() if few else in_use
        searched[month] = {}
        for site in SITES:
            good = chance.choice(["ok", "quiet"])
            bad = chance.choice(["thin", "broken", "blocked", ""])
            is_good = month == MONTHS[0] or site == panel or chance.random() < 0.8
            if nothing:
                is_good, bad = False, chance.choice(["", "blocked"])
            runs.append(run(site, month, good if is_good else bad, sorted(terms)))
            if is_good:
                searched[month][site] = set(terms)
            if nothing and chance.random() < 0.6:
                continue
            for _ in range(chance.randrange(9) if site != "mall" else chance.randrange(20, 30)):
                rows.append(
                    ad(
                        f"{month}-{chance.randrange(2, 28):02}",
                        site=site,
                        ad_id=str(len(rows)),
                        species=chance.choice(["ivory", "ivory", "rhino_horn", "pangolin"]),
                        found_by=";".join(chance.sample(sorted(in_use), 1)),
                    )
                )
    return World(runs, rows, searched)


def tables_of(world: World) -> dict[str, list[dict[str, Any]]]:
    sites = [ReportSite(name, since=MONTHS[0]) for name in SITES]
    given = context(*MONTHS, sites=sites, runs=world.runs)
    tables = make_tables(read_report_data(frame(*world.rows), given))
    return {name: table.rows.rows(named=True) for name, table in tables.items()}


@pytest.fixture(scope="module", params=range(2))
def both(request: pytest.FixtureRequest) -> tuple[World, dict[str, list[dict[str, Any]]]]:
    world = made(request.param)
    return world, tables_of(world)


def panel_of(world: World) -> set[str]:
    """Sites searched in every month with a search."""
    return set.intersection(*({*sites} for sites in world.searched.values() if sites))


Both = tuple[World, dict[str, list[dict[str, Any]]]]


def test_the_numbers_of_months_and_their_gaps(both: Both) -> None:
    world, tables = both
    panel = panel_of(world)
    assert any(world.is_gap(month) for month in MONTHS)
    assert 0 < len(panel) < len(SITES)
    for row in tables["monthly"]:
        month, whole = row["month"], world.number(row["month"])
        unknown = world.is_gap(month) and not whole
        assert row["all"] == (None if unknown else whole)
        for name in SPECIES:
            number = world.number(month, name)
            asked = world.is_gap(month) or any(
                term in terms for terms in world.searched[month].values() for term in TERMS[name]
            )
            waits = all(since > month for since in TERMS[name].values())
            assert row[name] == (None if unknown or not (number or asked or waits) else number)
        assert row["sites_not_searched"] == len(SITES) - len(world.searched[month])
        on_panel = world.number(month, sites=panel)
        assert row["same_sites"] == (None if world.is_gap(month) else on_panel)
    missed = {row["site"]: row["months_not_searched"] for row in tables["site_share"]}
    assert missed == {site: sum(site not in world.searched[m] for m in MONTHS) for site in SITES}


def test_the_fixed_set_of_sites_and_keywords(both: Both) -> None:
    world, tables = both
    covered = [month for month in MONTHS if not world.is_gap(month)]
    fixed = {
        site: set.intersection(*(world.searched[month][site] for month in covered))
        for site in panel_of(world)
    }
    assert {(row["site"], row["keyword"]) for row in tables["comparable_searches"]} == {
        (site, term) for site, terms in fixed.items() for term in terms
    }
    for row in tables["comparable"]:
        month = row["month"]
        if world.is_gap(month):
            assert (row["fixed_sites"], row["fixed_searches"]) == (None, None)
            continue
        own = [
            each
            for each in world.rows
            if f"{each['first_seen']:%Y-%m}" == month and each["site"] in fixed
        ]
        assert row["fixed_sites"] == len(own)
        assert row["fixed_searches"] == sum(
            bool(fixed[each["site"]] & {*each["found_by"].split(";")}) for each in own
        )


def rounded(value: Fraction) -> int:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def expected_range(before: list[int]) -> tuple[int | None, int | None]:
    """Three deviations around the median of six months, by definition and in fractions."""
    if len(before) < 6:
        return None, None

    def level(numbers: list[int]) -> Fraction:
        return Fraction(median([Fraction(number) for number in numbers[-6:]]))

    middle = level(before)
    places = range(max(6, len(before) - 12), len(before))
    missed = [abs(before[place] - level(before[:place])) for place in places]
    if len(missed) < 6:
        missed = [abs(number - middle) for number in before[-6:]]
    noise = Fraction(isqrt(int(max(middle, Fraction(1)) * 10_000)), 100)
    reach = 3 * max(Fraction(median(missed)) / Fraction(6745, 10000), noise)
    return max(0, rounded(middle - reach)), rounded(middle + reach)


def test_what_the_last_month_was_expected_to_have(both: Both) -> None:
    world, tables = both
    place = MONTHS.index(LAST)
    seen = set()
    for row in tables["expected"]:
        species = "" if row["species"] == "all" else row["species"]
        sites = SITES if row["site"] == "all" else (row["site"],)

        def known(month: str, species: str = species, sites: tuple[str, ...] = sites) -> bool:
            if world.is_gap(month) or (species and not world.knows(month, species)):
                return False
            return len(sites) > 1 or sites[0] in world.searched[month]

        before = [
            world.number(month, species, sites)
            for month in MONTHS[max(0, place - 18) : place]
            if known(month)
        ]
        same = [
            world.number(month, species, sites)
            for month in MONTHS[:place]
            if month[5:] == LAST[5:] and known(month)
        ]
        assert row["months_before"] == len(before)
        assert (row["expected_low"], row["expected_high"]) == expected_range(before)
        season = (min(same), max(same)) if len(same) >= 3 else (None, None)
        assert (row["season_low"], row["season_high"]) == season
        number = world.number(LAST, species, sites)
        assert row["advertisements"] == (number if known(LAST) else None)
        seen.add((species, row["site"]))
    assert seen == {("", "all"), *((name, "all") for name in SPECIES), *(("", s) for s in SITES)}


def test_months_are_compared_on_the_sites_of_both(both: Both) -> None:
    world, tables = both
    pairs = [*zip(MONTHS[1:], MONTHS, strict=False), (LAST, "2015-05")]
    wanted = [pair for pair in pairs if not any(map(world.is_gap, pair))]
    assert [(row["month"], row["before"]) for row in tables["comparisons"]] == wanted
    for row in tables["comparisons"]:
        months = (row["month"], row["before"])
        shared = world.searched[months[0]].keys() & world.searched[months[1]].keys()
        assert row["sites_in_both"] == len(shared)
        numbers = [world.number(month, sites=shared) for month in months]
        assert [row["same_sites"], row["same_sites_then"]] == numbers
        assert [row["advertisements"], row["advertisements_then"]] == [
            world.number(month) for month in months
        ]
