"""Site advice: the way of working that a site's volume calls for (50 advertisements a month)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wildcrawl.items import Health, Run
from wildcrawl.months import month_of

AUTOMATED_ABOVE = 50
"""More advertisements a month than this call for automated search (briefing, ways of working)."""
AUTOMATED, MANUAL, UNKNOWN = "automated search", "manual search", "not known yet"


@dataclass(frozen=True)
class Worked:
    """How a site is worked now."""

    automated: bool
    off: str = ""
    """Why it is off until somebody switches it on; empty if it is on."""


@dataclass(frozen=True)
class Advice:
    """What the volume calls for; `why`, where that is not known or not how the site is worked."""

    way: str
    why: str = ""


def advise(worked: Worked, month: str, count: int, runs: Sequence[Run]) -> Advice:
    """What `count` new advertisements of `month` say of a site with these `runs`, oldest first.

    A month in which nobody searched, or in which nothing could be searched, says nothing; nor
    does that of the first search, to which all that the site has is new.
    """
    mine = [run for run in runs if run.finished and month_of(run.started) == month]
    good = [run for run in mine if run.health not in (Health.BROKEN, Health.BLOCKED)]
    if good and month_of(runs[0].started) == month:
        return Advice(UNKNOWN, f"{month} was the month of its first search, to which all is new")
    if not good and not count:
        unsearched = "no search of it came to its end" if mine else "it was not searched"
        return Advice(UNKNOWN, f"{unsearched} in {month}" if runs else "")
    way = AUTOMATED if count > AUTOMATED_ABOVE else MANUAL
    return Advice(way, _difference(worked, way, month, count))


def _difference(worked: Worked, way: str, month: str, count: int) -> str:
    if (way == AUTOMATED) == worked.automated and not worked.off:
        return ""
    line = f"more than {AUTOMATED_ABOVE}" if way == AUTOMATED else f"{AUTOMATED_ABOVE} or fewer"
    volume = f"{count} new advertisements in {month}, {line}"
    if way == MANUAL and worked.automated:
        return f"{volume}: reading them by worksheet would do, and spare the site a crawl"
    if way == AUTOMATED and not worked.automated:
        return f"{volume}: an automated search would pay, if the site allows one"
    if worked.off and way == AUTOMATED:
        return f"{volume}, but it is off: {worked.off}"
    return ""
