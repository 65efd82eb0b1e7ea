"""Turns of the processes that write to one store."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from wildcrawl.store import turns

LOCKS = Path("/proc/locks")
LONG = 60.0


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.005)


def is_free(folder: Path) -> bool:
    started = time.monotonic()
    with turns.queued(folder, 0.2):
        return time.monotonic() - started < 0.2


def waiting(folder: Path) -> int:
    """How many wait for the folder, as the system tells."""
    inode = f":{folder.stat().st_ino} "
    return sum("->" in line and inode in line for line in LOCKS.read_text().splitlines())


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux tells who waits, and wakes in order")
def test_those_who_wait_write_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    order: list[str] = []

    def write(name: str) -> None:
        with turns.queued(tmp_path, LONG):
            order.append(name)

    writers = [Thread(target=write, args=(name,)) for name in "bcdef"]
    with turns.queued(tmp_path, LONG):
        order.append("a")
        for number, writer in enumerate(writers, 1):
            writer.start()
            until(lambda number=number: waiting(tmp_path) == number)  # type: ignore[misc]
    for writer in writers:
        writer.join(LONG)
    assert "".join(order) == "abcdef"


def test_who_has_waited_long_enough_goes_on_and_takes_no_turn_later(tmp_path: Path) -> None:
    passed, ended = Event(), Event()

    def impatient() -> None:
        with turns.queued(tmp_path, 0.01):
            passed.set()
        ended.set()

    with turns.queued(tmp_path, LONG):
        Thread(target=impatient).start()
        assert passed.wait(LONG)
        assert ended.wait(LONG)
    until(lambda: is_free(tmp_path))


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux tells who waits")
def test_a_lock_that_is_held_from_outside_is_waited_for_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fcntl = pytest.importorskip("fcntl")
    outside = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(outside, fcntl.LOCK_EX)
    for _ in range(50):
        with turns.queued(tmp_path, 0.2):
            until(lambda: waiting(tmp_path) == 1)
    assert [record.getMessage() for record in caplog.records] == [
        f"another program has locked the folder {tmp_path}, in which writers queue, for more than "
        "0.2 seconds; the store is written to all the same"
    ]
    os.close(outside)
    until(turns._LATE[tmp_path].done)
    # The queue is one again.
    with turns.queued(tmp_path, LONG):
        assert not is_free(tmp_path)


def test_a_turn_ends_though_a_forked_process_has_the_folder_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open
    copies: list[int] = []

    def open_twice(folder: Path, flags: int) -> int:
        file = opened(folder, flags)
        copies.append(os.dup(file))
        return file

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", open_twice)
        with turns.queued(tmp_path, LONG):
            pass
    until(lambda: is_free(tmp_path))
    for copy in copies:
        os.close(copy)


def test_where_no_folder_can_be_locked_all_write_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(turns, "flock", refuse)
    with turns.queued(tmp_path, LONG), turns.queued(tmp_path, LONG):
        pass
    with turns.queued(tmp_path / "missing", LONG):
        pass
