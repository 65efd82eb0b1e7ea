"""Acceptance of a run as the baseline, and faults that are not the site's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wildcrawl.crawl.health import FAILED, accept_as_baseline, baseline_of, judge
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import RunCounts
from wildcrawl.items import Health, Run

MAY = datetime(2016, 5, 1, tzinfo=UTC)
FOUND = RunCounts(keywords=3, found=40, pages=6, new=40)


def run(number: int, health: str, *, complete: bool = True) -> Run:
    return Run(
        f"run-{number}", "mall", MAY + timedelta(days=number), MAY + timedelta(days=number),
        health=health, reason="price on 2 of 40", complete=complete, found=40,
        coverage={"price": (2, 40)},
    )  # fmt: skip


def test_the_last_whole_run_is_accepted_and_overrides_what_was_expected() -> None:
    runs = [run(1, "ok"), run(2, "broken"), run(3, "blocked", complete=False)]
    accepted = accept_as_baseline(runs, "mall")
    assert (accepted.id, accepted.health, accepted.accepted) == ("run-2", "ok", True)
    assert accepted.reason == "accepted; it was broken: price on 2 of 40"
    baseline = baseline_of(runs)
    assert (baseline.coverage, baseline.accepted) == ({"price": [0.05]}, True)
    expect = {"price": 1.0, "advertisements": 50}
    counts = RunCounts(keywords=3, found=40, pages=6, coverage={"price": (2, 40)})
    assert judge(counts, expect, complete=True, searched=True).health == Health.BROKEN
    again = judge(counts, expect, complete=True, searched=True, baseline=baseline)
    assert again.health == Health.OK


def test_a_good_run_keeps_its_reason_and_without_a_whole_one_none_is_accepted() -> None:
    good = accept_as_baseline([run(1, "ok")], "mall")
    assert good.reason == "price on 2 of 40"
    with pytest.raises(ValueError, match=r"mall has no whole run .* scrapy crawl mall"):
        accept_as_baseline([run(1, "thin", complete=False)], "mall")


@pytest.mark.parametrize(
    ("report", "health", "comparable"),
    [
        (RunReport(), Health.OK, True),
        (RunReport(clock_fault="the clock is wrong"), Health.BROKEN, False),
        (RunReport(no_browser="no browser starts"), Health.BROKEN, False),
        (RunReport(robots_fault="robots.txt was cut short"), Health.BROKEN, False),
        # What could not be stored shows nothing of the site; captures can be made later.
        (RunReport(store_fault="12 are not stored"), Health.BROKEN, False),
        (RunReport(evidence_fault="3 captures were not written"), Health.BROKEN, True),
        (RunReport(unread="2 searches were cut off"), Health.THIN, False),
        (RunReport(pages_due="2 pages are due", notes=("a note",)), Health.OK, True),
    ],
)
def test_a_fault_is_in_the_reason_and_only_the_sites_own_are_compared(
    report: RunReport, health: Health, *, comparable: bool
) -> None:
    judgement = judge(FOUND, {}, complete=True, searched=True, report=report)
    assert (judgement.health, judgement.comparable) == (health, comparable)
    said = [
        report.clock_fault, report.no_browser, report.robots_fault, report.store_fault,
        report.evidence_fault, report.unread, report.pages_due, *report.notes,
    ]  # fmt: skip
    assert all(text in judgement.reason for text in said if text)


def test_a_blocked_run_stays_blocked_whatever_else_failed() -> None:
    counts = RunCounts(keywords=3, found=4, pages_blocked=1)
    report = RunReport(blocked_by="a captcha", evidence_fault="3 captures were not written")
    judgement = judge(counts, {}, complete=True, searched=True, report=report)
    assert judgement.health == Health.BLOCKED
    assert judgement.health in FAILED
    assert judgement.reason.endswith("a captcha; 3 captures were not written")
