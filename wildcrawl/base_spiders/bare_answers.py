"""Empty answers: searches that a site answers with nothing, or with `null` or `{"data": null}`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TAIL = 3
"""Empty answers at the end of a run from which on a search that had results is asked again."""
_WELL = frozenset(
    ("ok", "success", "succ", "0", "200", "true", "查询成功", "操作成功", "请求成功", "成功")
)
"""Texts of an answer that say nothing but that it worked."""


def is_bare(answer: Any) -> bool:
    """Whether an answer holds nothing: no text, no number besides a status, no result.

    >>> is_bare({"code": 0, "data": None}), is_bare({"code": 500, "msg": "busy"})
    (True, False)
    """
    if isinstance(answer, Mapping):
        return all(is_bare(value) for value in answer.values())
    if isinstance(answer, list):
        return not answer
    if isinstance(answer, str):
        return not answer.strip() or answer.strip().lower() in _WELL
    return answer is None or isinstance(answer, bool) or answer in (0, 1, 200)


@dataclass
class BareAnswers:
    """The searches of a run that were answered with nothing, and whether others had results."""

    terms: list[str] = field(default_factory=list)
    """Keywords whose search got a bare answer, in their order."""
    tail: list[str] = field(default_factory=list)
    """Keywords of the searches without results since the last one with results."""
    shaped: bool = False
    """Whether a search had results where the spider looks for them."""
    asked_again: str = ""
    """The phrase that had results and was asked again at the end."""
    stopped: bool = False
    """Whether it had none then, so that the site had stopped answering."""

    def add(self, term: str) -> None:
        """Records a search for `term` that got a bare answer."""
        self.terms.append(term)
        self.tail.append(term)

    def nothing(self, term: str) -> None:
        """Records a search for `term` for which the site says that nothing was found."""
        self.tail.append(term)

    def results(self) -> None:
        """Records a search with results."""
        self.shaped = True
        self.tail.clear()

    @property
    def empty(self) -> list[str]:
        """The keywords for which the site has nothing, as its other answers show."""
        if not self.shaped:
            return []
        return [term for term in self.terms if term not in self.lost]

    @property
    def lost(self) -> list[str]:
        """The keywords that the site was asked for after it had stopped answering."""
        return self.tail if self.stopped else []

    @property
    def unread(self) -> int:
        """Number of bare answers on a site that never answered as its spider declares."""
        return 0 if self.shaped else len(self.terms)

    def message(self) -> str:
        """A sentence if the site stopped answering, else ""."""
        if not self.stopped:
            return ""
        return (
            f"the last {len(self.tail)} searches were answered with nothing, and so was "
            f"'{self.asked_again}' when it was asked again, which had results before: the site "
            "stopped answering"
        )
