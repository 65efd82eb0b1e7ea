"""Texts that are the same: found by their hash on both stores, in earlier layouts too."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.helpers.earlier_layout import drop_listing
from wildcrawl.items import Advertisement
from wildcrawl.store import Store, open_store
from wildcrawl.store.sqlite import SQLiteStore
from wildcrawl.store.sqlite_same_texts import keys_of

MAY = datetime(2026, 5, 1, tzinfo=UTC)
TITLE = "清代老象牙手镯 58圈口"
TEXT = "祖上传下来的老物件，包浆自然，品相完好，拍照无修图"


def ad(ad_id: str, title: str = TITLE, day: int = 0, **given: str) -> Advertisement:
    found = MAY + timedelta(days=day)
    return Advertisement("mall", ad_id, title=title, found_at=found, **given)  # type: ignore[arg-type]


def same(store: Store, to: Advertisement, most: int = 50) -> list[str]:
    return [each.ad_id for each in store.same_texts(to, most)]


def test_blanks_punctuation_widths_and_case_make_no_other_text(store: Store) -> None:
    first = ad("1", "清代老象牙手镯 A58", description=TEXT)
    store.record(
        [
            first,
            ad("2", "清 代 老 象 牙 手 镯 ａ５８", 1),
            ad("3", "【清代老象牙手镯】a_5-8！", 2),
            ad("4", "清代老象牙手镯 A60", 3),
            ad("5", "另一件", 4, description=TEXT.replace("，", " ")),
            # A title is not compared with a description.
            ad("6", "又一件", 5, description="清代老象牙手镯 A58"),
            ad("7", TEXT, 6),
        ],
        "run",
    )
    assert same(store, first) == ["5", "3", "2", "1"]
    assert same(store, first, most=2) == ["5", "3"]
    assert same(store, ad("8", "手镯", description="短")) == []


def test_a_changed_or_forgotten_text_is_found_by_what_it_is_now(store: Store) -> None:
    first = ad("1")
    store.record([first, ad("2", day=1), ad("3", day=2)], "run")
    store.record([ad("2", "红木手镯，不是象牙", 3)], "later")
    assert same(store, first) == ["3", "1"]
    assert same(store, ad("9", "红木手镯 不是象牙")) == ["2"]

    def erase(each: Advertisement) -> None:
        each.title = ""

    store.revise([("mall", "3")], erase)
    assert same(store, first) == ["1"]
    store.forget([("mall", "1")], lambda _: None)
    assert same(store, first) == []


@pytest.mark.parametrize("layout", [4, 6])
def test_a_file_of_an_earlier_layout_finds_them_too(tmp_path: Path, layout: int) -> None:
    path = tmp_path / "wildcrawl.db"
    with closing(SQLiteStore(path)) as store:
        store.record(
            [ad("1"), ad("2", f"【{TITLE}】", 1), ad("3", "犀角", description=TEXT)], "run"
        )
    with closing(sqlite3.connect(path)) as file:
        if layout == 4:
            drop_listing(file)
        else:
            for name in ("new", "changed", "gone"):
                file.execute(f"DROP TRIGGER same_texts_{name}")
            file.execute("DROP TABLE same_texts")
        file.execute(f"PRAGMA user_version = {layout}")
    with closing(SQLiteStore(path)) as store:
        assert same(store, ad("1")) == ["2", "1"]
        assert same(store, ad("9", "", description=TEXT)) == ["3"]


def test_a_database_of_an_earlier_layout_finds_them_too(mongodb_url: str) -> None:
    with closing(open_store(mongodb_url)) as store:
        store.record([ad("1"), ad("2", f"【{TITLE}】", 1)], "run")
        store.save_raised({("mall", "1"): "photograph"})
    with MongoClient[dict[str, Any]](mongodb_url) as client:
        database = client.get_default_database()
        database["advertisements"].update_many({}, {"$unset": {"listing.texts": ""}})
        database["layout"].update_one({"_id": "layout"}, {"$set": {"version": 2}})
    with closing(open_store(mongodb_url)) as store:
        assert same(store, ad("1")) == ["2", "1"]
        # The rest of the listing stays as it was.
        assert store.raised() == [("mall", "1")]


def test_same_texts_are_looked_up_in_an_index(tmp_path: Path) -> None:
    path = tmp_path / "wildcrawl.db"
    with closing(SQLiteStore(path)) as store:
        store.record([ad(str(number), f"{TITLE} {number}") for number in range(2_000)], "run")
    steps: list[None] = []
    with closing(sqlite3.connect(path)) as file:
        file.set_progress_handler(lambda: steps.append(None), 1)
        assert keys_of(file, ad("1", f"{TITLE} 7"), 50) == [("mall", "7")]
    # About 460, whatever the number of advertisements; reading all takes some for each.
    assert len(steps) < 1_000
