"""Worker processes: a crash, an error and an endless task cost one task each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.helpers.faulty_work import faulty
from wildcrawl.pictures.workers import work_through


def lost() -> int:
    raise OSError("gone")


def test_a_crash_an_error_and_an_endless_task_cost_one_task_each() -> None:
    # Both processes are running before the task that has to be ended.
    order = (4, 5, 3, 1, 2, 6)
    tasks: list[tuple[str, Callable[[], int]]] = [
        *((str(task), partial(int, task)) for task in order),
        ("7", lost),
    ]
    done = {each.key: each for each in work_through(faulty, tasks, processes=2, patience=3)}
    assert {key: each.value for key, each in done.items() if each.value} == {
        "4": 40, "5": 50, "6": 60,
    }  # fmt: skip
    assert done["1"].fault == "the reader's process ended while it was read"
    assert done["2"].fault == "no picture"
    assert done["3"].fault == "reading it took too long"
    assert (done["7"].fault, done["7"].lost) == ("gone", True)
