"""Run records on both databases, and records of an earlier version."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

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
