"""`scrapy tag TEXT…`: prints the tags and the price of a text, with the reasons."""

from __future__ import annotations

import argparse
from datetime import datetime

from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from wildcrawl.commands.common import plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.session import placeholders_of, rates_of, vocabulary_of
from wildcrawl.months import CHINA


class Command(QuietCommand):
    uses_store = False

    def syntax(self) -> str:
        return "TEXT… [--description TEXT] [--category TEXT] [--picture-text TEXT] [--price TEXT]"

    def short_desc(self) -> str:
        return "Explain how a text is tagged and how its price is read"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--description", metavar="TEXT", default="", help="the advertisement's description"
        )
        parser.add_argument("--category", metavar="TEXT", default="", help="the site's category")
        parser.add_argument(
            "--picture-text",
            metavar="TEXT",
            default="",
            help="text read in its pictures; it counts where title and description are empty",
        )
        parser.add_argument("--price", metavar="TEXT", help="the price's text")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.analysis.tagging import Tagger
        from wildcrawl.analysis.tagging.tagger import explain

        if not args and opts.price is None and not opts.picture_text:
            raise UsageError("give a text, for example: scrapy tag 老象牙手镯 --price 3万5")
        assert self.settings is not None
        with plain_errors():
            tagger = Tagger(vocabulary_of(self.settings))
            lines = explain(
                tagger,
                " ".join(args),
                opts.description,
                opts.category,
                opts.picture_text,
                opts.price or "",
            )
            if opts.price is not None:
                lines += f"\n{price_line(opts.price, self.settings)}"
        print(lines)  # noqa: T201


def price_line(text: str, settings: Settings) -> str:
    """The price in `text`, in one line."""
    from wildcrawl.analysis.prices import read_price, usd

    price = read_price(text, placeholders_of(settings))
    line = f"price        {price.kind}"
    if price.amount is None:
        return line
    unit = "/g" if price.kind == "per_gram" else ""
    line += f": {price.currency} {price.amount}{unit}"
    if price.currency != "CNY":
        return line
    rate = rates_of(settings).on(datetime.now(CHINA).date())
    dollars = usd(price.amount, rate.cny_per_usd)
    return f"{line} = USD {dollars}{unit} (RMB {rate.cny_per_usd} = USD 1 on {rate.day})"
