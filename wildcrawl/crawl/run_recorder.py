"""Run recorder: stores what each run searched, what it found, and its health."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.statscollectors import StatsCollector
from twisted.python.failure import Failure

from wildcrawl.analysis.singular import in_number
from wildcrawl.crawl.health import Baseline, baseline_of, judge
from wildcrawl.crawl.log_contacts import hide_contacts_in_logs
from wildcrawl.crawl.logs import agree_in_logs
from wildcrawl.crawl.run_report import ReportingSpider, RunReport, is_complete
from wildcrawl.crawl.session import Session
from wildcrawl.crawl.stats import RunCounts, Stat
from wildcrawl.items import Run
from wildcrawl.processes import own_process
from wildcrawl.store import StoreError

logger = logging.getLogger(__name__)


class RunRecorder:
    """Opens the store before the first request and closes it after the last write."""

    def __init__(self, session: Session, stats: StatsCollector) -> None:
        self.session = session
        self.stats = stats
        self.saved = False
        """Whether the finished run is stored."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        assert crawler.stats is not None
        session = Session.of(crawler)
        recorder = cls(session, crawler.stats)
        hide_contacts_in_logs()
        agree_in_logs()
        # An unavailable store must stop the crawl here, before its first request.
        _ = session.store
        crawler.signals.connect(recorder.opened, signals.spider_opened)
        crawler.signals.connect(recorder.failed, signals.spider_error)
        crawler.signals.connect(recorder.item_failed, signals.item_error)
        crawler.signals.connect(recorder.closed, signals.spider_closed)
        return recorder

    def opened(self) -> None:
        # Until the run is judged and stored.
        self.session.failed = True
        logger.info("%s: the run %s begins", self.session.run.site, self.session.run.id)
        store, run = self.session.store, self.session.run
        run.process = own_process()
        try:
            store.save_run(run)
            store.check_present(run.id)
        except StoreError as error:
            logger.error("the start of the run could not be stored: %s", error)
        else:
            self.session.run_stored = True

    def failed(self, failure: Failure) -> None:
        if not isinstance(failure.value, CloseSpider):
            self.stats.inc_value(Stat.ERRORS)

    def item_failed(self) -> None:
        self.stats.inc_value(Stat.ERRORS)

    def closed(self, spider: Spider, reason: str) -> None:
        run = self.session.run
        self.log_verdicts()
        report = self.report_of(spider)
        counts = RunCounts.from_stats(self.stats.get_stats())
        report = with_evidence(report, counts, self.session.evidence_fault)
        report = with_absent(
            report, self.session.evidence_gone, known=self.session.evidence_gone_before
        )
        clock_fault = self.session.clock_fault
        faults = (self.session.store_gone, self.session.store_fault)
        store_fault = "; ".join(filter(None, faults))
        report = replace(report, store_fault=store_fault, clock_fault=clock_fault)
        complete = is_complete(spider)
        judgement = judge(
            counts,
            getattr(spider, "expect", {}),
            site=run.site,
            finish_reason=reason,
            report=report,
            complete=complete,
            limited=is_limited(spider),
            searched=bool(counts.keywords),
            baseline=self.baseline(),
        )
        run.finished = datetime.now(UTC)
        run.process = ""
        note_counts(run, counts, report)
        run.health, run.reason = judgement.health.value, judgement.reason
        run.complete = judgement.comparable
        run.in_full = run.complete and complete
        self.stats.set_value(Stat.HEALTH, run.health)
        try:
            if self.session.store_gone:
                # Only the run's end, since what later runs need of it would be wrong there.
                self.session.reopen_store()
            else:
                self.session.unmatched.save(self.session.store)
                if isinstance(spider, ReportingSpider):
                    spider.ended(reason)
            self.session.store.save_run(run)
            self.saved = True
        except StoreError as error:
            logger.error("the run itself could not be stored: %s", error)
        self.session.store.close()
        self.session.failed = bool(report.store_fault or clock_fault) or not self.saved
        self.say_verdict(run)

    def log_verdicts(self) -> None:
        """Writes the verdicts of a file's rows, which the store has, to the custody log.

        So are those of imports that were killed.
        """
        session = self.session
        if not session.verdicts_noted or session.store_gone:
            return
        from wildcrawl.evidence import EvidenceError
        from wildcrawl.evidence.imported import complete, log_verdicts

        try:
            log_verdicts(session.store, session.verdicts, session.run.id, session.file_digest)
            complete(session.store)
        except (StoreError, EvidenceError, OSError) as error:
            self.stats.inc_value(Stat.ERRORS)
            logger.error("the custody log lacks verdicts that the store has: %s", error)

    def report_of(self, spider: Spider) -> RunReport:
        """What a spider reports of its run; an error in that makes the run broken."""
        if not isinstance(spider, ReportingSpider):
            return RunReport()
        try:
            return spider.run_report()
        except Exception:
            logger.exception("the report of the run could not be made")
            self.stats.inc_value(Stat.ERRORS)
            return RunReport()

    def say_verdict(self, run: Run) -> None:
        """Logs the run and its health in a line, which is the last of a good run."""
        fields = {"site": run.site, "health": run.health, "run": run.id}
        logger.info("%s", run_line(run), extra=fields)

    def baseline(self) -> Baseline:
        """The site's baseline from earlier runs; empty if the store cannot be reached."""
        try:
            return baseline_of(self.session.store.runs(self.session.run.site))
        except StoreError as error:
            logger.warning("%s; the run is not compared with earlier ones", error)
            return Baseline()


def note_counts(run: Run, counts: RunCounts, report: RunReport) -> None:
    """Writes what was counted in a run, and what an earlier part of it counted, to its record."""
    run.pages, run.requests = counts.pages, counts.requests
    run.found, run.new, run.seen = counts.found, counts.new, counts.seen
    run.sold, run.reused = counts.sold, counts.reused
    run.set_aside, run.irrelevant = counts.set_aside, counts.irrelevant
    new, set_aside = report.new_before
    run.new, run.set_aside = run.new + new, run.set_aside + set_aside
    run.seen = max(0, run.seen - new - set_aside)
    run.errors = counts.errors
    run.limited = bool(counts.limited or run.part)
    run.coverage = dict(counts.coverage)
    run.yields = dict(report.yields)


def with_evidence(report: RunReport, counts: RunCounts, fault: str) -> RunReport:
    """The report with what is to be said of the run's captures."""
    notes = list(report.notes)
    if fault:
        fault = f"{counts.captures_failed} captures could not be written and remain due ({fault})"
    elif counts.captures_due:
        notes.append(f"{counts.captures_due} advertisements remain due for their capture")
    kept = counts.pictures_kept + counts.pictures_reused
    if counts.pictures_skipped and not kept:
        why = f"most often: {counts.most_skipped_for}"
        notes.append(f"none of {counts.pictures_skipped} pictures could be kept ({why})")
    return replace(report, evidence_fault=fault, notes=tuple(notes))


def with_absent(report: RunReport, gone: str, *, known: bool) -> RunReport:
    """The report with what is missing of earlier captures: a fault, or a note if it is `known`."""
    if not gone:
        return report
    if known:
        return replace(report, notes=(*report.notes, gone))
    return replace(report, evidence_fault="; ".join(filter(None, (gone, report.evidence_fault))))


def is_limited(spider: Spider) -> bool:
    """Whether the run was limited to some keywords or pages."""
    given = ("keywords_wanted", "pages_wanted", "part")
    return any(getattr(spider, name, None) for name in given)


def run_line(run: Run) -> str:
    """A run in one line: its results, pages, requests and health."""
    seen = f"{run.seen} seen"
    if run.sold:
        seen += f" ({run.sold} sold)"
    reused = f"; ids with another advertisement, to judge again: {run.reused}" if run.reused else ""
    line = (
        f"{run.site}: {run.new} new, {seen}, {run.set_aside} set aside, "
        f"{run.irrelevant} irrelevant{reused}; {run.pages} search pages, {run.requests} requests: "
        f"{run.health or 'not finished'}"
    )
    return f"{in_number(line)} ({run.reason})" if run.reason else in_number(line)


class PlainLog(LogFormatter):
    """Log formatter without long warnings for what is counted or logged elsewhere.

    A log without details has no entry for each advertisement, which would be made for nothing.
    """

    def __init__(self, *, detailed: bool = True) -> None:
        self.detailed = detailed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        level = logging.getLevelName(str(crawler.settings.get("LOG_LEVEL")))
        return cls(detailed=not isinstance(level, int) or level <= logging.DEBUG)

    def dropped(  # type: ignore[override] # None leaves an entry out
        self, item: Any, exception: BaseException, response: Any, spider: Spider
    ) -> LogFormatterResult | None:
        if not self.detailed:
            return None
        return {
            "level": logging.DEBUG,
            "msg": "%(reason)s: %(exception)s",
            "args": {"reason": type(exception).__name__, "exception": exception},
        }

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        entry = super().download_error(failure, request, spider, errmsg)
        # An errback logs the failure in a sentence.
        return entry if request.errback is None else entry | {"level": logging.DEBUG}

    def scraped(  # type: ignore[override] # None leaves an entry out
        self, item: Any, response: Any, spider: Spider
    ) -> LogFormatterResult | None:
        if not self.detailed:
            return None
        return {
            "level": logging.DEBUG,
            "msg": "read %(site)s %(ad_id)s",
            "args": {"site": item.site, "ad_id": item.ad_id},
        }
