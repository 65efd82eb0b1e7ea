"""`scrapy second-look`: raises what the rules passed over; trains and measures what raises it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import UsageError

from wildcrawl.analysis.singular import in_number
from wildcrawl.commands.common import as_columns, opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import path_of
from wildcrawl.crawl.session import second_reader_of, vocabulary_of

if TYPE_CHECKING:
    from wildcrawl.analysis.tagging import Tagger
    from wildcrawl.review.second_reader.model import Measures, SecondReader
    from wildcrawl.store import Store

DEFAULT = "second-reader.json"


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[--train [--examples-only] [-o FILE] | --measure --texts FILE --titles FILE]"

    def short_desc(self) -> str:
        return "Raise the likeliest of what the rules set aside; learn from verdicts what that is"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--train",
            action="store_true",
            help="learn from all verdicts and the shipped examples, and measure",
        )
        parser.add_argument(
            "--examples-only",
            action="store_true",
            help="with --train: learn from the shipped examples alone",
        )
        parser.add_argument(
            "-o", dest="file", metavar="FILE",
            help=f"the model (WILDCRAWL_SECOND_READER, {DEFAULT})",
        )  # fmt: skip
        parser.add_argument(
            "--measure", action="store_true", help="measure the model on your own texts"
        )
        parser.add_argument(
            "--texts", metavar="FILE",
            help="with --measure: offers, as JSON lines with title, description and relevant",
        )  # fmt: skip
        parser.add_argument(
            "--titles", metavar="FILE",
            help="with --measure: titles that offer nothing monitored, a line each",
        )  # fmt: skip

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args or (opts.train and opts.measure):
            raise UsageError("scrapy second-look takes no arguments but its options")
        if (opts.file or opts.examples_only) and not opts.train:
            raise UsageError("-o and --examples-only belong to --train")
        if bool(opts.texts and opts.titles) != bool(opts.measure):
            raise UsageError("--measure needs --texts FILE and --titles FILE, and they need it")
        if opts.train:
            self.train(opts.file, examples_only=opts.examples_only)
        elif opts.measure:
            self.measure(Path(opts.texts), Path(opts.titles))
        else:
            self.look()

    def train(self, file: str | None, *, examples_only: bool) -> None:
        """Trains a model, writes it and prints what cross-validation found."""
        from wildcrawl.analysis.tagging import Tagger
        from wildcrawl.review.second_reader.examples import Example, shipped
        from wildcrawl.review.second_reader.model import save_reader

        try:
            from wildcrawl.review.second_reader.training import from_verdicts, train
        except ModuleNotFoundError as error:
            raise UsageError(
                f"scrapy second-look --train needs scikit-learn ({error}); install it with "
                "pip install 'wildcrawl[rank]'; in a checkout: pip install -e '.[rank]'",
                print_help=False,
            ) from None
        assert self.settings is not None
        used = path_of(self.settings, "WILDCRAWL_SECOND_READER")
        path = Path(file) if file else used or Path(DEFAULT)
        verdicts: list[Example] = []
        with plain_errors():
            tagger = Tagger(vocabulary_of(self.settings))
            if not examples_only:
                with opened_store(self.settings) as store:
                    verdicts = from_verdicts(store.judged())
            reader, measures = train(shipped(), tagger, verdicts)
            if not examples_only:
                made_at = datetime.now(UTC).isoformat(timespec="seconds")
                reader = replace(reader, made_at=made_at)
            save_reader(reader, path)
        print(training_lines(reader, measures))  # noqa: T201
        print(f"The model is in {path}.")  # noqa: T201
        if not used or used.resolve() != path.resolve():
            print(f"To read by it, set WILDCRAWL_SECOND_READER={path.resolve()}")  # noqa: T201

    def measure(self, texts: Path, titles: Path) -> None:
        """Prints what the model of the settings finds in files of texts."""
        from wildcrawl.analysis.tagging import Tagger

        assert self.settings is not None
        with plain_errors():
            reader, _ = second_reader_of(self.settings)
            tagger = Tagger(vocabulary_of(self.settings))
            offers = read_offers(texts)
            others = [line for line in _lines(titles) if line.strip()]
            if not offers or not others:
                raise ValueError(f"{texts} and {titles} must each have a text to measure")
        print(measured(reader, tagger, offers, others))  # noqa: T201

    def look(self) -> None:
        """Raises stored advertisements up to the month's number, and prints the yield so far."""
        from wildcrawl.analysis.tagging.fingerprint import fingerprint
        from wildcrawl.items import Relevance, Verdict
        from wildcrawl.review.second_reader.raising import (
            Candidates,
            give_back,
            raise_stored,
            reserve,
        )
        from wildcrawl.store.search import ListQuery, every

        assert self.settings is not None
        with plain_errors():
            reader, most = second_reader_of(self.settings)
            vocabulary = vocabulary_of(self.settings)
            with opened_store(self.settings) as store:
                now = datetime.now(UTC)
                candidates = Candidates(reader, vocabulary, most)
                query = ListQuery(relevance=Relevance.SET_ASIDE, verdicts=(Verdict.PENDING,))
                for ad in every(store, query):
                    candidates.add(ad)
                best = candidates.best()
                taken = reserve(store, now, len(best), candidates.above, most, all_of_them=True)
                raised = raise_stored(store, [each.key for each in best[:taken]], reader)
                give_back(store, now, taken - raised)
                print(yield_lines(store, now, most, raised))  # noqa: T201
            if reader.rules != fingerprint(vocabulary):
                print(  # noqa: T201
                    "The model was trained with other rules; 'scrapy second-look --train' learns "
                    "what the present ones miss."
                )


def training_lines(reader: SecondReader, measures: Measures) -> str:
    """What a model was trained on, and what cross-validation found."""
    own = ", ".join(f"{number} {kind}" for kind, number in reader.verdicts.items())
    trained = f"{reader.examples} shipped examples"
    return (
        f"Trained on {trained}{f' and verdicts ({own})' if own else ''}. Tested in parts, each by "
        "a model that has not seen the part's materials, goods and sellers:\n"
        f"{_table(measures)}\n"
        f"Texts are raised from the score {reader.threshold:.2f} on."
    )


def _table(measures: Measures) -> str:
    rows = [
        ["", "texts", "above the threshold"],
        ["offers", str(measures.offers), _share(measures.found, measures.offers)],
        ["of these missed by the rules", str(measures.missed),
         _share(measures.missed_found, measures.missed)],
        ["titles of other goods", str(measures.titles),
         f"{measures.share * 10_000:.1f} in 10,000"],
    ]  # fmt: skip
    return as_columns(rows)


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "-"


def read_offers(path: Path) -> list[tuple[str, str]]:
    """The titles and descriptions of the offers in a file of JSON lines; ValueError for a fault."""
    found = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            row: Any = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("title"), str):
            raise ValueError(f"{path}, line {number} is not a JSON object with a 'title'")
        if row.get("relevant", True):
            found.append((row["title"], str(row.get("description") or "")))
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read as UTF-8 text ({error})") from None


def measured(
    reader: SecondReader,
    tagger: Tagger,
    offers: Sequence[tuple[str, str]],
    titles: Sequence[str],
) -> str:
    """What a model finds in offers, of those that the rules miss, and in titles of other goods."""
    from wildcrawl.items import Relevance

    scores = sorted((reader.score(title) for title in titles), reverse=True)
    fifty = scores[min(len(scores) - 1, len(scores) * 50 // 10_000)]
    found = [
        (reader.score(*offer), tagger.tag(*offer).relevance != Relevance.LIKELY) for offer in offers
    ]
    missed = [score for score, passed_over in found if passed_over]
    above = sum(score > reader.threshold for score in scores)
    rows = [["", "texts", "above the threshold", "at 50 titles in 10,000"]]
    for name, chosen in (
        ("offers", [score for score, _ in found]),
        ("of these missed by the rules", missed),
    ):
        own, there = (sum(score > limit for score in chosen) for limit in (reader.threshold, fifty))
        rows.append([name, str(len(chosen)), _share(own, len(chosen)), _share(there, len(chosen))])
    per = f"{above} ({above / len(scores) * 10_000:.1f} in 10,000)"
    rows.append(["titles of other goods", str(len(scores)), per, ""])
    return as_columns(rows)


def yield_lines(store: Store, now: datetime, most: int, raised: int) -> str:
    """What was raised by this command, in this month and so far, and what came of it."""
    from wildcrawl.items import Relevance, Verdict
    from wildcrawl.months import month_of
    from wildcrawl.review.second_reader.raising import month_of_reading
    from wildcrawl.store.search import ListQuery

    month = month_of(now)
    done = month_of_reading(store, month)
    every = ListQuery(relevance=Relevance.SECOND_READER)
    judged = (Verdict.VALID, Verdict.IRRELEVANT, Verdict.FAKE)
    total, decided, valid = (
        store.count(query).number
        for query in (
            every,
            replace(every, verdicts=tuple(judged)),
            replace(every, verdicts=(Verdict.VALID,)),
        )
    )
    left = f"; {done.left} more were above its threshold" if done.left else ""
    line = f"{raised} advertisements that the rules set aside were raised to the queue."
    return (
        f"{in_number(line)}\n"
        f"In {month} the second reader raised {done.raised} of at most {most}{left}.\n"
        f"Of {total} raised and on record {decided} are judged, {valid} of these valid."
    )
