"""Stated totals: sites that state more results than they show, in the same proportion."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Protocol

from wildcrawl.analysis.result_totals import named_numbers
from wildcrawl.base_spiders.searched import Ending, Searched

ENOUGH = 3
"""Searches of the same proportion that make it the site's."""
MOST = 4 / 3
"""Proportion of the stated to the shown results beyond which results are missing: a quarter."""
LEAST = 1.02
SLACK = 1.5
"""Results by which a total may differ from the proportion, since sites count whole ones."""


LEAST_MISSING = 3
TOLERATED = 0.1
"""Share of a named total that may be missing, since goods are sold while a list is read."""


class NamedTotals:
    """Compares numbers that only the sources of first pages hold with what the searches saw.

    One by the name that equals what several searches of different lengths saw, and is less than
    that of none, is the number of results: it shows which other searches lack some.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}
        """By name, then by phrase."""

    def add(self, phrase: str, source: str) -> None:
        """Records the source of the first page of a search."""
        for name, number in named_numbers(source).items():
            self._numbers.setdefault(name, {})[phrase] = number

    def message(self, searches: Sequence[Searched]) -> str:
        """A sentence if searches saw far less than such a number, else ""."""
        limited = (Ending.LIMIT, Ending.FAILED, Ending.ERROR)
        ended = [each for each in searches if each.seen and each.ending not in limited]
        for name, numbers in self._numbers.items():
            named = [(each, numbers[each.phrase]) for each in ended if each.phrase in numbers]
            reached = {each.seen for each, number in named if each.seen == number}
            if len(reached) < ENOUGH or any(number < each.seen for each, number in named):
                continue
            short = [
                f"'{each.phrase}': {each.seen} of {number}"
                for each, number in named
                if number - each.seen >= max(LEAST_MISSING, TOLERATED * number) and not each.stated
            ]
            if short:
                more = f" and {len(short) - ENOUGH} more" if len(short) > ENOUGH else ""
                return (
                    f"the pages name their number of results in their source ('{name}'), which "
                    f"{len(short)} searches did not reach ({', '.join(short[:ENOUGH])}{more})"
                )
        return ""


class Counted(Protocol):
    """A search with the number of results that its site states, and those that it saw."""

    @property
    def total(self) -> int | None: ...
    @property
    def seen(self) -> int: ...
    @property
    def sizes(self) -> Sequence[int]:
        """The number of results on each page."""
        ...


def overcount(ended: Sequence[Counted], longest: int) -> float:
    """How many times as many results a site states as it shows; 1.0 if in no fixed proportion.

    `ended` are the searches that its own pager ended; `longest` is the length of a full page. Only
    lists that end with a page that is not full tell how many results there are, and only one of
    several pages that the site counts too many: a single one may lack the rest of its results.
    """
    whole = [each for each in ended if each.total and each.sizes[-1] < longest]
    several = any(len(each.sizes) > 1 and each.seen >= ENOUGH for each in whole)
    return _ratio(whole) if several else 1.0


def shortfall(ended: Sequence[Counted]) -> float:
    """How many times as many results a site states as its lists of one page show; else 1.0.

    On all of them alike, this is neither a page that is full, nor goods that were sold.
    """
    whole = [each for each in ended if each.total]
    alone = all(len(each.sizes) == 1 for each in whole)
    more = [each for each in whole if (each.total or 0) > each.seen >= ENOUGH]
    return _ratio(whole) if alone and len(more) >= ENOUGH else 1.0


def _ratio(whole: Sequence[Counted]) -> float:
    """The proportion of the stated to the shown results that all lists have; else 1.0."""
    large = [each for each in whole if each.seen >= ENOUGH]
    if len({each.total for each in large}) < ENOUGH:
        return 1.0
    ratio = median((each.total or 0) / each.seen for each in large)
    if not LEAST < ratio <= MOST or not all(is_counted(each, ratio) for each in whole):
        return 1.0
    return ratio


def is_counted(searched: Counted, ratio: float) -> bool:
    """Whether a search saw as many of its stated results as are shown by a site's `ratio`."""
    total = searched.total or 0
    return abs(total - ratio * searched.seen) <= max(SLACK, 0.05 * total)
