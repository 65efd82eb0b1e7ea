"""Worker: delays, order, failures."""

from __future__ import annotations

import threading

import pytest

from wildcrawl.desk.worker import Worker


def test_tasks_run_when_they_are_due_and_not_in_the_order_given() -> None:
    worker, done, ended = Worker(), list[str](), threading.Event()
    worker.after(0.2, lambda: done.append("late"))
    worker.after(0.25, ended.set)
    worker.after(0.05, lambda: done.append("soon"))
    worker.after(0, lambda: done.append("at once"))
    assert ended.wait(10)
    assert done == ["at once", "soon", "late"]


def test_a_failed_task_is_logged_and_the_next_one_runs(caplog: pytest.LogCaptureFixture) -> None:
    worker, ended = Worker(), threading.Event()

    def fail() -> None:
        raise ValueError("broken")

    worker.after(0, fail)
    worker.after(0, ended.set)
    assert ended.wait(10)
    assert "broken" in caplog.text


def test_a_closed_worker_runs_nothing_more_and_ends_its_running_task() -> None:
    worker, begun, goes_on, done = Worker(), threading.Event(), threading.Event(), []

    def running() -> None:
        begun.set()
        goes_on.wait(10)
        done.append("running")

    worker.after(0, running)
    worker.after(0.05, lambda: done.append("waiting"))
    assert begun.wait(10)
    closing = threading.Thread(target=worker.close)
    closing.start()
    goes_on.set()
    closing.join(10)
    assert not closing.is_alive()
    assert done == ["running"]
    worker.after(0, lambda: done.append("later"))
    worker.close()
    assert done == ["running"]
