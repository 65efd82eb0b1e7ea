"""Due own pages: advertisements whose own page could not be read, and that later runs ask again."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from wildcrawl.store import Store, StoreError

_KIND = "own_page_due"
MOST_RUNS = 5
"""Runs that ask for an own page, or do not find its advertisement, before it is given up."""


class DuePages:
    """The own pages of one site that remain due, in the store from the moment that they fail."""

    def __init__(self, site: str, store: Store) -> None:
        self._prefix = f"{site}\n"
        self._store = store
        self._runs: dict[str, int] = {}
        """Due advertisements that this run has looked up, with the runs that asked for them."""
        self._failed: set[str] = set()
        self._read: set[str] = set()

    def among(self, ad_ids: Collection[str]) -> set[str]:
        """Those of `ad_ids` whose own page is due; StoreError if the store is unavailable."""
        found = self._store.documents(_KIND, keys=[self._prefix + ad_id for ad_id in ad_ids])
        due = {key.removeprefix(self._prefix): int(row["runs"]) for key, row in found.items()}
        self._runs |= due
        return set(due)

    def failed(self, ad_id: str) -> None:
        """Records that an own page could not be read in this run."""
        if ad_id in self._failed:
            return
        self._failed.add(ad_id)
        # At once: a process that is killed now must not leave the advertisement as if read.
        with suppress(StoreError):
            self._put({ad_id: self._runs.get(ad_id, 0) + 1})

    def read(self, ad_id: str) -> None:
        """Records that an own page was read; it is due until `save`, when it is stored."""
        if ad_id in self._runs:
            self._read.add(ad_id)

    def _standing(self, *, whole: bool) -> dict[str, int]:
        """The due advertisements after this run; a whole one counts for those it did not show."""
        stored = self._store.documents(_KIND, prefix=self._prefix)
        runs = {key.removeprefix(self._prefix): int(row["runs"]) for key, row in stored.items()}
        runs |= {ad_id: self._runs.get(ad_id, 0) + 1 for ad_id in self._failed}
        if whole:
            unseen = runs.keys() - self._failed - self._runs.keys()
            runs |= {ad_id: runs[ad_id] + 1 for ad_id in unseen}
        return {ad_id: number for ad_id, number in runs.items() if ad_id not in self._read}

    def note(self, *, whole: bool) -> str:
        """How many own pages wait, and how many are given up, as a sentence; "" if none.

        StoreError if the store is unavailable.
        """
        runs = self._standing(whole=whole)
        given_up = sum(number >= MOST_RUNS for number in runs.values())
        waiting = len(runs) - given_up
        sentences = []
        if waiting:
            sentences.append(
                f"{waiting} advertisements are stored as the search shows them and wait for their "
                "own page"
            )
        if given_up:
            sentences.append(f"{given_up} own pages are given up after {MOST_RUNS} runs")
        return "; ".join(sentences)

    def save(self, *, whole: bool) -> None:
        """Stores what remains due; StoreError if the store is unavailable."""
        runs = self._standing(whole=whole)
        given_up = {ad_id for ad_id, number in runs.items() if number >= MOST_RUNS}
        gone = [self._prefix + ad_id for ad_id in self._read | given_up]
        if gone:
            self._store.remove_documents(_KIND, gone)
        self._put({ad_id: number for ad_id, number in runs.items() if ad_id not in given_up})

    def _put(self, runs: dict[str, int]) -> None:
        if runs:
            self._store.put_documents(
                _KIND, {self._prefix + ad_id: {"runs": number} for ad_id, number in runs.items()}
            )
