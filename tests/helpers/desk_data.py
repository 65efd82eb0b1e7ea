"""Desk for tests: two made-up sites, three keywords, a store in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.helpers.queue_oracle import queue_order
from wildcrawl.analysis.vocabulary import Group, Keyword, Vocabulary
from wildcrawl.desk import Desk, DeskSite, Drafts, ReadIn, create_app
from wildcrawl.desk.accounts import Access
from wildcrawl.desk.app import ACCESS
from wildcrawl.evidence import open_objects
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.queue import Queued
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.tabular.worksheet import WorksheetSite

KEYWORDS = (
    Keyword("象牙", "ivory", "name", ambiguous=False, since="2012-01"),
    Keyword("果冻", "ivory", "code", ambiguous=True, since="2014-01"),
    Keyword("犀角", "rhino_horn", "name", ambiguous=False, since="2012-01"),
)
VOCABULARY = Vocabulary(
    {
        "ivory": Group("ivory", "Ivory", "象牙", KEYWORDS[:2]),
        "rhino_horn": Group("rhino_horn", "Rhino horn", "犀牛角", KEYWORDS[2:]),
    }
)
FAIR = WorksheetSite(
    "fair",
    "Antiques fair",
    "古玩集市",
    "https://fair.example/",
    "https://fair.example/s?q={keyword}",
    steps=["Open the link.", "Look through the three halls."],
)
APP = WorksheetSite("app", "An app", "应用", "https://app.example/", steps=["Open the app (应用)."])
TODAY = date(2026, 11, 24)
MONTH = "2026-11"
SHEET = f"/worksheets/fair/{MONTH}"


def desk_in(folder: Path) -> Desk:
    """A desk with drafts and store in `folder`; reading in only returns a message."""

    @contextmanager
    def store() -> Iterator[Store]:
        opened = open_store(f"sqlite:///{folder / 'store.db'}")
        yield opened
        opened.close()

    def waiting(opened: Store) -> list[Queued]:
        return queue_order(opened.pending())

    return Desk(
        sites=[
            DeskSite(FAIR, "html", automated=True, kind="antiques"),
            DeskSite(APP, "manual", automated=False, kind="auction"),
        ],
        vocabulary=VOCABULARY,
        drafts=Drafts(folder / "worksheets", VOCABULARY),
        store=store,
        queue=waiting,
        read_in=lambda site, filled: ReadIn(f"{site} with {len(filled.rows)} rows"),
        today=lambda: TODAY,
        objects=open_objects(folder / "evidence"),
    )


REUSED_FOUND = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)


def keep_reused_id(folder: Path, description: str = "清中期风格，鱼子纹清晰") -> None:
    """Stores an advertisement that was judged valid and whose id then shows another one."""
    url = "https://img.example/up/{}.jpg"
    first = Advertisement(
        site="fair", ad_id="1", title="民国老象牙手镯 58圈口", description="祖上传下来的老物件",
        price="2800", price_kind="amount", price_amount=Decimal(2800), relevance="likely",
        image_urls=[url.format("8f3a92c1d0")], species=["ivory"], found_at=REUSED_FOUND,
    )  # fmt: skip
    second = replace(
        first, title="犀角雕荷叶杯", description=description, species=["rhino_horn"],
        price="56000", price_amount=Decimal(56000), image_urls=[url.format("5566aa77bb")],
        found_at=REUSED_FOUND + timedelta(days=30),
    )  # fmt: skip
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        store.record([first], "run-1")
        store.judge("fair", "1", Decision(Verdict.VALID, "Wang", "lines seen", REUSED_FOUND))
        store.record([second], "run-2")


def client_of(desk: Desk) -> FlaskClient:
    """A test client of `desk`, alone at it and let in."""
    return let_in(create_app(desk))


def let_in(app: Flask) -> FlaskClient:
    """A test client that entered by the one-time token of `app`."""
    client = app.test_client()
    assert client.get(entrance(app)).status_code == 200
    return client


def entrance(app: Flask) -> str:
    """The path with the one-time token, which lets one browser in."""
    access: Access = app.extensions[ACCESS]
    return f"/enter?token={access.token.value}"
