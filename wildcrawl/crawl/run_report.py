"""RunReport: what a spider reports of its run, besides what it counts in the stats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class RunReport:
    """What a spider reports once its run has ended; the sentences are "" for nothing to report."""

    yields: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Keyword to how many advertisements it found, and in how many of them nothing matched."""
    unanswered: int = 0
    """Number of keywords to which the site gave no answer."""
    blocked_by: str = ""
    """How the site refused further requests."""
    no_browser: str = ""
    """Why the browser that the site needs does not work."""
    same_results: str = ""
    """That the site returns the same for every keyword."""


@runtime_checkable
class ReportingSpider(Protocol):
    """A spider that adds to its run's record; one that does not is judged by its stats alone."""

    def run_report(self) -> RunReport:
        """What the run's record takes from the spider once the run has ended."""
        ...

    def ended(self, reason: str) -> None:
        """Stores what the next run has to know, at the end of a run that ended for `reason`."""
        ...
