"""Ingestion without Scrapy's engine: the same run, the same messages, the same advertisements."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from spiders.records import RecordsFileSpider
from tests.helpers.crawling import scrapy
from tests.helpers.settings import settings_in
from wildcrawl.analysis.vocabulary import VocabularyError, load_vocabulary
from wildcrawl.crawl.ingest import Ingested, ingest
from wildcrawl.demo.spiders.demo_fair import DemoFairSpider
from wildcrawl.items import Advertisement, Run
from wildcrawl.store import StoreError, open_store
from wildcrawl.store.sqlite import SQLiteStore
from wildcrawl.tabular.worksheet import Filled, write_worksheet

FOUND = {"found_at": "2016-05-03"}
IVORY: dict[str, str] = {"found_by": "象牙手镯", "ad_id": "B1", "title": "老象牙手镯 一只", **FOUND}
FILLED = Filled(
    {"象牙筷子": "x", "犀角": "x"},
    [
        IVORY | {"price": "￥1200", "verdict": "valid"},
        {"found_by": "整牙", "ad_id": "B2", "title": "牙刷", **FOUND},
        {"found_by": "象牙", "ad_id": "B3", "title": "仿象牙手串 树脂", **FOUND},
        IVORY | {"found_by": "老象牙"},
        {"found_by": "象牙", "ad_id": "B4", "title": "老象牙", "images": "lots", **FOUND},
    ],
)


def ingest_filled(folder: Path, filled: Filled = FILLED, **given: Any) -> Ingested:
    return ingest(
        DemoFairSpider,
        settings_in(folder, **given),
        lambda spider: spider.import_worksheet(filled),
        {"worksheet": "w"},
    )


def stored(folder: Path, name: str = "store.db") -> tuple[list[Run], list[Advertisement]]:
    store = open_store(f"sqlite:///{folder / name}")
    runs, ads = store.runs(), list(store.advertisements())
    store.close()
    return runs, ads


def at_start(ad: Advertisement, run: Run) -> Advertisement:
    """An advertisement first found by `run`, whose history tells the moment at which that began."""
    changes = [replace(change, at=run.started) for change in ad.history]
    return replace(ad, first_run=run.id, history=changes)


def test_the_outcome_is_that_of_a_crawl_of_the_same_worksheet(tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    site = DemoFairSpider.worksheet_site(settings_in(tmp_path))
    write_worksheet(tmp_path / "w.xlsx", site, vocabulary.keywords, vocabulary.groups, FILLED)
    options = ["--logfile", "log", "-L", "WARNING", "-s", "LOG_FORMAT=%(message)s"]
    store = f"sqlite:///{tmp_path / 'crawled.db'}"
    for _ in range(2):
        crawled = scrapy(
            *("crawl", "demo_fair", "-a", "worksheet=w.xlsx", *options),
            folder=tmp_path,
            WILDCRAWL_STORE=store,
        )
        assert crawled.code == 1, "FILLED has a row that is rejected"
        done = ingest_filled(tmp_path)
        assert done.saved
    runs, ads = stored(tmp_path)
    theirs, crawled_ads = stored(tmp_path, "crawled.db")
    for mine, other in zip(runs, theirs, strict=True):
        assert mine.finished
        assert other.finished
        same_time = replace(other, id=mine.id, started=mine.started, finished=mine.finished)
        # A crawl shows that it is alive; an ingestion is over at once.
        assert mine == replace(same_time, heard_of="")
    assert [(run.new, run.seen, run.set_aside, run.irrelevant) for run in runs] == [
        (1, 0, 1, 1),
        (0, 2, 0, 1),
    ]
    assert [(run.health, run.found) for run in runs] == [("thin", 4), ("thin", 4)]
    assert [at_start(ad, runs[0]) for ad in ads] == [at_start(ad, runs[0]) for ad in crawled_ads]
    assert [(ad.ad_id, ad.price_kind) for ad in ads] == [("B1", "amount"), ("B3", "absent")]
    said = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert "w.xlsx: Advertisements!N6: 'lots' is not a whole number" in said[0]
    # The desk's worksheet is no file, so its messages name none.
    said = [line.removeprefix("w.xlsx: ") for line in said]
    assert list(done.messages) == said[len(said) // 2 :]
    assert "Advertisements!N6: 'lots' is not a whole number" in done.messages[0]
    assert "106 keywords are neither ticked nor have an advertisement" in done.messages[1]


def test_rows_of_a_worksheet_with_one_id_are_held_against_each_other(tmp_path: Path) -> None:
    rows = [
        {"found_by": "象牙", "ad_id": "1", "title": "老象牙手镯甲", "price": "1000", **FOUND},
        {"found_by": "犀角", "ad_id": "1", "title": "犀角杯", "price": "9000", **FOUND},
        {"found_by": "象牙", "ad_id": "6.12346E+11", "title": "老象牙牌", "price": "20", **FOUND},
    ]
    done = ingest_filled(tmp_path, Filled({}, rows))
    assert [ad.title for ad in stored(tmp_path)[1]] == ["老象牙手镯甲"]
    assert done.run.health == "thin"
    assert "2 of 3 rows were rejected" in done.run.reason
    messages = "\n".join(done.messages)
    assert "Advertisements!H3: ad_id: '1' of demo_fair belongs to '老象牙手镯甲'" in messages
    assert "Advertisements!H4: '6.12346E+11' is a number in scientific form" in messages


def test_any_spider_and_any_records_can_be_ingested(tmp_path: Path) -> None:
    ads = [Advertisement("forum", str(n), title="老象牙手镯") for n in range(3)]
    done = ingest(
        RecordsFileSpider, settings_in(tmp_path), lambda _: iter(ads), {"file": "not read here"}
    )
    assert (done.run.site, done.run.new, done.run.health) == ("records", 3, "ok")
    assert done.messages == ()
    assert [ad.site for ad in stored(tmp_path)[1]] == ["forum"] * 3


def test_a_store_that_cannot_be_reached_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    read: list[str] = []
    with pytest.raises(StoreError, match=r"the folder .* of the store store.db is missing"):
        ingest(
            DemoFairSpider,
            settings_in(tmp_path / "missing"),
            lambda _: read.append("read") or [],  # type: ignore[func-returns-value]
            {"worksheet": "w"},
        )
    assert read == []


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"WILDCRAWL_KEYWORDS": "absent.yaml"}, VocabularyError, "absent.yaml"),
        ({"WILDCRAWL_RATE": "much"}, ValueError, "WILDCRAWL_RATE: 'much'"),
        ({"WILDCRAWL_PLACEHOLDER_PRICES": "x"}, ValueError, "WILDCRAWL_PLACEHOLDER_PRICES"),
    ],
)
def test_a_fault_of_the_settings_is_an_error_and_leaves_no_run(
    tmp_path: Path, given: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        ingest_filled(tmp_path, **given)
    assert stored(tmp_path) == ([], [])


def test_a_store_that_goes_away_meanwhile_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreError("the store is away")

    def read(spider: DemoFairSpider) -> Iterator[Advertisement]:
        yield from spider.import_worksheet(FILLED)
        monkeypatch.setattr(SQLiteStore, "record", away)
        monkeypatch.setattr(SQLiteStore, "save_run", away)

    monkeypatch.chdir(tmp_path)
    done = ingest(DemoFairSpider, settings_in(tmp_path), read, {"worksheet": "w"})
    assert not done.saved
    unsaved = tmp_path / f"wildcrawl-unsaved-{done.run.id}.jsonl"
    left = unsaved.read_text(encoding="utf-8").count("\n")
    assert any(str(unsaved) in line for line in done.messages)
    assert done.messages[-1] == "the run itself could not be stored: the store is away"
    (run,), ads = stored(tmp_path)
    assert run.finished is None
    # On a slow machine the first ones may be written while the worksheet is read.
    assert left > 0
    assert left + len(ads) == 3


class Failing:
    """A pipeline that cannot process one advertisement, and none of another id."""

    def process_item(self, item: Advertisement) -> Advertisement:
        if item.ad_id == "B1":
            raise KeyError("a fault of the code")
        return item


def test_an_advertisement_that_fails_stops_no_other_and_breaks_the_run(tmp_path: Path) -> None:
    pipelines = settings_in(tmp_path).getdict("ITEM_PIPELINES") | {f"{__name__}.Failing": 350}
    done = ingest_filled(tmp_path, ITEM_PIPELINES=pipelines)
    assert done.saved
    assert (done.run.health, done.run.errors) == ("broken", 2)
    assert "demo_fair B1 could not be processed" in done.messages
    assert "KeyError: 'a fault of the code'" in done.messages
    assert [ad.ad_id for ad in stored(tmp_path)[1]] == ["B3"]


def test_what_was_read_before_a_fault_is_stored(tmp_path: Path) -> None:
    def read(spider: DemoFairSpider) -> Iterator[Advertisement]:
        yield from spider.import_worksheet(FILLED)
        raise OSError("the disk is gone")

    done = ingest(DemoFairSpider, settings_in(tmp_path), read, {"worksheet": "w"})
    assert (done.run.health, done.run.errors, done.run.new) == ("broken", 1, 1)
    assert "OSError: the disk is gone" in done.messages


def test_the_messages_are_those_of_its_own_thread_alone(tmp_path: Path) -> None:
    def read(_: DemoFairSpider) -> Iterator[Advertisement]:
        logger = logging.getLogger("another")
        other = threading.Thread(target=logger.error, args=("of another request",))
        other.start()
        other.join()
        logger.warning("of this one")
        logger.info("too small to show")
        yield from ()

    done = ingest(DemoFairSpider, settings_in(tmp_path), read, {"worksheet": "w"})
    assert done.messages == ("of this one",)
