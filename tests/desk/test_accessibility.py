"""Accessibility of the desk and the report: axe finds nothing on any page.

Each page is looked at once, in one of the languages and widths; WILDCRAWL_TEST_AXE=all: in each.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from exports import export
from tests.helpers.desk_cards import ad, keep
from tests.helpers.desk_data import MONTH, SHEET, client_of, desk_in
from tests.helpers.desk_entrance import served
from tests.helpers.evidence_data import keep_capture, photograph
from tests.helpers.exports_data import ad as row
from tests.helpers.exports_data import amount, context, frame, social
from wildcrawl import desk as desk_package
from wildcrawl.desk import ReadIn, create_app
from wildcrawl.desk.accounts import Access, AccountBook, AccountRole
from wildcrawl.desk.writing import Work

pytestmark = pytest.mark.xdist_group("desk")

OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ],
}  # fmt: skip
SURVEY = "survey=2026-1&account=甲店"
PAGES = (
    "/", "/screen/", "/screen/ad?site=fair&ad_id=22", "/screen/ad?site=fair&ad_id=3",
    "/screen/group?site=fair&ad_id=22", "/screen/session", "/advertisements",
    "/advertisements?q=象牙&status=pending", "/sellers", "/progress", "/people", "/preferences",
    f"{SHEET}/", f"{SHEET}/keyword?term=象牙", f"{SHEET}/rows", "/surveys/",
    "/surveys/account?account=甲店&year=2026", "/surveys/survey?survey=2026-1",
    f"/surveys/sheet?{SURVEY}", "/nowhere", f"/months/{MONTH}/writing/notices",
)  # fmt: skip
"""Pages that need something in their address, and others with something to see."""
NO_PAGES = {
    "icon", "static", "lists.as_csv", "sheets.download", "evidence.view", "evidence.original",
    "evidence.record", "entrance.enter", "entrance.sign_in_page", "files.show",
    "screen.more",
}  # fmt: skip
"""Endpoints that answer with a file, or lead to another page."""
WAYS = [("en", 1280), ("zh", 390), ("zh", 1280), ("en", 390)]
"""Languages and widths in pixels. Each page is looked at in one of them, or in all."""
EVERYWHERE = os.environ.get("WILDCRAWL_TEST_AXE") == "all"
COLOURED = {"/", "/screen/ad?site=fair&ad_id=22", f"{SHEET}/keyword?term=象牙", "/letters"}
"""Pages that have all colours between them."""
STYLE = Path(desk_package.__file__).parent / "static" / "desk.css"
FAULTS = """<!doctype html><html><body><img src="x"><button></button>
<p style="color: #bbb; background: #fff">pale</p><input></body></html>"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A desk with advertisements, a picture, rows with mistakes, and a survey."""
    folder = tmp_path_factory.mktemp("desk")
    text = "祖上传下来的老物件，包浆自然。" * 4
    keep(
        folder,
        ad("1", "牙雕", seller="某某"),
        ad("22", "老象牙手镯 一只", description=text, price="￥2800", seller="某某"),
        ad("3", "Carving", verdict="fake", terms=[], found_by=[]),
    )
    keep_capture(folder, "picture", photograph(1, (600, 400)), ad_id="22")
    desk = desk_in(folder)
    client = client_of(desk)
    faulty = {"found_by": "象牙", "title": "老象牙", "age_claim": "ancient", "images": "x"}
    client.post(f"{SHEET}/row", data=faulty)
    client.post("/surveys/account", data={"year": 2026, "account": "甲店", "status": "active"})
    client.post("/surveys/survey", data={"survey": "2026-1", "date": "2026-05-12"})
    post = {"survey": "2026-1", "account": "甲店", "species": "ivory", "images": "2"}
    client.post("/surveys/post", data={**post, "token": secrets.token_hex(16)})
    return create_app(desk)


@pytest.fixture(scope="module")
def address(app: Flask, chromium: Browser) -> Iterator[str]:
    looked_at = Event()

    def write(work: Work) -> ReadIn:
        work.tell("fair", 1, 3)
        assert looked_at.wait(1_800)
        return ReadIn("")

    with served(app) as start:
        app.extensions["wildcrawl writer"].begin(MONTH, "notices", write)
        yield start.rstrip("/")
        looked_at.set()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of a report in each language."""
    rows = [row(ad_id="1"), row(ad_id="2", verdict="pending"), amount("1200", ad_id="3")]
    given = context("2016-04", "2016-05", social=social(), include_pending=True)
    return {
        lang: export(frame(*rows), given, tmp_path_factory.mktemp(lang), lang=lang).index.as_uri()
        for lang in ("en", "zh")
    }


def pages_of(app: Flask) -> list[str]:
    """PAGES, and each further page of the desk that has an address of its own."""
    adapter = app.url_map.bind("127.0.0.1")
    known = {adapter.match(page.partition("?")[0])[0] for page in PAGES if page != "/nowhere"}
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    further = [rule for rule in rules if rule.endpoint not in known | NO_PAGES]
    assert not [rule for rule in further if rule.arguments - {"record"}], "add it to PAGES"
    return [*PAGES, *(rule.rule for rule in further if not rule.arguments)]


def violations(page: Page, url: str, *, contrast: bool = True) -> list[str]:
    """What axe finds on a page whose parts are all open: rule and the elements that break it."""
    if url:
        page.goto(url)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    # Half of the time goes into contrast.
    options = OPTIONS | {"rules": {"color-contrast": {"enabled": contrast}}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{url}: {each['id']} ({each['impact']}): {[node['target'] for node in each['nodes'][:3]]}"
        for each in found
    ]


@contextmanager
def opened(chromium: Browser, lang: str, width: int) -> Iterator[Page]:
    """A page in a language, `width` pixels wide, and so high that nothing sticks over the text."""
    locale = {"en": "en-US", "zh": "zh-CN"}[lang]
    context = chromium.new_context(locale=locale, viewport={"width": width, "height": 3000})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("lang", "width"), WAYS)
def test_axe_finds_nothing_on_the_desk(
    chromium: Browser, address: str, app: Flask, lang: str, width: int
) -> None:
    pages = pages_of(app)
    if not EVERYWHERE:
        pages = pages[WAYS.index((lang, width)) :: len(WAYS)]
    with opened(chromium, lang, width) as page:
        found = [
            each
            for path in pages
            for each in violations(page, address + path, contrast=EVERYWHERE or path in COLOURED)
        ]
    assert found == []


def test_axe_finds_nothing_on_pages_that_answer_a_form(chromium: Browser, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    desk = desk_in(tmp_path)
    client = client_of(desk)
    book = AccountBook(tmp_path)
    book.add("Li", "four words are enough", AccountRole.SCREENER)
    stranger = create_app(desk, Access(book=book)).test_client()
    judged = {"site": "fair", "ad_id": "1", "by": "Li", "was": "pending", "verdict": "valid"}
    client.post("/screen/verdict", data=judged)
    row = {"found_by": "象牙", "title": "老象牙", "age_claim": "ancient"}
    key = client.post(f"{SHEET}/row", data=row, headers={"Accept": "application/json"})
    answers = (
        (stranger.get("/"), 401),
        (stranger.post("/sign-in", data={"name": "Li", "password": "wrong"}), 401),
        (client.get("/enter?token=x"), 200),
        (client.post("/screen/verdict", data=judged), 409),
        (client.post("/screen/verdict", data={**judged, "by": ""}), 409),
        (client.post(f"{SHEET}/read-in"), 200),
        (client.post(f"{SHEET}/remove", data={"key": key.get_json()["key"]}), 200),
    )
    with opened(chromium, "en", 1280) as page:
        for answer, status in answers:
            assert answer.status_code == status
            page.set_content(answer.text)
            page.add_style_tag(path=STYLE)
            assert violations(page, "", contrast=False) == []


@pytest.mark.parametrize(("lang", "width"), WAYS if EVERYWHERE else WAYS[:2])
def test_axe_finds_nothing_in_the_report(
    chromium: Browser, reports: dict[str, str], lang: str, width: int
) -> None:
    with opened(chromium, lang, width) as page:
        assert violations(page, reports[lang], contrast=EVERYWHERE) == []


def test_axe_finds_what_is_wrong(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(FAULTS)
    found = " ".join(violations(page, ""))
    page.close()
    for rule in ("image-alt", "button-name", "color-contrast", "label", "html-has-lang"):
        assert f"{rule} (" in found
