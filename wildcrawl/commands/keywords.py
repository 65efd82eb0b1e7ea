"""`scrapy keywords suggest` and `scrapy keywords yield`: upkeep of the vocabulary."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from wildcrawl.analysis.singular import in_number
from wildcrawl.commands.common import as_columns, check_sites, opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import vocabulary_of
from wildcrawl.items import Relevance, Verdict
from wildcrawl.months import month_bounds

if TYPE_CHECKING:
    from wildcrawl.review.keyword_suggestions import Posting, Suggestion
    from wildcrawl.review.keyword_yield import Yield
    from wildcrawl.store import Store

Span = tuple["datetime | None", "datetime | None"]
TEXTS = (
    *("site", "ad_id", "seller", "seller_id", "title", "description"),
    *("relevance", "verdict", "first_seen"),
)


class Command(QuietCommand):
    def syntax(self) -> str:
        return "suggest [--month MONTH] | yield [SITE]"

    def short_desc(self) -> str:
        return "Suggest new keywords, or show what each keyword brings"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. suggest: words over-represented in advertisements judged valid "
            "(in a period: first seen in it) against all others that are judged or set aside, "
            "which the vocabulary lacks. yield: how many advertisements each keyword finds on each "
            "site, and how they are judged."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--month", metavar="MONTH", help="one month, for example 2016-05")
        parser.add_argument("--from", dest="first", metavar="MONTH", help="the first month")
        parser.add_argument("--to", dest="last", metavar="MONTH", help="the last month")
        parser.add_argument(
            "-n", dest="most", metavar="N", type=int, default=20, help="how many (20)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.review.keyword_suggestions import suggest

        if args[:1] not in (["suggest"], ["yield"]) or len(args) > (2 if "yield" in args else 1):
            raise UsageError("give 'suggest' or 'yield [SITE]'")
        assert self.settings is not None
        with plain_errors():
            period = span(opts.month, opts.first, opts.last)
            vocabulary = vocabulary_of(self.settings)
            with opened_store(self.settings) as store:
                if args[0] == "yield":
                    check_sites(self.settings, store, args[1:])
                    ends = {each.term: each.until for each in vocabulary.keywords if each.until}
                    table = yield_table(yields_of(store, period, args[1:]), ends)
                else:
                    valid = list(postings(store, period, chosen=True))
                    others = postings(store, period, chosen=False)
                    suggestions = suggest(valid, others, vocabulary, opts.most)
                    table = suggestion_table(suggestions, len(valid))
        print(table)  # noqa: T201


def span(month: str | None, first: str | None, last: str | None) -> Span:
    """The bounds of the period in the options, None without one; MonthError if it is not valid."""
    if month and not (first or last):
        first = last = month
    elif month or bool(first) != bool(last):
        raise UsageError(
            "give one month (--month 2016-05) or a period (--from 2016-01 --to 2016-05)"
        )
    return month_bounds(first, last) if first and last else (None, None)


def postings(store: Store, period: Span, *, chosen: bool) -> Iterator[Posting]:
    """The advertisements judged valid in the period, or all others that are judged or set aside."""
    import polars as pl

    from wildcrawl.review.keyword_suggestions import Posting

    start, end = period
    valid = pl.col("verdict") == Verdict.VALID
    if start and end:
        first, after = start.astimezone(UTC), end.astimezone(UTC)
        valid &= pl.col("first_seen").is_between(first, after, closed="left")
    known = (pl.col("verdict") != Verdict.PENDING) | (pl.col("relevance") == Relevance.SET_ASIDE)
    wanted = valid if chosen else known & ~valid
    for frame in store.frames(*(period if chosen else (None, None)), columns=TEXTS):
        for row in frame.filter(wanted).iter_rows(named=True):
            seller = row["seller_id"] or row["seller"] or f"\0{row['ad_id']}"
            yield Posting(f"{row['site']}\0{seller}", row["title"], row["description"])


def suggestion_table(suggestions: list[Suggestion], valid: int) -> str:
    """The suggestions as a table; a sentence if there are none."""
    if not suggestions:
        return in_number(
            f"No suggestion: in {valid} advertisements judged valid, no word that the vocabulary "
            "lacks is over-represented against the others that are judged or set aside."
        )
    header = ["word", "score", "sellers", "among others", "ads", "for example"]
    rows = [
        [
            *(word.term, f"{word.score:.1f}", str(word.sellers), str(word.others)),
            *(str(word.advertisements), " | ".join(word.examples)),
        ]
        for word in suggestions
    ]
    return f"{as_columns([header, *rows])}\n" + in_number(
        f"From {valid} advertisements judged valid."
    )


def yields_of(store: Store, period: Span, sites: list[str]) -> list[Yield]:
    """The yield of each keyword on all sites, or on `sites[0]`; ValueError if it has none."""
    from wildcrawl.review.keyword_yield import COLUMNS, keyword_yields

    start, end = period
    runs = [
        run
        for run in store.runs()
        if (start is None or run.started >= start) and (end is None or run.started < end)
    ]
    yields = keyword_yields(runs, store.frames(start, end, columns=COLUMNS))
    chosen = [row for row in yields if not sites or row.site in sites]
    if sites and not chosen:
        have = ", ".join(sorted({row.site for row in yields}))
        instead = f"; choose one of {have}" if have else ""
        raise ValueError(f"no run of {sites[0]} has searched for keywords{instead}")
    return chosen


def yield_table(yields: list[Yield], ends: Mapping[str, str]) -> str:
    """The yields as a table that marks those with noise only, and keywords that ended.

    `ends` has the last month of each keyword that ended.
    """
    if not yields:
        return "No run has searched for keywords yet."
    header = [
        *("site", "keyword", "runs", "found", "nothing in", "likely", "set aside"),
        *("waiting", "valid", "rejected", "alone", ""),
    ]
    rows = [
        [
            *(row.site, row.keyword),
            *map(str, (row.runs, row.found, row.nothing, row.likely, row.set_aside)),
            *map(str, (row.waiting, row.valid, row.rejected, row.alone)),
            f"until {ends[row.keyword]}" if row.keyword in ends else "only noise" * row.noise,
        ]
        for row in yields
    ]
    noise = sum(row.noise and row.keyword not in ends for row in yields)
    return (
        f"{as_columns([header, *rows])}\n{noise} of {len(yields)} find only noise. "
        "(found, nothing in: on search pages, an advertisement once a run; "
        "alone: valid or waiting ones that no other keyword found.)"
    )
