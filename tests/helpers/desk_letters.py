"""Letters for tests of the desk, stored as they are written."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from tests.helpers.desk_data import MONTH
from wildcrawl.review.notices import (
    Letter,
    Notified,
    keep_letters,
    notify,
)
from wildcrawl.store import open_store

WRITTEN = datetime(2026, 11, 10, 2, tzinfo=UTC)


def keep(folder: Path, *sites: str, number: int = 1, sent: date | None = None) -> None:
    """Stores a letter to each site about two advertisements, as it is written."""
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        for site in sites:
            reference = f"WC-{site}-{number}"
            due = date(2026, 11, 20)
            keep_letters(
                store, [Letter(site, MONTH, number, reference, WRITTEN, due, ["1", "2"], sent)]
            )
            notify(store, [Notified(site, each, "", "x", MONTH, WRITTEN) for each in "12"])
