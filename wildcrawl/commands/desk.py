"""`scrapy desk`: worksheets and screening as web pages on this machine."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings, Settings

from wildcrawl.commands.common import (
    all_sites,
    find_site,
    opened_store,
    picture_limits_of,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of, path_of, project_folder
from wildcrawl.crawl.session import ranking_of, vocabulary_of
from wildcrawl.months import CHINA
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from wildcrawl.desk import Desk, ReadIn
    from wildcrawl.evidence import ObjectStore
    from wildcrawl.review.queue import Queued
    from wildcrawl.store import Store
    from wildcrawl.tabular.worksheet import Filled

PORT = 8766
"""Default port, other than that of the bundled marketplaces, so that both can run."""


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[-p PORT]"

    def short_desc(self) -> str:
        return "Open the desk on 127.0.0.1: worksheets and screening in a browser"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-p", dest="port", type=int, default=PORT, help=f"the port ({PORT}); 0: a free one"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Imported here: Scrapy loads all commands each time, and only this one needs a server.
        from wildcrawl.desk import close_app, create_app
        from wildcrawl.local_server import HOST, PortError, server_of

        if args:
            raise UsageError("scrapy desk takes no arguments; set its port with -p")
        assert self.settings is not None
        with plain_errors():
            app = create_app(desk_of(self.settings))
        try:
            server = server_of(app, opts.port)
        except PortError as error:
            raise UsageError(str(error), print_help=False) from None
        print(f"The desk is at http://{HOST}:{server.port}/  (Ctrl+C ends it)", flush=True)  # noqa: T201
        # Service managers end it with this signal, which must not lose what waits for the log.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
        server.server_close()
        close_app(app)


def desk_of(settings: Settings) -> Desk:
    """The desk for the settings."""
    from wildcrawl.analysis.tagging.fingerprint import fingerprint
    from wildcrawl.commands.writing import notices_of_month, report_of_month
    from wildcrawl.desk import Desk, DeskSite, Drafts

    vocabulary = vocabulary_of(settings)
    sites = [
        DeskSite(
            spider.worksheet_site(settings),
            spider.way,
            automated=spider.automated,
            kind=spider.kind,
            demo=spider.demo,
        )
        for spider in all_sites(settings)
    ]
    return Desk(
        sites=sites,
        vocabulary=vocabulary,
        drafts=Drafts(path_of(settings, "WILDCRAWL_WORKSHEETS") or project_folder(), vocabulary),
        store=partial(opened_store, settings),
        queue=partial(queue, settings),
        read_in=partial(read_in, settings),
        write_report=partial(report_of_month, settings),
        write_notices=partial(notices_of_month, settings),
        today=lambda: datetime.now(CHINA).date(),
        rules_note=partial(rules_note, fingerprint(vocabulary)),
        objects=objects_of(settings),
        limits=picture_limits_of(settings),
    )


def objects_of(settings: BaseSettings) -> ObjectStore:
    """The object store of the evidence; ValueError if its place cannot be used."""
    from wildcrawl.evidence import EvidenceError, open_objects

    try:
        return open_objects(evidence_place_of(settings))
    except EvidenceError as error:
        raise ValueError(str(error)) from None


def rules_note(rules: str, store: Store) -> str:
    """A sentence if advertisements without a verdict were tagged by other rules than `rules`."""
    from wildcrawl.review.retagging import rules_sentence

    others = store.other_rules(rules)
    return rules_sentence(others) if others.open else ""


def queue(settings: BaseSettings, store: Store) -> Iterator[Queued]:
    """The advertisements without a verdict, in the order of `scrapy queue`, with the reasons."""
    from wildcrawl.review.queue import read_queue

    model = ranking_of(settings)
    for queued in read_queue(store, model):
        if model is None:
            yield queued
        else:
            why = f"{queued.why}; {' '.join(model.reasons(queued.ad))}"
            yield replace(queued, why=why)


def read_in(settings: Settings, site: str, filled: Filled) -> ReadIn:
    """Imports a filled worksheet, as `scrapy crawl SITE -a worksheet=FILE` does."""
    from wildcrawl.crawl.ingest import ingest
    from wildcrawl.crawl.run_recorder import run_line
    from wildcrawl.desk import ReadIn

    try:
        done = ingest(
            find_site(settings, site),
            settings,
            lambda spider: spider.import_worksheet(filled),
            # The spider of a manual site requires a worksheet.
            {"worksheet": "the desk's"},
        )
    except (ValueError, StoreError, OSError) as error:
        return ReadIn(f"{site}: nothing was imported: {error}", ok=False)
    if not done.saved:
        line = f"{site}: the run could not be stored; the messages below give the reason"
        return ReadIn(line, done.messages, ok=False)
    return ReadIn(run_line(done.run), done.messages)
