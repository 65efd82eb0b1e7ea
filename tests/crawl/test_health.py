"""Health of a run: a changed or blocking site is never reported as zero advertisements."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wildcrawl.crawl.health import Baseline, Judgement, baseline_of, judge
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import RunCounts, Stat
from wildcrawl.items import Health, Run

EXPECT = {"advertisements": 50, "title": 1.0, "price": 0.8}
GOOD = RunCounts(pages=120, found=60, coverage={"title": (60, 60), "price": (50, 60)})
FEW_PRICES = {"title": (60, 60), "price": (10, 60)}


def judged(
    *,
    complete: bool = True,
    searched: bool = True,
    finish_reason: str = "finished",
    report: RunReport | None = None,
    **counts: Any,
) -> Judgement:
    return judge(
        replace(GOOD, **counts),
        EXPECT,
        complete=complete,
        searched=searched,
        finish_reason=finish_reason,
        report=report or RunReport(),
    )


def test_a_run_as_expected_is_ok() -> None:
    assert judged().health == Health.OK


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"found": 20}, Health.QUIET),
        ({"found": 20, "report": RunReport(unanswered=4)}, Health.THIN),
        ({"found": 0}, Health.BROKEN),
        ({"coverage": FEW_PRICES}, Health.BROKEN),
        ({"errors": 1}, Health.BROKEN),
        ({"pages_unrecognised": 60}, Health.BROKEN),
        ({"pages_unreadable": 60}, Health.BROKEN),
        ({"pages_failed": 20}, Health.BROKEN),
        ({"pages_missing": 20}, Health.BROKEN),
        ({"store_errors": 20}, Health.BROKEN),
        ({"report": RunReport(same_results="the same for every keyword")}, Health.BROKEN),
        ({"pages_blocked": 1}, Health.BLOCKED),
        ({"pages_blocked": 1, "found": 0}, Health.BLOCKED),
        ({"finish_reason": "shutdown"}, Health.THIN),
        ({"finish_reason": "shutdown", "errors": 1}, Health.BROKEN),
        ({"pages_failed": 1}, Health.OK),
    ],
)
def test_what_went_wrong_shows(changes: dict[str, Any], verdict: Health) -> None:
    assert judged(**changes).health == verdict


def test_a_search_for_some_keywords_need_not_find_as_much() -> None:
    assert judged(found=3, complete=False).health == Health.OK


def test_a_search_for_some_keywords_may_find_nothing() -> None:
    assert judged(found=0, complete=False).health == Health.QUIET


def test_a_worksheet_without_advertisements_is_a_result() -> None:
    assert judged(found=0, searched=False).health == Health.OK


def test_a_worksheet_with_gaps_is_thin_and_says_how_many() -> None:
    judgement = judged(keywords_unsearched=3, searched=False)
    assert judgement.health == Health.THIN
    assert judgement.reason == "3 keywords of the worksheet were not searched"


def test_rejected_rows_make_a_run_from_a_file_thin() -> None:
    judgement = judged(rejected=3, rows=12, found=5, searched=False)
    assert judgement.health == Health.THIN
    assert judgement.reason == "3 of 12 rows were rejected; the log gives the reasons"
    assert judged(rejected=3, errors=1, searched=False).health == Health.BROKEN


def test_ids_that_count_some_twice_are_a_fault() -> None:
    judgement = judged(report=RunReport(doubtful_ids="one is shown at several addresses"))
    assert judgement.health == Health.BROKEN
    assert judgement.reason == "one is shown at several addresses"


@pytest.mark.parametrize("searched", [True, False])
def test_a_note_is_in_the_reason_and_changes_no_health(searched: bool) -> None:
    noted = judged(searched=searched, report=RunReport(notes=("the ids are derived",)))
    assert (noted.health, noted.reason) == (Health.OK, "the ids are derived")
    few = judged(found=20, report=RunReport(notes=("the ids are derived",)))
    assert few.health == Health.QUIET
    assert few.reason.endswith("; the ids are derived")


@pytest.mark.parametrize(
    "changes",
    [{"finish_reason": "unreachable", "found": 0}, {"pages_blocked": 1}, {"errors": 1}],
)
def test_notes_are_kept_however_a_run_ended(changes: dict[str, Any]) -> None:
    note = "the certificate of mall.example is not valid"
    assert note in judged(**changes, report=RunReport(notes=(note,))).reason
    fault = RunReport(robots_fault="robots.txt could not be fetched", notes=(note,))
    assert note in judged(report=fault).reason


def test_the_reason_names_what_is_missing_and_what_was_expected() -> None:
    judgement = judged(coverage=FEW_PRICES)
    assert judgement.reason == "price on 10 of 60 advertisements, expected 80%"
    assert judged(found=0).reason == "no advertisements, expected at least 50"


def test_the_reason_of_a_block_is_how_the_site_refused() -> None:
    judgement = judged(pages_blocked=1, report=RunReport(blocked_by="it answered with status 403"))
    assert (
        judgement.reason
        == "the site refused further requests after 60 advertisements: it answered with status 403"
    )


def test_the_reason_of_a_forbidden_search_is_in_robots_txt() -> None:
    forbidden = replace(GOOD, pages_forbidden=1)
    reason = judge(forbidden, EXPECT, complete=True, searched=True, site="mall").reason
    assert reason.endswith("scrapy worksheet mall")
    assert "503" in judged(pages_forbidden=1, robots_down=503).reason


DAY = timedelta(days=1)


def run(number: int, found: int = 60, price: int = 57, **kept: Any) -> Run:
    """A whole run with `found` advertisements, some of them with a price."""
    good: dict[str, Any] = {"health": "ok", "complete": True, "in_full": True} | kept
    return Run(
        f"mall-{number}",
        "mall",
        datetime(2016, 1, 1, tzinfo=UTC) + number * DAY,
        found=found,
        coverage={"title": (found, found), "price": (price, found)},
        **good,
    )


def counts(found: int, price: int, total: int | None = None) -> RunCounts:
    total = found if total is None else total
    return RunCounts(
        pages=120, found=found, coverage={"title": (total, total), "price": (price, total)}
    )


def held_against(
    baseline: Baseline, given: RunCounts, *, complete: bool = True
) -> tuple[Health, str]:
    judgement = judge(given, {"title": 1.0}, complete=complete, searched=True, baseline=baseline)
    return judgement.health, judgement.reason


MONTHS = [run(number) for number in range(6)]


def test_a_field_that_used_to_be_there_and_is_gone_is_named_with_both_figures() -> None:
    assert held_against(baseline_of(MONTHS), counts(60, 12)) == (
        Health.BROKEN,
        "price on 12 of 60 advertisements (20%), where it used to be on 95% "
        "(median of the last 6 good runs)",
    )


def test_a_field_as_full_as_ever_is_nothing_to_tell() -> None:
    assert held_against(baseline_of(MONTHS), counts(60, 52)) == (Health.OK, "")


def test_a_field_that_goes_up_and_down_may() -> None:
    baseline = baseline_of(
        [run(number, price=price) for number, price in enumerate((20, 50, 35, 60, 25))]
    )
    assert held_against(baseline, counts(60, 22)) == (Health.OK, "")
    assert held_against(baseline, counts(60, 6))[0] == Health.BROKEN


def test_a_handful_of_advertisements_proves_little() -> None:
    assert held_against(baseline_of(MONTHS), counts(60, 2, total=3))[0] == Health.OK
    assert held_against(baseline_of(MONTHS), counts(60, 0, total=3))[0] == Health.BROKEN


def test_far_fewer_advertisements_than_usual_are_quiet_with_both_figures() -> None:
    assert held_against(baseline_of(MONTHS), counts(20, 19)) == (
        Health.QUIET,
        "20 advertisements, where 60 are usual (median of the last 6 good runs)",
    )
    assert held_against(baseline_of(MONTHS), counts(45, 43))[0] == Health.OK


def test_none_where_many_are_usual_is_never_just_a_zero() -> None:
    health, reason = held_against(baseline_of(MONTHS), counts(0, 0))
    assert (health, reason[:40]) == (Health.BROKEN, "no advertisements, where 60 are usual (m")
    small = baseline_of([run(number, found=number % 3, price=0) for number in range(6)])
    assert held_against(small, counts(0, 0))[0] == Health.QUIET


def test_two_runs_are_no_past() -> None:
    assert held_against(baseline_of(MONTHS[:2]), counts(20, 2)) == (Health.OK, "")


def test_a_search_in_part_is_held_to_the_fields_and_not_to_the_number() -> None:
    baseline = baseline_of(MONTHS)
    assert held_against(baseline, counts(20, 19), complete=False) == (Health.OK, "")
    assert held_against(baseline, counts(20, 4), complete=False)[0] == Health.BROKEN


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
    assert baseline_of(runs) == baseline_of(MONTHS)


def test_a_quiet_run_lowers_no_number() -> None:
    quiet = [run(number, found=5, price=5, health="quiet") for number in range(6, 30)]
    baseline = baseline_of(MONTHS[-3:] + quiet)
    assert baseline.found == ()
    assert baseline_of(MONTHS + quiet[:3]).usual == 60


def test_what_a_person_accepted_is_the_new_normal_at_once_and_for_good() -> None:
    redesigned = run(6, found=30, price=6, accepted=True)
    runs = [*MONTHS, redesigned]
    expect = {"advertisements": 50, "price": 0.8}
    for number in range(7, 20):
        judgement = judge(
            counts(28, 5), expect, complete=True, searched=True, baseline=baseline_of(runs)
        )
        assert (judgement.health, judgement.reason) == (Health.OK, "")
        assert judgement.comparable
        runs.append(run(number, found=28, price=5))
    gone = judge(counts(28, 0), expect, complete=True, searched=True, baseline=baseline_of(runs))
    assert gone.health == Health.BROKEN


def test_a_forum_read_for_what_is_new_is_held_to_the_fields_and_not_to_the_number() -> None:
    def verdict(price: int) -> Health:
        given = counts(10, price)
        baseline = baseline_of([run(number, in_full=False) for number in range(6)])
        judgement = judge(
            given, {}, complete=False, limited=False, searched=True, baseline=baseline
        )
        assert judgement.comparable
        return judgement.health

    assert (verdict(9), verdict(2)) == (Health.OK, Health.BROKEN)


def test_a_run_of_an_earlier_version_has_no_say() -> None:
    earlier = [
        replace(each, found=0, coverage={}, complete=False, in_full=False) for each in MONTHS
    ]
    assert baseline_of(earlier) == Baseline()


def test_only_a_whole_run_without_faults_may_be_held_against_later_ones() -> None:
    assert judged().comparable
    assert judged(coverage=FEW_PRICES).comparable
    assert not judged(complete=False).comparable
    assert not judged(pages_failed=20).comparable
    assert not judged(finish_reason="shutdown").comparable
    assert not judged(pages_blocked=1).comparable


def test_an_ok_run_says_which_part_was_not_searched() -> None:
    counts = RunCounts(keywords=100, found=50, pages=100, pages_failed=4)
    judged = judge(counts, {}, complete=True, searched=True, report=RunReport(unanswered=4))
    assert (judged.health, judged.reason) == (Health.OK, "4 keywords got no answer")


def test_an_error_of_a_file_is_not_called_one_of_the_code() -> None:
    judged = judge(RunCounts(errors=1, rejected=2, rows=2), {}, complete=True, searched=False)
    assert judged.health == Health.BROKEN
    assert judged.reason.startswith("1 error, as logged; 2 of 2 rows were rejected")


@pytest.mark.parametrize(
    ("reused", "seen", "broken"), [(5, 10, False), (6, 10, True), (6, 40, False), (30, 60, True)]
)
def test_ids_that_show_other_advertisements_than_before_are_places(
    reused: int, seen: int, broken: bool
) -> None:
    counts = RunCounts(keywords=3, found=60, seen=seen, reused=reused)
    judged = judge(counts, {}, complete=True, searched=True)
    assert (judged.health == Health.BROKEN) is broken
    assert ("ids from earlier runs now show another" in judged.reason) is broken
    assert judged.comparable is not broken


def test_a_single_page_is_not_said_in_the_plural() -> None:
    judged = judge(RunCounts(keywords=3, found=6, pages_failed=1), {}, complete=True, searched=True)
    assert judged.reason == "1 page that could not be fetched"


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ({"invalid": 30}, "30 of 30 prices could not be read"),
        ({"invalid": 30, "amount": 20, "absent": 400}, "30 of 50 prices could not be read"),
        ({"invalid": 30, "amount": 30}, ""),
        ({"invalid": 9}, ""),
    ],
)
def test_a_run_of_which_most_prices_could_not_be_read_says_so(
    prices: dict[str, int], said: str
) -> None:
    stats = {Stat.PRICE + kind: number for kind, number in prices.items()}
    good = RunCounts.from_stats({Stat.FOUND: 60, Stat.PAGES: 120, **stats})
    judged = judge(good, {}, complete=True, searched=True)
    assert (judged.health, judged.reason.split(",")[0]) == ("ok", said)
