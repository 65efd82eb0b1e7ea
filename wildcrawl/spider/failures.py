"""What a failed request or an unreadable page tells of a site, and when to leave it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.exceptions import CloseSpider, IgnoreRequest

from wildcrawl.spider.pages import Blocked, PageError

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.statscollectors import StatsCollector
    from twisted.python.failure import Failure

GIVE_UP = 8
"""A site of which so many pages in a row could not be had, and none was, is left alone."""
REFUSED = (401, 403, 407, 429, 451)
"""Answers by which a site says that it wants no such requests."""


class FailureCounting(Spider):
    """Counts what goes wrong; what the site means as a refusal ends the run, politely."""

    @property
    def stats(self) -> StatsCollector:
        assert self.crawler.stats is not None
        return self.crawler.stats

    def skip_page(self, response: Response, error: PageError) -> None:
        """Counts a page that cannot be read; a block ends the run, politely."""
        self.stats.inc_value(f"wildcrawl/pages_{error.kind}")
        self.logger.warning("%s: %s", response.url, error)
        if isinstance(error, Blocked):
            raise CloseSpider("blocked")

    def request_failed(self, failure: Failure) -> None:
        """Counts a failed request by what it tells of the site."""
        response = getattr(failure.value, "response", None)
        url = failure.request.url  # type: ignore[attr-defined]
        if response is None and isinstance(failure.value, IgnoreRequest):
            self.stats.inc_value("wildcrawl/pages_forbidden")
            self.logger.warning("robots.txt forbids %s", url)
            raise CloseSpider("robots.txt")
        if response is not None and response.status in REFUSED:
            self.stats.inc_value("wildcrawl/pages_blocked")
            self.logger.warning("%s answered %d: blocked", url, response.status)
            raise CloseSpider("blocked")
        self.stats.inc_value("wildcrawl/pages_failed")
        self.logger.warning(
            "%s could not be read: %s", url, failure.getErrorMessage() or failure.type
        )
        failed = self.stats.get_value("wildcrawl/pages_failed")
        if failed >= GIVE_UP and not self.stats.get_value("wildcrawl/pages"):
            raise CloseSpider("unreachable")
