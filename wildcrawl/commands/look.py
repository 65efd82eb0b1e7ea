"""`scrapy look [MONTH]`: reads the captured pictures, and links what is the same."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from wildcrawl.analysis.singular import in_number
from wildcrawl.commands.common import opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of
from wildcrawl.crawl.session import SettingError, vocabulary_of
from wildcrawl.months import check_month, month_bounds

if TYPE_CHECKING:
    from wildcrawl.review.looking.look import Looked, Options


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[MONTH] [-n N] [-j N]"

    def short_desc(self) -> str:
        return "Read text, QR codes and photographs in the captured pictures, and link the same"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. Advertisements without other text are tagged by the text in "
            "their pictures. What was read is not read again, so that it can be stopped and "
            "repeated, also during a crawl. MONTH limits it to advertisements first seen then."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-n", dest="most", metavar="N", type=int, help="read at most N pictures (all)"
        )
        parser.add_argument(
            "-j",
            dest="processes",
            metavar="N",
            type=int,
            default=processors(),
            help="read with N processes (the number of processors)",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) > 1 or opts.processes < 1 or (opts.most is not None and opts.most < 1):
            raise UsageError("give one month at most, and whole numbers from 1 for -n and -j")
        assert self.settings is not None
        with plain_errors():
            bounds = month_bounds(*[check_month(args[0])] * 2) if args else None
            options = options_of(self.settings, opts.processes, opts.most)
            done = look_at(self.settings, options, bounds, _progress)
        print("\n".join(lines_of(done)))  # noqa: T201
        if done.absent:
            self.exitcode = 1


def look_at(
    settings: BaseSettings,
    options: Options,
    bounds: tuple[datetime, datetime] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Looked:
    """Looks at the pictures of the store and the evidence that the settings name.

    `bounds` limit it to advertisements first seen between two moments. UsageError if the evidence
    cannot be used.
    """
    from wildcrawl.analysis.tagging import Tagger
    from wildcrawl.evidence import EvidenceError, open_evidence
    from wildcrawl.review.looking.look import look

    tagger = Tagger(vocabulary_of(settings))
    with opened_store(settings) as store:
        ads = None
        if bounds:
            ads = {(ad.site, ad.ad_id) for ad in store.advertisements(*bounds)}
        try:
            evidence = open_evidence(store, evidence_place_of(settings))
            return look(store, evidence, tagger, datetime.now(UTC), options, ads, progress)
        except EvidenceError as error:
            raise UsageError(str(error), print_help=False) from None


def options_of(settings: BaseSettings, processes: int, most: int | None) -> Options:
    """Options of the settings; SettingError or ModelError if one is not valid."""
    from wildcrawl.pictures.decode import Limits
    from wildcrawl.pictures.model import load_picture_model
    from wildcrawl.review.looking.look import Options

    model = str(settings.get("WILDCRAWL_PICTURE_MODEL") or "")
    load_picture_model(model)
    limits = Limits(
        _number(settings, "WILDCRAWL_EVIDENCE_PICTURE_BYTES"),
        _number(settings, "WILDCRAWL_EVIDENCE_PIXELS"),
    )
    return Options(limits, model, processes, most)


def lines_of(done: Looked) -> Iterator[str]:
    """The result in lines: what was read, what could not be, and what was found."""
    if done.absent:
        yield in_number(f"Missing: {done.absent}.")
    if not done.pictures:
        yield "No pictures were captured of these advertisements; their texts were compared."
    else:
        left = f", {done.remaining:,} are left for the next time" if done.remaining else ""
        yield in_number(f"{done.pictures:,} pictures captured: {done.read:,} read now{left}.")
    if done.screenshots:
        yield (
            f"Not read, {done.screenshots:,} screenshots that crawls made: the text and the "
            "pictures of their pages are read by themselves."
        )
    for reason, number in done.unread.most_common():
        yield f"Not read, {number:,}: {reason}."
    if done.missing:
        yield (
            f"Not looked for: {', '.join(done.missing)}; "
            "install it with: pip install 'wildcrawl[pictures]'"
        )
    if done.read:
        yield f"Text in {done.texts:,} of those read, QR codes in {done.codes:,}."
    if done.pictures:
        yield (
            f"Advertisements: text in pictures new or changed in {done.changed:,}, "
            f"{done.tagged:,} without other text tagged by it, contacts in {done.contacts:,}."
        )
        yield (
            f"New links by the same photograph: {done.links:,}; by pictures that are alike, for a "
            f"person to compare: {done.alike:,}; pictures of stock photographs: {done.stock:,}."
        )
    if done.undone:
        yield in_number(
            f"{done.undone:,} links by pictures are not made any longer: the rules are others now."
        )
    yield (
        f"New links by nearly the same text: {done.reposts:,}, "
        f"{done.after_removal:,} of them to an advertisement that was removed."
    )


def _number(settings: BaseSettings, name: str) -> int:
    try:
        value = int(str(settings.get(name)))
    except ValueError:
        value = 0
    if value < 1:
        raise SettingError(f"{name}: '{settings.get(name)}' is not a whole number from 1")
    return value


def processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and (done == total or done % 10 == 0):
        end = "; comparing them with each other\n" if done == total else ""
        print(f"\r{done:,} of {total:,} pictures", end=end, file=sys.stderr, flush=True)  # noqa: T201
