"""`scrapy desk`: the work that only a person can do, as pages on this machine."""

from __future__ import annotations

import argparse
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from wildcrawl.commands.common import all_sites, opened_store, plain_errors
from wildcrawl.commands.crawling import crawl_site, crawled_line
from wildcrawl.crawl.base_command import PlainCommand
from wildcrawl.crawl.locations import path_of, project_folder
from wildcrawl.crawl.session import ranking_of, vocabulary_of
from wildcrawl.months import CHINA
from wildcrawl.review.queue import Queued, queue_order
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from wildcrawl.desk import Desk, ReadIn

PORT = 8766
"""Next to the bundled marketplaces, so that both may run."""


class Command(PlainCommand):
    def syntax(self) -> str:
        return "[-p PORT]"

    def short_desc(self) -> str:
        return "Open the desk on 127.0.0.1: worksheets and screening as pages"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-p", dest="port", type=int, default=PORT, help=f"the port ({PORT}); 0: a free one"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        # Not at the top: Scrapy loads all commands for each one, and only this needs a server.
        from wildcrawl.desk import create_app
        from wildcrawl.local_server import HOST, PortError, server_of

        if args:
            raise UsageError("scrapy desk takes no names; -p is its port")
        assert self.settings is not None
        with plain_errors():
            app = create_app(desk_of(self.settings))
        try:
            server = server_of(app, opts.port)
        except PortError as error:
            raise UsageError(str(error), print_help=False) from None
        print(f"The desk is at http://{HOST}:{server.port}/  (Ctrl+C ends it)", flush=True)  # noqa: T201
        with suppress(KeyboardInterrupt):
            server.serve_forever()
        server.server_close()


def desk_of(settings: BaseSettings) -> Desk:
    """The desk that the settings call for."""
    from wildcrawl.desk import Desk, DeskSite, Drafts

    vocabulary = vocabulary_of(settings)
    sites = [
        DeskSite(spider.site(settings), spider.way, spider.kind, spider.demo)
        for spider in all_sites(settings)
    ]
    return Desk(
        sites=sites,
        vocabulary=vocabulary,
        drafts=Drafts(path_of(settings, "WILDCRAWL_WORKSHEETS") or project_folder(), vocabulary),
        store=partial(opened_store, settings),
        queue=partial(queue, settings),
        read_in=partial(read_in, settings),
        today=lambda: datetime.now(CHINA).date(),
    )


def queue(settings: BaseSettings) -> list[Queued]:
    """What waits for a verdict, as `scrapy queue` orders it, each with why."""
    model = ranking_of(settings)
    with opened_store(settings) as store:
        waiting = queue_order(store.advertisements(), model)
    if model is None:
        return waiting
    return [
        replace(each, why=f"{each.why}; {' '.join(model.reasons(each.ad))}") for each in waiting
    ]


def read_in(settings: BaseSettings, site: str, worksheet: Path) -> ReadIn:
    """Reads a worksheet in as `scrapy crawl SITE -a worksheet=FILE` does, for it is just that."""
    from wildcrawl.desk import ReadIn

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        options = ["--logfile", str(log), "-L", "WARNING", "-s", "LOG_FORMAT=%(message)s"]
        try:
            done = crawl_site(site, settings, {"worksheet": str(worksheet)}, options)
        except StoreError as error:
            return ReadIn(str(error), ok=False)
        said = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    ok = done.exit_code == 0 and done.run is not None
    return ReadIn(crawled_line(done), tuple(line for line in said if line.strip()), ok)
