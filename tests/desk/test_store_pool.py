"""Store pool: lends one store to one user at a time, and closes those that are not used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from wildcrawl.desk.store_pool import MOST, StorePool
from wildcrawl.store import Store, StoreError, open_store


class Opened:
    """Opens stores in a folder, and counts those that are open."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "wildcrawl.db"
        self.stores: list[Store] = []

    @contextmanager
    def __call__(self) -> Iterator[Store]:
        with closing(open_store(f"sqlite:///{self.path}")) as store:
            self.stores.append(store)
            try:
                yield store
            finally:
                self.stores.remove(store)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    return Opened(tmp_path)


def test_a_store_is_lent_again_and_never_to_two_at_once(opened: Opened) -> None:
    pool = StorePool(opened)
    with pool.lend() as first:
        pass
    with pool.lend() as again, pool.lend() as other:
        assert again is first
        assert other is not first
    assert len(opened.stores) == 2
    pool.close()
    assert opened.stores == []


def test_no_more_than_a_few_unused_stores_stay_open(opened: Opened) -> None:
    pool = StorePool(opened)
    lent = [pool.lend() for _ in range(MOST + 3)]
    for each in lent:
        each.__enter__()
    for each in lent:
        each.__exit__(None, None, None)
    assert len(opened.stores) == MOST
    pool.close()


def test_an_unused_store_is_closed_so_that_the_file_has_all_that_was_written(
    opened: Opened,
) -> None:
    now = 0.0
    pool = StorePool(opened, idle=60, clock=lambda: now)
    with pool.lend() as store:
        store.put_documents("kind", {"key": {"value": 1}})
    log = opened.path.with_name("wildcrawl.db-wal")
    now = 59.0
    pool.close_idle()
    assert len(opened.stores) == 1
    assert log.stat().st_size > 0
    now = 60.0
    pool.close_idle()
    assert opened.stores == []
    assert not log.exists()


def test_a_replaced_or_broken_store_is_opened_again(opened: Opened) -> None:
    pool = StorePool(opened)
    with pool.lend() as first:
        pass
    opened.path.rename(opened.path.with_name("moved.db"))
    with pool.lend() as second:
        assert second is not first
        assert opened.path.exists()
    with pytest.raises(StoreError), pool.lend():
        raise StoreError("broken")
    assert opened.stores == []
    with pool.lend() as third:
        assert third is not second
    pool.close()
