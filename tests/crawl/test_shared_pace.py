"""Shared pace: one turn for all parts of a site, without comparing clocks."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.settings import Settings

from wildcrawl.crawl.session import Session
from wildcrawl.crawl.shared_pace import EXPIRES_AFTER, YIELD, Turn, give_back_late
from wildcrawl.items import Run
from wildcrawl.store import Store, open_store

START = datetime(2026, 11, 3, tzinfo=UTC)


class Clock:
    """A clock that a test sets; each run has its own."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_one_run_has_the_turn_and_others_wait_for_it(store: Store) -> None:
    # Clocks that differ by a day show that they are not compared.
    clocks = Clock(0.0), Clock(86_400.0), Clock(-86_400.0)
    one, two, three = (Turn(store, "mall", f"r{n}", clock) for n, clock in enumerate(clocks))
    other_site = Turn(store, "shop", "r9", clocks[0])
    assert one.take()
    assert one.take(), "a redirect goes on with it"
    assert not two.take()
    assert other_site.take()
    one.give_back()
    assert not one.held
    assert not one.take(), "others come first"
    assert two.take()
    assert not three.take()
    two.give_back()
    clocks[1].now += YIELD
    assert two.take(), "nobody else wanted it"


def test_a_turn_is_renewed_and_a_killed_holder_loses_it(store: Store) -> None:
    clock = Clock(0.0)
    killed, next_one = Turn(store, "mall", "r1", clock), Turn(store, "mall", "r2", clock)
    killed.min_delay = 7.5
    assert killed.take()
    assert not next_one.take()
    clock.now += EXPIRES_AFTER - 1
    assert killed.renew()
    clock.now += 2
    assert not next_one.take(), "it was renewed"
    clock.now += EXPIRES_AFTER + 1
    assert next_one.take()
    assert next_one.min_delay == 7.5, "the longest delay that any part was asked for"
    assert not killed.renew()
    assert not killed.held
    killed.give_back()
    assert next_one.renew()


def test_a_run_that_has_closed_its_store_gives_the_turn_back(store_url: str) -> None:
    closed, next_one = open_store(store_url), open_store(store_url)
    turn = Turn(closed, "mall", "r1")
    assert turn.take()
    closed.close()
    session = Session(Settings({"WILDCRAWL_STORE": store_url}), Run("r1", "mall", START))
    give_back_late(turn, session)
    assert Turn(next_one, "mall", "r2").take()
    next_one.close()


def test_of_two_that_look_at_once_one_gets_it(store: Store) -> None:
    clock = Clock(0.0)
    one, two = Turn(store, "mall", "r1", clock), Turn(store, "mall", "r2", clock)
    look = store.documents("pace", keys=["mall"])
    assert look == {}
    real = two.store.documents
    assert one.take()
    # Two has seen the turn as it was before one took it.
    two.store = _Stale(store)  # type: ignore[assignment]
    assert not two.take()
    two.store = store
    assert real("pace", keys=["mall"])["mall"]["holder"] == "r1"


class _Stale:
    """A store whose documents are read before another run writes them."""

    def __init__(self, store: Store) -> None:
        self.revise_documents = store.revise_documents

    def documents(self, *_: object, **__: object) -> dict[str, dict[str, object]]:
        return {}
