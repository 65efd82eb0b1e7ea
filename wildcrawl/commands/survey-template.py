"""`scrapy survey-template`: writes the blank sheets of a survey of social media accounts."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import vocabulary_of


class Command(QuietCommand):
    uses_store = False

    def syntax(self) -> str:
        return "[-o FILE]"

    def short_desc(self) -> str:
        return "Write the blank sheets of a survey of social media accounts"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Read the filled-in sheets with: scrapy crawl survey -a file=FILE"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o",
            dest="file",
            metavar="FILE",
            default="survey.xlsx",
            help="an .xlsx file, or a folder for three CSV files (survey.xlsx)",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.tabular.surveys import write_template

        if args:
            raise UsageError("scrapy survey-template takes no arguments; name the file with -o")
        assert self.settings is not None
        path = Path(opts.file)
        with plain_errors():
            write_template(path, list(vocabulary_of(self.settings).groups))
        print(f"{path}: accounts, surveys and posts, to be filled in")  # noqa: T201
        print(f"Filled in, read it with: scrapy crawl survey -a file={path}")  # noqa: T201
