"""The verdict on one run: Scrapy ends a crawl of a changed site as 'finished' and exit code 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wildcrawl.crawl.history import SLACK, SLACK_IN_PART, SOME, Past
from wildcrawl.items import Health

Stats = Mapping[str, Any]
FAILED = (Health.BROKEN, Health.BLOCKED)
"""What somebody has to look after; a site that is quiet has done nothing wrong."""
NOTHING = Past()
_RAN_OUT = ("finished", "unreachable", "unrecognised", None)
"""Scrapy's words for the end of a run that nobody and no limit cut short."""


@dataclass(frozen=True)
class Judgement:
    """The health of a run and why, in a sentence."""

    health: Health
    reason: str
    comparable: bool = False
    """Whether what the run found says how the site is, so that later runs may be held to it."""


def judge(
    stats: Stats,
    expect: Mapping[str, float],
    *,
    complete: bool,
    searched: bool,
    limited: bool | None = None,
    past: Past = NOTHING,
) -> Judgement:
    """Judges a run by its stats against what its spider expects and what the site gave before.

    `complete`: all that the site has was searched for the whole vocabulary, so that the number
    of advertisements means something. `limited`: a person set a limit; if not given, whatever is
    not complete is limited. `searched`: the run asked the site; a worksheet
    or a records file is judged by its errors, and a worksheet by its gaps.
    """
    found = stats.get("wildcrawl/found", 0)
    shut = _shut_out(stats, found)
    if shut:
        return Judgement(Health.BLOCKED, shut)
    faults = _faults(stats)
    if not searched:
        return Judgement(Health.BROKEN, faults) if faults else _judge_by_hand(stats)
    limited = not complete if limited is None else limited
    # What a person accepted stands above what was once declared.
    expect = {} if past.accepted else expect
    wrong = [*([faults] if faults else []), *_lost(stats, expect, past, limited=limited)]
    if stats.get("finish_reason") not in _RAN_OUT:
        wrong.append(f"stopped early ({stats['finish_reason']})")
        health = Health.BROKEN if len(wrong) > 1 else Health.THIN
        return Judgement(health, "; ".join(wrong))
    least = int(expect.get("advertisements", 0)) if complete else 0
    few = _few(found, least, past, complete=complete)
    if few and not found and (least or past.usual >= SOME) and complete:
        wrong.append(few)
    comparable = not limited and not faults
    if wrong:
        return Judgement(Health.BROKEN, "; ".join(wrong), comparable)
    unanswered = stats.get("wildcrawl/keywords_unanswered", 0)
    if few and unanswered:
        return Judgement(Health.THIN, f"{few}; {unanswered} keywords got no answer")
    return Judgement(Health.QUIET if few else Health.OK, few, comparable)


def _judge_by_hand(stats: Stats) -> Judgement:
    """A worksheet in which every keyword was searched is told from one with gaps."""
    gaps = stats.get("wildcrawl/keywords_unsearched", 0)
    if not gaps:
        return Judgement(Health.OK, "")
    return Judgement(Health.THIN, f"{gaps} keywords of the worksheet were not searched")


def coverage(stats: Stats) -> dict[str, tuple[int, int]]:
    """Field to in how many advertisements it was filled, and of how many it was looked up."""
    prefix = "wildcrawl/field_base/"
    return {
        name: (stats.get(f"wildcrawl/filled/{name}", 0), total)
        for name, total in (
            (key.removeprefix(prefix), value)
            for key, value in stats.items()
            if key.startswith(prefix)
        )
    }


def _shut_out(stats: Stats, found: int) -> str:
    """How the site or its robots.txt keeps us out, "" if neither does."""
    if stats.get("wildcrawl/pages_blocked"):
        why = stats.get("wildcrawl/blocked_by", "")
        shut = f"the site shut the crawl out after {found} advertisements"
        return f"{shut}: {why}" if why else shut
    if stats.get("wildcrawl/pages_forbidden") and stats.get("wildcrawl/robots_down"):
        down = stats["wildcrawl/robots_down"]
        return f"robots.txt could not be had (it answered {down}), so nothing was asked for"
    if stats.get("wildcrawl/pages_forbidden"):
        by_hand = stats.get("wildcrawl/site", "SITE")
        return (
            f"robots.txt forbids the search; work the site by worksheet: scrapy worksheet {by_hand}"
        )
    return ""


def _few(found: int, least: int, past: Past, *, complete: bool) -> str:
    """A sentence if a run found less than it should; any run that found nothing."""
    if complete and (few := past.few(found)):
        return few
    if found < least:
        return f"{found or 'no'} advertisements, expected at least {least}"
    return "" if found else "no advertisements; the site has nothing for what was searched"


def _lost(stats: Stats, expect: Mapping[str, float], past: Past, *, limited: bool) -> list[str]:
    """A sentence for each field that is gone from too many advertisements."""
    covered = coverage(stats)
    below = {
        name: f"{name} on {filled} of {total} advertisements, expected {share:.0%}"
        for name, share in expect.items()
        for filled, total in [covered.get(name, (0, 0))]
        if name != "advertisements" and filled < share * SLACK * total
    }
    fallen = past.fallen(covered, SLACK_IN_PART if limited else SLACK)
    return list((below | fallen).values())


_FAULTS: Sequence[tuple[str, str]] = (
    ("wildcrawl/errors", "errors in the code"),
    ("wildcrawl/pages_missing", "pages that the site says are not there"),
    ("wildcrawl/pages_unrecognised", "pages that show neither results nor 'nothing found'"),
    ("wildcrawl/pages_unreadable", "unreadable pages"),
    ("wildcrawl/pages_failed", "pages that could not be had"),
    ("wildcrawl/store_errors", "failed writes to the store"),
)
TOLERATED = 0.05
"""The share of pages that may fail on a bad day without a site being broken."""


def _faults(stats: Stats) -> str:
    pages = stats.get("wildcrawl/pages", 0) + stats.get("wildcrawl/details", 0)
    found = [
        f"{stats[name]} {words}"
        for name, words in _FAULTS
        if stats.get(name, 0) > (0 if name == "wildcrawl/errors" else TOLERATED * pages)
    ]
    if stats.get("wildcrawl/same_results"):
        found.append(stats["wildcrawl/same_results"])
    return ", ".join(found)
