"""Attacks on the desk: every route without a session, by a viewer and from elsewhere; markup."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import lxml.html  # type: ignore[import-untyped]
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from tests.helpers.desk_accounts import WORDS, sign_in
from tests.helpers.desk_cards import ad
from tests.helpers.desk_data import SHEET, desk_in
from tests.helpers.evidence_data import keep_capture, photograph
from tests.helpers.picture_files import encoded, scene
from wildcrawl.desk import create_app
from wildcrawl.desk.accounts import Access, AccountBook, AccountRole
from wildcrawl.store import open_store

HOSTILE = "'\"><script>alert(1)</script><img src=//x.example onerror=alert(2)>{{7*7}}\u202e</title>"
PLACES = {
    "site": "fair", "month": "2026-11", "ending": "csv", "name": "view", "payload": "a" * 64,
    "record": "a" * 64, "kind": "reports", "path": "index.html",
    "what": "notices",
}  # fmt: skip
"""Values of the parts of addresses."""
OPEN = {"entrance.sign_in", "preferences.choose_language"}
"""Forms that a stranger may send."""
OWN = OPEN | {"entrance.sign_out", "preferences.save"}
"""Forms that a viewer may send."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AccountBook]:
    """An account of each role, with hashes that take little time."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr("wildcrawl.desk.accounts.book._hasher", hasher)
        made = AccountBook(tmp_path_factory.mktemp("accounts"))
        for name, role in (
            ("Li", AccountRole.ADMIN),
            ("Wang", AccountRole.SCREENER),
            ("Guest", AccountRole.VIEWER),
        ):
            made.add(name, WORDS, role)
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk whose every field holds markup."""
    made = tmp_path_factory.mktemp("desk")
    texts = (
        "description", "category", "price", "seller", "seller_id", "location", "note",
        "original_title", "original_description", "reason", "picture_text",
    )  # fmt: skip
    known: dict[str, object] = dict.fromkeys(texts, HOSTILE)
    lists: dict[str, object] = {
        "image_urls": [HOSTILE, "javascript:alert(1)"],
        "species": ["ivory", HOSTILE],
        "terms": ["象牙", HOSTILE],
        "found_by": [HOSTILE],
        "url": "javascript:alert(1)",
    }
    hostile = ad("1", f"象牙 {HOSTILE}", **known, **lists)
    other = ad(HOSTILE, f"象牙 {HOSTILE}", **known)
    with closing(open_store(f"sqlite:///{made / 'store.db'}")) as store:
        store.record([hostile, other, ad("3", "象牙", seller=HOSTILE)], "run")
    keep_capture(made, "picture", photograph(1, (60, 40)), ad_id="1")
    return made


@pytest.fixture(scope="module")
def app(folder: Path, book: AccountBook) -> Flask:
    return create_app(desk_in(folder), Access(book=book))


def addresses(app: Flask, method: str) -> dict[str, str]:
    """An address of each endpoint that takes a method."""
    adapter = app.url_map.bind("localhost")
    return {
        rule.endpoint: adapter.build(
            rule.endpoint, {name: PLACES[name] for name in rule.arguments}, method=method
        )
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
    }


def test_no_route_changes_anything_for_strangers_viewers_and_other_websites(app: Flask) -> None:
    stranger, viewer = app.test_client(), sign_in(app, "Guest")
    screener = sign_in(app, "Wang")
    forms = addresses(app, "POST")
    assert len(forms) > 30
    foreign = (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    )
    for endpoint, address in forms.items():
        if endpoint not in OPEN:
            assert stranger.post(address).status_code == 401, address
        if endpoint not in OWN:
            assert viewer.post(address).status_code == 403, address
        for headers in foreign:
            assert screener.post(address, headers=headers).status_code == 403, address


def test_no_part_of_a_page_goes_to_a_stranger_or_another_website(app: Flask) -> None:
    stranger, screener = app.test_client(), sign_in(app, "Wang")
    part = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}
    for endpoint, address in addresses(app, "GET").items():
        answer = stranger.get(address)
        entrance = endpoint in ("static", "icon", "entrance.enter", "entrance.sign_in_page")
        assert answer.status_code == 401 or entrance, address
        assert screener.get(address, headers=part).status_code == 403, address
        for name in ("TRACE", "PUT", "DELETE", "PATCH"):
            assert screener.open(address, method=name).status_code in (401, 403, 404, 405), address


def filled_in(client: FlaskClient) -> None:
    """Sends markup in each form that takes text, and pictures with such names."""
    token = secrets.token_hex(16)
    picture = encoded(scene(1, 60), "PNG")
    written = dict.fromkeys(("title", "price", "url", "seller", "age_claim", "note"), HOSTILE)
    row = {"found_by": "象牙", "token": token, **written}
    files = [(BytesIO(picture), f"{HOSTILE}.png"), (BytesIO(b"<svg/>"), f"{HOSTILE}.svg")]
    client.post(f"{SHEET}/row", data={**row, "pictures": files})
    client.post(f"{SHEET}/shared", data={"from": "象牙", "shared": HOSTILE})
    account = {"year": 2026, "account": HOSTILE, "status": "active", "platform": HOSTILE,
               "formerly": HOSTILE, "dealer": HOSTILE}  # fmt: skip
    client.post("/surveys/account", data=account)
    client.post("/surveys/survey", data={"survey": "2026-1", "date": "2026-05-12"})
    post = {"survey": "2026-1", "account": HOSTILE, "species": "ivory", "images": "2",
            "url": HOSTILE, "note": HOSTILE, "price": HOSTILE}  # fmt: skip
    client.post("/surveys/post", data={**post, "token": secrets.token_hex(16)})
    unsure = {"site": "fair", "ad_id": "3", "note": HOSTILE, "by": HOSTILE}
    client.post("/screen/unsure", data=unsure)


PAGES = (
    "/", "/screen/", "/screen/ad?site=fair&ad_id=1&back=/%22%3E%3Cscript%3E", "/screen/session",
    "/screen/group?site=fair&ad_id=1", "/advertisements", "/sellers", "/progress", "/preferences",
    f"/advertisements?q={HOSTILE}&sites={HOSTILE}", f"/advertisements?sort={HOSTILE}",
    f"{SHEET}/", f"{SHEET}/keyword?term=象牙", f"{SHEET}/rows", "/surveys/", "/letters",
    "/surveys/survey?survey=2026-1", f"/surveys/sheet?survey=2026-1&account={HOSTILE}",
    f"/surveys/account?year=2026&account={HOSTILE}", f"/surveys/sheet?survey={HOSTILE}",
    f"/worksheets/{HOSTILE}/2026-11/", f"/?month={HOSTILE}", f"/{HOSTILE}",
)  # fmt: skip


def dangers(page: str) -> list[str]:
    """Scripts and elements of a page that are not the desk's own."""
    root = lxml.html.fromstring(page)
    found = [
        each.text_content()
        for each in root.iter("script")
        if not each.get("src", "").startswith("/static/")
    ]
    for each in root.iter():
        for name, value in each.attrib.items():
            address = name in ("href", "src", "action", "formaction")
            scheme = value.strip().lower().partition(":")[0]
            if name.startswith("on") or (address and scheme in ("javascript", "data", "vbscript")):
                found.append(f"{each.tag} {name}={value}")
        if each.tag in ("iframe", "object", "embed", "base", "svg", "style"):
            found.append(str(each.tag))
        if each.tag == "img" and not each.get("src", "").startswith("/screen/evidence/"):
            found.append(f"img {each.get('src')}")
    return found


def test_what_others_wrote_is_text_on_every_page(app: Flask) -> None:
    client = sign_in(app, "Wang")
    filled_in(client)
    shown = 0
    for address in PAGES:
        answer = client.get(address)
        assert answer.status_code in (200, 400, 404), address
        assert dangers(answer.text) == [], address
        shown += "&lt;script&gt;alert(1)" in answer.text
    assert shown >= 12, "most of them show it"
    refused = client.post(
        f"{SHEET}/pictures",
        data={
            "token": secrets.token_hex(16),
            "pictures": [(BytesIO(b"<svg onload=alert(1)>"), f"{HOSTILE}.svg")],
        },
    )
    assert "SVG, which is not read" in refused.text
    assert dangers(refused.text) == []


def test_cookies_are_bound_to_the_desk(book: AccountBook, tmp_path: Path) -> None:
    form = {"name": "Li", "password": WORDS}
    plain = create_app(desk_in(tmp_path), Access(book=book, port=8766))
    cookie = plain.test_client().post("/sign-in", data=form).headers.getlist("Set-Cookie")
    session = next(each for each in cookie if each.startswith("desk-8766="))
    assert "HttpOnly" in session
    assert "SameSite=Strict" in session
    secure = create_app(desk_in(tmp_path), Access(book=book, secure=True))
    answer = secure.test_client().post("/sign-in", data=form, base_url="https://localhost")
    session = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-desk="))
    for word in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in session
    assert "Domain" not in session
    assert answer.headers["Strict-Transport-Security"]
