"""MongoDB-protocol server for benchmarks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.mongodb_server import MongoServer


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """URL of the server in WILDCRAWL_TEST_MONGODB_URI, or else of a temporary one.

    The temporary one has its data in `folder` and is always stopped.
    """
    if url := os.environ.get("WILDCRAWL_TEST_MONGODB_URI"):
        yield url
        return
    own = MongoServer(folder)
    own.start()
    try:
        yield own.url
    finally:
        own.stop()
