"""Processes for tests of several at once: forked from one that has imported the store."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

IMPORTED = ["polars", "pytest", "wildcrawl.store.mongo", "wildcrawl.store.sqlite_frames"]


def process_context() -> ForkServerContext:
    """Starts processes that share nothing with the test, and begin without the time of imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context
