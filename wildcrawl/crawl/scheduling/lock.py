"""One scheduler at a time, on however many machines: two would give a site two jobs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wildcrawl.store import Store, StoreError

_KIND = "scheduling"
LEASE = 90.0
"""Seconds without a sign of life after which a scheduler counts as killed; longer than an answer
of a node may take."""
PATIENCE = 300.0


class Turn:
    """The right to schedule; `goes_on` says to the others that it is still being used."""

    def __init__(self, store: Store, number: str) -> None:
        self._store = store
        self._number = number
        self._beats = 0

    def goes_on(self) -> None:
        """To be called before each step that may take long."""
        self._beats += 1
        self._store.put_documents(_KIND, {self._number: {"state": f"busy {self._beats}"}})

    def ends(self) -> None:
        """Lets the next one schedule."""
        self._store.put_documents(_KIND, {self._number: {"state": "ended"}})


@contextmanager
def turn(
    store: Store, lease: float = LEASE, say: Callable[[str], None] | None = None
) -> Iterator[Turn]:
    """Waits for the turn and holds it; StoreError if others keep it for too long."""
    held = _wait_for_turn(store, lease, say)
    try:
        yield held
    finally:
        held.ends()


def _wait_for_turn(store: Store, lease: float, say: Callable[[str], None] | None) -> Turn:
    start = since = time.monotonic()
    seen = ("", "")
    while True:
        kept = store.documents(_KIND)
        last = max(kept, default="")
        now = (last, str(kept[last]["state"]) if last else "ended")
        if now != seen:
            seen, since = now, time.monotonic()
        if now[1] == "ended" or time.monotonic() - since > lease:
            number = f"{int(last or 0) + 1:06d}"
            # Whoever inserts the number has the turn.
            mine = {number: {"state": f"begun {uuid.uuid4().hex}"}}
            if number in store.put_documents(_KIND, mine, replace=False):
                return Turn(store, number)
            continue
        if time.monotonic() - start > PATIENCE:
            raise StoreError("another 'scrapy schedule' has been at work all the time; try later")
        if say:
            say("another 'scrapy schedule' is at work; waiting for it ...")
            say = None
        time.sleep(0.5)
