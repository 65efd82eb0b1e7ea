"""`scrapy desk`: worksheets and screening as web pages, for one person or a team."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings, Settings

from wildcrawl.commands.common import (
    all_sites,
    as_columns,
    find_site,
    opened_store,
    picture_limits_of,
    plain_errors,
)
from wildcrawl.crawl.base_command import QuietCommand
from wildcrawl.crawl.locations import evidence_place_of, output_of, path_of, project_folder
from wildcrawl.crawl.session import ranking_of, vocabulary_of
from wildcrawl.months import CHINA
from wildcrawl.store import StoreError

if TYPE_CHECKING:
    from wildcrawl.base_spiders import Site
    from wildcrawl.desk import Desk, ReadIn
    from wildcrawl.desk.accounts import Access, AccountBook
    from wildcrawl.evidence import ObjectStore
    from wildcrawl.items import Advertisement
    from wildcrawl.review.queue import Queued
    from wildcrawl.store import Store
    from wildcrawl.tabular.worksheet import Filled

PORT = 8766
"""Default port, other than that of the bundled marketplaces, so that both can run."""


class Command(QuietCommand):
    def syntax(self) -> str:
        return "[-p PORT] [--host ADDRESS --tls-cert FILE --tls-key FILE] | --add-user NAME"

    def short_desc(self) -> str:
        return "Open the desk, where advertisements are screened and worksheets filled in"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. On 127.0.0.1 one person enters by the printed address, whose "
            "token works once. With accounts (--add-user) everybody signs in; other addresses "
            "need accounts, and TLS or a proxy: see docs/desk.md."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-p", dest="port", type=int, default=PORT, help=f"the port ({PORT}); 0: a free one"
        )
        parser.add_argument(
            "--host", default="127.0.0.1", metavar="ADDRESS", help="where it listens (127.0.0.1)"
        )
        parser.add_argument(
            "--name", default="", help="the host name in the browser's address, if not ADDRESS"
        )
        parser.add_argument("--tls-cert", default="", metavar="FILE", help="a certificate (PEM)")
        parser.add_argument("--tls-key", default="", metavar="FILE", help="the certificate's key")
        parser.add_argument(
            "--behind-proxy",
            default="",
            metavar="ADDRESS",
            help="the address from which a proxy with a certificate connects",
        )
        parser.add_argument("--add-user", metavar="NAME", help="add an account, or change it")
        parser.add_argument(
            "--role",
            choices=("viewer", "screener", "admin"),
            help="with --add-user: viewers read, screeners judge (default), admins see who did",
        )
        parser.add_argument("--remove-user", metavar="NAME", help="remove an account")
        parser.add_argument("--users", action="store_true", help="list the accounts")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args:
            raise UsageError("scrapy desk takes no arguments; set its port with -p")
        if opts.role and not opts.add_user:
            raise UsageError("--role belongs to --add-user NAME", print_help=False)
        assert self.settings is not None
        with plain_errors():
            if opts.add_user is not None or opts.remove_user is not None or opts.users:
                print(changed_accounts(self.settings, opts))  # noqa: T201
            else:
                serve(self.settings, opts)


def serve(settings: Settings, opts: argparse.Namespace) -> None:
    """Serves the desk until it is stopped."""
    # Imported here: Scrapy loads all commands each time, and only this one needs a server.
    from wildcrawl.desk import close_app, create_app, warm_app
    from wildcrawl.desk.accounts import AccountBook
    from wildcrawl.desk.accounts.access import check_address
    from wildcrawl.desk.server import DeskServer, check_certificate
    from wildcrawl.local_server import PortError
    from wildcrawl.pictures import apart

    folder = desk_folder(settings)
    book = AccountBook(folder)
    accounts = len(book.accounts())
    check_address(
        opts.host,
        accounts=accounts,
        certificate=opts.tls_cert,
        key=opts.tls_key,
        proxy=opts.behind_proxy,
        name=opts.name,
    )
    certificate, key = (Path(path) if path else None for path in (opts.tls_cert, opts.tls_key))
    if certificate and key:
        check_certificate(certificate, key)
    # Made before the port is taken, since it may fail.
    desk = desk_of(settings)
    try:
        server = DeskServer(opts.host, opts.port)
    except PortError as error:
        raise UsageError(str(error), print_help=False) from None
    access = access_of(opts, server.port, folder, book if accounts else None)
    app = create_app(desk, access)
    print(f"The desk is at {address_of(opts, access)}  (Ctrl+C ends it)", flush=True)  # noqa: T201
    apart.warm()
    warm_app(app)
    server.serve(app, certificate, key)
    close_app(app)


def access_of(
    opts: argparse.Namespace, port: int, folder: Path, book: AccountBook | None
) -> Access:
    """How the desk is reached with these options."""
    from wildcrawl.desk.accounts import Access
    from wildcrawl.desk.accounts.access import LOCAL_NAMES, LOOPBACK, OneTimeToken, in_url
    from wildcrawl.desk.accounts.access_log import AccessLog

    local = opts.host in LOOPBACK
    names = [opts.name] if opts.name else []
    if not opts.behind_proxy:
        names += LOCAL_NAMES if local else [in_url(opts.host)]

    def print_next(token: str) -> None:
        print(f"To open it in another browser: {base}enter?token={token}", flush=True)  # noqa: T201

    base = f"http://{in_url(opts.host)}:{port}/"
    return Access(
        names=names,
        book=book,
        log=AccessLog(folder),
        secure=bool(opts.tls_cert or opts.behind_proxy),
        proxy=opts.behind_proxy,
        local=local,
        port=port,
        # A next token goes to a terminal alone: others may read a log file.
        token=OneTimeToken(print_next if sys.stdout.isatty() else None),
    )


def address_of(opts: argparse.Namespace, access: Access) -> str:
    """The address to open in a browser."""
    from wildcrawl.desk.accounts.access import in_url

    host = opts.name or in_url(opts.host)
    if access.proxy:
        return f"https://{host}/"
    scheme = "https" if access.secure else "http"
    way = "" if access.book else f"enter?token={access.token.value}"
    return f"{scheme}://{host}:{access.port}/{way}"


def changed_accounts(settings: BaseSettings, opts: argparse.Namespace) -> str:
    """Adds, removes or lists accounts as the options say; returns what to print."""
    from wildcrawl.desk.accounts import AccountBook, AccountRole

    book = AccountBook(desk_folder(settings))
    if opts.add_user is not None:
        role = AccountRole(opts.role or AccountRole.SCREENER)
        is_new = book.add(opts.add_user, read_password(), role)
        account = book.get(opts.add_user)
        assert account is not None
        done = "added" if is_new else "changed; its sessions end"
        return f"{account.name} ({account.role}): {done}"
    if opts.remove_user is not None:
        book.remove(opts.remove_user)
        return f"{opts.remove_user}: removed; its sessions end"
    accounts = book.accounts()
    if not accounts:
        return "There are no accounts; add one with: scrapy desk --add-user NAME"
    rows = [(each.name, str(each.role), _day_of(each.added)) for each in accounts]
    return as_columns([("name", "role", "since"), *rows])


def _day_of(moment: str) -> str:
    """The day in China of an ISO 8601 moment.

    >>> _day_of("2016-04-30T16:05:00+00:00")
    '2016-05-01'
    """
    return f"{datetime.fromisoformat(moment).astimezone(CHINA):%Y-%m-%d}"


def read_password() -> str:
    """A new password: typed twice on a terminal, else the first line of the input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass("Password: ")
    if getpass("The same again: ") != password:
        raise ValueError("the two passwords differ; nothing was changed")
    return password


def desk_folder(settings: BaseSettings) -> Path:
    """The folder with the desk's accounts and its access log."""
    return path_of(settings, "WILDCRAWL_DESK_DIR") or project_folder() / "desk"


def desk_of(settings: Settings) -> Desk:
    """The desk for the settings."""
    from wildcrawl.analysis.tagging.fingerprint import fingerprint
    from wildcrawl.commands.writing import notices_of_month, report_of_month
    from wildcrawl.desk import Desk, DeskSite, Drafts
    from wildcrawl.tabular.worksheet.uploads import read_upload

    vocabulary, output = vocabulary_of(settings), output_of(settings)
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
        drafts=Drafts(
            path_of(settings, "WILDCRAWL_WORKSHEETS") or project_folder(), vocabulary, read_upload
        ),
        store=partial(opened_store, settings),
        queue=partial(queue, settings),
        read_in=partial(read_in, settings),
        write_report=partial(report_of_month, settings),
        write_notices=partial(notices_of_month, settings),
        written={name: (output / name).resolve() for name in ("reports", "notices")},
        today=lambda: datetime.now(CHINA).date(),
        rules_note=partial(rules_note, fingerprint(vocabulary)),
        objects=objects_of(settings),
        limits=picture_limits_of(settings),
        shared_sample=shared_sample_of(settings),
    )


def shared_sample_of(settings: BaseSettings) -> float:
    """The share in WILDCRAWL_SHARED_SAMPLE; ValueError if it is not from 0 to 1."""
    given = str(settings.get("WILDCRAWL_SHARED_SAMPLE", ""))
    try:
        share = float(given)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(
            f"WILDCRAWL_SHARED_SAMPLE is '{given}'; write a share from 0 to 1, such as 0.03"
        )
    return share


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

    read: list[Advertisement] = []

    def rows(spider: Site) -> Iterator[Advertisement]:
        for ad in spider.import_worksheet(filled):
            read.append(ad)
            yield ad

    try:
        done = ingest(
            find_site(settings, site),
            settings,
            rows,
            # The spider of a manual site requires a worksheet.
            {"worksheet": "the desk's"},
        )
    except (ValueError, StoreError, OSError) as error:
        return ReadIn(f"{site}: nothing was imported: {error}", ok=False)
    if not done.saved:
        line = f"{site}: the run could not be stored; the messages below give the reason"
        return ReadIn(line, done.messages, ok=False)
    ads = {
        ad.origin.line: (ad.site, ad.ad_id) for ad in read if ad.origin and not ad.origin.conflict
    }
    return ReadIn(run_line(done.run), done.messages, ads=ads)
