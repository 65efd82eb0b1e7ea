"""Tells a run that goes on from one that was killed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from wildcrawl.items import Run
    from wildcrawl.store import Store

BEAT = 10.0
"""Seconds between two signs of life of a run."""
PATIENCE = 2.5 * BEAT
_LONG_GONE = timedelta(hours=1)


def still_alive(
    store: Store, runs: Collection[Run], wait: Callable[[float], None] = time.sleep
) -> set[str]:
    """The ids of those of `runs`, which have not finished, that go on.

    Waits for up to PATIENCE seconds for a sign of life of those that gave one within the last
    hour: only what the runs themselves say is compared, not the clocks of two machines.
    """
    now = datetime.now(UTC)
    said = {run.id: run.heard_of for run in runs if _lately(run, now)}
    sites = {run.site for run in runs if run.id in said}
    alive: set[str] = set()
    waited = 0.0
    while len(alive) < len(said) and waited < PATIENCE:
        wait(1.0)
        waited += 1.0
        for site in sites:
            alive |= {
                run.id
                for run in store.runs(site)
                if run.id in said and (run.heard_of != said[run.id] or run.finished)
            }
    return alive


def _lately(run: Run, now: datetime) -> bool:
    if run.finished or not run.heard_of:
        return False
    return abs(now - datetime.fromisoformat(run.heard_of)) < _LONG_GONE
