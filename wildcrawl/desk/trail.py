"""Trail of a session: its verdicts in order, for undo and redo as far back as it goes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock

from wildcrawl.items import Advertisement, Key, Verdict
from wildcrawl.review.agreement import Look
from wildcrawl.store.corrections import Corrections, Decision
from wildcrawl.store.verdicts import verdict_given

_SESSIONS = 500
_STEPS = 20_000


@dataclass(frozen=True)
class DecidedState:
    """What a person decided on an advertisement: verdict, name, note and corrected fields."""

    verdict: str
    by: str
    note: str
    tags: tuple[tuple[str, ...], str, str]
    at: datetime | None = None
    """When the verdict was given; None if that is not known."""

    @classmethod
    def of(cls, ad: Advertisement) -> DecidedState:
        """The state of a stored advertisement."""
        tags = (tuple(ad.species), ad.product_type, ad.age_claim)
        given = verdict_given(ad)
        at = given.at if given else None
        return cls(ad.verdict or Verdict.PENDING, ad.screened_by, ad.note, tags, at)

    @property
    def pending(self) -> bool:
        """Whether nobody has decided."""
        return self.verdict == Verdict.PENDING

    def decided_as(self, other: DecidedState) -> bool:
        """Whether the same person decided the same; a crawl may have changed other fields."""
        if self.pending or other.pending:
            return self.pending and other.pending
        return (self.verdict, self.by, self.note) == (other.verdict, other.by, other.note)

    def restored(self, seen: str, undone_by: str) -> Decision:
        """The decision that brings this state back, with its corrected fields."""
        verdict, now = Verdict(self.verdict), datetime.now(UTC)
        return Decision(verdict, self.by, self.note, now, Corrections(*self.tags), seen, undone_by)


@dataclass(frozen=True)
class VerdictStep:
    """One verdict of a session: the advertisement's title, and its states before and after.

    `corrections` are those that were given with the verdict, `reason` its reason. A `second` look
    was given blind, and leaves the advertisement as it is. Those of one decision on several
    advertisements have its name in `group`.
    """

    key: Key
    title: str
    before: DecidedState
    after: DecidedState
    corrections: Corrections = field(default_factory=Corrections)
    reason: str = ""
    second: Look | None = None
    group: str = ""


@dataclass
class Trail:
    """Steps done, the latest last, and those undone, the one to redo first at the end."""

    done: list[VerdictStep] = field(default_factory=list)
    undone: list[VerdictStep] = field(default_factory=list)

    def add(self, step: VerdictStep) -> None:
        """A new verdict: nothing undone before it can be redone."""
        self.done.append(step)
        del self.done[:-_STEPS]
        self.undone.clear()

    def last(self) -> VerdictStep | None:
        """The step that undo takes back."""
        return self.done[-1] if self.done else None

    def next(self) -> VerdictStep | None:
        """The step that redo repeats."""
        return self.undone[-1] if self.undone else None

    def step_of(self, key: Key) -> VerdictStep | None:
        """The latest step on an advertisement that is not undone."""
        return next((step for step in reversed(self.done) if step.key == key), None)

    def undo(self, step: VerdictStep) -> None:
        """Moves a step to those undone."""
        _remove_last(self.done, step)
        self.undone.append(step)

    def redo(self, step: VerdictStep) -> None:
        """Moves a step back to those done."""
        _remove_last(self.undone, step)
        self.done.append(step)

    def explain(self, key: Key, reason: str) -> None:
        """Keeps the reason with the latest step on an advertisement, for redo."""
        for place in reversed(range(len(self.done))):
            if self.done[place].key == key:
                self.done[place] = replace(self.done[place], reason=reason)
                return


class Trails:
    """Trails by session; those not used for longest are dropped."""

    def __init__(self) -> None:
        self._trails: OrderedDict[str, Trail] = OrderedDict()
        self.lock = Lock()

    def of(self, session: str) -> Trail:
        """The trail of a session; an empty one if it is unknown."""
        with self.lock:
            if session:
                trail = self._trails.setdefault(session, Trail())
                self._trails.move_to_end(session)
                while len(self._trails) > _SESSIONS:
                    self._trails.popitem(last=False)
                return trail
        return Trail()


def steps_of(steps: Sequence[VerdictStep], decision: str) -> list[VerdictStep]:
    """The steps of one decision on several advertisements, by its name."""
    return [step for step in steps if decision and step.group == decision]


def decision_on(steps: Sequence[VerdictStep], keys: Collection[Key]) -> list[VerdictStep]:
    """The steps of the decision on several that was the latest on one of `keys`, if it was."""
    latest = next((step for step in reversed(steps) if step.key in keys), None)
    return steps_of(steps, latest.group) if latest else []


def _remove_last(steps: list[VerdictStep], step: VerdictStep) -> None:
    """Removes the last of equal steps: the same verdict may have been given twice."""
    del steps[len(steps) - 1 - steps[::-1].index(step)]
