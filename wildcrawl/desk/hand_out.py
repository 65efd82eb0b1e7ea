"""Hand-out of cards: a lease in the store for each, so that no two persons get the same one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

from wildcrawl.items import Key
from wildcrawl.review.agreement import due, is_due
from wildcrawl.store import DocumentStore

KIND = "leases"
LEASE = timedelta(minutes=10)
"""How long a card belongs to the person to whom it was handed out."""
EVERY = 10
"""Interval of second looks among a person's cards, while there are any."""

AT_ONCE = 20
"""Candidates looked at in one transaction."""
_SWEEP = 200
"""Interval of hand-outs after which expired leases are erased."""


class Handed(NamedTuple):
    """A card that was handed out; `second` if it is a blind second look."""

    key: Key
    second: bool = False


class Leases:
    """Leases of cards in a store, safe for several processes at once."""

    def __init__(
        self, length: timedelta = LEASE, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._length = length
        self._now = now

    def free(self, store: DocumentStore, holder: str, keys: Sequence[Key]) -> list[Key]:
        """Those of some `keys` that no other has at this moment."""
        now = self._moment()
        leases = store.documents(KIND, keys=[_name(key) for key in keys])
        return [key for key in keys if _is_free(leases.get(_name(key)), holder, now)]

    def take(self, store: DocumentStore, holder: str, keys: Iterable[Key]) -> Key | None:
        """The first of some `keys` that no other has, which `holder` has from now on."""
        named = {_name(key): key for key in keys}
        taken = ""

        def change(documents: dict[str, dict[str, Any]]) -> None:
            nonlocal taken
            now = self._moment()
            free = (name for name in named if _is_free(documents.get(name), holder, now))
            taken = next(free, "")
            if taken:
                until = self._moment(self._length)
                documents[taken] = {"holder": holder, "until": until}

        if named:
            store.revise_documents(KIND, list(named), change)
        return named[taken] if taken else None

    def release(self, store: DocumentStore, holder: str, key: Key) -> None:
        """Ends a lease of `holder`."""

        def change(documents: dict[str, dict[str, Any]]) -> None:
            if documents.get(name, {}).get("holder") == holder:
                del documents[name]

        name = _name(key)
        store.revise_documents(KIND, [name], change)

    def sweep(self, store: DocumentStore) -> None:
        """Erases the leases that have expired."""
        now = self._moment()
        expired = [name for name, lease in store.documents(KIND).items() if lease["until"] <= now]

        def change(documents: dict[str, dict[str, Any]]) -> None:
            for name in list(documents):
                if documents[name]["until"] <= now:
                    del documents[name]

        if expired:
            store.revise_documents(KIND, expired, change)

    def _moment(self, later: timedelta = timedelta()) -> str:
        """A moment as text that sorts by time."""
        return (self._now() + later).astimezone(UTC).isoformat(timespec="milliseconds")


class HandOut:
    """Cards by holder: the one at hand, and the next. A holder is an account or a browser."""

    def __init__(self, leases: Leases | None = None) -> None:
        self._leases = leases or Leases()
        self._at_hand: dict[str, Handed] = {}
        self._given: Counter[str] = Counter()
        self._lock = Lock()

    def at_hand(self, holder: str) -> Handed | None:
        """The card that was handed out to `holder` last and was not put back."""
        with self._lock:
            return self._at_hand.get(holder)

    def all_at_hand(self) -> set[Key]:
        """The cards that holders have at hand."""
        with self._lock:
            return {handed.key for handed in self._at_hand.values()}

    def next(
        self,
        store: DocumentStore,
        holder: str,
        person: str,
        candidates: Iterable[Key],
        is_pending: Callable[[Key], bool],
    ) -> Handed | None:
        """The card at hand while it waits, else another one; None if there is none.

        `candidates` are the pending advertisements in screening order. Without the name of the
        `person` there are no second looks.
        """
        before = self.at_hand(holder)
        waits = before and self._waits(store, before, person, is_pending)
        if before and waits and self._leases.take(store, holder, [before.key]):
            return before
        return self._put(holder, self._another(store, holder, person, candidates, is_pending))

    def put_back(self, store: DocumentStore, holder: str, key: Key) -> None:
        """Puts a card back, so that another person may get it."""
        self._forget(holder, key)
        self._leases.release(store, holder, key)

    def hand(self, store: DocumentStore, holder: str, key: Key, *, second: bool = False) -> None:
        """Hands out a certain card, unless another person has it."""
        if self._leases.take(store, holder, [key]):
            self._put(holder, Handed(key, second))

    def judged(self, holder: str, key: Key) -> None:
        """Notes that the card at hand was judged; its lease ends by itself."""
        self._forget(holder, key)

    def _another(
        self,
        store: DocumentStore,
        holder: str,
        person: str,
        candidates: Iterable[Key],
        is_pending: Callable[[Key], bool],
    ) -> Handed | None:
        with self._lock:
            self._given[holder] += 1
            number = self._given[holder]
        if number % _SWEEP == 1:
            self._leases.sweep(store)
        if number % EVERY == 0:
            second = self._second(store, holder, person)
            if second:
                return second
        remaining = iter(candidates)
        while batch := list(islice(remaining, AT_ONCE)):
            taken = self._leases.take(store, holder, batch)
            if taken and is_pending(taken):
                return Handed(taken)
            if taken is None:
                continue
            # Another desk judges the same ones: from here on each is looked at before it is leased.
            self._leases.release(store, holder, taken)
            for key in self._leases.free(store, holder, batch[batch.index(taken) + 1 :]):
                if is_pending(key) and self._leases.take(store, holder, [key]) and is_pending(key):
                    return Handed(key)
        return self._second(store, holder, person)

    def _second(self, store: DocumentStore, holder: str, person: str) -> Handed | None:
        key = self._leases.take(store, holder, due(store, person)) if person else None
        return Handed(key, second=True) if key else None

    def _waits(
        self,
        store: DocumentStore,
        handed: Handed,
        person: str,
        is_pending: Callable[[Key], bool],
    ) -> bool:
        return is_due(store, handed.key, person) if handed.second else is_pending(handed.key)

    def _put(self, holder: str, handed: Handed | None) -> Handed | None:
        with self._lock:
            if handed:
                self._at_hand[holder] = handed
            else:
                self._at_hand.pop(holder, None)
        return handed

    def _forget(self, holder: str, key: Key) -> None:
        with self._lock:
            handed = self._at_hand.get(holder)
            if handed and handed.key == key:
                del self._at_hand[holder]


def _is_free(lease: dict[str, Any] | None, holder: str, now: str) -> bool:
    """Whether `holder` may have a card with this lease, or with None."""
    return lease is None or lease["holder"] == holder or lease["until"] <= now


def _name(key: Key) -> str:
    return json.dumps(list(key), ensure_ascii=False)
