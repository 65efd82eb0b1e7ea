"""Search progress: what is kept of an unfinished run, on both stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from wildcrawl.items import Health, Run
from wildcrawl.store import Store
from wildcrawl.store.search_progress import (
    KIND,
    SearchedKeyword,
    count_finds_of,
    erase,
    keep,
    page_key,
    pages_of,
    searched_keywords,
)

MAY = datetime(2016, 5, 1, tzinfo=UTC)


def searched(run: str, number: int, site: str = "mall", pages: int = 2) -> SearchedKeyword:
    keys = tuple(page_key(site, run, number, 0, page) for page in range(pages))
    return SearchedKeyword(
        site, run, number, "2016-05", "mark", f"牙{number}", 7, 1, MAY.isoformat(),
        ("牙雕", "象牙"), ("", "timeout"), keys,
    )  # fmt: skip


def keep_all(store: Store, *keywords: SearchedKeyword) -> None:
    for each in keywords:
        keep(store, each, {key: {"rows": [key]} for key in each.pages})


def test_keywords_come_back_in_the_order_of_their_searches(store: Store) -> None:
    kept = [searched("run-1", 2), searched("run-1", 10), searched("run-2", 0)]
    keep_all(store, *reversed(kept), searched("run-1", 0, site="mall2"))
    assert searched_keywords(store, "mall") == kept
    assert pages_of(store, kept[0]) == {key: {"rows": [key]} for key in kept[0].pages}
    assert pages_of(store, searched("run-1", 3, pages=0)) == {}


def test_a_keyword_without_all_of_its_pages_is_void(store: Store) -> None:
    keyword = searched("run-1", 0)
    keep_all(store, keyword)
    store.remove_documents(KIND, keyword.pages[1:])
    assert pages_of(store, keyword) is None


def test_erased_keywords_leave_the_others(store: Store) -> None:
    kept = [searched("run-1", 0), searched("run-1", 1), searched("run-1", 0, site="fair")]
    keep_all(store, *kept)
    erase(store, [kept[0]])
    erase(store, [])
    assert searched_keywords(store, "mall") == [kept[1]]
    left = {kept[1].key, *kept[1].pages, kept[2].key, *kept[2].pages}
    assert set(store.documents(KIND)) == left


def test_the_finds_of_a_killed_run_are_counted_by_one_run(store: Store) -> None:
    assert count_finds_of(store, ["killed-1", "killed-2"], "run-a") == {"killed-1", "killed-2"}
    store.save_run(Run("run-a", "mall", MAY, health=Health.OK))
    assert count_finds_of(store, ["killed-1", "killed-3"], "run-b") == {"killed-3"}
    assert count_finds_of(store, ["killed-1"], "run-a") == {"killed-1"}
    # A run that was killed has no numbers: what it had counted is free again.
    store.save_run(replace(Run("run-a", "mall", MAY), health=Health.KILLED))
    assert count_finds_of(store, ["killed-1", "killed-2"], "run-c") == {"killed-1", "killed-2"}
    assert count_finds_of(store, ["killed-1"], "run-b") == set()
