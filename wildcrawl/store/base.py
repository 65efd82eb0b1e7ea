"""Store protocol: what every store of advertisements guarantees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import polars as pl

    from wildcrawl.items import Advertisement, Key, Run, RunHead
    from wildcrawl.store.corrections import Decision
    from wildcrawl.store.documents import Document, Prefix
    from wildcrawl.store.search import Count, ListQuery, Page
    from wildcrawl.store.transfer import Snapshot


class Outcome(StrEnum):
    """Result of recording one sighting."""

    NEW = "new"
    SEEN = "seen"
    CHANGED = "changed"
    SOLD = "sold"
    ANOTHER = "another"
    CONFLICT = "conflict"


class Address(NamedTuple):
    """The fields of an advertisement by which it is known."""

    ad_id: str
    url: str
    title: str
    seller: str


@dataclass(frozen=True)
class OtherRules:
    """Numbers of advertisements that were tagged by other rules, or by unknown ones.

    `open` are pending a verdict; `judged` ones keep the tags on which a person decided.
    """

    open: int = 0
    judged: int = 0


class Waiting(NamedTuple):
    """An advertisement's place in the screening queue.

    `raised` is the reason for which it was raised, "" if it was not. `after` is its place, from
    which the queue may be read on.
    """

    ad: Advertisement
    score: float
    raised: str
    audit: bool
    after: tuple[float | str, ...]


class Judged(NamedTuple):
    """An advertisement before and after a verdict."""

    before: Advertisement
    after: Advertisement


class Numbers(NamedTuple):
    """Numbers of advertisements in the parts of the screening queue."""

    likely: int
    audit: int


class StoreError(Exception):
    """Raised when a store cannot do its work; the message names the store and the fix."""


class UnknownAdvertisementError(StoreError):
    """Raised when an advertisement that is to be changed is not stored."""


class StoreGoneError(StoreError):
    """Raised when the store that was opened is gone or damaged; trying again does not help."""


def redact_url(url: str) -> str:
    """A store's URL without user, password and options, which may be secret.

    >>> redact_url("mongodb://anna:secret@db.example/wildcrawl?tls=true")
    'mongodb://***@db.example/wildcrawl'
    """
    scheme, mark, rest = url.strip().partition("://")
    _, at, address = rest.rpartition("@")
    return f"{scheme}{mark}{'***@' if at else ''}{address.partition('?')[0]}"


def store_name(url: str) -> str:
    """The kind and the name of a store, without where it is.

    >>> store_name("sqlite:////home/anna/market.db"), store_name("mongodb://db.example/team?tls=1")
    ('SQLite market.db', 'MongoDB team')
    """
    scheme, _, rest = url.strip().partition("://")
    kind = "SQLite" if scheme == "sqlite" else "MongoDB"
    return f"{kind} {rest.partition('?')[0].replace(chr(92), '/').rpartition('/')[2]}".strip()


class DocumentStore(Protocol):
    """Storage of small documents by kind and key; part of every Store."""

    def put_documents(
        self, kind: str, documents: Mapping[str, Document], *, replace: bool = True
    ) -> set[str]:
        """Stores documents of one kind by their keys; returns the keys that are new.

        A document holds text, whole numbers, lists of them, and None. One whose key exists is
        replaced, or left as it is if `replace` is false.
        """
        ...

    def documents(
        self, kind: str, *, prefix: Prefix = "", keys: Collection[str] | None = None
    ) -> dict[str, Document]:
        """The documents of one kind by key, in the keys' order; {} for an unknown kind.

        Only those whose key begins with `prefix`, or with one of several, and, if `keys` is given,
        is one of `keys`.
        """
        ...

    def each_document(self, kind: str) -> Iterator[tuple[str, Document]]:
        """Streams the keys and documents of one kind, in the keys' order.

        Those that are written or erased meanwhile may be among them or not.
        """
        ...

    def revise_documents(
        self, kind: str, keys: Collection[str], change: Callable[[dict[str, Document]], None]
    ) -> None:
        """Lets `change` add to, replace in and delete from a dict of the documents of `keys`.

        No writer comes between reading and writing. Keys that are not stored are missing in the
        dict; `change` may be called again after a broken connection, and adds no other keys.
        """
        ...

    def remove_documents(self, kind: str, keys: Collection[str]) -> int:
        """Erases the documents of one kind with these keys; returns how many there were."""
        ...


class Store(DocumentStore, Protocol):
    """Storage of advertisements and runs.

    An advertisement is identified by (site, ad_id). Moments are timezone-aware when written and
    are returned in UTC, to the millisecond. Every method may raise StoreError; none loses what
    was recorded.
    """

    def record(self, ads: Sequence[Advertisement], run: str) -> list[Outcome]:
        """Records sightings (with `found_at`) of the run `run`; one outcome for each, in order.

        Recording the same sightings again changes nothing and gives SEEN. CHANGED means that
        the title, the description or the price changed, and was added to the history; SOLD that
        the seller marked it as sold; ANOTHER that its id shows another advertisement, so
        that a verdict is asked again; CONFLICT that a row of a file (with an `origin`) was not
        recorded, since its id belongs to another advertisement, as `origin.conflict` says.
        ValueError, before anything is written, for an advertisement that cannot be recorded.
        """
        ...

    def known(self, site: str, ad_ids: Collection[str]) -> set[str]:
        """Those of `ad_ids` that are recorded for `site`."""
        ...

    def addresses(self, site: str) -> Iterator[Address]:
        """Streams the id, url, title and seller of each advertisement of `site`, by ad_id."""
        ...

    def get(self, site: str, ad_id: str) -> Advertisement | None:
        """One advertisement with all its stored fields; None if it is not stored."""
        ...

    def get_all(self, keys: Collection[Key]) -> dict[Key, Advertisement]:
        """The advertisements of `keys` by these, without those that are not stored."""
        ...

    def judge(
        self,
        site: str,
        ad_id: str,
        decision: Decision,
        beside: Mapping[str, Mapping[str, Document]] | None = None,
    ) -> Judged:
        """Applies a person's decision; returns the advertisement before and after.

        UnknownAdvertisementError if there is no such ad. JudgedMeanwhileError, and nothing is
        changed, if its state in the same transaction is not the one that the person saw.
        `beside` are documents by kind and key, written in the same transaction; a store without
        transactions writes them just before the verdict.
        """
        ...

    def advertisements(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        site: str | None = None,
    ) -> Iterator[Advertisement]:
        """Streams advertisements with start <= first_seen < end, by first_seen, site and ad_id."""
        ...

    def pending(self) -> Iterator[Advertisement]:
        """Streams advertisements pending a verdict, by first_seen, site and ad_id.

        They are likely, raised by the second reader, or set aside and sampled for the audit.
        """
        ...

    def waiting(
        self,
        *,
        learned: bool = False,
        audit: bool = False,
        after: tuple[float | str, ...] = (),
        most: int = 100,
    ) -> list[Waiting]:
        """The first places of the queue behind `after`: the likely ones, or those of the audit.

        The likely ones by score, the newest first, then by site and ad_id; those of the audit in
        random order. `learned`: by the scores of the learned ranking (`save_scores`).
        """
        ...

    def waiting_numbers(self) -> Numbers:
        """How many advertisements wait in each part of the queue."""
        ...

    def queue_scan(self) -> AbstractContextManager[None]:
        """A block in which questions on the queue may be answered from one reading.

        What others change meanwhile may be missing in it. For one reading of the queue: a server
        without indexes reads all advertisements for each of its questions otherwise.
        """
        ...

    def unscored(self, model: str, most: int) -> list[Advertisement]:
        """Up to `most` advertisements in the queue without a score of the model `model`."""
        ...

    def save_scores(self, model: str, scores: Mapping[Key, float]) -> None:
        """Stores scores of the model called `model`.

        A score is valid until the text, the tags or the price of its advertisement change.
        """
        ...

    def links_due(self, most: int) -> list[Key]:
        """Up to `most` advertisements of which links have to be looked at again for the queue.

        Those whose verdict became valid, or ceased to be, and those marked by `mark_links`.
        """
        ...

    def mark_links(self, keys: Collection[Key]) -> None:
        """Marks advertisements whose links to others changed."""
        ...

    def save_raised(self, reasons: Mapping[Key, str], done: Collection[Key] = ()) -> None:
        """Raises advertisements in the queue, each for a reason, or no longer if it is "".

        `done` are advertisements of `links_due` that were looked at.
        """
        ...

    def raised(self) -> list[Key]:
        """The advertisements that are raised, by site and ad_id."""
        ...

    def set_removed(self, states: Mapping[Key, bool]) -> None:
        """Stores whether advertisements were found removed; a later sighting undoes it."""
        ...

    def search(self, query: ListQuery, *, after: str = "", most: int = 50) -> Page:
        """One page of the advertisements that `query` finds; see `wildcrawl.store.search`.

        `after` is that of the page before; ValueError if it is not valid.
        """
        ...

    def same_texts(self, ad: Advertisement, most: int = 50) -> list[Advertisement]:
        """Up to `most` advertisements with the title or the description of `ad`, newest first.

        Compared without blanks and punctuation, see `wildcrawl.store.same_texts`; `ad` is one of
        them if it is stored.
        """
        ...

    def count(self, query: ListQuery, most: int = 10_000) -> Count:
        """How many advertisements `query` finds; counting ends at `most`."""
        ...

    def index_texts(self, most: int = 1_000) -> int:
        """Prepares up to `most` texts for fast searching; returns how many are left.

        Each search does this for some, and also finds texts that are not prepared.
        """
        ...

    def judged(self) -> Iterator[Advertisement]:
        """Streams the advertisements with a verdict, in no certain order."""
        ...

    def count_by_site(self, start: datetime, end: datetime) -> dict[str, int]:
        """The number of advertisements with start <= first_seen < end of each site that has any."""
        ...

    def other_rules(self, rules: str) -> OtherRules:
        """How many advertisements were tagged by other rules than those of fingerprint `rules`."""
        ...

    def tagged_otherwise(self, rules: str) -> Iterator[Advertisement]:
        """Streams the advertisements pending a verdict that other rules tagged.

        By first_seen, site and ad_id. They may be revised meanwhile.
        """
        ...

    def revise(self, keys: Sequence[Key], change: Callable[[Advertisement], None]) -> None:
        """Applies `change` to stored advertisements, each as it is at that moment.

        No writer comes between reading and writing, so that nothing recorded meanwhile is lost.
        Keys that are not stored are left out. `change` may be called again after a broken
        connection, each time with an unchanged advertisement.
        """
        ...

    def forget(
        self, keys: Collection[Key], remains: Callable[[Advertisement], Advertisement | None]
    ) -> int:
        """Erases advertisements with their fingerprints and indexes; returns how many there were.

        What `remains` gives for one, under another ad_id, is stored in the same step. `remains`
        may be called again after a broken connection.
        """
        ...

    def frame(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Data frame of the same rows in the same order: FRAME_SCHEMA, or only `columns`."""
        ...

    def frames(
        self,
        start: datetime | None = None,
        end: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Iterator[pl.DataFrame]:
        """Data frames of some thousand rows each, unordered, for more rows than fit in memory."""
        ...

    def month_numbers(self, first: str, last: str) -> pl.DataFrame:
        """How many advertisements were first seen in each month from `first` to `last`.

        A row for each month, site, species, verdict and relevance; see `frame.NUMBERS_SCHEMA`.
        """
        ...

    def save_unmatched(self, site: str, fingerprints: Mapping[str, str]) -> None:
        """Stores advertisements in which no keyword matched: ad_id to a fingerprint of the text.

        A later fingerprint replaces an earlier one.
        """
        ...

    def unmatched(self, site: str, fingerprints: Mapping[str, str]) -> set[str]:
        """The ad_ids of `fingerprints` that are stored with the same fingerprint."""
        ...

    def save_run(self, run: Run) -> None:
        """Stores a run, replacing an earlier version with the same id."""
        ...

    def runs(self, site: str | None = None) -> list[Run]:
        """The runs of one site or of all, oldest first."""
        ...

    def get_run(self, run: str) -> Run | None:
        """One run by its id; None if it is not stored."""
        ...

    def check_intact(self, seconds: float = 2.0) -> bool:
        """Whether the whole store was checked within `seconds`; StoreGoneError if it is damaged.

        A database server checks its own files, so that there is nothing to check here.
        """
        ...

    def is_current(self) -> bool:
        """Whether what was opened is still at its address: a file may be deleted or replaced."""
        ...

    def check_present(self, run: str) -> None:
        """StoreGoneError if the store has lost the stored run `run`.

        It was deleted, emptied or replaced, for example by a backup, since that run was stored.
        """
        ...

    def run_heads(
        self, since: datetime | None = None, sites: Collection[str] | None = None
    ) -> list[RunHead]:
        """The heads of runs that started at `since` or later, of `sites` or all, oldest first."""
        ...

    def run_bounds(self) -> dict[str, tuple[RunHead, RunHead]]:
        """The first and the last run of each site."""
        ...

    def first_months(self) -> dict[str, datetime]:
        """Each site's earliest first_seen."""
        ...

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """All that is stored, for a backup; writers are not held up meanwhile."""
        ...

    def is_empty(self) -> bool:
        """Whether nothing of any kind is stored."""
        ...

    def load(self, section: str, records: Iterable[Document]) -> None:
        """Adds records of a section of a snapshot, read from their lines, that are not stored."""
        ...

    def close(self) -> None:
        """Closes the database; a second call does nothing."""
        ...
