"""`scrapy crawlall [SITE…]`: all automated sites, one line each."""

from __future__ import annotations

import argparse
from contextlib import suppress

from scrapy.commands import BaseRunSpiderCommand

from wildcrawl.commands.common import all_sites, find_site, plain_errors
from wildcrawl.commands.crawling import (
    add_again,
    check_crawl,
    crawl_site,
    crawled_line,
    quiet_options,
)
from wildcrawl.crawl.base_command import PrivateFilesCommand
from wildcrawl.crawl.session import check_settings


class Command(PrivateFilesCommand, BaseRunSpiderCommand):
    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        return "[SITE…] [--again]"

    def short_desc(self) -> str:
        return "Search all automated sites that are switched on, or the named ones"

    def long_desc(self) -> str:
        return f"{self.short_desc()}. The exit code is 1 unless every run is ok or quiet."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--strict", action="store_true", help="as with crawl; crawlall is always strict"
        )
        add_again(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.base_spiders.declarations import DeclarationError

        assert self.settings is not None
        if opts.again:
            opts.spargs["again"] = "1"
        with plain_errors():
            check_settings(self.settings)
            sites = [find_site(self.settings, name) for name in args] or [
                site
                for site in all_sites(self.settings)
                if site.automated and site.is_on(self.settings) and not site.demo
            ]
            if not sites:
                raise ValueError("no automated site; name sites, 'scrapy sites' shows them")
            for site in sites:
                # A site whose declarations cannot work fails alone; its own process says why.
                with suppress(DeclarationError):
                    check_crawl(site, self.settings, opts.spargs)
        options = ["-L", opts.loglevel] if opts.loglevel else quiet_options()
        for name in opts.set:
            options += ["-s", name]
        for site in sites:
            crawled = crawl_site(site.name, self.settings, opts.spargs, options)
            print(crawled_line(crawled), flush=True)  # noqa: T201
            if not crawled.ok:
                self.exitcode = 1
