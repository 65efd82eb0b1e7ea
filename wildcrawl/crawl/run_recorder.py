"""Keeps a record of each run: what it searched, what it found, and how healthy it was."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.statscollectors import StatsCollector

from wildcrawl.base_spiders import SiteSpider
from wildcrawl.crawl.health import Past, coverage, judge, past_of
from wildcrawl.crawl.session import Session
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from twisted.python.failure import Failure

    from wildcrawl.items import Run

logger = logging.getLogger(__name__)


class RunRecorder:
    """Opens the store before the first request and closes it after the last write."""

    def __init__(self, session: Session, stats: StatsCollector) -> None:
        self.session = session
        self.stats = stats
        self.saved = False
        """Whether the store has the run as it ended."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        session = Session.of(crawler)
        recorder = cls(session, crawler.stats)
        # A store that cannot be had must stop the crawl here, before its first request.
        _ = session.store
        crawler.signals.connect(recorder.opened, signals.spider_opened)
        crawler.signals.connect(recorder.failed, signals.spider_error)
        crawler.signals.connect(recorder.item_failed, signals.item_error)
        crawler.signals.connect(recorder.closed, signals.spider_closed)
        return recorder

    def opened(self) -> None:
        self.session.store.save_run(self.session.run)

    def failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, CloseSpider):
            self.stats.inc_value("wildcrawl/errors")

    def item_failed(self) -> None:
        self.stats.inc_value("wildcrawl/errors")

    def closed(self, spider: Spider, reason: str) -> None:
        run = self.session.run
        stats = dict(self.stats.get_stats()) | {"finish_reason": reason, "wildcrawl/site": run.site}
        if isinstance(spider, SiteSpider):
            run.yields = spider.yields()
            stats["wildcrawl/keywords_unanswered"] = len(run.keywords) - len(run.yields)
            stats["wildcrawl/same_results"] = spider.first_pages.complaint()
        judgement = judge(
            stats,
            getattr(spider, "expect", {}),
            complete=is_complete(spider),
            limited=is_limited(spider),
            searched=bool(stats.get("wildcrawl/keywords")),
            past=self.past(),
        )
        run.finished = datetime.now(UTC)
        run.pages = stats.get("wildcrawl/pages", 0)
        run.requests = stats.get("downloader/request_count", 0)
        for name in ("found", "new", "seen", "set_aside", "irrelevant", "errors"):
            setattr(run, name, stats.get(f"wildcrawl/{name}", 0))
        run.coverage = coverage(stats)
        run.health, run.reason = judgement.health.value, judgement.reason
        run.complete = judgement.comparable
        run.in_full = run.complete and is_complete(spider)
        self.stats.set_value("wildcrawl/health", run.health)
        try:
            self.session.remember_passed_over()
            if isinstance(spider, SiteSpider):
                spider.ended(reason)
            self.session.store.save_run(run)
            self.saved = True
        except StoreError as error:
            logger.error("the run itself could not be stored: %s", error)
        self.session.store.close()
        logger.info("%s", run_line(run))

    def past(self) -> Past:
        """What the site gave in its earlier runs; nothing, if the store is away."""
        try:
            return past_of(self.session.store.runs(self.session.run.site))
        except StoreError as error:
            logger.warning("%s; the run is not held against earlier ones", error)
            return Past()


def is_complete(spider: Spider) -> bool:
    """Whether the run searched all that the spider's expectations are made for."""
    return bool(getattr(spider, "whole", True))


def is_limited(spider: Spider) -> bool:
    """Whether a person had it search for some keywords or on some pages only."""
    return bool(getattr(spider, "keywords_wanted", "") or getattr(spider, "pages_wanted", None))


def run_line(run: Run) -> str:
    """A run in one line: what it found, what it cost, and its health."""
    line = (
        f"{run.site}: {run.new} new, {run.seen} seen, {run.set_aside} set aside, "
        f"{run.irrelevant} irrelevant; {run.pages} search pages, {run.requests} requests: "
        f"{run.health or 'not finished'}"
    )
    return f"{line} ({run.reason})" if run.reason else line


class PlainLog(LogFormatter):
    """What is counted, or told in a sentence elsewhere, is no warning with a page of its own."""

    def dropped(
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult:
        return {
            "level": logging.DEBUG,
            "msg": "%(reason)s: %(exception)s",
            "args": {"reason": type(exception).__name__, "exception": exception},
        }

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        said = super().download_error(failure, request, spider, errmsg)
        # A request with an errback has its failure told there, in a sentence.
        return said if request.errback is None else said | {"level": logging.DEBUG}

    def scraped(self, item: Any, response: Any, spider: Spider) -> LogFormatterResult:
        return {
            "level": logging.DEBUG,
            "msg": "read %(site)s %(ad_id)s",
            "args": {"site": item.site, "ad_id": item.ad_id},
        }
