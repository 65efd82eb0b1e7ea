"""Scheduler lock: one scheduler at a time, on any number of machines."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wildcrawl.store import Store, StoreError

_KIND = "scheduling"
EXPIRES_AFTER = 90.0
"""Seconds without a renewal after which a scheduler counts as killed; longer than any node may take
to answer."""
TIMEOUT = 300.0


class Lease:
    """The exclusive right to schedule, while it is renewed."""

    def __init__(self, store: Store, number: str) -> None:
        self._store = store
        self._number = number
        self._beats = 0

    def renew(self) -> None:
        """Renews the lease; call it before each step that may be slow."""
        self._beats += 1
        self._store.put_documents(_KIND, {self._number: {"state": f"busy {self._beats}"}})

    def release(self) -> None:
        """Releases the lease for the next scheduler."""
        self._store.put_documents(_KIND, {self._number: {"state": "ended"}})


@contextmanager
def scheduler_lease(
    store: Store, expires_after: float = EXPIRES_AFTER, say: Callable[[str], None] | None = None
) -> Iterator[Lease]:
    """Waits for the lease and yields it; StoreError if others hold it for over TIMEOUT seconds."""
    held = _wait_for_lease(store, expires_after, say)
    try:
        yield held
    finally:
        held.release()


def _wait_for_lease(store: Store, expires_after: float, say: Callable[[str], None] | None) -> Lease:
    start = since = time.monotonic()
    seen = ("", "")
    while True:
        kept = store.documents(_KIND)
        last = max(kept, default="")
        now = (last, str(kept[last]["state"]) if last else "ended")
        if now != seen:
            seen, since = now, time.monotonic()
        if now[1] == "ended" or time.monotonic() - since > expires_after:
            number = f"{int(last or 0) + 1:06d}"
            # The scheduler that inserts the number holds the lease.
            mine = {number: {"state": f"begun {uuid.uuid4().hex}"}}
            if number in store.put_documents(_KIND, mine, replace=False):
                return Lease(store, number)
            continue
        if time.monotonic() - start > TIMEOUT:
            raise StoreError("another 'scrapy schedule' is still running; try again later")
        if say:
            say("another 'scrapy schedule' is running; waiting for it ...")
            say = None
        time.sleep(0.5)
