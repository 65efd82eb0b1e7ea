"""Stores that are deleted, replaced, filled or damaged while a run writes to them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pymongo import MongoClient

from spiders.records import RecordsFileSpider
from tests.helpers.crawling import scrapy
from tests.helpers.crawls import CONTACT
from tests.helpers.odd_site import Answer, Asked, odd_site, results
from tests.helpers.settings import settings_in
from wildcrawl.crawl.ingest import Ingested, ingest
from wildcrawl.desk.messages import in_chinese
from wildcrawl.items import Advertisement
from wildcrawl.store import open_store

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def ads(first: int, end: int) -> list[Advertisement]:
    return [
        Advertisement("forum", str(number), title="<b>老象牙</b>手镯")
        for number in range(first, end)
    ]


def ingest_and(happens: Callable[[], object], folder: Path, **settings: str) -> Ingested:
    """Ingests 230 advertisements, of which 200 are stored when something happens."""

    def read(_: RecordsFileSpider) -> Iterator[Advertisement]:
        yield from ads(0, 200)
        happens()
        yield from ads(200, 230)

    return ingest(RecordsFileSpider, settings_in(folder, **settings), read, {"file": "x"})


def unsaved(folder: Path) -> list[dict[str, str]]:
    (path,) = folder.glob("wildcrawl-unsaved-*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    # Smaller batches, as a site's spider has them.
    monkeypatch.setattr(RecordsFileSpider, "batch", 100)
    return tmp_path


def rename(backup: Path, path: Path) -> None:
    backup.replace(path)


@pytest.mark.parametrize("restore", [rename, shutil.copyfile], ids=["renamed", "copied over"])
def test_a_restored_backup_breaks_the_run_and_nothing_found_is_lost(
    here: Path, restore: Callable[[Path, Path], object]
) -> None:
    path, backup = here / "store.db", here / "backup.db"
    store = open_store(f"sqlite:///{backup}")
    store.record([Advertisement("forum", "old", found_at=MAY)], "earlier")
    store.close()
    done = ingest_and(lambda: restore(backup, path), here)
    assert done.run.health == "broken"
    assert (done.run.new, done.run.seen) == (0, 0)
    assert "230 advertisements are not in the store but in" in done.run.reason
    assert "replaced" in done.run.reason
    rows = unsaved(here)
    assert {row["ad_id"] for row in rows} == {str(number) for number in range(230)}
    assert rows[0]["title"] == "<b>老象牙</b>手镯"


def test_a_deleted_store_is_not_made_anew(here: Path) -> None:
    def delete() -> None:
        for path in here.glob("store.db*"):
            path.unlink()

    done = ingest_and(delete, here)
    assert not done.saved
    assert done.run.health == "broken"
    assert "deleted while it was in use" in done.run.reason
    assert not (here / "store.db").exists()
    assert len(unsaved(here)) == 230


@pytest.mark.parametrize(
    ("left", "words"), [(0.0, "replaced by another file"), (0.5, "the file is damaged")]
)
def test_a_store_that_is_cut_in_use_breaks_the_run_and_nothing_found_is_lost(
    here: Path, left: float, words: str
) -> None:
    path = here / "store.db"
    done = ingest_and(lambda: os.truncate(path, int(path.stat().st_size * left)), here)
    assert (done.run.health, done.run.new) == ("broken", 0)
    assert words in done.run.reason
    assert "230 advertisements are not in the store but in" in done.run.reason
    assert {row["ad_id"] for row in unsaved(here)} == {str(number) for number in range(230)}


def test_a_run_whose_log_is_removed_is_broken_and_nothing_found_is_lost(here: Path) -> None:
    done = ingest_and((here / "store.db-wal").unlink, here)
    assert done.run.health == "broken"
    assert "the log beside it was removed" in done.run.reason
    assert len(unsaved(here)) == 230


def test_what_another_program_removed_from_a_database_is_said(here: Path, mongodb_url: str) -> None:
    def remove() -> None:
        with MongoClient[dict[str, str]](mongodb_url) as client:
            stored = client.get_default_database()["advertisements"]
            stored.delete_many({"_id": {"$in": [each["_id"] for each in stored.find(limit=50)]}})

    done = ingest_and(remove, here, WILDCRAWL_STORE=mongodb_url)
    assert done.run.health == "broken"
    assert done.run.reason.startswith("50 of 230 advertisements that the run stored are not in")
    assert "其间被删除" in in_chinese(done.run.reason)


def test_a_crawl_whose_store_is_deleted_stops_and_fails(tmp_path: Path) -> None:
    def answer(asked: Asked) -> Answer:
        if len(asked.path) and asked.before == 0 and (tmp_path / "wildcrawl.db").exists():
            (tmp_path / "wildcrawl.db").unlink()
        return results(asked)

    with odd_site(answer) as site:
        done = scrapy(
            *("crawl", "polite_site", "-a", "keywords=leopard"),
            *("-s", "SPIDER_MODULES=tests.helpers.polite_spiders"),
            folder=tmp_path,
            WILDCRAWL_DEMO_URL=site.address,
            WILDCRAWL_CONTACT=CONTACT,
        )
    assert done.code == 1, done.err
    assert "Traceback" not in done.err
    assert "broken" in done.err
    assert len(unsaved(tmp_path)) >= 1
