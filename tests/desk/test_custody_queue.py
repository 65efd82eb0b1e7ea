"""Custody queue: batches, failures, order."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

import pytest

from wildcrawl.desk import custody_queue
from wildcrawl.desk.custody_queue import CustodyQueue, Part
from wildcrawl.desk.worker import Worker
from wildcrawl.evidence import Action

LOOKED, JUDGED = Action.LOOKED, Action.JUDGED


class Log:
    """A log that can be made to fail."""

    def __init__(self) -> None:
        self.links: list[tuple[Action, str, list[str]]] = []
        self.broken: set[str] = set()
        self.written = threading.Event()

    def append(self, parts: Iterable[Part]) -> Iterator[None]:
        for action, who, entries in parts:
            if who in self.broken:
                raise OSError("the disk is full")
            self.links.append((action, who, list(entries)))
            self.written.set()
            yield


def test_a_batch_is_one_link_for_each_action_and_person_in_order() -> None:
    log = Log()
    queue = CustodyQueue(log.append, Worker(), pause=60)
    queue.add(LOOKED, "Li", "first", "one")
    queue.add(LOOKED, "Li", "first", "one, reloaded")
    queue.add(LOOKED, "Li", "second", "two")
    queue.add(JUDGED, "Li", "first", "valid")
    queue.add(LOOKED, "Wang", "first", "one")
    assert log.links == []
    queue.flush()
    queue.flush()
    assert log.links == [
        (LOOKED, "Li", ["one", "two"]),
        (JUDGED, "Li", ["valid"]),
        (LOOKED, "Wang", ["one"]),
    ]
    queue.add(LOOKED, "Li", "first", "one, in a later batch")
    queue.flush()
    assert log.links[3:] == [(LOOKED, "Li", ["one, in a later batch"])]


def test_a_batch_is_written_after_the_pause() -> None:
    log = Log()
    queue = CustodyQueue(log.append, Worker(), pause=0.01)
    queue.add(LOOKED, "Li", "first", "one")
    assert log.written.wait(10)
    assert log.links == [(LOOKED, "Li", ["one"])]


def test_what_cannot_be_written_is_kept_in_order_and_reported() -> None:
    log = Log()
    queue = CustodyQueue(log.append, Worker(), pause=60)
    log.broken = {"Li"}
    queue.add(LOOKED, "Wang", "first", "one")
    queue.add(LOOKED, "Li", "first", "one")
    queue.add(JUDGED, "Wang", "first", "valid")
    queue.flush()
    assert log.links == [(LOOKED, "Wang", ["one"])]
    assert queue.problem == "the disk is full"
    queue.add(LOOKED, "Li", "second", "two")
    log.broken = set()
    queue.flush()
    assert log.links[1:] == [
        (LOOKED, "Li", ["one"]),
        (JUDGED, "Wang", ["valid"]),
        (LOOKED, "Li", ["two"]),
    ]
    assert queue.problem == ""


def test_what_could_not_be_written_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custody_queue, "AGAIN", 0.05)
    log = Log()
    log.broken = {"Li"}
    queue = CustodyQueue(log.append, Worker(), pause=0)
    queue.add(LOOKED, "Li", "first", "one")
    queue.flush()
    log.broken = set()
    assert log.written.wait(10)
    assert log.links == [(LOOKED, "Li", ["one"])]


def test_threads_lose_and_repeat_nothing() -> None:
    log = Log()
    queue = CustodyQueue(log.append, Worker(), pause=0.001)

    def look(number: int) -> None:
        for card in range(50):
            queue.add(LOOKED, f"person {number}", card, f"{number}-{card}")

    threads = [threading.Thread(target=look, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue.flush()
    entries = [entry for _, _, link in log.links for entry in link]
    assert sorted(entries) == sorted(
        f"{number}-{card}" for number in range(8) for card in range(50)
    )
