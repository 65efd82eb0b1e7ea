"""Month coverage of the desk: what it reads of the store gives the states of the report's rule."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.helpers.desk_cards import ad
from wildcrawl.desk.month_coverage import read_month_coverage
from wildcrawl.items import Advertisement, Run
from wildcrawl.months import month_of, months_between
from wildcrawl.review.coverage import begun_in, first_run_months, runs_by_month, site_states
from wildcrawl.store import open_store
from wildcrawl.store.incomplete_imports import note_import

MONTHS = months_between("2026-01", "2026-10")
SITES = [f"site{number}" for number in range(7)]
DECLARED = frozenset(SITES[:5])


def test_the_desk_says_that_an_import_rejected_rows(tmp_path: Path) -> None:
    found = datetime(2026, 5, 3, tzinfo=UTC)
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        store.record([replace(ad("1"), site="stall", found_at=found)], "imported")
        note_import(store, [("stall", "2026-05")], "imported", rows=2, rejected=1)
        states = read_month_coverage(store, "2026-05", {"stall"}, frozenset()).states
    assert states == {"stall": "thin"}


def a_year(random: Random) -> tuple[list[Advertisement], list[Run]]:
    """Records and runs of sites that are imported, searched, or both; some runs last long."""
    records, runs = [], []
    ledgers, months = random.randint(1, 6), random.random()
    for site in SITES[:ledgers]:
        for month in MONTHS:
            if random.random() < months:
                found = datetime(2026, int(month[5:]), random.randint(2, 27), tzinfo=UTC)
                records.append(replace(ad(f"{site}{month}"), site=site, found_at=found))
    for site in random.sample(SITES, random.randint(1, 5)):
        for number in range(random.randint(1, 6)):
            started = datetime(2026, random.randint(1, 10), random.randint(2, 28), tzinfo=UTC)
            finished = started + timedelta(days=random.choice((0, 0, 4, 33)))
            health = random.choice(("ok", "ok", "quiet", "thin", "broken", "blocked", ""))
            run = Run(f"{site}-{number}", site, started, finished, health=health)
            run.limited = random.random() < 0.2
            runs.append(run)
    return records, runs


@pytest.mark.parametrize("seed", [4, 9, 33, 35, 46])
def test_the_desk_has_the_states_of_the_report_in_every_month(tmp_path: Path, seed: int) -> None:
    records, runs = a_year(Random(seed))
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        store.record(records, "imported")
        for run in runs:
            store.save_run(run)
        for month in MONTHS:
            recorded = {(ad.site, f"{ad.found_at:%Y-%m}") for ad in records}
            past = {(site, each) for site, each in recorded if each <= month}
            seen: dict[str, str] = {}
            for site, each in sorted(past):
                seen.setdefault(site, each)
            known = [run for run in runs if run.site in {*seen, *DECLARED}]
            known = [run for run in known if month_of(run.started) <= month]
            places = runs_by_month(known)
            begun = begun_in(seen, known, DECLARED)
            firsts = first_run_months(places)
            every = site_states(months_between("2021-01", month), begun, past, places, firsts)
            own = {site for site, each in past if each == month}
            assert read_month_coverage(store, month, own, DECLARED).states == every[month], month
