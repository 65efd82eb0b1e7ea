"""Coverage rule: which sites a month covers, by runs, imported records, or neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wildcrawl.items import Run
from wildcrawl.review.coverage import (
    begun_in,
    first_run_months,
    history_from,
    runs_by_month,
    site_states,
)

MONTHS = ["2026-01", "2026-02", "2026-03"]
JANUARY = datetime(2026, 1, 10, tzinfo=UTC)


def run(site: str, started: datetime = JANUARY, health: str = "ok", **given: Any) -> Run:
    values = {"finished": started + timedelta(hours=2), **given}
    return Run(f"{site}{started:%d%H}", site, started, health=health, **values)


def states(
    runs: list[Run], recorded: set[tuple[str, str]] | None = None, months: list[str] = MONTHS
) -> dict[str, list[str]]:
    """The state of each site in each month; "-" where it is not monitored."""
    first: dict[str, str] = {}
    for site, month in sorted(recorded or ()):
        first.setdefault(site, month)
    places = runs_by_month(runs)
    begun = begun_in(first, runs, {each.site for each in runs})
    found = site_states(months, begun, recorded or set(), places, first_run_months(places))
    sites = sorted({site for states in found.values() for site in states})
    return {site: [found[month].get(site, "-") for month in months] for site in sites}


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([run("mall")], "ran"),
        ([run("mall", health="quiet")], "ran"),
        ([run("mall", health="thin")], "thin"),
        ([run("mall", health="broken")], "broken"),
        ([run("mall", limited=True)], "limited"),
        ([run("mall", health="", finished=None)], "unfinished"),
        # A good run counts whatever came before or after it; without one the last is named.
        ([run("mall"), run("mall", JANUARY + timedelta(days=1), "blocked")], "ran"),
        ([run("mall", JANUARY + timedelta(days=1), "thin"), run("mall", health="blocked")], "thin"),
    ],
)
def test_a_month_is_searched_by_a_good_run_or_named_after_the_last(
    runs: list[Run], expected: str
) -> None:
    assert states(runs)["mall"][0] == expected


def test_a_site_is_monitored_from_its_first_run_that_was_not_refused() -> None:
    february = JANUARY + timedelta(days=30)
    assert states([run("mall", health="blocked"), run("mall", february)]) == {
        "mall": ["blocked", "ran", "no_run"]
    }
    assert states([run("mall", february)])["mall"] == ["-", "ran", "no_run"]
    only_refused = [run("mall", health="blocked")]
    assert begun_in({}, only_refused, {"mall"}) == {}
    assert states(only_refused) == {"mall": ["blocked", "-", "-"]}


def test_a_run_is_of_the_month_in_which_it_started_in_china() -> None:
    late = datetime(2026, 1, 31, 20, tzinfo=UTC)
    assert states([run("mall", late)])["mall"] == ["-", "ran", "no_run"]
    long = run("mall", datetime(2026, 1, 31, 10, tzinfo=UTC), finished=late)
    assert set(runs_by_month([long])) == {"2026-01", "2026-02"}
    assert states([long])["mall"] == ["ran", "no_run", "no_run"]


def test_imported_records_cover_their_sites_until_a_month_has_none() -> None:
    recorded = {("a", "2026-01"), ("b", "2026-01"), ("a", "2026-02"), ("b", "2026-04")}
    months = [*MONTHS, "2026-04"]
    assert states([], recorded, months) == {
        "a": ["imported", "imported", "no_run", "no_run"],
        "b": ["imported", "none_imported", "no_run", "imported"],
    }


def test_a_site_with_runs_of_its_own_leaves_the_ledger() -> None:
    recorded = {("a", "2026-01"), ("b", "2026-01"), ("a", "2026-02"), ("a", "2026-03")}
    february = JANUARY + timedelta(days=30)
    assert states([run("b", february, "broken")], recorded) == {
        "a": ["imported", "imported", "imported"],
        "b": ["imported", "broken", "no_run"],
    }


def test_a_ledger_from_before_the_first_month_goes_on() -> None:
    found = site_states(["2026-02"], {"a": "2025-12", "b": "2026-02"},
                        {("b", "2026-02")}, {}, {})  # fmt: skip
    assert found == {"2026-02": {"a": "none_imported", "b": "imported"}}


def test_history_is_read_from_five_years_before_a_month() -> None:
    assert (history_from("2026-05"), history_from("1992-05")) == ("2021-05", "1990-01")


def test_a_file_of_which_every_row_was_rejected_is_no_month_without_finds() -> None:
    recorded = {("mall", "2026-01"), ("shop", "2026-01"), ("shop", "2026-02")}
    first = {"mall": "2026-01", "shop": "2026-01"}
    incomplete = {("mall", "2026-02"), ("fair", "2026-02")}
    found = site_states(MONTHS[:2], first, recorded, {}, {}, incomplete)
    assert found["2026-01"] == {"mall": "imported", "shop": "imported"}
    assert found["2026-02"] == {"mall": "thin", "shop": "imported", "fair": "thin"}


def test_rejected_rows_of_a_site_that_is_not_known_add_no_site() -> None:
    recorded = {("mall", "2026-01"), ("shop", "2026-01"), ("shop", "2026-02")}
    first = {"mall": "2026-01", "shop": "2026-01"}
    found = site_states(MONTHS[:2], first, recorded, {}, {}, {("", "2026-02")})
    # They may be of a site of the ledger, which has none of its own.
    assert found["2026-02"] == {"mall": "thin", "shop": "imported"}
