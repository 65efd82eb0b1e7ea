"""`scrapy crawl SITE`: Scrapy's command, with settings and arguments checked first."""

from __future__ import annotations

import argparse
import logging
import sys

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from wildcrawl.commands.common import find_spider, opened_store, plain_errors
from wildcrawl.commands.crawling import add_again, check_crawl, put_together
from wildcrawl.crawl.base_command import PrivateFilesCommand
from wildcrawl.crawl.garbage import collect_seldom, spare_what_stays
from wildcrawl.crawl.locations import path_of
from wildcrawl.crawl.logs import quiet_scrapy
from wildcrawl.crawl.session import Session, check_settings
from wildcrawl.crawl.stats import Stat
from wildcrawl.items import GOOD_HEALTH

logger = logging.getLogger(__name__)


class Command(PrivateFilesCommand, ScrapyCrawl):
    def syntax(self) -> str:
        return "SITE [-a keywords=ivory,tiger] [-a pages=N] [--again] [--strict]"

    def short_desc(self) -> str:
        return "Search one site and store what is found"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. -a keywords= takes groups or keywords, with commas between; "
            "-a pages=N reads at most N pages for each; -a worksheet=FILE reads a filled-in "
            "worksheet; -a from_start=1 reads a forum's boards from their start. Keywords that a "
            "run of this month had searched before it was killed or stopped are not searched "
            "again, unless --again is given. 'scrapy crawl records -a file=FILE' and 'scrapy crawl "
            "survey -a file=FILE' read a file instead; its bad rows go to FILE.rejected.csv with "
            "line and reason. The exit code says whether the crawl ran, not how the site answered; "
            "with --strict it is 1 unless the run is ok or quiet. It is always 1 if what was found "
            "could not all be stored, and if a row of a file was rejected."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--strict", action="store_true", help="exit code 1 unless the run is ok or quiet"
        )
        add_again(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        logged = opts.loglevel or opts.logfile or opts.nolog
        self.bar = (
            sys.stderr.isatty() and self.settings.getbool("WILDCRAWL_PROGRESS") and not logged
        )
        if self.bar:
            # The bar shows the progress; only warnings are printed over it.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        else:
            self.settings.set("WILDCRAWL_PROGRESS", False, priority="cmdline")
        quiet_scrapy(str(self.settings.get("LOG_LEVEL")))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        collect_seldom()
        # Its deprecated classes look through the stack and all modules, which are few as yet.
        import scrapy.core.downloader.contextfactory  # noqa: F401

        from wildcrawl.base_spiders import RecordsSpider, Site
        from wildcrawl.crawl.alerts import check_alerts
        from wildcrawl.crawl.health import FAILED
        from wildcrawl.crawl.metrics import check_metrics
        from wildcrawl.crawl.run_recorder import run_line

        assert self.settings is not None
        assert self.crawler_process is not None
        if len(args) != 1:
            raise UsageError("give one site; 'scrapy list' shows them, 'scrapy crawlall' runs all")
        try:
            with plain_errors():
                spider = find_spider(self.settings, args[0])
                if opts.again and issubclass(spider, Site):
                    opts.spargs["again"] = "1"
                check_settings(self.settings)
                check_alerts(self.settings)
                check_metrics(path_of(self.settings, "WILDCRAWL_METRICS"))
                if issubclass(spider, Site | RecordsSpider):
                    check_crawl(spider, self.settings, opts.spargs)
                check_job(self.settings, opts.spargs.get("_job", ""))
        except UsageError as error:
            # The log is all that a person can see of a job.
            if self.settings.get("LOG_FILE"):
                logger.error("%s", error)
            raise
        super().run(args, opts)
        session = Session.of(self.crawler)
        run = session.run
        if self.bar:
            sys.stderr.write(run_line(run) + "\n")
        # A file that could not be imported is not a fault of a site.
        from_file = issubclass(spider, RecordsSpider)
        failed = run.health in FAILED if not opts.strict else run.health not in GOOD_HEALTH
        if run.part and not (failed or session.failed):
            code = put_together(self.settings, run, opts.spargs, opts.set)
            session.failed = session.failed or bool(code)
        # Whoever goes on with the counts must notice that a file was not read completely.
        incomplete = self.crawler.stats is not None and self.crawler.stats.get_value(Stat.REJECTED)
        if incomplete:
            self.exitcode = 1
        if session.failed or ((opts.strict or from_file) and (not run.finished or failed)):
            self.exitcode = 1

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self.crawler = super()._create_crawler(spidercls)
        spare_what_stays(self.crawler)
        return self.crawler


def check_job(settings: BaseSettings, job: str) -> None:
    """Raises ValueError for a scheduled job that a later one has replaced while it waited."""
    from wildcrawl.crawl.scheduling.jobs import superseded_by

    if not job:
        return
    with opened_store(settings) as store:
        later = superseded_by(store, job)
    if later:
        raise ValueError(f"job {job} does not run: {later} was scheduled in its place")
