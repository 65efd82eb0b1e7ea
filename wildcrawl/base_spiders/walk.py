"""How far a board has been read, and what of it the next run has to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wildcrawl.base_spiders.results import ResultPage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wildcrawl.store.documents import Document

REMEMBERED = 400
"""So many of a board's newest threads are remembered: some pages, should the first ones go."""

IN_ORDER = 8
"""From so many threads on their order is no chance."""

States = dict[str, str]
"""Threads by their ids, newest first, each with what changes when somebody answers in it."""


@dataclass
class BoardPage(ResultPage):
    """What one page of a board shows; `states` are its threads without those pinned to the top."""

    states: States = field(default_factory=dict)

    @property
    def oldest_first(self) -> bool:
        """Whether the threads' numbers rise from one to the next: the board begins at its end."""
        numbers = [int(ad_id) for ad_id in self.states if ad_id.isdigit()]
        return len(numbers) >= IN_ORDER and numbers == sorted(numbers)


@dataclass
class Walk:
    """The way through one board, from its newest threads to those that the last walk saw.

    `known` is what was remembered then, `seen` what this walk came upon. It `failed` if a page
    could not be had; `whole` says that no thread was left out between the two.
    """

    board: str
    label: str = ""
    page: int = 1
    known: States = field(default_factory=dict)
    seen: States = field(default_factory=dict)
    failed: bool = False
    whole: bool = False

    def take(self, page: BoardPage) -> bool:
        """Notes what a page shows; says whether the walk has anything new from it."""
        fresh = [ad_id for ad_id in page.states if ad_id not in self.seen]
        self.seen |= page.states
        return bool(fresh)

    def reached(self, page: BoardPage) -> bool:
        """Whether a page ends with a thread that the last walk saw as it is.

        Threads are in the order of their last change, so all behind it was seen as well. A thread
        in the middle may be one that was moved here or is pinned without a sign of it.
        """
        last = next(reversed(page.states), None)
        return last is not None and self.known.get(last) == page.states[last]


def remember(walk: Walk, keywords: Iterable[str]) -> Document:
    """What the next run has to know of a walk."""
    threads = walk.seen | {key: state for key, state in walk.known.items() if key not in walk.seen}
    newest = list(threads.items())[:REMEMBERED]
    return {
        "threads": [f"{ad_id} {state}" for ad_id, state in newest],
        "keywords": sorted(keywords),
    }


def remembered(document: Document) -> States:
    """The threads of what `remember` gave."""
    pairs = (each.partition(" ") for each in document["threads"])
    return {ad_id: state for ad_id, _, state in pairs}
