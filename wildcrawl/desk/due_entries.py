"""Due entries: verdicts' entries for the custody log, in the store until the log has them.

Each is written in the transaction of its verdict, so that none is lost if the desk is killed before
it writes the log; the next desk on the store completes what such a one left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from wildcrawl.evidence import Action
from wildcrawl.evidence.custody import Custody
from wildcrawl.processes import has_ended, own_process
from wildcrawl.review.agreement import pair_of
from wildcrawl.store import DocumentStore, Store

KIND = "custody_due"
"""Kind of the documents, by site, ad_id and moment."""
PATIENCE = timedelta(hours=1)
"""Age at which an entry is taken over whose desk may still run, on another machine or system."""


@dataclass(frozen=True)
class DueEntry:
    """The custody log's entry for the verdict that `who` gave at the ISO moment `at`.

    `process` is the desk that is to write it. A `second` look leaves the advertisement as it is.
    """

    site: str
    ad_id: str
    who: str
    verdict: str
    at: str
    entry: str
    second: int = 0
    process: str = field(default_factory=own_process)

    @property
    def key(self) -> str:
        """Key of the document."""
        return f"{self.site}\n{self.ad_id}\n{self.at}"

    @property
    def documents(self) -> dict[str, dict[str, dict[str, Any]]]:
        """The document by kind and key, to be written with the verdict."""
        return {KIND: {self.key: asdict(self)}}


def put(store: DocumentStore, due: DueEntry) -> None:
    """Notes an entry before what it says is stored."""
    store.put_documents(KIND, due.documents[KIND])


def remove(store: DocumentStore, keys: Iterable[str]) -> None:
    """Removes entries that the log has, or of verdicts that were refused."""
    if keys := list(keys):
        store.remove_documents(KIND, keys)


def complete(store: Store, now: datetime | None = None) -> int:
    """Writes to the custody log what desks that ended left; returns the number of entries.

    Nothing is written twice: neither what the log has already, nor by two desks at once, unless a
    desk on another machine still runs and could not write its log for an hour: the log then has
    its entry twice, with one moment. An entry whose verdict was never stored is removed.
    """
    left = _taken_over(store, now or datetime.now(UTC))
    if not left:
        return 0
    custody = Custody(store)
    logged = custody.entries_since(min(each.at for each in left))
    missing = [each for each in left if each.entry not in logged and _was_given(store, each)]
    for each in sorted(missing, key=lambda due: due.at):
        custody.append(Action.JUDGED, each.who, [each.entry])
    remove(store, (each.key for each in left))
    return len(missing)


def _taken_over(store: DocumentStore, now: datetime) -> list[DueEntry]:
    """The entries of desks that ended, which belong to this process from now on."""
    ended = [key for key, each in store.documents(KIND).items() if _is_left(each, now)]
    taken: list[DueEntry] = []

    def change(documents: dict[str, dict[str, Any]]) -> None:
        taken.clear()
        for document in documents.values():
            if _is_left(document, now):
                document["process"] = own_process()
                taken.append(DueEntry(**document))

    if ended:
        store.revise_documents(KIND, ended, change)
    return taken


def _is_left(document: dict[str, Any], now: datetime) -> bool:
    if document["process"] and document["process"] == own_process():
        return False
    old = datetime.fromisoformat(document["at"]) < now - PATIENCE
    return old or has_ended(document["process"])


def _was_given(store: Store, due: DueEntry) -> bool:
    """Whether the verdict was stored: stores without transactions note the entry before it."""
    if due.second:
        pair = pair_of(store, (due.site, due.ad_id))
        return pair is not None and (pair.second.by, pair.second.at) == (due.who, due.at)
    ad = store.get(due.site, due.ad_id)
    if ad is None:
        return False
    at = datetime.fromisoformat(due.at)
    given = any(change.field == "verdict" and change.at == at for change in ad.history)
    # The same verdict of the same person again is not a change.
    return given or (ad.verdict, ad.screened_by) == (due.verdict, due.who)
