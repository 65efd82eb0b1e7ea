"""The verdict on one run: Scrapy ends a crawl of a changed site as 'finished' and exit code 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wildcrawl.items import Health

Stats = Mapping[str, Any]
SLACK = 0.85
"""A field's share may fall this far below the declared one before the site counts as changed."""


@dataclass(frozen=True)
class Judgement:
    """The health of a run and why, in a sentence."""

    health: Health
    reason: str


def judge(
    stats: Stats, expect: Mapping[str, float], *, complete: bool, searched: bool
) -> Judgement:
    """Judges a run by its stats against what its spider expects.

    `complete`: the whole vocabulary was searched without a limit set by hand, so that the
    expected number of advertisements holds. `searched`: the run asked the site; a worksheet
    or a records file is judged by its errors alone.
    """
    found = stats.get("wildcrawl/found", 0)
    if stats.get("wildcrawl/pages_blocked"):
        return Judgement(
            Health.BLOCKED, f"the site shut the crawl out after {found} advertisements"
        )
    if stats.get("wildcrawl/pages_forbidden"):
        return Judgement(
            Health.BLOCKED, "robots.txt forbids the search; work the site by worksheet"
        )
    faults = _faults(stats)
    if not searched:
        return Judgement(Health.BROKEN, faults) if faults else Judgement(Health.OK, "")
    if stats.get("finish_reason") not in ("finished", "unreachable", None):
        return Judgement(Health.THIN, f"stopped early ({stats['finish_reason']})")
    return _judge_search(stats, expect, found, faults, complete)


def _judge_search(
    stats: Stats, expect: Mapping[str, float], found: int, faults: str, complete: bool
) -> Judgement:
    gone = [text for name, share in expect.items() if (text := _field_gone(stats, name, share))]
    least = int(expect.get("advertisements", 0)) if complete else min(1, found)
    reasons = [*([faults] if faults else []), *gone]
    if least and not found:
        reasons.append(f"no advertisements, expected at least {least}")
    if reasons:
        return Judgement(Health.BROKEN, "; ".join(reasons))
    if found < least:
        return Judgement(Health.THIN, f"{found} advertisements, expected at least {least}")
    return Judgement(Health.OK, "")


def _field_gone(stats: Stats, name: str, share: float) -> str:
    total = stats.get("wildcrawl/field_base/" + name, 0)
    if name == "advertisements" or not total:
        return ""
    filled = stats.get(f"wildcrawl/filled/{name}", 0)
    if filled >= share * SLACK * total:
        return ""
    return f"{name} on {filled} of {total} advertisements, expected {share:.0%}"


_FAULTS: Sequence[tuple[str, str]] = (
    ("wildcrawl/errors", "errors in the code"),
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
    return ", ".join(found)
