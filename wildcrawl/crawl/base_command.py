"""What the commands have in common; not in their package, where Scrapy would take it for one."""

from __future__ import annotations

import argparse

from scrapy import Spider
from scrapy.commands import ScrapyCommand


class QuietCommand(ScrapyCommand):
    """A command that crawls nothing in its own process, and itself says what it has to say."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012


class FetchCommand(ScrapyCommand):
    """A command that visits pages of a site: no search, so no run, and nothing is stored of it."""

    requires_project = True

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if not (opts.loglevel or opts.logfile):
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def visit(self, spider: type[Spider]) -> Spider | None:
        """Crawls with `spider`, one request at a time, and gives it as it ended."""
        assert self.settings is not None
        assert self.crawler_process is not None
        alone = {"CONCURRENT_REQUESTS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        for name, value in {**alone, "EXTENSIONS": {}, "ITEM_PIPELINES": {}}.items():
            self.settings.set(name, value, priority="cmdline")
        crawler = self.crawler_process.create_crawler(spider)
        self.crawler_process.crawl(crawler)
        self.crawler_process.start()
        return crawler.spider
