"""Desk for tests: two fictional sites, three keywords, a store in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wildcrawl.analysis.vocabulary import Group, Keyword, Vocabulary
from wildcrawl.desk import Desk, DeskSite, Drafts, ReadIn, create_app
from wildcrawl.review.queue import Queued, queue_order
from wildcrawl.store import Store, open_store
from wildcrawl.tabular.worksheet import WorksheetSite

if TYPE_CHECKING:
    from flask.testing import FlaskClient

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
    """The desk with drafts and store in `folder`; imports only report their input."""

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
    )


def client_of(desk: Desk) -> FlaskClient:
    """A test client of `desk`, like a browser without scripts."""
    return create_app(desk).test_client()
