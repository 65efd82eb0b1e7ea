"""Due own pages: advertisements whose own page could not be read, and that later runs ask again."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from wildcrawl.crawl.unmatched import UnmatchedCache
from wildcrawl.items import Key
from wildcrawl.store import Store, StoreError
from wildcrawl.store.documents import Document

_KIND = "own_page_due"
_MISSING = "missing"
"""Name of the mark that the site said of an own page that it does not exist."""
MOST_RUNS = 5
"""Runs that ask for an own page, or do not find its advertisement, before it is given up."""


class DuePages:
    """The own pages of one site that remain due, in the store from the moment that they fail."""

    def __init__(
        self, site: str, store: Store, unmatched: UnmatchedCache | frozenset[Key] = frozenset()
    ) -> None:
        """`unmatched`: advertisements that are not stored, so that they are asked for anyway."""
        self._site = site
        self._prefix = f"{site}\n"
        self._store = store
        self._unmatched = unmatched
        self._due: dict[str, Document] = {}
        """Due advertisements that this run has looked up, as the store has them."""
        self._failed: dict[str, Document] = {}
        self._not_asked: set[str] = set()
        self._read: set[str] = set()

    def among(self, ad_ids: Collection[str]) -> set[str]:
        """Those of `ad_ids` whose own page is due; StoreError if the store is unavailable."""
        found = self._store.documents(_KIND, keys=[self._prefix + ad_id for ad_id in ad_ids])
        due = {key.removeprefix(self._prefix): row for key, row in found.items()}
        self._due |= due
        return set(due)

    def failed(self, ad_id: str) -> None:
        """Records that an own page could not be read in this run."""
        before = self._due.get(ad_id, {})
        self._fail(ad_id, {**before, "runs": int(before.get("runs", 0)) + 1})

    def missing(self, ad_id: str) -> None:
        """Records that an own page does not exist, which is final if a run before found it so."""
        before = self._due.get(ad_id, {})
        if before.get(_MISSING):
            self.read(ad_id)
        else:
            self._fail(ad_id, {"runs": int(before.get("runs", 0)) + 1, _MISSING: True})

    def not_asked(self, ad_ids: Collection[str]) -> None:
        """Records own pages that the run ended too early to ask for, which counts as no attempt."""
        fresh = set(ad_ids) - self._due.keys() - self._failed.keys()
        self._not_asked |= fresh
        with suppress(StoreError):
            self._put({ad_id: {"runs": 0} for ad_id in fresh})

    def read(self, ad_id: str) -> None:
        """Records that an own page was read; it is due until `save`, when it is stored."""
        if ad_id in self._due:
            self._read.add(ad_id)

    def _fail(self, ad_id: str, document: Document) -> None:
        if ad_id in self._failed:
            return
        self._failed[ad_id] = document
        # At once: a process that is killed now must not leave the advertisement as if read.
        with suppress(StoreError):
            self._put({ad_id: document})

    def _standing(self, *, whole: bool) -> dict[str, Document]:
        """The due advertisements after this run; a whole one counts for those it did not show."""
        stored = self._store.documents(_KIND, prefix=self._prefix)
        due: dict[str, Document] = {ad_id: {"runs": 0} for ad_id in self._not_asked}
        due |= {key.removeprefix(self._prefix): row for key, row in stored.items()}
        due |= self._failed
        if whole:
            for ad_id in due.keys() - self._failed.keys() - self._due.keys() - self._not_asked:
                due[ad_id] = {**due[ad_id], "runs": int(due[ad_id]["runs"]) + 1}
        done = self._read | {ad_id for ad_id in due if (self._site, ad_id) in self._unmatched}
        return {ad_id: document for ad_id, document in due.items() if ad_id not in done}

    def note(self, *, whole: bool) -> str:
        """How many own pages wait, and how many are given up, as a sentence; "" if none.

        StoreError if the store is unavailable.
        """
        due = self._standing(whole=whole)
        given_up = sum(map(_is_given_up, due.values()))
        waiting = len(due) - given_up
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
        due = self._standing(whole=whole)
        kept = {ad_id: document for ad_id, document in due.items() if not _is_given_up(document)}
        known = {*self._due, *self._failed, *self._not_asked, *due}
        gone = [self._prefix + ad_id for ad_id in known if ad_id not in kept]
        if gone:
            self._store.remove_documents(_KIND, gone)
        self._put(kept)

    def _put(self, due: dict[str, Document]) -> None:
        if due:
            documents = {self._prefix + ad_id: document for ad_id, document in due.items()}
            self._store.put_documents(_KIND, documents)


def _is_given_up(document: Document) -> bool:
    return int(document["runs"]) >= MOST_RUNS
