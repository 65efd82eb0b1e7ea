"""Unsure cards: whose verdict in a file settles what waits for a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from scrapy.utils.project import get_project_settings

from pipelines.store import StorePipeline
from tests.pipelines.test_pipelines import Stats
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import Stat
from wildcrawl.desk.messages import in_chinese
from wildcrawl.items import Advertisement, RowOrigin, Run, Verdict
from wildcrawl.review.unsure import all_unsure, put_unsure, remove_unsure
from wildcrawl.store import Store
from wildcrawl.store.corrections import Decision

MAY = datetime(2016, 5, 1, tzinfo=UTC)
KEY = ("mall", "7")
Import = Callable[..., tuple[list[str], Stats]]


def row(by: str = "", verdict: str = "valid", ad_id: str = "7", line: int = 2) -> Advertisement:
    return Advertisement(
        "mall", ad_id, title="象牙手镯", verdict=verdict, screened_by=by, found_at=MAY,
        relevance="likely", origin=RowOrigin(f"line {line}", line),
    )  # fmt: skip


@pytest.fixture
def imported(store: Store, store_url: str) -> Import:
    """Stores rows as an import does; returns lines with reasons, and the counts."""
    store.record([row(verdict="pending")], "run-1")
    put_unsure(store, KEY, "Li", "bone?", MAY)

    def record(*rows: Advertisement) -> tuple[list[str], Stats]:
        settings = get_project_settings()
        settings.set("WILDCRAWL_STORE", store_url, priority="cmdline")
        session, stats, reasons = Session(settings, Run("run-2", "records", MAY)), Stats(), []

        def reject(origin: RowOrigin, reason: str) -> None:
            reasons.append(f"{origin.place}: {reason}")

        session.reject = reject
        step = StorePipeline(session, stats)
        for each in rows:
            step.process_item(each)
        step.close_spider()
        session.store.close()
        return reasons, stats

    return record


@pytest.mark.parametrize("by", ["Li", " li ", ""])
def test_who_was_unsure_and_who_is_not_named_settle_nothing(
    store: Store, imported: Import, by: str
) -> None:
    reasons, stats = imported(row(by), row("Li", ad_id="8", line=3))
    (reason,) = reasons
    assert reason.startswith("line 2: verdict: Li left it to a second person")
    assert "已留给第二人判定" in in_chinese(reason)
    counts = [stats.get_value(Stat.VERDICTS + each, 0) for each in ("taken", "refused")]
    assert counts == [1, 1], "the other advertisement waits for nobody"
    waits = store.get(*KEY)
    assert waits is not None
    assert (waits.verdict, waits.screened_by, waits.history) == ("pending", "", [])
    assert all_unsure(store)[KEY].by == "Li"


def test_another_person_settles_it_in_a_file(store: Store, imported: Import) -> None:
    assert imported(row("Wang", "fake"))[0] == []
    settled = store.get(*KEY)
    assert settled is not None
    assert (settled.verdict, settled.screened_by) == ("fake", "Wang")
    assert not all_unsure(store)


def test_a_row_without_a_verdict_settles_nothing(store: Store, imported: Import) -> None:
    assert imported(row("Wang", "pending"))[0] == []
    assert KEY in all_unsure(store)


def test_a_note_that_an_interrupted_import_left_ends_when_the_file_is_read_again(
    store: Store, imported: Import
) -> None:
    store.record([row("Wang")], "run-2")
    assert imported(row("Wang"))[0] == []
    assert not all_unsure(store)


def test_a_verdict_in_a_file_is_in_the_history_once(store: Store, imported: Import) -> None:
    remove_unsure(store, KEY)
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    for _ in range(2):
        assert imported(row("Wang"), row("Wang", "fake", ad_id="8"))[0] == []
    for ad_id, verdict in (("7", "valid"), ("8", "fake")):
        ad = store.get("mall", ad_id)
        assert ad is not None
        (change,) = ad.history
        assert (change.field, change.old, change.new, change.by) == (
            "verdict in a record", "pending", verdict, "Wang",
        )  # fmt: skip
        assert before <= change.at <= datetime.now(UTC), "when it was read, not when it was found"
    undone = store.judge(*KEY, Decision(Verdict.PENDING, "", "", MAY)).after
    assert [each.new for each in undone.history] == ["valid", "pending"]


def test_a_first_verdict_in_a_file_changes_no_advertisement(imported: Import) -> None:
    _, stats = imported(row("Wang"))
    assert (stats.get_value(Stat.SEEN), stats.get_value(Stat.CHANGED)) == (1, None)
