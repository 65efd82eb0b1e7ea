"""Looks: who opened which card, appended to the custody log in batches.

A link of the log is written some seconds after the first card of its batch, by a thread of its
own, so that no card waits for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from threading import Lock, Timer

from wildcrawl.items import Key

PAUSE = 2.0
"""Seconds between the first card of a batch and its link."""

_log = logging.getLogger(__name__)

Append = Callable[[str, Sequence[str]], None]
"""Appends the entries of one person to the log; raises if it cannot."""


class Looks:
    """Entries of opened cards by person, until `append` has written them.

    What cannot be written is kept and written with the next batch; `problem` then says why.
    """

    def __init__(self, append: Append, pause: float = PAUSE) -> None:
        self.problem = ""
        self._append = append
        self._pause = pause
        self._waiting: dict[tuple[str, Key], str] = {}
        self._timer: Timer | None = None
        self._lock = Lock()
        # Held while writing, so that batches are appended in order.
        self._writing = Lock()

    def add(self, who: str, key: Key, entry: str) -> None:
        """Notes that `who` opened the card `key`; again in the same batch, it is one entry."""
        with self._lock:
            self._waiting.setdefault((who, key), entry)
            if self._timer is None:
                self._timer = Timer(self._pause, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Writes what waits, at once; a failure is kept in `problem` and logged."""
        with self._writing:
            with self._lock:
                if self._timer is not None:
                    self._timer.cancel()
                self._timer = None
                batch, self._waiting = self._waiting, {}
            people: dict[str, dict[Key, str]] = {}
            for (who, key), entry in batch.items():
                people.setdefault(who, {})[key] = entry
            problems = [self._write(who, entries) for who, entries in people.items()]
            if people:
                self.problem = next(filter(None, problems), "")

    def _write(self, who: str, entries: Mapping[Key, str]) -> str:
        """Writes the entries of one person, or keeps them and returns why they are not written."""
        try:
            self._append(who, list(entries.values()))
        # Whatever fails, the cards go on.
        except Exception as error:
            _log.warning("Opened cards are not in the custody log yet: %s", error)
            with self._lock:
                kept = {(who, key): entry for key, entry in entries.items()}
                self._waiting = self._waiting | kept
            return str(error)
        return ""
