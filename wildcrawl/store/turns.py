"""Turns of processes that write to one store: a queue on each machine, else pauses.

Who has waited longest writes next, or asks most often, so that all get their turn, and those who
have just come do not keep the one that writes from writing.
"""

from __future__ import annotations

import hashlib
import logging
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock

logger = logging.getLogger(__name__)

LONGEST, SHORTEST = 0.03, 0.003
"""Seconds between two attempts: at first, and after long waiting."""
QUEUED = 10.0
"""Seconds at most that a writer queues; it then asks for the store without its turn."""
_AGE = 0.1
"""Seconds of waiting after which the pause is half of the longest."""

_LATE: dict[Path, Future[None]] = {}
"""By folder, the last turn of this process that came too late, or has not come yet."""
_NO_TURN: Future[None] = Future()
_NO_TURN.set_result(None)


def pause(waited: float) -> float:
    """Seconds until the next attempt, of a writer that has waited for `waited` seconds."""
    longest = max(SHORTEST, LONGEST / (1 + waited / _AGE))
    return random.uniform(longest / 2, longest)  # noqa: S311 (not for secrets)


def queues_folder() -> Path:
    """The folder with the queues for stores that have no folder of their own."""
    user = os.getuid() if sys.platform != "win32" else "all"
    return Path(tempfile.gettempdir()) / f"wildcrawl-queues-{user}"


def queue_in(folder: Path, place: str) -> Path:
    """The folder of one queue in `folder`, made if it can be; `place` is what is queued for."""
    queue = folder / hashlib.sha256(place.encode()).hexdigest()[:16]
    with suppress(OSError):
        queue.mkdir(mode=0o700, parents=True, exist_ok=True)
    return queue


@contextmanager
def queued(folder: Path, patience: float) -> Iterator[None]:
    """A turn in the queue of those who write to a store, for which they lock `folder`.

    Those who wait have it in the order in which they came, on Linux; only who asks in the moment
    in which it is free may come before them.

    It is the folder that is locked, since opening and closing a file of SQLite's would release
    SQLite's own locks. A courtesy, as SQLite has those: who has waited for `patience` seconds goes
    on without a turn, as do all where a folder cannot be locked, or not even opened, as on Windows.
    A process waits once for a lock that another program holds on: until that turn comes, it goes
    on at once.
    """
    if not _LATE.get(folder, _NO_TURN).done():
        yield
        return
    try:
        file = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    turn: Future[None] = Future()
    try:
        if not _join(file, turn, patience):
            _LATE[folder] = turn
            logger.warning(
                "another program has locked the folder %s, in which writers queue, for more than "
                "%g seconds; the store is written to all the same",
                folder,
                patience,
            )
        yield
    finally:
        # At once, or as soon as a turn comes that was not waited for.
        turn.add_done_callback(lambda _: _leave(file))


def _join(file: int, turn: Future[None], patience: float) -> bool:
    """Waits up to `patience` seconds for the turn; False if it may come later."""
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        # In another thread, since this wait has no limit.
        waiter = Thread(target=_take, args=(file, turn), daemon=True)
        with suppress(RuntimeError):  # no thread can be started, as when the process ends
            waiter.start()
            return bool(wait([turn], patience).done)
    except OSError:
        pass
    turn.set_result(None)
    return True


def _take(file: int, turn: Future[None]) -> None:
    with suppress(OSError):
        flock(file, LOCK_EX)
    turn.set_result(None)


def _leave(file: int) -> None:
    # Unlocked before: a process that was forked meanwhile has the folder open too.
    with suppress(OSError):
        flock(file, LOCK_UN)
    os.close(file)
