"""Killed runs: each command that looks at runs closes those that were killed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.helpers.crawling import scrapy
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import open_store


@pytest.mark.parametrize(
    "command", ["sites", "queue", "export", pytest.param("doctor", marks=pytest.mark.slow)]
)
def test_whoever_comes_next_closes_a_killed_run(tmp_path: Path, command: str) -> None:
    url = f"sqlite:///{tmp_path / 'wildcrawl.db'}"
    began = datetime.now(UTC) - timedelta(days=40)
    store = open_store(url)
    store.record([Advertisement("demo_mall", "1", found_at=began)], "run")
    store.save_run(Run("run", "demo_mall", began, heard_of=began.isoformat()))
    store.close()
    month = f"{began:%Y-%m}"
    scrapy(*([command, month] if command == "export" else [command]), folder=tmp_path)
    store = open_store(url)
    run = store.get_run("run")
    store.close()
    assert run is not None
    assert (run.health, bool(run.finished)) == ("killed", True)
