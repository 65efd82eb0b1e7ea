"""Comparison of two months, in all and on the sites that were searched in both."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from exports.rounding import change

if TYPE_CHECKING:
    from exports.dataset import ReportData


@dataclass(frozen=True)
class SameSites:
    """The comparison on the sites searched in both months.

    `only_now` and `only_before` are the sites searched in one of the months alone; the keywords
    are counted, and `other_keywords` tells whether they are not the same ones.
    """

    sites: frozenset[str]
    now: int
    then: int
    percent: Decimal | None
    only_now: tuple[str, ...]
    only_before: tuple[str, ...]
    keywords_now: int
    keywords_then: int
    other_keywords: bool

    @property
    def other_sites(self) -> bool:
        """Whether the sets of sites differ."""
        return bool(self.only_now or self.only_before)


@dataclass(frozen=True)
class Comparison:
    """A month compared with an earlier one; `percent` is None if the earlier one had none."""

    month: str
    now: int
    before: str
    then: int
    percent: Decimal | None
    same: SameSites


def year_before(month: str) -> str:
    """The same month of the year before."""
    return f"{int(month[:4]) - 1}{month[4:]}"


def why_unknown(data: ReportData, month: str) -> str:
    """Why `month` cannot be compared; "" if it can.

    `unread`: its records were not read, or it is before the first record, where 0 means nothing.
    `gap`: no site was searched. `unjudged`: too much of it waits for a verdict. `running`: it was
    not over when the report was made, so that its number will grow.
    """
    context, coverage = data.context, data.coverage
    if month not in context.months:
        read = bool(context.read_from) and context.read_from <= month
        begun = coverage.monitored(month) if coverage.known else "" < data.recorded_from <= month
        if not read or not begun:
            return "unread"
    if coverage.is_gap(month):
        return "gap"
    if data.judged(month).unfinished:
        return "unjudged"
    return "running" if context.is_running(month) else ""


def compare(data: ReportData, month: str, before: str) -> Comparison | None:
    """The numbers of two months; None if one of them is not known."""
    if why_unknown(data, month) or why_unknown(data, before):
        return None
    sites_now, sites_then = data.count_in(month, "site"), data.count_in(before, "site")
    now_searched, then_searched = data.coverage.searched(month), data.coverage.searched(before)
    both = now_searched & then_searched
    now, then = (sum(counts[(site,)] for site in both) for counts in (sites_now, sites_then))
    terms_now, terms_then = data.keywords(month), data.keywords(before)
    same = SameSites(
        sites=both,
        now=now,
        then=then,
        percent=change(now, then),
        only_now=tuple(sorted(now_searched - both)),
        only_before=tuple(sorted(then_searched - both)),
        keywords_now=len(terms_now),
        keywords_then=len(terms_then),
        other_keywords=terms_now != terms_then,
    )
    now, then = sites_now.total(), sites_then.total()
    return Comparison(month, now, before, then, change(now, then), same)
