"""Unmatched advertisements cost no second request until they or the rules change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wildcrawl.crawl.unmatched import UnmatchedCache
from wildcrawl.items import Advertisement
from wildcrawl.store import Store, open_store

ROWS = {"1": {"ad_id": "1", "title": "老物件"}, "2": {"ad_id": "2", "title": "小摆件"}}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "keywords.yaml"
    path.write_text("ivory: 象牙")
    return path


def searched(store: Store, rules: Path, *unmatched: str) -> UnmatchedCache:
    """A run that saw all rows and saved some of them as unmatched."""
    cache = UnmatchedCache("mall", rules)
    cache.known(ROWS, store)
    for ad_id in unmatched:
        cache.add(Advertisement("mall", ad_id))
    cache.save(store)
    return cache


def test_the_next_run_knows_what_matched_nothing(store: Store, rules: Path) -> None:
    first = searched(store, rules, "1")
    assert ("mall", "1") in first
    assert ("mall", "2") not in first
    later = UnmatchedCache("mall", rules)
    assert ("mall", "1") not in later
    assert later.known(ROWS, store) == {"1"}
    assert ("mall", "1") in later
    assert ("forum", "1") not in later


def test_a_changed_row_is_read_again(store: Store, rules: Path) -> None:
    searched(store, rules, "1", "2")
    changed = ROWS | {"1": {"ad_id": "1", "title": "老物件 新图"}}
    assert UnmatchedCache("mall", rules).known(changed, store) == {"2"}


def test_changed_rules_have_everything_read_again(store: Store, rules: Path) -> None:
    searched(store, rules, "1", "2")
    rules.write_text("ivory: 象牙手镯")
    assert UnmatchedCache("mall", rules).known(ROWS, store) == set()


def test_what_another_keyword_supports_is_no_longer_unmatched(store: Store, rules: Path) -> None:
    cache = UnmatchedCache("mall", rules)
    cache.known(ROWS, store)
    unmatched = Advertisement("mall", "1")
    cache.add(unmatched)
    assert cache.take_back(("mall", "1")) is unmatched
    assert cache.take_back(("mall", "1")) is None
    assert ("mall", "1") not in cache
    cache.save(store)
    assert UnmatchedCache("mall", rules).known(ROWS, store) == set()


def test_what_could_not_be_read_is_fetched_again(store: Store, rules: Path) -> None:
    cache = UnmatchedCache("mall", rules)
    cache.known(ROWS, store)
    cache.add(Advertisement("mall", "1"))
    cache.forget("1")
    cache.save(store)
    assert UnmatchedCache("mall", rules).known(ROWS, store) == set()


def test_records_of_other_sites_are_kept_for_the_run_alone(store: Store, rules: Path) -> None:
    cache = searched(store, rules)
    cache.add(Advertisement("forum", "1"))
    cache.save(store)
    assert ("forum", "1") in cache
    assert UnmatchedCache("mall", rules).known(ROWS, store) == set()
