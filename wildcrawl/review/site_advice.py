"""Site advice: automated or manual search, by a site's volume of advertisements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wildcrawl.items import Health, RunHead
from wildcrawl.months import month_of

AUTOMATED_ABOVE = 50
"""Advertisements a month above which automated search is advised (briefing, ways of working)."""
AUTOMATED, MANUAL, UNKNOWN = "automated search", "manual search", "not known yet"


@dataclass(frozen=True)
class Worked:
    """Current way of working of a site."""

    automated: bool
    off: str = ""
    """Reason why the site is switched off; empty if it is on."""


@dataclass(frozen=True)
class Advice:
    """Advised way of working; `why` explains why it is unknown or differs from the current one."""

    way: str
    why: str = ""


def advise(
    worked: Worked, month: str, count: int, runs: Sequence[RunHead], since: str = ""
) -> Advice:
    """Advice from `count` new advertisements in `month`; `runs` are the site's, oldest first.

    Months without a successful search give no advice, nor does the month of the first search, in
    which everything on the site is new. `since`: the month since which the site is monitored, if
    declared; else that of its first search.
    """
    mine = [run for run in runs if run.finished and month_of(run.started) == month]
    failed = (Health.BROKEN, Health.BLOCKED, Health.KILLED)
    good = [run for run in mine if run.health not in failed and not run.limited]
    if good and month_of(runs[0].started) == month:
        return Advice(
            UNKNOWN, f"{month} was the month of its first search, in which everything is new"
        )
    if not good and not count:
        unsearched = "no search of it finished" if mine else "it was not searched"
        begun = runs and (since or month_of(runs[0].started)) <= month
        return Advice(UNKNOWN, f"{unsearched} in {month}" if begun else "")
    way = AUTOMATED if count > AUTOMATED_ABOVE else MANUAL
    return Advice(way, _difference(worked, way, month, count))


def _difference(worked: Worked, way: str, month: str, count: int) -> str:
    if (way == AUTOMATED) == worked.automated and not worked.off:
        return ""
    line = f"more than {AUTOMATED_ABOVE}" if way == AUTOMATED else f"{AUTOMATED_ABOVE} or fewer"
    volume = f"{count} new advertisements in {month}, {line}"
    if way == MANUAL and worked.automated:
        return f"{volume}: a worksheet would be enough and would save the site a crawl"
    if way == AUTOMATED and not worked.automated:
        return f"{volume}: an automated search would be worth it, if the site allows one"
    if worked.off and way == AUTOMATED:
        return f"{volume}, but it is off: {worked.off}"
    return ""
