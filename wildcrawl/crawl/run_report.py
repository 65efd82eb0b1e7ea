"""RunReport: a spider's report on its run, besides its stats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from scrapy import Spider


@dataclass(frozen=True)
class RunReport:
    """A spider's report once its run has ended; sentences are "" if there is nothing to report."""

    yields: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Keyword to the number of advertisements it found, and how many of them were unmatched."""
    unanswered: int = 0
    """Number of keywords that the site did not answer."""
    blocked_by: str = ""
    """Sentence: how the site refused further requests."""
    robots_fault: str = ""
    """Sentence: why robots.txt could not be fetched, so that no page was requested."""
    no_browser: str = ""
    """Sentence: why the browser that the site needs does not work."""
    failed_pages: int = 0
    """Number of failed pages, and below of unrecognised ones, that are not in the stats, since
    only the end of the run shows whether they are faults."""
    unrecognised_pages: int = 0
    misread: str = ""
    """Sentence: that the site reads keywords in another charset than they were sent in."""
    same_results: str = ""
    """Sentence: that the site returns the same for every keyword."""
    doubtful_ids: str = ""
    """Sentence: that ids are missing or shared, that one advertisement has several addresses, or
    that own pages are not those of their advertisements."""
    pages_due: str = ""
    """Sentence: how many own pages wait for a later run, also one that was blocked."""
    notes: tuple[str, ...] = ()
    """Sentences that belong in the run's reason and do not change its health."""
    lacking: str = ""
    """Sentence: that its pages lack what its spider declares: a form, a cursor, a first visit."""
    paging: str = ""
    """Sentence: that no page after the first could be read."""
    unread: str = ""
    """Sentence: that the site has more results than were read."""
    new_before: tuple[int, int] = (0, 0)
    """Advertisements that runs which this one continues stored as new, and set aside, and that no
    other run counts."""
    evidence_fault: str = ""
    """Sentence: why captures could not be written."""
    clock_fault: str = ""
    """Sentence: that the site's server has another day than this machine."""
    store_fault: str = ""
    """Sentence: what of the run the store does not have, or that the store is damaged."""
    limits: str = ""
    """Sentence: which searches met the declared page limit with more to read."""


@runtime_checkable
class ReportingSpider(Protocol):
    """A spider that adds to its run's record; other spiders are judged by their stats alone."""

    def run_report(self) -> RunReport:
        """The spider's part of the run's record, once the run has ended."""
        ...

    def ended(self, reason: str) -> None:
        """Stores what the next run needs; `reason` is why this one ended."""
        ...


def is_complete(spider: Spider) -> bool:
    """Whether the run was over all keywords and pages, as `expect` presumes."""
    return bool(getattr(spider, "whole", True))
