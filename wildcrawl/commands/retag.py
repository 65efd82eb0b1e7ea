"""`scrapy retag`: tags advertisements on record again after the vocabulary changed."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from wildcrawl.analysis.singular import in_number
from wildcrawl.commands.common import as_columns, opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.items import Relevance, Strength

if TYPE_CHECKING:
    from wildcrawl.review.retagging import Retagged
    from wildcrawl.store import OtherRules

TITLE = 30
"""Maximum number of characters of a title in the sample."""


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[--dry-run]"

    def short_desc(self) -> str:
        return "Apply the present vocabulary to stored advertisements without a verdict"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Advertisements with a verdict keep their tags; species groups, "
            "product types and age claims that a person gave stay as well. The old tags are kept "
            "in the history. It can be run during a crawl, stopped and repeated."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.analysis.tagging import Tagger
        from wildcrawl.review.retagging import retag

        if args:
            raise UsageError("scrapy retag takes no arguments but --dry-run")
        assert self.settings is not None
        with plain_errors():
            vocabulary = vocabulary_of(self.settings)
            tagger = Tagger(vocabulary)
            with opened_store(self.settings) as store:
                others = store.other_rules(tagger.fingerprint)
                done = retag(store, tagger, datetime.now(UTC), write=not opts.dry_run)
        print("\n".join(lines_of(done, others, vocabulary.groups, dry_run=opts.dry_run)))  # noqa: T201


def lines_of(
    done: Retagged, others: OtherRules, groups: Iterable[str], *, dry_run: bool
) -> Iterator[str]:
    """The result in lines: totals, counts before and after, and a sample."""
    if not (others.open or others.judged):
        yield "All advertisements on record were tagged by the rules of the vocabulary."
        return
    would = "would change" if dry_run else "changed"
    judged = f"{others.judged:,} of them {'is' if others.judged == 1 else 'are'} judged and "
    judged += "keeps its tags" if others.judged == 1 else "keep their tags"
    number = f"{others.open + others.judged:,} advertisements on record were tagged by other rules"
    yield f"{in_number(number)}; {judged}."
    yield f"Of the {done.read:,} without a verdict, {done.changed:,} {would}."
    if done.changed:
        rows = [
            *_rows("likely: ", done.species, [*groups, "none"]),
            *_rows("relevance: ", done.relevance, [*Relevance, "not tagged"]),
            *_rows("strength: ", done.strength, [*Strength, "none"]),
        ]
        yield as_columns([["", "before", "after", "change"], *rows])
        yield "For example:"
        yield as_columns(
            [
                [one.after.site, one.after.ad_id, _title(one.after.title), one.changed]
                for one in done.sample
            ]
        )
    if dry_run:
        yield "Nothing was written; to write it: scrapy retag"


def _rows(
    kind: str, counts: tuple[Counter[str], Counter[str]], names: Iterable[str]
) -> Iterator[list[str]]:
    before, after = counts
    ordered = dict.fromkeys([*map(str, names), *sorted({*before} | {*after})])
    for name in ordered:
        if before[name] or after[name]:
            change = after[name] - before[name]
            yield [
                f"{kind}{name}",
                f"{before[name]:,}",
                f"{after[name]:,}",
                f"{change:+,}" if change else "",
            ]


def _title(title: str) -> str:
    return title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
