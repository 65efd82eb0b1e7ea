"""Stats of a crawl: their names, and the counts of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Self

from scrapy.statscollectors import MemoryStatsCollector


class PlainStats(MemoryStatsCollector):
    """Scrapy's stats, counted without its look-up of each method for a deprecated argument."""

    __getattribute__ = object.__getattribute__


class ItemStat:
    """The names under which Scrapy counts items."""

    SCRAPED: Final = "item_scraped_count"
    DROPPED: Final = "item_dropped_count"
    DROPPED_BY: Final = "item_dropped_reasons_count/"
    """Beginning of the names of dropped items by the class of the exception."""


class Stat:
    """The names of the project's stats, as Scrapy's log and scrapyd show them.

    No other module spells one out: a misspelt name would silently read as 0.
    """

    # The search
    KEYWORDS: Final = "wildcrawl/keywords"
    KEYWORDS_DONE: Final = "wildcrawl/keywords_done"
    KEYWORDS_RESUMED: Final = "wildcrawl/keywords_resumed"
    """Keywords that an unfinished run of the month has searched."""
    KEYWORDS_UNSEARCHED: Final = "wildcrawl/keywords_unsearched"
    """Keywords of a worksheet that are neither ticked nor have an advertisement."""
    KEYWORDS_UNSENDABLE: Final = "wildcrawl/keywords_unsendable"
    """Searches that cannot be written in the site's charset."""
    PAGES: Final = "wildcrawl/pages"
    """Pages of results, or of boards, that got any answer."""
    PAGE_LIMITS_REACHED: Final = "wildcrawl/page_limits_reached"
    LIMITED: Final = "wildcrawl/limited"
    """Searches, or boards, that -a pages ended before the declared page limit."""
    DETAILS: Final = "wildcrawl/details"
    """Advertisements' own pages."""
    DETAILS_ELSEWHERE: Final = "wildcrawl/details_elsewhere"
    """Own pages on other sites, which are never visited."""
    DETAILS_FAILED: Final = "wildcrawl/details_failed"
    THREADS: Final = "wildcrawl/threads"
    ROWS_EMPTY: Final = "wildcrawl/rows_empty"
    ROWS_UNDRAWN: Final = "wildcrawl/rows_undrawn"
    """Results that a page in a browser fetched but did not show."""
    ROWS_RECOMMENDED: Final = "wildcrawl/rows_recommended"
    """Goods that the site recommends in place of results."""

    # Unusable pages, by cause
    PAGES_ANSWERED: Final = "wildcrawl/pages_answered"
    """Pages that showed results, or an empty result."""
    PAGES_UNREAD: Final = "wildcrawl/pages_unread"
    """Unusable pages, of any cause."""
    PAGES_UNREADABLE: Final = "wildcrawl/pages_unreadable"
    PAGES_UNRECOGNISED: Final = "wildcrawl/pages_unrecognised"
    PAGES_MISSING: Final = "wildcrawl/pages_missing"
    PAGES_WITHHELD: Final = "wildcrawl/pages_withheld"
    PAGES_BLOCKED: Final = "wildcrawl/pages_blocked"
    PAGES_FAILED: Final = "wildcrawl/pages_failed"
    PAGES_FORBIDDEN: Final = "wildcrawl/pages_forbidden"
    PAGES_GUESSED: Final = "wildcrawl/pages_guessed"
    """Pages read in a charset that nothing names, or with repaired text."""
    ADDRESSES_REFUSED: Final = "wildcrawl/addresses_refused"
    """Addresses to which pages led, and which were not requested."""
    ROBOTS_DOWN: Final = "wildcrawl/robots_down"
    """Status code of a failed request for robots.txt."""

    # Advertisements
    FOUND: Final = "wildcrawl/found"
    NEW: Final = "wildcrawl/new"
    SEEN: Final = "wildcrawl/seen"
    CHANGED: Final = "wildcrawl/changed"
    SOLD: Final = "wildcrawl/sold"
    """Known advertisements that their sellers marked as sold."""
    REUSED: Final = "wildcrawl/reused"
    """Ids of known advertisements that show another one than before."""
    SET_ASIDE: Final = "wildcrawl/set_aside"
    RAISED: Final = "wildcrawl/raised"
    """Advertisements that the second reader raised of what the rules passed over."""
    UNMATCHED: Final = "wildcrawl/irrelevant"
    """Advertisements in which nothing matched."""
    DUPLICATES: Final = "wildcrawl/duplicates"
    ROWS: Final = "wildcrawl/rows"
    """Rows of a file, those that were rejected included; of a worksheet, those filled in."""
    REJECTED: Final = "wildcrawl/rejected"
    """Rows of a file that were rejected."""
    VERDICTS: Final = "wildcrawl/verdicts/"
    """Verdicts of a file's rows, by what became of them."""
    SITES_UNKNOWN: Final = "wildcrawl/sites_unknown"
    """Rows of a file whose site is not a declared one."""

    # Evidence
    CAPTURES: Final = "wildcrawl/captures"
    """Advertisements whose page was captured."""
    CAPTURES_DUE: Final = "wildcrawl/captures_due"
    """Advertisements whose capture is left to the next run that shows them."""
    CAPTURES_FAILED: Final = "wildcrawl/captures_failed"
    """Captures that could not be written."""
    PICTURES_REQUESTED: Final = "wildcrawl/pictures_requested"
    """Requests for pictures, and for the robots.txt of their hosts."""
    PICTURES_BYTES: Final = "wildcrawl/pictures_bytes"
    """Bytes of the answers to them."""
    PICTURES_KEPT: Final = "wildcrawl/pictures_kept"
    PICTURES_REUSED: Final = "wildcrawl/pictures_reused"
    """Pictures that were fetched before, and cost no request."""
    PICTURES_SKIPPED: Final = "wildcrawl/pictures_skipped"
    """Pictures that were not captured, for any reason."""
    PICTURES_SKIPPED_FOR: Final = "wildcrawl/pictures_skipped/"
    """Prefix of a reason: number of pictures that were not captured for it."""

    # The run
    ERRORS: Final = "wildcrawl/errors"
    STORE_ERRORS: Final = "wildcrawl/store_errors"
    HEALTH: Final = "wildcrawl/health"

    FIELD_BASE: Final = "wildcrawl/field_base/"
    """Prefix of a field's name: number of advertisements in which it was looked up."""
    FILLED: Final = "wildcrawl/filled/"
    """Prefix of a field's name: number of advertisements in which it was filled."""
    PRICE: Final = "wildcrawl/price/"
    """Prefix of a price's kind: number of prices of that kind."""


def _counted(stat: str) -> int:
    """A field of RunCounts that takes its value from `stat`."""
    count: int = field(default=0, metadata={"stat": stat})
    return count


def _by_name(stats: Mapping[str, Any], prefix: str) -> dict[str, int]:
    """The counts whose name begins with `prefix`, by the rest of it."""
    return {
        key.removeprefix(prefix): number for key, number in stats.items() if key.startswith(prefix)
    }


@dataclass(frozen=True)
class RunCounts:
    """Counts of a run: all values that its record and its health take from the stats.

    `robots_down` is a status code, 0 if robots.txt was given.
    """

    keywords: int = _counted(Stat.KEYWORDS)
    keywords_unsearched: int = _counted(Stat.KEYWORDS_UNSEARCHED)
    requests: int = _counted("downloader/request_count")
    pages: int = _counted(Stat.PAGES)
    limited: int = _counted(Stat.LIMITED)
    details: int = _counted(Stat.DETAILS)
    pages_unreadable: int = _counted(Stat.PAGES_UNREADABLE)
    pages_unrecognised: int = _counted(Stat.PAGES_UNRECOGNISED)
    pages_missing: int = _counted(Stat.PAGES_MISSING)
    pages_blocked: int = _counted(Stat.PAGES_BLOCKED)
    pages_failed: int = _counted(Stat.PAGES_FAILED)
    pages_forbidden: int = _counted(Stat.PAGES_FORBIDDEN)
    robots_down: int = _counted(Stat.ROBOTS_DOWN)
    found: int = _counted(Stat.FOUND)
    new: int = _counted(Stat.NEW)
    seen: int = _counted(Stat.SEEN)
    sold: int = _counted(Stat.SOLD)
    reused: int = _counted(Stat.REUSED)
    set_aside: int = _counted(Stat.SET_ASIDE)
    irrelevant: int = _counted(Stat.UNMATCHED)
    rows: int = _counted(Stat.ROWS)
    rejected: int = _counted(Stat.REJECTED)
    errors: int = _counted(Stat.ERRORS)
    store_errors: int = _counted(Stat.STORE_ERRORS)
    captures: int = _counted(Stat.CAPTURES)
    captures_due: int = _counted(Stat.CAPTURES_DUE)
    captures_failed: int = _counted(Stat.CAPTURES_FAILED)
    pictures_kept: int = _counted(Stat.PICTURES_KEPT)
    pictures_reused: int = _counted(Stat.PICTURES_REUSED)
    pictures_skipped: int = _counted(Stat.PICTURES_SKIPPED)
    prices: Mapping[str, int] = field(default_factory=dict)
    """Kind of a price to the number of prices of that kind."""
    coverage: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Field to the number of advertisements that have it, and of those that could have it."""
    most_skipped_for: str = ""
    """The commonest reason for which pictures were not captured; "" if all were."""

    @classmethod
    def from_stats(cls, stats: Mapping[str, Any]) -> Self:
        """Reads the counts from Scrapy's `stats`; a missing one is 0."""
        counts = {
            count.name: stats.get(count.metadata["stat"], 0)
            for count in fields(cls)
            if "stat" in count.metadata
        }
        coverage = {
            name: (stats.get(Stat.FILLED + name, 0), total)
            for name, total in _by_name(stats, Stat.FIELD_BASE).items()
        }
        skipped = _by_name(stats, Stat.PICTURES_SKIPPED_FOR)
        reason = max(skipped, key=lambda name: skipped[name], default="")
        prices = _by_name(stats, Stat.PRICE)
        return cls(**counts, prices=prices, coverage=coverage, most_skipped_for=reason)
