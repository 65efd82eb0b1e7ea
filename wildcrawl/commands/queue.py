"""`scrapy queue`: the advertisements without a verdict, in screening order."""

from __future__ import annotations

import argparse
from itertools import islice
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from wildcrawl.commands.common import as_columns, close_killed_runs, opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import ranking_of, vocabulary_of
from wildcrawl.items import Relevance, Verdict

if TYPE_CHECKING:
    from wildcrawl.review.queue import Queued
    from wildcrawl.review.ranking import Model

HEADER = ["site", "ad_id", "title", "species", "score", "why"]
TITLE = 40
"""Maximum number of characters of a title in a line."""

BEHIND = (
    "Some places are not up to date yet; each reading of the queue brings on some, and "
    "'scrapy rank --apply' all."
)


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[-n N]"

    def short_desc(self) -> str:
        return "List the advertisements to screen next, the likeliest first, each with the reason"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-n", dest="most", metavar="N", type=int, default=20, help="how many (20)"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.analysis.tagging.fingerprint import fingerprint
        from wildcrawl.review.queue import read_queue, refresh
        from wildcrawl.review.retagging import rules_sentence
        from wildcrawl.store.search import ListQuery

        if args or opts.most < 1:
            raise UsageError("scrapy queue takes no arguments but -n, a whole number from 1")
        assert self.settings is not None
        waiting_raised = ListQuery(relevance=Relevance.SECOND_READER, verdicts=(Verdict.PENDING,))
        with plain_errors(), opened_store(self.settings) as store:
            close_killed_runs(store)
            model = ranking_of(self.settings)
            head = list(islice(read_queue(store, model), opts.most))
            waiting = store.waiting_numbers()
            raised = store.count(waiting_raised).number
            up_to_date = refresh(store, model, 0)
            others = store.other_rules(fingerprint(vocabulary_of(self.settings)))
        order = "the learned ranking" if model else "the tagger's strength"
        if head:
            print(as_columns([HEADER, *(queue_row(each, model) for each in head)]))  # noqa: T201
        print(f"{len(head)} of {sum(waiting)} without a verdict, ordered by {order}.")  # noqa: T201
        if not_due := beside_the_report(raised, waiting.audit):
            print(not_due)  # noqa: T201
        if not up_to_date:
            print(BEHIND)  # noqa: T201
        if others.open:
            print(rules_sentence(others))  # noqa: T201


def beside_the_report(raised: int, audited: int) -> str:
    """What waits in the queue and is not among those to be judged of a report; "" if nothing.

    >>> beside_the_report(1, 0)
    'Of these, 1 raised by the second reader: a report leaves it out until it is judged valid.'
    >>> beside_the_report(0, 0)
    ''
    """
    parts = [
        *([f"{raised:,} raised by the second reader"] if raised else []),
        *([f"{audited:,} set aside and sampled for the audit"] if audited else []),
    ]
    if not parts:
        return ""
    one = raised + audited == 1
    leaves = "it out until it is" if one else "them out until they are"
    return f"Of these, {' and '.join(parts)}: a report leaves {leaves} judged valid."


def queue_row(queued: Queued, model: Model | None) -> list[str]:
    """The cells of one advertisement's line."""
    ad = queued.ad
    title = ad.title if len(ad.title) <= TITLE else f"{ad.title[: TITLE - 1]}…"
    why = f"{queued.why}; {' '.join(model.reasons(ad))}" if model else queued.why
    species = ";".join(ad.species)
    return [ad.site, ad.ad_id, title or "(images only)", species, f"{queued.score:.2f}", why]
