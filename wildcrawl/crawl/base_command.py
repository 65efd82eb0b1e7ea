"""Base classes of commands; outside their package, where Scrapy would list them as commands."""

from __future__ import annotations

import argparse
import os
import re
import sys

from scrapy import Spider
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from wildcrawl.crawl.locations import store_url_of
from wildcrawl.utils import did_you_mean

USUAL_STORE = "sqlite:///wildcrawl.db"
OPTION = re.compile(r"--?[A-Za-z]")
"""How an option begins; a negative number does not."""


def store_line(settings: BaseSettings) -> str:
    """A line that names the store of the settings; "" for the usual one in the project's folder."""
    if settings["WILDCRAWL_STORE"] == USUAL_STORE:
        return ""
    # Imported here: Scrapy loads all commands each time.
    from wildcrawl.store import redact_url

    return f"Store: {redact_url(store_url_of(settings))} (WILDCRAWL_STORE)\n"


def refuse_options(command: ScrapyCommand, args: list[str]) -> None:
    """Raises UsageError for an option that `command` does not have; takes a "--" out of `args`.

    Scrapy hands it on as an argument. What is after "--" is not an option.
    """
    end = args.index("--") if "--" in args else len(args)
    unknown = next((each for each in args[:end] if OPTION.match(each)), "")
    if unknown:
        parser = argparse.ArgumentParser(conflict_handler="resolve")
        command.add_options(parser)
        name = unknown.partition("=")[0]
        known = [option for action in parser._actions for option in action.option_strings]
        hint = did_you_mean(name, known) or "; -h lists the options"
        raise UsageError(f"there is no option '{name}'{hint}")
    del args[end : end + 1]


class PrivateFilesCommand(ScrapyCommand):
    """A command whose files only their owner can read: they name sellers, and hold evidence."""

    uses_store = True

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        os.umask(0o077)
        super().process_options(args, opts)
        assert self.settings is not None
        refuse_options(self, args)
        if self.uses_store and sys.stderr.isatty():
            sys.stderr.write(store_line(self.settings))


class QuietCommand(PrivateFilesCommand):
    """A command that does not crawl in its own process and prints its own messages."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012


class FetchCommand(PrivateFilesCommand):
    """A command that visits pages of a site without a search: no run is recorded."""

    requires_project = True

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if not (opts.loglevel or opts.logfile):
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def visit(self, spider: type[Spider]) -> Spider | None:
        """Crawls with `spider`, one request at a time, and returns it once it has ended."""
        assert self.settings is not None
        assert self.crawler_process is not None
        alone = {"CONCURRENT_REQUESTS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        for name, value in {**alone, "EXTENSIONS": {}, "ITEM_PIPELINES": {}}.items():
            self.settings.set(name, value, priority="cmdline")
        crawler = self.crawler_process.create_crawler(spider)
        self.crawler_process.crawl(crawler)
        self.crawler_process.start()
        return crawler.spider
