"""`scrapy crawl SITE`: Scrapy's own, with what would fail checked before it starts."""

from __future__ import annotations

import argparse
import logging
import sys

from scrapy import Spider
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from wildcrawl.base_spiders import RecordsSpider, SiteSpider
from wildcrawl.commands.common import find_spider, opened_store, plain_errors
from wildcrawl.commands.crawling import check_crawl
from wildcrawl.crawl.health import FAILED
from wildcrawl.crawl.run_recorder import run_line
from wildcrawl.crawl.scheduling.jobs import superseded_by
from wildcrawl.crawl.session import Session, check_settings

logger = logging.getLogger(__name__)


class Command(ScrapyCrawl):
    def short_desc(self) -> str:
        return "Search one site and store what is found"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. The exit code says whether the crawl ran, not what it met on a "
            "site; for a file of records or of surveys it is 1 if not all could be taken in."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--strict", action="store_true", help="exit code 1 for a broken or blocked run"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        self.bar = sys.stderr.isatty() and not (opts.loglevel or opts.logfile or opts.nolog)
        if self.bar:
            # The bar tells the progress; only what needs a person's eye is printed over it.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")
        else:
            self.settings.set("WILDCRAWL_PROGRESS", False, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        assert self.crawler_process is not None
        if len(args) != 1:
            raise UsageError("give one site; 'scrapy list' shows them, 'scrapy crawlall' runs all")
        try:
            with plain_errors():
                spider = find_spider(self.settings, args[0])
                check_settings(self.settings)
                if issubclass(spider, SiteSpider | RecordsSpider):
                    check_crawl(spider, self.settings, opts.spargs)
                check_job(self.settings, opts.spargs.get("_job", ""))
        except UsageError as error:
            # A job's log is all that a person gets to see of it.
            if self.settings.get("LOG_FILE"):
                logger.error("%s", error)
            raise
        super().run(args, opts)
        run = Session.of(self.crawler).run
        if self.bar:
            sys.stderr.write(run_line(run) + "\n")
        # No site is to blame where a file was not taken in.
        strict = opts.strict or issubclass(spider, RecordsSpider)
        if strict and (not run.finished or run.health in FAILED):
            self.exitcode = 1

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self.crawler = super()._create_crawler(spidercls)
        return self.crawler


def check_job(settings: BaseSettings, job: str) -> None:
    """Raises ValueError for a scheduled job that has waited so long that another took its place."""
    if not job:
        return
    with opened_store(settings) as store:
        later = superseded_by(store, job)
    if later:
        raise ValueError(f"job {job} does not run: {later} was scheduled in its place")
