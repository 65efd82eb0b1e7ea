"""Run records on both databases, and records of an earlier version."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler

from wildcrawl.crawl.run_recorder import RunRecorder
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.items import Run
from wildcrawl.store import Store, open_store

STARTED = datetime(2016, 5, 1, 8, tzinfo=UTC)


def test_how_full_each_field_was_and_how_much_was_found_is_kept(store: Store) -> None:
    run = Run(
        "mall-1",
        "mall",
        STARTED,
        health="quiet",
        found=12,
        coverage={"title": (12, 12), "price": (3, 12)},
        complete=True,
        in_full=True,
        accepted=True,
    )
    store.save_run(run)
    assert store.runs("mall") == [run]


def test_a_database_of_an_earlier_version_opens_and_its_runs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    store = open_store(f"sqlite:///{path}")
    store.save_run(Run("mall-1", "mall", STARTED, new=3, health="thin", reason="3 of 50"))
    store.close()
    with sqlite3.connect(path) as connection:
        (text,) = connection.execute("SELECT document FROM runs").fetchone()
        document = json.loads(text)
        for name in ("found", "coverage", "complete", "in_full", "accepted"):
            del document[name]
        connection.execute("UPDATE runs SET document = ?", (json.dumps(document),))
    connection.close()
    store = open_store(f"sqlite:///{path}")
    (run,) = store.runs("mall")
    assert (run.health, run.new, run.found, run.coverage) == ("thin", 3, 0, {})
    assert not run.complete
    run.found = 5
    store.save_run(run)
    assert store.runs("mall") == [run]
    store.close()


class Unable(Spider):
    """A spider whose report cannot be made."""

    name = "unable"

    def run_report(self) -> RunReport:
        raise KeyError("a page without an id")

    def ended(self, reason: str) -> None:
        """Nothing to store."""


def test_a_report_that_cannot_be_made_is_an_error_of_the_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    crawler = get_crawler(Unable, {"WILDCRAWL_STORE": f"sqlite:///{tmp_path / 'store.db'}"})
    recorder = RunRecorder.from_crawler(crawler)
    recorder.opened()
    assert recorder.session.failed
    recorder.closed(Unable(), "finished")
    run = recorder.session.run
    assert (run.health, run.errors) == ("broken", 1)
    assert "the report of the run could not be made" in caplog.text
    assert not recorder.session.failed
