"""`scrapy read-page SITE FILE`: prints what a site's spider reads from a saved page."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import find_crawled_site, plain_errors
from wildcrawl.crawl.base_command import QuietCommand


class Command(QuietCommand):
    uses_store = False

    def syntax(self) -> str:
        return "SITE FILE [--details]"

    def short_desc(self) -> str:
        return "Show what a site's spider reads from a saved page"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}: the advertisements as JSON, then how full each field is. "
            "The exit code is 1 if it reads none."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--details", action="store_true", help="the page is an advertisement's own"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.base_spiders.snapshot import (
            read_details,
            read_results,
            saved_response,
            site_spider,
            summary,
        )
        from wildcrawl.tabular.files import check_file

        if len(args) != 2:
            raise UsageError("give a site and the file of a saved page")
        assert self.settings is not None
        path = Path(args[1])
        with plain_errors():
            site = find_crawled_site(self.settings, args[0])
            check_file(path, ValueError)
            spider = site_spider(site, self.settings)
            read = read_details if opts.details else read_results
            reading = read(spider, saved_response(spider, path))
        print(json.dumps(reading.rows, ensure_ascii=False, indent=1))  # noqa: T201
        sys.stderr.write("\n".join([f"{path}:", *summary(reading)]) + "\n")
        self.exitcode = 0 if reading.rows else 1
