"""Failure counting: failed requests and unreadable pages, and when they end a run."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from wildcrawl.base_spiders.block_detection import check_empty, leads_away
from wildcrawl.base_spiders.responses import Blocked, PageError, guess_of, readable
from wildcrawl.base_spiders.site import Site
from wildcrawl.crawl.addresses import AddressMiddleware, AddressRefused
from wildcrawl.crawl.certificates import is_of_certificate
from wildcrawl.crawl.cut_pages import WholePageMiddleware
from wildcrawl.crawl.middlewares import (
    FORBIDDEN,
    RETRY_LATER_STATUSES,
    SiteClosed,
    SiteThrottleMiddleware,
    retry_after,
    retry_after_message,
)
from wildcrawl.crawl.robots import RobotsUnreachable
from wildcrawl.crawl.run_report import RunReport
from wildcrawl.crawl.stats import Stat
from wildcrawl.crawl.stopping import DownloadStopped

GIVE_UP = 8
"""Pages in a row that could not be fetched or read, after which the run ends."""
REFUSED = (401, 403, 407, 412, 418, 429, 451, 521)
"""Status codes with which a site, or a firewall before it, refuses requests."""


class FailureCounting(Site):
    """Counts failures; a refusal by the site ends the run."""

    blocked_by = ""
    """How the site refused further requests, as a sentence."""
    bad_certificate = ""
    """That a certificate of the site is not valid, as a sentence."""
    robots_fault = ""
    """Why robots.txt could not be fetched, if that kept the run from its first page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.own_page_faults: Counter[str] = Counter()
        """Kind of a fault to the number of own pages that had it."""

    def log_fault(
        self, request: Request | None, url: str, why: str, *, fetched: bool = True
    ) -> None:
        """Logs a fault of a page; of own pages the first of its kind, `ended` counts the rest."""
        level = logging.WARNING
        if request is not None and "row" in request.cb_kwargs:
            kind = why.replace(url, "…")
            self.own_page_faults[kind] += 1
            level = logging.WARNING if self.own_page_faults[kind] == 1 else logging.DEBUG
        if fetched:
            self.logger.log(level, "%s: %s", url, why)
        else:
            self.logger.log(level, "%s could not be fetched: %s", url, why)

    def ended(self, reason: str) -> None:
        for kind, number in self.own_page_faults.items():
            if number > 1:
                self.logger.warning("%d own pages were not read for this reason: %s", number, kind)
        super().ended(reason)

    def run_report(self) -> RunReport:
        report = super().run_report()
        cut, doubtful = self._cut_pages()
        return replace(
            report,
            blocked_by=self.blocked_by,
            robots_fault=self.robots_fault,
            unread=cut,
            notes=(*report.notes, *filter(None, (doubtful, *self.security_notes()))),
        )

    def security_notes(self) -> Iterator[str]:
        """Sentences about refused addresses and bad certificates; "" where there were none."""
        yield self._refused_addresses()
        if not self.verify_certificates and not self.worksheet:
            yield "its certificate is not verified, as its spider declares"
        yield self.bad_certificate

    def _refused_addresses(self) -> str:
        try:
            addresses = self.crawler.get_downloader_middleware(AddressMiddleware)
        except RuntimeError:
            # Without an engine, as when a worksheet is read in, nothing was requested.
            return ""
        return addresses.message() if addresses else ""

    def _cut_pages(self) -> tuple[str, str]:
        """Sentences about pages that the site cut off, and that may be cut off; "" if none are."""
        try:
            pages = self.crawler.get_downloader_middleware(WholePageMiddleware)
        except RuntimeError:
            return "", ""
        return (pages.message(), pages.doubt()) if pages else ("", "")

    def count_guess(self, page: Response) -> None:
        """Counts a page whose charset was guessed; the first of a run is logged."""
        guess = guess_of(page)
        if not guess:
            return
        self.stats.inc_value(Stat.PAGES_GUESSED)
        if self.stats.get_value(Stat.PAGES_GUESSED) == 1:
            self.logger.warning(
                "%s is not in the charset that it and the site declare: %s; such pages are read "
                "so. If every page is, declare this charset; keywords are then sent in it too",
                page.url,
                guess,
            )

    def skip_page(self, response: Response, error: PageError) -> None:
        """Counts a page that cannot be read; a block ends the run."""
        if isinstance(error, Blocked):
            self.shut_out(response.url, str(error))
        self.count_unread(error.stat, response.url, str(error), response.request)

    def count_unread(self, stat: str, url: str, why: str, request: Request | None = None) -> None:
        """Counts an unusable page under `stat`; ends the run if all of GIVE_UP pages were."""
        self.stats.inc_value(stat)
        self.log_fault(request, url, why)
        self.stats.inc_value(Stat.PAGES_UNREAD)
        unread = self.stats.get_value(Stat.PAGES_UNREAD)
        if unread >= GIVE_UP and not self.stats.get_value(Stat.PAGES_ANSWERED):
            raise CloseSpider("unrecognised")

    def shut_out(self, url: str, why: str) -> NoReturn:
        """Ends the run, since the site refuses further requests."""
        self.stats.inc_value(Stat.PAGES_BLOCKED)
        self.blocked_by = why
        self.logger.warning("%s: %s", url, why)
        SiteThrottleMiddleware.of(self.crawler).close_site(why)
        raise CloseSpider("blocked")

    def is_forbidden(self, failure: Failure) -> bool:
        """Whether robots.txt does not allow the request."""
        return isinstance(failure.value, IgnoreRequest) and FORBIDDEN in str(failure.value)

    def request_failed(self, failure: Failure) -> None:
        """Counts a failed request by its cause."""
        response = getattr(failure.value, "response", None)
        request: Request = failure.request  # type: ignore[attr-defined]
        if self.is_forbidden(failure):
            self._forbidden(request)
        if isinstance(failure.value, AddressRefused):
            self._led_away(failure.value)
        if isinstance(failure.value, RobotsUnreachable) and not self.stats.get_value(Stat.PAGES):
            self.note_certificate(request.url, str(failure.value))
            self._without_rules(failure.value)
        if isinstance(failure.value, SiteClosed):
            if not self.stats.get_value(Stat.PAGES_BLOCKED):
                self.shut_out(request.url, str(failure.value))
            return
        if response is not None:
            why = self.refusal(response)
            if why:
                self.shut_out(request.url, why)
        if isinstance(failure.value, DownloadStopped):
            return
        self.note_certificate(request.url, failure.getErrorMessage())
        self.stats.inc_value(Stat.PAGES_FAILED)
        self._log_failed(request, failure)
        failed = self.stats.get_value(Stat.PAGES_FAILED)
        if failed >= GIVE_UP and not self.stats.get_value(Stat.PAGES):
            raise CloseSpider("unreachable")

    def _log_failed(self, request: Request, failure: Failure) -> None:
        response = getattr(failure.value, "response", None)
        # A browser adds what it was doing, in further lines.
        why = failure.getErrorMessage().partition("\n")[0] or str(failure.type)
        if response is not None:
            why = f"it answered with status {response.status}"
        self.log_fault(request, request.url, why, fetched=False)

    def note_certificate(self, url: str, error: str) -> None:
        """Records that a certificate is not valid, if `error`, of a request to `url`, says so."""
        if is_of_certificate(error) and not self.bad_certificate:
            self.bad_certificate = (
                f"the certificate of {urlsplit(url).hostname} is not valid; if the site has no "
                "better one, its spider declares verify_certificates = False"
            )

    def _led_away(self, error: AddressRefused) -> None:
        """Ends the run if the site redirected to another site's login or challenge."""
        if error.led_from and leads_away(error.url) and not leads_away(error.led_from):
            self.shut_out(error.led_from, f"the site redirected to {error.url}")

    def refusal(self, response: Response) -> str:
        """A sentence if an answer with an error status refuses further requests, else ""."""
        now = datetime.now(UTC)
        wants_time = (
            response.status in RETRY_LATER_STATUSES and retry_after(response, now) is not None
        )
        if wants_time or response.status in REFUSED:
            return retry_after_message(response, now)
        try:
            check_empty(readable(response, self.charset))
        except Blocked as error:
            return str(error)
        except PageError:
            pass
        return ""

    def _without_rules(self, error: RobotsUnreachable) -> NoReturn:
        """Ends a run before its first page, since robots.txt could not be fetched."""
        if error.status:
            self.stats.inc_value(Stat.PAGES_FORBIDDEN)
            raise CloseSpider("robots.txt")
        self.stats.inc_value(Stat.PAGES_FAILED)
        self.robots_fault = str(error)
        raise CloseSpider("unreachable")

    def _forbidden(self, request: Request) -> NoReturn:
        """Ends the run, since robots.txt forbids the request."""
        if "redirect_urls" in request.meta and leads_away(request.url):
            self.shut_out(request.meta["redirect_urls"][0], f"the site redirected to {request.url}")
        self.stats.inc_value(Stat.PAGES_FORBIDDEN)
        self.logger.warning("robots.txt forbids %s", request.url)
        raise CloseSpider("robots.txt")
