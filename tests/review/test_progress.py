"""Screening progress: what is judged and left of a month, and how fast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from wildcrawl.review.progress import COLUMNS, VerdictRate, note_verdicts, progress_of, rates
from wildcrawl.store import Store

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)


def frame(*rows: tuple[str, str, str, str, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=list(COLUMNS), orient="row")


def test_a_month_is_counted_by_site_and_person_over_all_its_frames() -> None:
    progress = progress_of(
        [
            frame(
                ("mall", "valid", "Li", "likely", False),
                ("mall", "fake", "Li", "set_aside", False),
                ("mall", "pending", "", "likely", False),
                ("mall", "pending", "", "set_aside", False),
            ),
            frame(
                ("fair", "valid", "Wang", "likely", False),
                ("fair", "", "", "second_reader", False),
                ("fair", "pending", "", "set_aside", True),
                ("mall", "valid", "Li", "likely", False),
            ),
        ]
    )
    assert (progress.all.done, progress.all.left) == (4, 3)
    assert progress.all.verdicts == {"valid": 3, "irrelevant": 0, "fake": 1}
    # The site with the most left first; what was set aside waits only as part of the audit.
    sites = [(site.name, site.done, site.left) for site in progress.sites]
    assert sites == [("fair", 1, 2), ("mall", 3, 1)]
    assert [(who.name, who.done) for who in progress.persons] == [("Li", 3), ("Wang", 1)]


def test_a_rate_leaves_out_pauses_and_days_begin_in_china(store: Store) -> None:
    def at(*seconds: float) -> list[tuple[str, datetime]]:
        return [("Li", NOON + timedelta(seconds=each)) for each in seconds]

    note_verdicts(store, at(0, 10, 20))
    assert rates(store, "2026-05-04") == [VerdictRate("Li", "2026-05-04", 3, None)], "20 seconds"
    # Within five minutes it goes on; after a longer pause only the number grows.
    note_verdicts(store, [*at(320, 3_000), ("Wang", NOON)])
    note_verdicts(store, [])
    assert rates(store, "2026-05-04") == [
        VerdictRate("Li", "2026-05-04", 5, 3 / (320 / 3600)),
        VerdictRate("Wang", "2026-05-04", 1, None),
    ]
    note_verdicts(store, [("Li", datetime(2026, 5, 4, 17, tzinfo=UTC))])
    assert [rate.verdicts for rate in rates(store, "2026-05-05")] == [1]
