"""`scrapy rates`: converts the amounts on record again after the rates were corrected."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import as_columns, opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import rates_of

if TYPE_CHECKING:
    from wildcrawl.review.repricing import Repriced


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[--dry-run]"

    def short_desc(self) -> str:
        return "Recalculate the stored dollar amounts, each at the rate of its own day"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. The rates are those of WILDCRAWL_RATES, and of WILDCRAWL_RATE "
            "for the days before. The old rate is kept in the history of each advertisement."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.review.repricing import reprice

        if args:
            raise UsageError("scrapy rates takes no arguments but --dry-run")
        assert self.settings is not None
        with plain_errors():
            rates = rates_of(self.settings)
            with opened_store(self.settings) as store:
                done = reprice(store, rates, datetime.now(UTC), write=not opts.dry_run)
        print("\n".join(lines_of(done, dry_run=opts.dry_run)))  # noqa: T201


def lines_of(done: Repriced, *, dry_run: bool) -> Iterator[str]:
    """The result in lines: totals, and how many amounts change from which rate to which."""
    changed = done.changes.total()
    would = "would change" if dry_run else "changed"
    yield f"{done.amounts:,} amounts in yuan are on record; the rate of {changed:,} {would}."
    if changed:
        rows = [[old or "none", new, f"{n:,}"] for (old, new), n in sorted(done.changes.items())]
        yield as_columns([["from", "to", "advertisements"], *rows])
        if dry_run:
            yield "Nothing was written; to write it: scrapy rates"
