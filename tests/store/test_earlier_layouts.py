"""Stores of earlier layouts: upgraded on opening, after a copy of the file is kept."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wildcrawl.items import Advertisement
from wildcrawl.store import Outcome, StoreError, open_store
from wildcrawl.store.sqlite_earlier import earlier_copy, keep_earlier
from wildcrawl.store.sqlite_schema import VERSION

STORES = Path(__file__).resolve().parent.parent / "data" / "stores"
"""Stores as earlier versions wrote them, as SQL; a new layout adds one."""
LAYOUTS = {int(path.stem.rpartition("-")[2]): path for path in STORES.glob("sqlite-layout-*.sql")}


def written(path: Path, layout: int) -> None:
    with closing(sqlite3.connect(path)) as earlier:
        earlier.executescript(LAYOUTS[layout].read_text(encoding="utf-8"))


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_a_store_of_an_earlier_layout_keeps_everything_and_a_copy(
    tmp_path: Path, layout: int
) -> None:
    path = tmp_path / "wildcrawl.db"
    written(path, layout)
    with closing(open_store(f"sqlite:///{path}")) as store:
        ad, other = sorted(store.advertisements(), key=lambda each: each.ad_id)
        assert (ad.title, ad.verdict, ad.found_by) == ("老象牙手镯", "valid", ["象牙", "老象牙"])
        assert [change.field for change in ad.history] == ["price", "verdict"]
        assert (other.relevance, other.audit) == ("set_aside", True)
        assert [run.id for run in store.runs()] == ["run-1", "run-2"]
        assert store.runs()[0].coverage == {"title": (1, 1)}
        assert store.unmatched("mall", {"9": "mark"}) == {"9"}
        assert store.documents("notified") == {"mall": {"month": "2026-05"}}
        assert [each.ad_id for each in store.pending()] == ["2"]
        again = Advertisement("mall", "1", found_at=datetime(2026, 7, 1, tzinfo=UTC))
        assert store.record([again], "run-3") == [Outcome.SEEN]
        assert sum(store.month_numbers("1990-01", "2099-12")["number"]) == 2
    copy = earlier_copy(path, layout)
    assert copy.exists() == (layout < VERSION)
    if copy.exists():
        with closing(sqlite3.connect(copy)) as kept:
            assert kept.execute("PRAGMA user_version").fetchone() == (layout,)
            assert kept.execute("SELECT count(*) FROM advertisements").fetchone() == (2,)
        assert copy.stat().st_mode & 0o777 == 0o600


def test_a_store_that_cannot_be_copied_is_not_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wildcrawl.db"
    written(path, min(LAYOUTS))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match=r"cannot be copied before it is upgraded.*make room"):
        keep_earlier(path, min(LAYOUTS), VERSION + 1)
    assert [each.name for each in tmp_path.iterdir()] == ["wildcrawl.db"]
