"""Team at the desk: hands out cards, saves verdicts on what was seen, asks for second looks."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from flask import request
from flask_login import current_user

from wildcrawl.analysis.text import one_line
from wildcrawl.desk import due_entries
from wildcrawl.desk.accounts.book import LONGEST_NAME
from wildcrawl.desk.accounts.people import person, person_name
from wildcrawl.desk.hand_out import Handed, HandOut
from wildcrawl.desk.worker import Worker
from wildcrawl.items import Verdict
from wildcrawl.review import agreement
from wildcrawl.review.agreement.second_looks import look
from wildcrawl.review.progress import note_verdicts
from wildcrawl.store.corrections import Decision

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from wildcrawl.desk.due_entries import DueEntry
    from wildcrawl.desk.model import Desk
    from wildcrawl.desk.trail import DecidedState
    from wildcrawl.items import Advertisement, Key
    from wildcrawl.review.agreement import Look
    from wildcrawl.store import Store
    from wildcrawl.store.base import Judged

_PAUSE = 2.0
"""Seconds after the first of several verdicts in which they are counted together."""

AnyResponse = TypeVar("AnyResponse", bound="Response")

_YEAR = 365 * 24 * 3600
"""Seconds for which a browser remembers a name."""

_log = logging.getLogger(__name__)


class Team:
    """The persons at a desk. Who they are is read from the current request."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._hand_out = HandOut()
        self._worker = Worker()
        self._verdicts: list[tuple[str, datetime]] = []
        self._lock = Lock()

    def next(
        self, store: Store, candidates: Iterable[Key], is_pending: Callable[[Key], bool]
    ) -> Handed | None:
        """The next card of the person, which no other gets meanwhile; None if there is none.

        Those who may not judge see the first one that waits.
        """
        if not person().may_change:
            return next((Handed(key) for key in candidates if is_pending(key)), None)
        return self._hand_out.next(store, holder(), name_of_request(), candidates, is_pending)

    def at_hand(self) -> set[Key]:
        """The cards that persons at this desk have before them."""
        return self._hand_out.all_at_hand()

    def is_second(self, key: Key) -> bool:
        """Whether the person has the card at hand for a blind second look."""
        return self._hand_out.at_hand(holder()) == Handed(key, second=True)

    def put_back(self, store: Store, key: Key) -> None:
        """Lets another person have the card."""
        self._hand_out.put_back(store, holder(), key)

    def save(
        self,
        store: Store,
        key: Key,
        decision: Decision,
        due: DueEntry | None = None,
    ) -> Judged:
        """Saves a verdict, or its undoing, on the state that the person saw.

        `due` is its entry for the custody log. Returns the advertisement before and after.
        JudgedMeanwhileError if the state is another one, DisagreementError if two persons disagree
        on it and this settles nothing; nothing is changed then.
        """
        settles = agreement.settled_by(store, key, decision.by, decision.verdict)
        beside = due.documents if due else None
        judged = store.judge(*key, decision, beside)
        self._hand_out.judged(holder(), key)
        if decision.verdict == Verdict.PENDING:
            agreement.withdraw(store, key)
            self._hand_out.hand(store, holder(), key)
            return judged
        first = look(decision.by, decision.verdict, decision.note, decision.at)
        if settles:
            agreement.settle(store, key, first)
        elif self._ask(store, key, first):
            # The second person may have it at once.
            self._hand_out.put_back(store, holder(), key)
        self._count(decision.by, decision.at)
        return judged

    def restore(
        self,
        store: Store,
        key: Key,
        before: DecidedState,
        decision: Decision,
        due: DueEntry | None = None,
    ) -> None:
        """Restores the verdict `before` by a decision, which has its name and who undid another.

        JudgedMeanwhileError if the state is not the one that the person saw, DisagreementError if
        two persons disagree on it by now.
        """
        pair = agreement.pair_of(store, key)
        if pair and pair.open:
            agreement.settled_by(store, key, decision.undone_by, decision.verdict)
        store.judge(*key, decision, due.documents if due else None)
        self._hand_out.judged(holder(), key)
        first = look(before.by, before.verdict, before.note, before.at or decision.at)
        agreement.restore(store, key, first, decision.undone_by)

    def look_again(
        self,
        store: Store,
        key: Key,
        second: Look,
        due: DueEntry | None = None,
    ) -> bool:
        """Saves a blind second look; False if it is not wanted any more."""
        if due:
            due_entries.put(store, due)
        saved = agreement.record(store, key, second)
        self._hand_out.judged(holder(), key)
        if saved:
            self._count(second.by, datetime.fromisoformat(second.at))
        elif due:
            due_entries.remove(store, [due.key])
        return saved

    def take_back_second(self, store: Store, key: Key, second: Look) -> bool:
        """Takes back a second look, handed out again if it is due; False if it was settled."""
        taken = agreement.take_back(store, key, second.by)
        if taken and agreement.is_due(store, key, second.by):
            self._hand_out.hand(store, holder(), key, second=True)
        return taken

    def close(self) -> None:
        """Ends the background work, and counts the verdicts that were not counted yet."""
        self._worker.close()
        self.flush()

    def flush(self) -> None:
        """Counts the verdicts that were not counted yet."""
        with self._lock:
            verdicts, self._verdicts = self._verdicts, []
        if not verdicts:
            return
        try:
            with self._desk.store() as store:
                note_verdicts(store, verdicts)
        # Counts of a day are no reason to stop screening.
        except Exception as error:
            _log.warning("The verdicts of the day were not counted: %s", error)
            with self._lock:
                self._verdicts = verdicts + self._verdicts

    def _ask(self, store: Store, key: Key, first: agreement.Look) -> bool:
        """Asks for a second look at an advertisement of the shared sample; whether it is one."""
        if not agreement.is_shared(key, self._desk.shared_sample):
            return False
        ad = store.get(*key)
        if ad:
            agreement.ask(store, ad, first)
        return ad is not None

    def _count(self, by: str, at: datetime) -> None:
        with self._lock:
            self._verdicts.append((by, at))
            first = len(self._verdicts) == 1
        if first:
            self._worker.after(_PAUSE, self.flush)


def holder() -> str:
    """To whom a card is handed out: the account, or the browser of a person without one."""
    name = person_name()
    if name:
        return name
    token = person().get_id() if current_user.is_authenticated else ""
    return f"browser {hashlib.sha256(token.encode()).hexdigest()[:16]}"


def name_of_request() -> str:
    """The account's name; without accounts the one in the form, or given with the last verdict.

    A name stands in logs and files, so it is one line that steers no terminal and turns no text.
    """
    typed = one_line(request.form.get("by", "")) or one_line(request.cookies.get("by", ""))
    return person_name() or typed[:LONGEST_NAME]


def remember_name(answer: AnyResponse, name: str) -> AnyResponse:
    """Remembers the name of a person without an account in a cookie."""
    answer.set_cookie("by", name, max_age=_YEAR, httponly=True, samesite="Strict", path="/")
    return answer


def remember_typed_name(answer: AnyResponse) -> AnyResponse:
    """Remembers the name in a form that was accepted, so that it is typed once."""
    if request.method != "POST" or answer.status_code >= 400 or person_name():
        return answer
    name = one_line(request.form.get("by", ""))
    return remember_name(answer, name) if name else answer


def as_seen(ad: Advertisement, *, second: bool) -> Advertisement:
    """The advertisement as the person may see it."""
    return agreement.blinded(ad) if second else ad
