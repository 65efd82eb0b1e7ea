"""`scrapy worksheet SITE`: writes the guided list for a manual search."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from scrapy.exceptions import UsageError

from wildcrawl.analysis.singular import in_number
from wildcrawl.commands.common import find_site, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.months import month_of


class Command(QuietCommand):
    uses_store = False

    def syntax(self) -> str:
        return "SITE [-o FILE] [-k KEYWORDS]"

    def short_desc(self) -> str:
        return "Write the worksheet for searching a site by hand, as XLSX or CSV"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", dest="file", metavar="FILE", help="an .xlsx or .csv file to write"
        )
        parser.add_argument(
            "-k",
            dest="keywords",
            default="",
            help="only these groups or keywords, for example ivory",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.tabular.worksheet import write_worksheet

        if len(args) != 1:
            raise UsageError("give one site; 'scrapy sites' shows them")
        assert self.settings is not None
        month = month_of(datetime.now(UTC))
        path = Path(opts.file or f"worksheet-{args[0]}-{month}.xlsx")
        with plain_errors():
            spider = find_site(self.settings, args[0])
            vocabulary = vocabulary_of(self.settings)
            if path.exists():
                raise ValueError(f"{path} exists already; give another name with -o")
            keywords = vocabulary.select(opts.keywords, month)
            write_worksheet(path, spider.worksheet_site(self.settings), keywords, vocabulary.groups)
        number = in_number(f"{len(keywords)} keywords")
        print(f"{path}: {number} for {spider.label or spider.name}")  # noqa: T201
        print(f"Filled in, read it back with: scrapy crawl {args[0]} -a worksheet={path}")  # noqa: T201
