"""What a site gave in its last good runs: what a new run is held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb
from statistics import median
from typing import TYPE_CHECKING

from wildcrawl.items import Health

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wildcrawl.items import Run

KEPT = 6
"""So many of the last good runs are looked at."""
ENOUGH = 3
"""From so many on they are a measure; one that a person accepted is by itself."""
SLACK = 0.85
"""A field's share may fall this far below what it was before the site counts as changed."""
SLACK_IN_PART = 0.6
"""The same for a search for some keywords only, whose goods may be others."""
FAR_BELOW = 0.5
"""Fewer advertisements than this share of the past are few."""
SOME = 5
"""Where so many were usual, none at all is no chance."""
_CHANCE = 0.01
_MANY = 100


@dataclass(frozen=True)
class Past:
    """A site's good runs, newest first; empty where there are too few to tell."""

    found: Sequence[int] = ()
    coverage: Mapping[str, Sequence[float]] = field(default_factory=dict)
    accepted: bool = False
    """Whether a person's word stands above what the spider declares it expects."""

    @property
    def usual(self) -> float:
        """Advertisements in a usual run."""
        return median(self.found) if self.found else 0.0

    def fallen(self, coverage: Mapping[str, tuple[int, int]], slack: float) -> dict[str, str]:
        """For each field that is filled far less often than it used to be, a sentence."""
        return {
            name: f"{name} on {filled} of {total} advertisements ({filled / total:.0%}), where it "
            f"used to be on {median(shares):.0%} ({_runs(shares)})"
            for name, shares in self.coverage.items()
            for filled, total in [coverage.get(name, (0, 0))]
            if total and _is_low(filled, total, shares, slack)
        }

    def few(self, found: int) -> str:
        """A sentence if a whole run found far fewer advertisements than usual, else ""."""
        if not self.found or found >= FAR_BELOW * self.usual or found >= min(self.found):
            return ""
        return f"{found or 'no'} advertisements, where {self.usual:g} are usual " + (
            f"({_runs(self.found)})"
        )


def past_of(runs: Iterable[Run]) -> Past:
    """The past of one site from its `runs`, oldest first; bad ones never become the measure.

    What a person accepted begins the site's past anew.
    """
    runs = list(runs)
    good: list[Run] = []
    for run in reversed(runs):
        if _is_good(run):
            good.append(run)
        if run.accepted or len(good) == KEPT:
            break
    enough = 1 if any(run.accepted for run in good) else ENOUGH
    found = [run.found for run in good if run.in_full and run.health != Health.QUIET]
    coverage: dict[str, list[float]] = {}
    for run in good:
        for name, (filled, total) in run.coverage.items():
            if total:
                coverage.setdefault(name, []).append(filled / total)
    return Past(
        found if len(found) >= enough else (),
        {name: shares for name, shares in coverage.items() if len(shares) >= enough},
        accepted=any(run.accepted for run in runs),
    )


def _is_good(run: Run) -> bool:
    return run.complete and (run.accepted or run.health in (Health.OK, Health.QUIET))


def _is_low(filled: int, total: int, shares: Sequence[float], slack: float) -> bool:
    """Whether so few are neither within the past's own ups and downs nor mere chance."""
    usual = median(shares)
    if filled / total >= min(usual * slack, min(shares)):
        return False
    return total > _MANY or _tail(filled, total, usual) < _CHANCE


def _tail(filled: int, total: int, share: float) -> float:
    """How likely `filled` of `total` or fewer are where each is filled with a chance `share`."""
    share = min(share, 0.98)
    return sum(
        comb(total, count) * share**count * (1 - share) ** (total - count)
        for count in range(filled + 1)
    )


def _runs(past: Sequence[float]) -> str:
    return f"median of the last {len(past)} good runs" if len(past) > 1 else "as accepted"


def accept(runs: Iterable[Run], site: str) -> Run:
    """The last whole run of `runs`, a site's, marked as the new normal; it is still to be stored.

    ValueError if there is none: a run in part, a faulty or a blocked one is no measure.
    """
    whole = [run for run in runs if run.complete]
    if not whole:
        raise ValueError(
            f"{site} has no whole run without faults that could be accepted; search it whole "
            f"first: scrapy crawl {site}"
        )
    run = whole[-1]
    if run.health != Health.OK:
        run.reason = f"accepted; it was {run.health}: {run.reason}"
    run.health, run.accepted = Health.OK.value, True
    return run
