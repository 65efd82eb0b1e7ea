"""`scrapy rank`: trains the ranking of the queue on verdicts, and prints its quality."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError

from wildcrawl.analysis.singular import in_number
from wildcrawl.commands.common import as_columns, opened_store, plain_errors
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import path_of
from wildcrawl.crawl.session import ranking_of

if TYPE_CHECKING:
    from wildcrawl.review.training import Validation


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[-o FILE | --apply]"

    def short_desc(self) -> str:
        return "Learn the order of the screening queue from past verdicts, and measure it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-o", dest="file", metavar="FILE", help="the model (WILDCRAWL_RANKING, ranking.json)"
        )
        parser.add_argument(
            "--apply",
            action="store_true",
            help="learn nothing; bring the places of all advertisements in the queue up to date",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from wildcrawl.review.ranking import save_model

        if args or (opts.apply and opts.file):
            raise UsageError(
                "scrapy rank takes no arguments but -o FILE; it learns from all verdicts; "
                "--apply takes no other option"
            )
        assert self.settings is not None
        if opts.apply:
            self.apply()
            return
        used = path_of(self.settings, "WILDCRAWL_RANKING")
        path = Path(opts.file) if opts.file else used or Path("ranking.json")
        # Imported here: it takes a second, and Scrapy loads all commands each time.
        try:
            from wildcrawl.review.training import cross_validate, judged, train
        except ModuleNotFoundError as error:
            raise UsageError(
                f"scrapy rank needs scikit-learn ({error}); install it with "
                "pip install 'wildcrawl[rank]'; in a checkout: pip install -e '.[rank]'",
                print_help=False,
            ) from None
        with plain_errors():
            with opened_store(self.settings) as store:
                ads = judged(store.judged())
            validation = cross_validate(ads)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            model = replace(train(ads), auc=round(validation.learned.auc, 4), made_at=now)
            save_model(model, path)
            if used and used.resolve() == path.resolve():
                self.apply()
        print(validation_table(validation, model.verdicts))  # noqa: T201
        if ads.of > len(ads):
            print(f"It learned from {len(ads)} of {ads.of} verdicts, drawn by lot.")  # noqa: T201
        print(f"The model is in {path}.")  # noqa: T201
        if not validation.better:
            print("It orders no better than the tagger's strength; leave WILDCRAWL_RANKING empty.")  # noqa: T201
        elif not used or used.resolve() != path.resolve():
            print(f"To order the queue by it, set WILDCRAWL_RANKING={path.resolve()}")  # noqa: T201

    def apply(self) -> None:
        """Scores by the ranking of the settings what waits in the queue without such a score."""
        from wildcrawl.review.queue import refresh

        assert self.settings is not None
        with plain_errors(), opened_store(self.settings) as store:
            refresh(store, ranking_of(self.settings))
            number = sum(store.waiting_numbers())
        print(f"The queue is up to date: {in_number(f'{number} advertisements')}.")  # noqa: T201


def validation_table(validation: Validation, verdicts: Mapping[str, int]) -> str:
    """The result of cross-validation as a table, with the number of verdicts and parts."""
    counts = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.items())
    rows = [["", "AUC", "average precision, valid", "and the others", "valid in the first tenth"]]
    for name, each in (
        ("learned", validation.learned),
        ("tagger's strength", validation.strength),
    ):
        measures = (each.valid, each.other, each.head)
        rows.append(
            [name, f"{each.auc:.3f} ± {each.spread:.3f}", *(f"{one:.3f}" for one in measures)]
        )
    total = validation.valid + validation.other
    return (
        f"{total} verdicts ({counts}), tested in {validation.folds} parts, each by a model "
        f"that has not seen its sellers:\n{as_columns(rows)}"
    )
