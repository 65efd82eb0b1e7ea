"""Answer forms: JSON answers without results that differ from the others without results.

An API that cannot search may leave its list out, or send an empty one beside `"success": false`
or `"degraded": true`. Whether such a form is its way to say "nothing found" shows only in its
other answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wildcrawl.analysis.result_totals import values_outside_lists
from wildcrawl.base_spiders.unread_entries import says_nothing_found, spoken

_LEVELS = 2
"""Levels of an answer on which it tells of the whole of it."""
_WENT_WELL = frozenset(
    ("success", "succ", "succeed", "succeeded", "successful", "issuccess", "ok", "isok")
)
"""Names of fields, without `_` and `-`, that are false in an answer that failed."""
_LESS = frozenset(
    f"{prefix}{name}"
    for name in ("degraded", "degrade", "downgraded", "partial", "incomplete", "fallback")
    for prefix in ("", "is")
)
"""Names of fields, likewise, that are true in an answer that is not whole."""
_STATES = frozenset(("status", "state", "result", "code", "ret"))
_FAILED = frozenset(("error", "err", "fail", "failed", "failure", "timeout", "exception"))
"""Values of a state, in lower case, that report a failure."""
_REFUSED = re.compile(r"-?(?:401|403|429|5\d\d)")
_NAMED = 3


@dataclass
class _Place:
    """The answers without results at one place of the lists: their first pages, or their ends."""

    listed: int = 0
    """Those with an empty list and without a mark."""
    unlisted: list[str] = field(default_factory=list)
    """Phrases of those without a list."""
    marked: list[str] = field(default_factory=list)
    """Phrases of those with a mark of failure."""


class AnswerForms:
    """Compares the answers of a run without results with each other."""

    def __init__(self) -> None:
        self._first, self._end = _Place(), _Place()
        self._with_results = 0
        self._marked_results: list[str] = []
        """Phrases of the answers with results that say that they are not whole."""
        self._always = True
        """Whether all answers with results have a mark, which then says nothing."""
        self._less: list[str] = []
        """Phrases of the answers without results that say that they are not whole."""

    def add(self, answer: Any, phrase: str, *, listed: bool, found: bool, further: bool) -> None:
        """Records an answer for `phrase`.

        `listed`: it has the declared list; `found`: with results; `further`: it is that of a
        page past the first.
        """
        failed, less = marks(answer)
        said = failed and spoken(answer)
        if said and not found:
            if says_nothing_found(said, further=further):
                return
            less = True
        if found:
            self._with_results += 1
            self._always = self._always and (failed or less)
            if failed or less:
                self._marked_results.append(phrase)
            return
        place = self._end if further else self._first
        if less:
            self._less.append(phrase)
        elif failed:
            place.marked.append(phrase)
        elif listed:
            place.listed += 1
        else:
            place.unlisted.append(phrase)

    def message(self) -> str:
        """A sentence if answers were shown not to be whole by others, else ""."""
        if not self._with_results:
            return ""
        said = [] if self._always else [*self._marked_results, *self._less]
        said += [] if self._always else self._odd("marked")
        if said:
            number, terms = _searches(said)
            return (
                f"the site says that it did not search as usual (searches: {number}, {terms}), so "
                "that results were not read; run it again"
            )
        unlisted = self._odd("unlisted")
        if unlisted:
            number, terms = _searches(unlisted)
            return (
                "answers lack the list that the site's other answers without results have "
                f"(searches: {number}, {terms}), so that results were not read; run it again"
            )
        return ""

    def note(self) -> str:
        """A sentence if they may not be whole, else ""."""
        if self.message() or not self._with_results or self._always:
            return ""
        doubtful = [*self._first.marked, *self._end.marked]
        if self._end.listed and not self._first.listed:
            doubtful += self._first.unlisted
        if not doubtful:
            return ""
        number, terms = _searches(doubtful)
        return (
            "answers without results are not like the site's others (searches: "
            f"{number}, {terms}): not certain that nothing was found"
        )

    def _odd(self, kind: str) -> list[str]:
        """Phrases of the answers of a `kind` where others at the same place are plain."""
        places = (place for place in (self._first, self._end) if place.listed)
        return [phrase for place in places for phrase in getattr(place, kind)]


def marks(answer: Any) -> tuple[bool, bool]:
    """Whether an answer is marked as failed, and whether as not whole.

    >>> marks({"success": False}), marks({"data": {"degraded": True}}), marks({"status": "ok"})
    ((True, False), (False, True), (False, False))
    """
    if not isinstance(answer, Mapping):
        return False, False
    failed = less = False
    for name, value in values_outside_lists(answer, _LEVELS):
        failed = failed or (name in _WENT_WELL and value is False)
        failed = failed or (name in _STATES and _is_fault(value))
        less = less or (name in _LESS and value is True)
    return failed, less


def _is_fault(state: Any) -> bool:
    """Whether the state of an answer reports a fault: a word for it, or 401, 403, 429 and 5xx."""
    text = str(state).strip().lower()
    return not isinstance(state, bool) and (text in _FAILED or bool(_REFUSED.fullmatch(text)))


def _searches(phrases: list[str]) -> tuple[int, str]:
    """The number of searches, and the first of their phrases."""
    every = list(dict.fromkeys(phrases))
    named = ", ".join(f"'{phrase}'" for phrase in every[:_NAMED])
    more = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return len(every), f"{named}{more}"
