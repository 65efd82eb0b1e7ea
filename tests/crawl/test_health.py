"""The verdict on a run: a site that changed or shut us out is never 'zero advertisements'."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wildcrawl.crawl.health import Past, coverage, judge, past_of
from wildcrawl.items import Health, Run

EXPECT = {"advertisements": 50, "title": 1.0, "price": 0.8}
GOOD: dict[str, Any] = {
    "finish_reason": "finished",
    "wildcrawl/pages": 120,
    "wildcrawl/found": 60,
    "wildcrawl/field_base/title": 60,
    "wildcrawl/filled/title": 60,
    "wildcrawl/field_base/price": 60,
    "wildcrawl/filled/price": 50,
}


def health(changes: dict[str, Any], *, complete: bool = True, searched: bool = True) -> Health:
    return judge(GOOD | changes, EXPECT, complete=complete, searched=searched).health


def test_a_run_as_expected_is_ok() -> None:
    assert health({}) == Health.OK


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"wildcrawl/found": 20}, Health.QUIET),
        ({"wildcrawl/found": 20, "wildcrawl/keywords_unanswered": 4}, Health.THIN),
        ({"wildcrawl/found": 0}, Health.BROKEN),
        ({"wildcrawl/filled/price": 10}, Health.BROKEN),
        ({"wildcrawl/errors": 1}, Health.BROKEN),
        ({"wildcrawl/pages_unrecognised": 60}, Health.BROKEN),
        ({"wildcrawl/pages_failed": 20}, Health.BROKEN),
        ({"wildcrawl/pages_missing": 20}, Health.BROKEN),
        ({"wildcrawl/same_results": "the same for every keyword"}, Health.BROKEN),
        ({"wildcrawl/pages_blocked": 1}, Health.BLOCKED),
        ({"wildcrawl/pages_blocked": 1, "wildcrawl/found": 0}, Health.BLOCKED),
        ({"finish_reason": "shutdown"}, Health.THIN),
        ({"finish_reason": "shutdown", "wildcrawl/errors": 1}, Health.BROKEN),
        ({"wildcrawl/pages_failed": 1}, Health.OK),
    ],
)
def test_what_went_wrong_shows(changes: dict[str, Any], verdict: Health) -> None:
    assert health(changes) == verdict


def test_a_search_for_some_keywords_need_not_find_as_much() -> None:
    assert health({"wildcrawl/found": 3}, complete=False) == Health.OK


def test_a_search_for_some_keywords_may_find_nothing() -> None:
    assert health({"wildcrawl/found": 0}, complete=False) == Health.QUIET


def test_a_worksheet_without_advertisements_is_a_result() -> None:
    assert health({"wildcrawl/found": 0}, searched=False) == Health.OK


def test_the_reason_names_what_is_missing_and_what_was_expected() -> None:
    changed = GOOD | {"wildcrawl/filled/price": 10, "wildcrawl/found": 60}
    judgement = judge(changed, EXPECT, complete=True, searched=True)
    assert judgement.reason == "price on 10 of 60 advertisements, expected 80%"
    nothing = GOOD | {"wildcrawl/found": 0}
    judgement = judge(nothing, EXPECT, complete=True, searched=True)
    assert judgement.reason == "no advertisements, expected at least 50"


DAY = timedelta(days=1)


def run(number: int, found: int = 60, price: int = 57, **kept: Any) -> Run:
    """A whole run that found so many, so many of them with a price."""
    good: dict[str, Any] = {"health": "ok", "complete": True, "in_full": True} | kept
    return Run(
        f"mall-{number}",
        "mall",
        datetime(2016, 1, 1, tzinfo=UTC) + number * DAY,
        found=found,
        coverage={"title": (found, found), "price": (price, found)},
        **good,
    )


def stats(found: int, price: int, total: int | None = None) -> dict[str, Any]:
    total = found if total is None else total
    return {
        "finish_reason": "finished",
        "wildcrawl/pages": 120,
        "wildcrawl/found": found,
        "wildcrawl/field_base/title": total,
        "wildcrawl/filled/title": total,
        "wildcrawl/field_base/price": total,
        "wildcrawl/filled/price": price,
    }


def held_against(past: Past, given: dict[str, Any], *, complete: bool = True) -> tuple[Health, str]:
    judgement = judge(given, {"title": 1.0}, complete=complete, searched=True, past=past)
    return judgement.health, judgement.reason


MONTHS = [run(number) for number in range(6)]


def test_a_field_that_used_to_be_there_and_is_gone_is_named_with_both_figures() -> None:
    assert held_against(past_of(MONTHS), stats(60, 12)) == (
        Health.BROKEN,
        "price on 12 of 60 advertisements (20%), where it used to be on 95% "
        "(median of the last 6 good runs)",
    )


def test_a_field_as_full_as_ever_is_nothing_to_tell() -> None:
    assert held_against(past_of(MONTHS), stats(60, 52)) == (Health.OK, "")


def test_a_field_that_goes_up_and_down_may() -> None:
    past = past_of([run(number, price=price) for number, price in enumerate((20, 50, 35, 60, 25))])
    assert held_against(past, stats(60, 22)) == (Health.OK, "")
    assert held_against(past, stats(60, 6))[0] == Health.BROKEN


def test_a_handful_of_advertisements_proves_little() -> None:
    assert held_against(past_of(MONTHS), stats(60, 2, total=3))[0] == Health.OK
    assert held_against(past_of(MONTHS), stats(60, 0, total=3))[0] == Health.BROKEN


def test_far_fewer_advertisements_than_usual_are_quiet_with_both_figures() -> None:
    assert held_against(past_of(MONTHS), stats(20, 19)) == (
        Health.QUIET,
        "20 advertisements, where 60 are usual (median of the last 6 good runs)",
    )
    assert held_against(past_of(MONTHS), stats(45, 43))[0] == Health.OK


def test_none_where_many_are_usual_is_never_just_a_zero() -> None:
    health, reason = held_against(past_of(MONTHS), stats(0, 0))
    assert (health, reason[:40]) == (Health.BROKEN, "no advertisements, where 60 are usual (m")
    small = past_of([run(number, found=number % 3, price=0) for number in range(6)])
    assert held_against(small, stats(0, 0))[0] == Health.QUIET


def test_two_runs_are_no_past() -> None:
    assert held_against(past_of(MONTHS[:2]), stats(20, 2)) == (Health.OK, "")


def test_a_search_in_part_is_held_to_the_fields_and_not_to_the_number() -> None:
    past = past_of(MONTHS)
    assert held_against(past, stats(20, 19), complete=False) == (Health.OK, "")
    assert held_against(past, stats(20, 4), complete=False)[0] == Health.BROKEN


@pytest.mark.parametrize(
    "bad",
    [
        {"health": "broken"},
        {"health": "blocked", "complete": False},
        {"health": "thin", "complete": False},
        {"health": "ok", "complete": False},
    ],
)
def test_bad_runs_never_become_the_measure(bad: dict[str, Any]) -> None:
    runs = MONTHS + [run(number, found=2, price=0, **bad) for number in range(6, 30)]
    assert past_of(runs) == past_of(MONTHS)


def test_a_quiet_run_lowers_no_number() -> None:
    quiet = [run(number, found=5, price=5, health="quiet") for number in range(6, 30)]
    past = past_of(MONTHS[-3:] + quiet)
    assert past.found == ()
    assert past_of(MONTHS + quiet[:3]).usual == 60


def test_what_a_person_accepted_is_the_new_normal_at_once_and_for_good() -> None:
    redesigned = run(6, found=30, price=6, accepted=True)
    runs = [*MONTHS, redesigned]
    expect = {"advertisements": 50, "price": 0.8}
    for number in range(7, 20):
        judgement = judge(stats(28, 5), expect, complete=True, searched=True, past=past_of(runs))
        assert (judgement.health, judgement.reason) == (Health.OK, "")
        assert judgement.comparable
        runs.append(run(number, found=28, price=5))
    gone = judge(stats(28, 0), expect, complete=True, searched=True, past=past_of(runs))
    assert gone.health == Health.BROKEN


def test_a_forum_read_for_what_is_new_is_held_to_the_fields_and_not_to_the_number() -> None:
    def judged(price: int) -> Health:
        given = stats(10, price)
        past = past_of([run(number, in_full=False) for number in range(6)])
        judgement = judge(given, {}, complete=False, limited=False, searched=True, past=past)
        assert judgement.comparable
        return judgement.health

    assert (judged(9), judged(2)) == (Health.OK, Health.BROKEN)


def test_a_run_of_an_earlier_version_has_no_say() -> None:
    earlier = [
        replace(each, found=0, coverage={}, complete=False, in_full=False) for each in MONTHS
    ]
    assert past_of(earlier) == Past()


def test_only_a_whole_run_without_faults_may_be_held_against_later_ones() -> None:
    def comparable(changes: dict[str, Any], *, complete: bool = True) -> bool:
        return judge(GOOD | changes, EXPECT, complete=complete, searched=True).comparable

    assert comparable({})
    assert comparable({"wildcrawl/filled/price": 10})
    assert not comparable({}, complete=False)
    assert not comparable({"wildcrawl/pages_failed": 20})
    assert not comparable({"finish_reason": "shutdown"})
    assert not comparable({"wildcrawl/pages_blocked": 1})


def test_coverage_is_read_from_the_counts() -> None:
    assert coverage(GOOD) == {"title": (60, 60), "price": (50, 60)}
