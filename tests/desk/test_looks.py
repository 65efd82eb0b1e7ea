"""Looks: batches of opened cards for the custody log."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from wildcrawl.desk.looks import Looks

FIRST, SECOND = ("fair", "1"), ("fair", "2")


class Log:
    """A log that can be made to fail."""

    def __init__(self) -> None:
        self.links: list[tuple[str, list[str]]] = []
        self.broken: set[str] = set()
        self.written = threading.Event()

    def append(self, who: str, entries: Sequence[str]) -> None:
        if who in self.broken:
            raise OSError("the disk is full")
        self.links.append((who, list(entries)))
        self.written.set()


def test_cards_are_written_in_one_link_for_each_person() -> None:
    log = Log()
    looks = Looks(log.append, pause=60)
    looks.add("Li", FIRST, "one")
    looks.add("Li", FIRST, "one, reloaded")
    looks.add("Wang", FIRST, "one")
    looks.add("Li", SECOND, "two")
    assert log.links == []
    looks.flush()
    looks.flush()
    assert log.links == [("Li", ["one", "two"]), ("Wang", ["one"])]
    looks.add("Li", FIRST, "one, in a later batch")
    looks.flush()
    assert log.links[2:] == [("Li", ["one, in a later batch"])]


def test_a_batch_is_written_after_the_pause() -> None:
    log = Log()
    looks = Looks(log.append, pause=0.01)
    looks.add("Li", FIRST, "one")
    assert log.written.wait(10)
    assert log.links == [("Li", ["one"])]


def test_what_cannot_be_written_is_kept_in_order_and_reported() -> None:
    log = Log()
    looks = Looks(log.append, pause=60)
    log.broken = {"Li"}
    looks.add("Li", FIRST, "one")
    looks.add("Wang", FIRST, "one")
    looks.flush()
    assert log.links == [("Wang", ["one"])], "other people's entries are written"
    assert looks.problem == "the disk is full"
    looks.add("Li", SECOND, "two")
    log.broken = set()
    looks.flush()
    assert log.links[1:] == [("Li", ["one", "two"])]
    assert looks.problem == ""
