"""Queries of the store contract: by keys, by site, by verdict, heads of runs, presence of a run."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wildcrawl.items import Advertisement, Health, Key, Run, RunHead, Verdict
from wildcrawl.store import OtherRules, Store, StoreError, existing_store, open_store
from wildcrawl.store.base import StoreGoneError
from wildcrawl.store.corrections import Decision
from wildcrawl.store.empty import empty_store
from wildcrawl.store.transfer import from_line

MAY = datetime(2016, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
RUNS = [
    Run("r2", "mall", MAY + DAY, MAY + DAY, health="ok", reason="fine", new=3, seen=1, found=4),
    Run("r1", "mall", MAY, health="killed", coverage={"title": (1, 2)}, yields={"象牙": (3, 1)}),
    Run("r3", "fair", MAY + 2 * DAY, health="blocked", complete=True),
]


def record(store: Store, *ads: tuple[str, str], at: datetime = MAY) -> None:
    store.record([Advertisement(*key, title="牙雕", found_at=at) for key in ads], "r1")


def keys_of(ads: object) -> set[Key]:
    return {(ad.site, ad.ad_id) for ad in ads}  # type: ignore[attr-defined]


def test_advertisements_are_read_by_their_keys(store: Store) -> None:
    odd = ("mall", "half \ud83d")
    record(store, ("mall", "1"), ("mall", "2"), ("fair", "1"), odd)
    asked = [("mall", "2"), ("fair", "1"), ("fair", "2"), odd]
    found = store.get_all(asked)
    assert set(found) == {("mall", "2"), ("fair", "1"), odd}
    assert all(found[key] == store.get(*key) for key in found)
    assert store.get_all([]) == {}


def test_those_with_a_verdict_are_all_but_the_pending_ones(store: Store) -> None:
    record(store, *(("mall", str(number)) for number in range(4)))
    for number, verdict in enumerate((Verdict.VALID, Verdict.FAKE, Verdict.IRRELEVANT)):
        store.judge("mall", str(number), Decision(verdict, "Li", "", MAY))
    assert keys_of(store.judged()) == {("mall", "0"), ("mall", "1"), ("mall", "2")}
    store.judge("mall", "1", Decision(Verdict.PENDING, "Li", "", MAY + DAY))
    assert keys_of(store.judged()) == {("mall", "0"), ("mall", "2")}


def test_sites_are_counted_from_the_start_to_before_the_end(store: Store) -> None:
    record(store, ("mall", "1"), ("mall", "2"), ("fair", "1"))
    record(store, ("mall", "3"), at=MAY + DAY)
    assert store.count_by_site(MAY, MAY + DAY) == {"mall": 2, "fair": 1}
    assert store.count_by_site(MAY + DAY, MAY + 2 * DAY) == {"mall": 1}
    assert store.count_by_site(MAY - DAY, MAY) == {}


def test_a_revision_changes_what_is_stored_and_nothing_else(store: Store) -> None:
    record(store, ("mall", "1"), ("mall", "2"))
    before = store.get("mall", "2")
    changed: Counter[str] = Counter()

    def change(ad: Advertisement) -> None:
        changed[ad.ad_id] += 1
        ad.reason = f"{ad.reason}seen"

    store.revise([("mall", "1"), ("mall", "9")], change)
    stored = store.get("mall", "1")
    assert stored is not None
    assert (stored.reason, stored.title) == ("seen", "牙雕")
    assert (changed, store.get("mall", "2"), store.get("mall", "9")) == ({"1": 1}, before, None)


def test_runs_are_read_alone_as_heads_and_by_their_bounds(store: Store) -> None:
    for run in RUNS:
        store.save_run(run)
    assert store.get_run("r1") == RUNS[1]
    assert store.get_run("r9") is None
    heads = store.run_heads()
    assert [head.id for head in heads] == ["r1", "r2", "r3"]
    assert heads[1] == RunHead(
        "r2", "mall", MAY + DAY, MAY + DAY, health="ok", reason="fine", new=3, seen=1, found=4
    )
    assert [head.id for head in store.run_heads(MAY + DAY)] == ["r2", "r3"]
    assert [head.id for head in store.run_heads(sites=["mall", "none"])] == ["r1", "r2"]
    assert [head.id for head in store.run_heads(sites=["mall", "fair"])] == ["r1", "r2", "r3"]
    assert [head.id for head in store.run_heads(MAY + DAY, ["mall"])] == ["r2"]
    bounds = store.run_bounds()
    assert {site: (first.id, last.id) for site, (first, last) in bounds.items()} == {
        "mall": ("r1", "r2"),
        "fair": ("r3", "r3"),
    }
    assert (bounds["mall"][0].health, bounds["fair"][1].complete) == (Health.KILLED, True)


def test_a_run_that_the_store_lost_is_an_error(store: Store) -> None:
    store.save_run(RUNS[0])
    store.check_present("r2")
    store.check_present("r2")
    assert store.is_current()
    with pytest.raises(StoreGoneError, match="was replaced or emptied while it was in use"):
        store.check_present("r9")


def test_a_saved_run_replaces_its_earlier_version(store: Store) -> None:
    store.save_run(RUNS[1])
    ended = replace(RUNS[1], finished=MAY + DAY, health="ok", new=7)
    store.save_run(ended)
    assert store.runs() == [ended]
    assert [(head.health, head.new) for head in store.run_heads()] == [("ok", 7)]


def test_advertisements_of_other_rules_are_counted_and_those_that_wait_are_read(
    store: Store,
) -> None:
    tagged = [
        Advertisement("mall", str(number), title="牙雕", found_at=MAY, rules=rules)
        for number, rules in enumerate(("old", "old", "new", ""))
    ]
    store.record(tagged, "r1")
    store.judge("mall", "1", Decision(Verdict.VALID, "Li", "", MAY))
    assert store.other_rules("new") == OtherRules(open=2, judged=1)
    assert [ad.ad_id for ad in store.tagged_otherwise("new")] == ["0", "3"]


@pytest.mark.parametrize("happens", ["deleted", "replaced"])
def test_a_file_that_is_deleted_or_replaced_is_noticed(tmp_path: Path, happens: str) -> None:
    path = tmp_path / "store.db"
    with closing(existing_or_new(path)) as store:
        store.save_run(RUNS[0])
        moved = path.rename(tmp_path / "moved.db")
        if happens == "replaced":
            path.write_bytes(moved.read_bytes())
        assert not store.is_current()
        with pytest.raises(StoreGoneError, match=f"was {happens}"):
            store.check_present("r2")


def existing_or_new(path: Path) -> Store:
    """A new store at `path`, which cannot be opened as an existing one before."""
    with pytest.raises(StoreError, match="does not exist; restore a backup of it, or run a crawl"):
        existing_store(f"sqlite:///{path}")
    open_store(f"sqlite:///{path}").close()
    return existing_store(f"sqlite:///{path}")


def test_a_backup_is_restored_into_an_empty_store_only(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    url = f"sqlite:///{path}"
    with empty_store(url) as store:
        record(store, ("mall", "1"))
        assert not path.exists()
    with closing(open_store(url)) as store:
        assert store.known("mall", ["1"]) == {"1"}
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is not empty"), empty_store(url):
        pass
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["store.db"]


def test_a_line_of_a_backup_that_is_no_record_is_refused() -> None:
    assert from_line(b'{"site": "mall"}') == {"site": "mall"}
    with pytest.raises(ValueError, match="a line of the backup is not a record"):
        from_line(b'["mall"]')
