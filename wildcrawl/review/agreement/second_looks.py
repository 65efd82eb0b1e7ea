"""Second looks: blind verdicts of a second person on the shared sample, and what settled them.

They are documents beside the advertisements: the first person's verdict stays the one that counts
until a third person decides, or one of the two comes round to the other's verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wildcrawl.items import Verdict
from wildcrawl.months import month_of
from wildcrawl.review.agreement.kappa import Agreement, agreement_of
from wildcrawl.store.base import StoreError
from wildcrawl.store.corrections import CORRECTED, undo_corrections
from wildcrawl.store.merge import TYPED_VERDICT
from wildcrawl.store.verdicts import is_same_person, verdict_given

if TYPE_CHECKING:
    from wildcrawl.items import Advertisement, Change, Key
    from wildcrawl.store import DocumentStore, Store

DUE = "second_looks_due"
DONE = "second_looks"


@dataclass(frozen=True)
class Look:
    """A verdict with its name; `at` is ISO 8601 in UTC."""

    by: str
    verdict: str
    at: str
    note: str = ""


@dataclass(frozen=True)
class Pair:
    """Two independent verdicts on one advertisement, and the one that settled them, if any.

    `month` is the month in which the advertisement counts.
    """

    site: str
    ad_id: str
    month: str
    first: Look
    second: Look
    settled: Look | None = None

    @property
    def key(self) -> Key:
        """Key of the advertisement."""
        return self.site, self.ad_id

    @property
    def agreed(self) -> bool:
        """Whether both gave the same verdict."""
        return self.first.verdict == self.second.verdict

    @property
    def open(self) -> bool:
        """Whether it waits for a third person."""
        return not self.agreed and self.settled is None

    def is_of(self, person: str) -> bool:
        """Whether `person` is one of the two."""
        return is_same_person(self.first.by, person) or is_same_person(self.second.by, person)

    def may_settle(self, person: str, verdict: str) -> bool:
        """Whether that verdict settles it: a third person's, or the other's by one of the two."""
        if self.agreed or verdict == Verdict.PENDING:
            return False
        if not self.is_of(person):
            return True
        other = self.second if is_same_person(self.first.by, person) else self.first
        return verdict == other.verdict


class DisagreementError(StoreError):
    """Raised when a verdict would end a disagreement that it may not settle; none was changed."""

    def __init__(self, pair: Pair) -> None:
        super().__init__(
            f"advertisement '{pair.ad_id}' of site '{pair.site}' waits for a third person: "
            f"{pair.first.by} and {pair.second.by} disagree"
        )
        self.pair = pair


def look(by: str, verdict: str, note: str = "", at: datetime | None = None) -> Look:
    """A look at the moment `at`, now by default."""
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    return Look(by, str(verdict), moment.isoformat(timespec="milliseconds"), note)


def ask(store: DocumentStore, ad: Advertisement, first: Look) -> None:
    """Asks for a second look at an advertisement that was just judged, unless there is one."""
    key = _name((ad.site, ad.ad_id))
    if not store.documents(DONE, keys=[key]):
        month = month_of(ad.first_seen) if ad.first_seen else ""
        store.put_documents(DUE, {key: {"month": month, "first": asdict(first)}})


def withdraw(store: DocumentStore, key: Key) -> None:
    """Asks for no second look, since the first verdict was undone."""
    store.remove_documents(DUE, [_name(key)])


def restore(store: DocumentStore, key: Key, first: Look, undone_by: str) -> None:
    """Brings back what a verdict changed that `undone_by` undid; `first` is the one that counts.

    A disagreement that it settled is open again, unless `first` is another verdict that settles it.
    A pair that it was the first verdict of, or a second look that was asked for on it, is one on
    `first`; two verdicts of one person are not a pair.
    """
    name = _name(key)

    def reopened(documents: dict[str, dict[str, Any]]) -> None:
        pair = documents.get(name)
        if pair and pair["settled"] and is_same_person(pair["settled"]["by"], undone_by):
            settles = _pair(name, pair).may_settle(first.by, first.verdict)
            pair["settled"] = asdict(first) if settles else None
        elif pair and is_same_person(pair["first"]["by"], undone_by) and not pair["settled"]:
            pair["first"] = asdict(first)
            if is_same_person(first.by, pair["second"]["by"]):
                del documents[name]

    def asked(documents: dict[str, dict[str, Any]]) -> None:
        if name in documents:
            documents[name]["first"] = asdict(first)

    if store.documents(DONE, keys=[name]):
        store.revise_documents(DONE, [name], reopened)
    elif store.documents(DUE, keys=[name]):
        store.revise_documents(DUE, [name], asked)


def take_back(store: Store, key: Key, person: str) -> bool:
    """Takes back a second look of `person`; False if it is not theirs, or a third person decided.

    It is due again on the verdict that counts now, if that is another person's; what was taken
    back stays on record with it.
    """
    name, taken = _name(key), dict[str, Any]()

    def change(documents: dict[str, dict[str, Any]]) -> None:
        taken.clear()
        pair = documents.get(name)
        third = pair and pair["settled"] and not _pair(name, pair).is_of(pair["settled"]["by"])
        if pair and not third and is_same_person(pair["second"]["by"], person):
            before = [*pair.get("taken_back", []), pair["second"]]
            taken.update(month=pair["month"], taken_back=before)
            del documents[name]

    store.revise_documents(DONE, [name], change)
    ad = store.get(*key) if taken else None
    if ad and ad.verdict != Verdict.PENDING and not is_same_person(ad.screened_by, person):
        given = verdict_given(ad)
        first = look(ad.screened_by, ad.verdict, ad.note, given.at if given else None)
        store.put_documents(DUE, {name: {**taken, "first": asdict(first)}})
    return bool(taken)


def due(store: DocumentStore, person: str) -> list[Key]:
    """Advertisements that others judged and that wait for a second look by `person`."""
    waiting = {
        name: document
        for name, document in store.documents(DUE).items()
        if not is_same_person(document["first"]["by"], person)
    }
    done = store.documents(DONE, keys=waiting) if waiting else {}
    return [_key(name) for name in waiting if name not in done]


def is_due(store: DocumentStore, key: Key, person: str) -> bool:
    """Whether the advertisement waits for a second look by `person`."""
    name = _name(key)
    document = store.documents(DUE, keys=[name]).get(name)
    if document is None or is_same_person(document["first"]["by"], person):
        return False
    return not store.documents(DONE, keys=[name])


def record(store: DocumentStore, key: Key, second: Look) -> bool:
    """Records a second look; False if the first was undone, or another person was faster."""
    name = _name(key)
    document = store.documents(DUE, keys=[name]).get(name)
    if document is None or is_same_person(document["first"]["by"], second.by):
        return False
    pair = {**document, "second": asdict(second), "settled": None}
    is_new = name in store.put_documents(DONE, {name: pair}, replace=False)
    store.remove_documents(DUE, [name])
    return is_new


def settled_by(store: Store, key: Key, person: str, verdict: str) -> bool:
    """Whether that verdict of `person` settles a disagreement.

    DisagreementError if it would change the verdict without settling it.
    """
    pair = pair_of(store, key)
    if pair is None or pair.agreed:
        return False
    if pair.may_settle(person, verdict):
        return True
    ad = store.get(*key)
    # The same verdict with another note or other corrections changes nothing of it.
    if ad is None or ad.verdict != verdict:
        raise DisagreementError(pair)
    return False


def settle(store: DocumentStore, key: Key, third: Look) -> bool:
    """Records the verdict that settles a disagreement; False if there is none, or it may not."""
    name, settled = _name(key), False

    def change(documents: dict[str, dict[str, Any]]) -> None:
        nonlocal settled
        pair = documents.get(name)
        settled = pair is not None and _pair(name, pair).may_settle(third.by, third.verdict)
        if pair is not None and settled:
            pair["settled"] = asdict(third)

    store.revise_documents(DONE, [name], change)
    return settled


def pair_of(store: DocumentStore, key: Key) -> Pair | None:
    """The pair of verdicts on one advertisement; None if it was not judged twice."""
    name = _name(key)
    document = store.documents(DONE, keys=[name]).get(name)
    return _pair(name, document) if document else None


def pairs(store: DocumentStore, month: str = "") -> Iterator[Pair]:
    """The pairs of verdicts of a month, or of all months, by key."""
    for name, document in store.each_document(DONE):
        if not month or document["month"] == month:
            yield _pair(name, document)


def agreement_between(given: Iterable[Pair]) -> Agreement:
    """How far the persons of some pairs agree."""
    return agreement_of(
        (pair.first.by, pair.first.verdict, pair.second.by, pair.second.verdict) for pair in given
    )


def blinded(ad: Advertisement) -> Advertisement:
    """A copy of a judged advertisement as it was before the first person's verdict."""
    result = copy(ad)
    undo_corrections(result, datetime.now(UTC))
    verdicts = (place for place, change in enumerate(ad.history) if _opens(change))
    since = max(verdicts, default=len(ad.history))
    result.history = [
        change
        for place, change in enumerate(ad.history)
        if place < since or change.field not in _DECISIONS
    ]
    result.verdict, result.screened_by, result.note = Verdict.PENDING.value, "", ""
    return result


_DECISIONS = ("verdict", TYPED_VERDICT, "by_person", *CORRECTED)
"""Fields of the history that show what a person decided."""


def _opens(change: Change) -> bool:
    """Whether the change is a verdict on an advertisement that had none."""
    return change.field in ("verdict", TYPED_VERDICT) and change.old in ("", Verdict.PENDING)


def _pair(name: str, document: dict[str, Any]) -> Pair:
    settled = document["settled"]
    return Pair(
        *_key(name),
        document["month"],
        Look(**document["first"]),
        Look(**document["second"]),
        Look(**settled) if settled else None,
    )


def _name(key: Key) -> str:
    return json.dumps(list(key), ensure_ascii=False)


def _key(name: str) -> Key:
    site, ad_id = json.loads(name)
    return site, ad_id
