"""Custody queue: entries that wait to be appended to the custody log, in batches.

Opened cards are written some seconds after the first of a batch, by the worker, so that no card
waits for the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from wildcrawl.evidence import Action

if TYPE_CHECKING:
    from wildcrawl.desk.worker import Worker

PAUSE = 2.0
"""Seconds between the first entry of a batch and its link."""
SOON = 0.3
"""Seconds between the last entry of a batch and its link, so that the next card comes first."""
AGAIN = 30.0
"""Seconds after which what could not be written is tried again."""

_log = logging.getLogger(__name__)

Written = Callable[[Sequence[Hashable]], object]
"""Called with the things of which the log has the entries now."""
Part = tuple[Action, str, Sequence[str]]
"""An action, who did it, and the entries of its link."""
Append = Callable[[Sequence[Part]], Iterable[object]]
"""Appends a link to the log for each part, yielding after each; raises if it cannot."""


class _Name(NamedTuple):
    action: Action
    who: str
    thing: Hashable


class CustodyQueue:
    """Entries by action and person, until `append` has written them.

    What cannot be written is kept and tried again; `problem` says why meanwhile.
    """

    def __init__(
        self,
        append: Append,
        worker: Worker,
        pause: float = PAUSE,
        written: Written = lambda _: None,
    ) -> None:
        self.problem = ""
        self._append = append
        self._written = written
        self._worker = worker
        self._pause = pause
        self._waiting: dict[_Name, str] = {}
        self._lock = Lock()
        # Held while writing, so that batches are appended in order.
        self._writing = Lock()

    def add(
        self, action: Action, who: str, thing: Hashable, entry: str, *, now: bool = False
    ) -> None:
        """Adds an entry, unless the batch has one of the same action, person and thing.

        `now` ends the batch with it, still without waiting for the log.
        """
        with self._lock:
            first = not self._waiting
            self._waiting.setdefault(_Name(action, who, thing), entry)
        if now:
            self._worker.after(SOON, self.flush)
        elif first:
            self._worker.after(self._pause, self.flush)

    def flush(self) -> None:
        """Writes what waits, at once; a failure is kept in `problem` and logged."""
        with self._writing:
            with self._lock:
                batch, self._waiting = self._waiting, {}
            if not batch:
                return
            self.problem = ""
            done = self._write(batch)
            unwritten = {name: entry for name, entry in batch.items() if name not in done}
            with self._lock:
                later = {
                    name: each for name, each in self._waiting.items() if name not in unwritten
                }
                self._waiting = unwritten | later
            if unwritten:
                self._worker.after(AGAIN, self.flush)

    def _write(self, batch: Mapping[_Name, str]) -> set[_Name]:
        """Writes the entries of a batch in order, a link for each person; those it could."""
        groups = [(each, [*names]) for each, names in groupby(batch, lambda name: name[:2])]
        parts = [(*each, [batch[name] for name in names]) for each, names in groups]
        done: set[_Name] = set()
        left = iter(groups)
        try:
            for _ in self._append(parts):
                done.update(next(left)[1])
        # Whatever fails, the cards go on. After it the rest waits too, so that the order stays.
        except Exception as error:
            _log.warning("Not in the custody log yet: %s", error)
            self.problem = str(error) if len(done) < len(batch) else ""
        try:
            self._written([name.thing for name in batch if name in done])
        # The entries are written, and must not be written again.
        except Exception as error:
            _log.warning("Written to the custody log, and still noted as due: %s", error)
        return done
