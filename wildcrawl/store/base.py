"""Store protocol: what every store of advertisements guarantees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import polars as pl

    from wildcrawl.items import Advertisement, Run, Verdict
    from wildcrawl.store.corrections import Corrections
    from wildcrawl.store.documents import Document


class Outcome(StrEnum):
    """What recording one sighting did."""

    NEW = "new"
    SEEN = "seen"
    CHANGED = "changed"


class StoreError(Exception):
    """The store cannot do what was asked; the message names the store and the fix."""


def shown(url: str) -> str:
    """A store's URL without what may be secret: user, password and options.

    >>> shown("mongodb://anna:secret@db.example/wildcrawl?tls=true")
    'mongodb://***@db.example/wildcrawl'
    """
    scheme, mark, rest = url.strip().partition("://")
    _, at, address = rest.rpartition("@")
    return f"{scheme}{mark}{'***@' if at else ''}{address.partition('?')[0]}"


class DocumentStore(Protocol):
    """Small documents, by kind and key; a Store is one."""

    def put_documents(
        self, kind: str, documents: Mapping[str, Document], *, replace: bool = True
    ) -> set[str]:
        """Stores documents of one kind by their keys; returns the keys that are new.

        A document holds text, whole numbers, lists of them, and None. One whose key exists is
        replaced, or left as it is if `replace` is false.
        """
        ...

    def documents(
        self, kind: str, *, prefix: str = "", keys: Collection[str] | None = None
    ) -> dict[str, Document]:
        """The documents of one kind by key, in the keys' order; {} for an unknown kind.

        Only those whose key begins with `prefix` and, if `keys` is given, is one of `keys`.
        """
        ...


class Store(DocumentStore, Protocol):
    """Advertisements and runs, kept.

    An advertisement is known by (site, ad_id). Moments go in timezone-aware and come back in
    UTC, to the millisecond. Every method may raise StoreError; none loses what was recorded.
    """

    def record(self, ads: Sequence[Advertisement], run: str) -> list[Outcome]:
        """Records sightings (with `found_at`) of the run `run`; one outcome for each, in order.

        Recording the same sightings again changes nothing and gives SEEN. CHANGED means that
        the title, the description or the price differs from before, as the history now says.
        ValueError, before anything is written, for an advertisement that cannot be recorded.
        """
        ...

    def known(self, site: str, ad_ids: Collection[str]) -> set[str]:
        """Those of `ad_ids` that are recorded for `site`."""
        ...

    def get(self, site: str, ad_id: str) -> Advertisement | None:
        """One advertisement with all that is kept of it."""
        ...

    def judge(
        self,
        site: str,
        ad_id: str,
        verdict: Verdict,
        by: str,
        note: str,
        at: datetime,
        corrections: Corrections | None = None,
    ) -> None:
        """Sets the verdict that `by` gave at the moment `at`; StoreError if there is no such ad.

        `corrections` are a person's word from then on, whatever a later sighting is tagged as,
        and stand in the history. The verdict pending takes back those since the ad last waited.
        """
        ...

    def advertisements(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        site: str | None = None,
    ) -> Iterator[Advertisement]:
        """Streams those with start <= first_seen < end, by first_seen, site and ad_id."""
        ...

    def pending(self) -> Iterator[Advertisement]:
        """Streams those that wait for a verdict, by first_seen, site and ad_id.

        They are likely, or set aside and chosen for the audit.
        """
        ...

    def frame(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """The same, in the same order, as a data frame of FRAME_SCHEMA (or of some columns)."""
        ...

    def frames(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[pl.DataFrame]:
        """The same in parts of some thousands, in no order, for more than memory can hold."""
        ...

    def save_unmatched(self, site: str, fingerprints: Mapping[str, str]) -> None:
        """Keeps advertisements in which nothing matched: ad_id to a fingerprint of what was read.

        A later fingerprint replaces an earlier one.
        """
        ...

    def unmatched(self, site: str, fingerprints: Mapping[str, str]) -> set[str]:
        """Those ad_ids of `fingerprints` that are kept with the same fingerprint."""
        ...

    def save_run(self, run: Run) -> None:
        """Keeps a run, in place of what was kept under its id."""
        ...

    def runs(self, site: str | None = None) -> list[Run]:
        """The runs of one site or of all, oldest first."""
        ...

    def first_months(self) -> dict[str, datetime]:
        """Each site's earliest first_seen."""
        ...

    def close(self) -> None:
        """Lets go of the database; a second call does nothing."""
        ...
