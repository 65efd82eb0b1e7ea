"""Worker processes for pictures: one that crashes or takes too long costs one picture."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

TIMEOUT = 60.0
"""Seconds for one picture; reading one takes less than one."""
_STARTING = 120.0
"""Seconds for a worker's first picture, which includes loading its models."""


@dataclass(frozen=True)
class Done(Generic[Result]):
    """Result of one task: its value, or the `fault` for which there is none.

    `lost` is whether the task itself could not be made.
    """

    key: str
    value: Result | None = None
    fault: str = ""
    lost: bool = False


class _Worker(Generic[Task, Result]):
    """A process that works on one task at a time, and the task it has."""

    def __init__(self, work: Callable[[Task], Result]) -> None:
        # Not a fork, since the parent may have threads and an open database.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(work, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.key = ""
        self.deadline = 0.0
        self._patience = _STARTING

    def give(self, key: str, task: Task, patience: float) -> None:
        self.key = key
        self.deadline = time.monotonic() + max(patience, self._patience)
        self._patience = 0.0
        self.pipe.send(task)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def work_through(
    work: Callable[[Task], Result],
    tasks: Iterable[tuple[str, Callable[[], Task]]],
    processes: int,
    patience: float = TIMEOUT,
) -> Iterator[Done[Result]]:
    """Results of `work` for the tasks, each a key and a function that makes the task, unordered.

    `work` runs in `processes` processes of their own, so it is a function of a module. An error,
    the end of a process and more than `patience` seconds are faults of that task alone. A task
    is made when a process is free, so that few are in memory.
    """
    waiting = iter(tasks)
    free: list[_Worker[Task, Result]] = []
    busy: list[_Worker[Task, Result]] = []
    try:
        while True:
            while len(busy) < processes and (following := next(waiting, None)):
                key, make = following
                try:
                    task = make()
                except Exception as error:
                    yield Done(key, fault=str(error), lost=True)
                    continue
                worker = free.pop() if free else _Worker(work)
                busy.append(worker)
                worker.give(key, task, patience)
            if not busy:
                return
            yield from _finished(busy, free)
    finally:
        for worker in (*busy, *free):
            worker.end()


def _finished(
    busy: list[_Worker[Task, Result]], free: list[_Worker[Task, Result]]
) -> Iterator[Done[Result]]:
    """Waits for at least one worker, and takes what is finished, crashed or overdue."""
    pause = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
    ready = wait([worker.pipe for worker in busy], timeout=pause)
    now = time.monotonic()
    for worker in list(busy):
        if worker.pipe in ready:
            busy.remove(worker)
            try:
                value, fault = worker.pipe.recv()
            except (EOFError, OSError):
                worker.end()
                yield Done(worker.key, fault="the reader's process ended while it was read")
                continue
            free.append(worker)
            yield Done(worker.key, value, fault)
        elif now >= worker.deadline:
            busy.remove(worker)
            worker.end()
            yield Done(worker.key, fault="reading it took too long")


def _serve(work: Callable[[Any], Any], pipe: Connection) -> None:
    """Answers tasks until the parent closes the pipe."""
    while True:
        try:
            task = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            answer = (work(task), "")
        except Exception as error:
            answer = (None, str(error) or type(error).__name__)
        pipe.send(answer)
