"""Access to the desk: tokens, accounts, sessions, roles, limits, addresses, and other websites."""

from __future__ import annotations

import json
import re
import stat
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.helpers.desk_accounts import PEOPLE, WORDS, sign_in
from tests.helpers.desk_accounts import book as book
from tests.helpers.desk_accounts import quick_hashes as quick_hashes
from tests.helpers.desk_cards import ad, judge, keep, kept
from tests.helpers.desk_data import SHEET, client_of, desk_in, entrance
from wildcrawl.commands.desk import changed_accounts
from wildcrawl.desk import create_app
from wildcrawl.desk.accounts import Access, AccessError, AccountBook, AccountError, AccountRole
from wildcrawl.desk.accounts.access import OneTimeToken, check_address
from wildcrawl.desk.accounts.access_log import AccessLog
from wildcrawl.desk.accounts.sessions import IDLE, LONGEST, Sessions
from wildcrawl.desk.guard import LARGEST, LARGEST_UPLOAD, SMALL
from wildcrawl.store import open_store

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse


@pytest.fixture
def team(book: AccountBook, tmp_path: Path) -> Iterator[Flask]:
    """A desk with accounts, whose log is in the test's folder."""
    log = AccessLog(tmp_path)
    yield create_app(desk_in(tmp_path), Access(book=book, log=log))
    log.close()


def entries(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "access.log").read_text().splitlines()]


# One person


def test_no_page_without_the_token_which_works_once(tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"))
    app = create_app(desk_in(tmp_path))
    client, address = app.test_client(), entrance(app)
    for path in ("/", "/screen/", "/screen/ad?site=fair&ad_id=1", f"{SHEET}/", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert "Open the address with the token that" in answer.text
        assert "牙雕" not in answer.text
    assert judge(client, "1", "valid")[0] == 401
    assert kept(tmp_path, "1").verdict == "pending"
    assert client.get("/enter?token=guess").status_code == 401
    cookie = client.get(address).headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie
    assert client.get("/screen/").status_code == 200
    stranger = app.test_client()
    assert stranger.get(address).status_code == 401, "it was used"
    assert client.get(address).status_code == 200, "whoever is in stays in"


def test_the_next_token_is_shown_only_where_nobody_else_reads() -> None:
    shown: list[str] = []
    token = OneTimeToken(shown.append)
    first = token.value
    assert not token.use("")
    assert token.use(first)
    assert not token.use(first)
    assert token.use(shown[0])
    alone = OneTimeToken()
    assert alone.use(alone.value)
    assert not alone.use("")


def test_sessions_end_by_themselves_and_by_signing_out() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    token = sessions.begin("Li")
    assert sessions.number_of("Li") == 1
    now[0] += IDLE - 1
    assert sessions.get(token)
    now[0] += IDLE + 1
    assert sessions.get(token) is None
    token, used = sessions.begin("Li"), 0.0
    while sessions.get(token):
        now[0] += IDLE / 2
        used += IDLE / 2
    assert used == pytest.approx(LONGEST, abs=IDLE)
    token = sessions.begin("Li")
    sessions.end(token)
    assert sessions.get(token) is None


# A team


def test_a_form_after_its_session_says_what_was_not_saved(team: Flask, tmp_path: Path) -> None:
    form = {"site": "fair", "ad_id": "1&2", "verdict": "valid", "note": "<i>{}resin?"}
    page = team.test_client().post("/screen/verdict", data=form)
    assert page.status_code == 401
    assert "Not saved: your session has ended. Your note was: &lt;i&gt;{}resin?" in page.text
    assert 'name="to" value="/screen/ad?site=fair&amp;ad_id=1%262"' in page.text
    assert "Not saved" not in team.test_client().get("/screen/").text
    alone = create_app(desk_in(tmp_path)).test_client().post("/screen/later", data={})
    assert "Not saved: your session has ended. Open the address" in alone.text


def test_a_team_signs_in_and_out_and_the_log_has_it(team: Flask, tmp_path: Path) -> None:
    stranger = team.test_client()
    page = stranger.get("/screen/?a=1")
    assert page.status_code == 401
    assert 'name="password"' in page.text
    assert 'href="/screen/"' not in page.text
    assert 'href="/preferences"' not in page.text
    assert 'value="/screen/?a=1"' in page.text
    assert stranger.get("/enter?token=").status_code == 302
    assert stranger.get("/").status_code == 401
    client = sign_in(team, "ｌi", to="//evil.example/")
    assert client.get("/").status_code == 200, "a name is the same in full-width letters"
    assert client.post("/sign-out").status_code == 302
    assert client.get("/").status_code == 401
    sign_in(team, "Li\n{}", "wrong")
    events = [(each["event"], each.get("who"), each.get("why")) for each in entries(tmp_path)]
    assert events == [
        ("sign-in page", None, "no session: /screen/"),
        ("signed in", "Li", None),
        ("signed out", "Li", None),
        ("refused", "Li\n{}", "wrong name or password"),
    ]
    assert stat.S_IMODE((tmp_path / "access.log").stat().st_mode) == 0o600
    assert WORDS not in (tmp_path / "access.log").read_text()


def test_signing_in_leads_to_pages_of_the_desk_only(team: Flask) -> None:
    client = team.test_client()
    for to, led in (
        ("/screen/ad?site=a", "/screen/ad?site=a"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
    ):
        form = {"name": "Li", "password": WORDS, "to": to}
        assert client.post("/sign-in", data=form).headers["Location"] == led


def test_attempts_to_sign_in_are_limited_by_name_and_address(team: Flask) -> None:
    client = team.test_client()

    def attempt(name: str, password: str = "wrong", address: str = "127.0.0.1") -> TestResponse:
        form = {"name": name, "password": password}
        return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})

    team.extensions["wildcrawl access"].local = False
    assert [attempt("Li").status_code for _ in range(11)] == [401] * 10 + [429]
    refused = attempt(" ＬＩ ", WORDS)
    assert refused.status_code == 429, "the right password comes too late"
    assert "wait 15 minutes" in refused.text
    assert attempt("Li", WORDS, "192.0.2.7").status_code == 302, "another address"
    assert [attempt("Wang", WORDS).status_code for _ in range(12)] == [302] * 12
    names = [attempt(f"n{number}").status_code for number in range(25)]
    assert names == [401] * 20 + [429] * 5, "thirty from one address"


def test_a_machine_with_many_ipv6_addresses_is_one(team: Flask) -> None:
    client = team.test_client()
    team.extensions["wildcrawl access"].local = False

    def attempt(address: str) -> int:
        form = {"name": "Li", "password": "wrong"}
        there = {"REMOTE_ADDR": address}
        return client.post("/sign-in", data=form, environ_base=there).status_code

    assert [attempt(f"2001:db8::{number:x}") for number in range(11)] == [401] * 10 + [429]
    assert attempt("2001:db8:0:1::1") == 401, "another network"
    assert [attempt(f"::ffff:192.0.2.{number}") for number in range(11)] == [401] * 11


def test_a_removed_account_and_a_new_password_end_the_sessions(tmp_path: Path) -> None:
    book = AccountBook(tmp_path)
    book.add("Li", WORDS, AccountRole.SCREENER)
    app = create_app(desk_in(tmp_path), Access(book=book))
    first, second = sign_in(app, "Li"), sign_in(app, "Li")
    assert first.get("/").status_code == second.get("/").status_code == 200
    assert not book.add("LI", f"{WORDS}!", AccountRole.VIEWER)
    assert first.get("/").status_code == 401
    again = sign_in(app, "Li", f"{WORDS}!")
    assert again.get("/").status_code == 200
    book.remove("li")
    assert again.get("/").status_code == 401
    with pytest.raises(AccountError, match="no account 'li'"):
        book.remove("li")


def test_a_viewer_reads_and_changes_nothing(team: Flask, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"))
    viewer = sign_in(team, "Guest")
    assert "牙雕 甲" in viewer.get("/screen/").text
    for path in ("/screen/verdict", "/screen/undo", "/screen/later", "/screen/anew",
                 f"{SHEET}/tick", f"{SHEET}/row", f"{SHEET}/read-in"):  # fmt: skip
        answer = viewer.post(path, data={"site": "fair", "ad_id": "1", "verdict": "valid"})
        assert answer.status_code == 403
        assert "ask an admin" in answer.text
    assert kept(tmp_path, "1").verdict == "pending"
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        assert store.documents("leases") == {}, "a viewer holds no card"
    assert viewer.post("/sign-out").status_code == 302


def test_the_name_of_a_verdict_is_the_accounts(team: Flask, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    client = sign_in(team, "Wang")
    page = client.get("/screen/").text
    assert "<strong>Wang</strong>" in page
    assert 'name="by"' not in page
    client.set_cookie("by", "Li", path="/screen")
    assert judge(client, "1", "valid", by="Li")[0] == 200
    stored = kept(tmp_path, "1")
    assert (stored.screened_by, stored.history[-1].by) == ("Wang", "Wang")


def test_two_persons_never_get_the_same_card_and_the_second_sees_the_first_verdict(
    team: Flask, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"), ad("22", "牙雕 乙"))
    li, wang = sign_in(team, "Li"), sign_in(team, "Wang")
    assert "牙雕 乙" in li.get("/screen/").text
    assert "牙雕 甲" in wang.get("/screen/").text
    assert "Other persons have the last advertisements" in sign_in(team, "陈").get("/screen/").text
    # Both open the same card by its address.
    card = "/screen/ad?site=fair&ad_id=22"
    states = [state_on(client.get(card).text) for client in (li, wang)]
    assert judge(li, "22", "valid", state=states[0], note="lines")[0] == 200
    code, page = judge(wang, "22", "valid", state=states[1])
    assert code == 409
    assert "Not saved: Li judged it valid meanwhile." in page
    assert "lines" in page
    assert 'name="verdict" value="irrelevant"' not in page, "no key judges here"
    for key in "vif":
        assert f'data-key="{key}"' not in page
    assert (kept(tmp_path, "22").screened_by, len(kept(tmp_path, "22").history)) == ("Li", 1)
    # Pressing the same key again changes nothing either.
    assert judge(wang, "22", "valid", state=states[1], was="valid")[0] == 409
    assert "Li: Verdict" in wang.get(card).text


def test_a_second_look_is_blind_and_leaves_the_first_verdict(
    book: AccountBook, tmp_path: Path
) -> None:
    desk = desk_in(tmp_path)
    object.__setattr__(desk, "shared_sample", 1.0)
    app = create_app(desk, Access(book=book))
    keep(tmp_path, ad("1", "牙雕", species=["ivory"]))
    li, wang, chen = (sign_in(app, name) for name in ("Li", "Wang", "陈"))
    given: dict[str, str | list[str]] = {
        "was_species": "ivory",
        "species": ["rhino_horn"],
        "note": "secret",
    }
    assert "牙雕" in li.get("/screen/").text, "she has the card"
    assert judge(li, "1", "valid", **given)[0] == 200
    assert "No advertisements are pending" in li.get("/screen/").text, "not her own"
    page = wang.get("/screen/").text
    assert 'name="second" value="1"' in page
    assert 'name="was_species" value="ivory"' in page
    for seen in ("Li", "secret", "valid (", "rhino_horn →", "→ rhino_horn"):
        assert seen not in page.partition("<article")[2].partition("</article")[0], seen
    assert judge(wang, "1", "irrelevant", second="1")[0] == 200
    stored = kept(tmp_path, "1")
    assert (stored.verdict, stored.screened_by, stored.species) == ("valid", "Li", ["rhino_horn"])
    assert judge(wang, "1", "fake", second="1")[0] == 409
    page = chen.get("/progress").text
    assert "Disagreements" in page
    (line,) = re.findall(r"<li>(.*)</li>", page, re.DOTALL)
    assert ">牙雕</a>" in line
    assert "back=/progress" in line
    assert "Li valid (secret), Wang irrelevant" in line
    assert "0 of 1" in page
    assert judge(chen, "1", "valid", was="valid")[0] == 200
    assert "Disagreements" not in chen.get("/progress").text
    assert (kept(tmp_path, "1").verdict, kept(tmp_path, "1").screened_by) == ("valid", "陈")


def state_on(page: str) -> str:
    return page.partition('name="state" value="')[2].partition('"')[0]


# Accounts


def test_accounts_are_in_a_file_for_its_owner_alone(book: AccountBook, tmp_path: Path) -> None:
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    text = book.path.read_text(encoding="utf-8")
    assert WORDS not in text
    assert "$argon2id$" in text
    assert [(each.name, each.role) for each in book.accounts()] == sorted(PEOPLE.items())
    copy = AccountBook(tmp_path)
    copy.path.write_text(text, encoding="utf-8")
    copy.path.chmod(0o640)
    with pytest.raises(AccountError, match="chmod 600"):
        copy.accounts()
    copy.path.chmod(0o600)
    assert copy.check("Wang", WORDS)
    copy.path.write_text('[{"name": "Li"}]')
    with pytest.raises(AccountError, match="cannot be read as accounts"):
        copy.check("Li", WORDS)


@pytest.mark.parametrize(
    ("name", "password", "message"),
    [
        (" ", WORDS, "not a valid name"),
        ("x" * 61, WORDS, "1 to 60 printable characters"),
        ("Li\n", "too short", "has 9 characters; use 10 to 200"),
        ("L\ti", WORDS, "not a valid name"),
        ("Li", "x" * 201, "has 201 characters"),
        ("Li", "aaaaaaaaaaaaa", "too easy to guess"),
        ("Long-name-of-Li", "long-name-of-li", "too easy to guess"),
    ],
)
def test_an_account_that_cannot_be_used_is_refused(
    tmp_path: Path, name: str, password: str, message: str
) -> None:
    with pytest.raises(AccountError, match=message):
        AccountBook(tmp_path).add(name, password, AccountRole.VIEWER)
    assert not (tmp_path / "accounts.json").exists()


# Addresses


@pytest.mark.parametrize(
    ("host", "given", "message"),
    [
        ("0.0.0.0", {"accounts": 0}, "scrapy desk --add-user NAME --role admin"),
        ("192.0.2.1", {"accounts": 2}, "give --tls-cert FILE and --tls-key FILE, or --behind"),
        ("0.0.0.0", {"accounts": 2, "proxy": "192.0.2.9"}, "with --name"),
        ("::", {"accounts": 1, "proxy": "::1"}, "with --name"),
        ("127.0.0.1", {"accounts": 0, "proxy": "127.0.0.1", "name": "d.example"}, "--add-user"),
        ("127.0.0.1", {"accounts": 1, "proxy": "127.0.0.1"}, "with --name"),
        ("127.0.0.1", {"accounts": 1, "proxy": "proxy.example", "name": "d"}, "write the IP"),
        ("localhost", {"accounts": 1}, "write an IP address"),
        ("192.0.2.1", {"accounts": 1, "certificate": "none.pem"}, "belong together"),
        ("192.0.2.1", {"accounts": 1, "certificate": "a.pem", "key": "b.pem"}, "no file a.pem"),
    ],
)
def test_another_address_needs_accounts_and_tls(
    host: str, given: dict[str, str | int], message: str
) -> None:
    with pytest.raises(AccessError, match=message):
        check_address(host, **given)  # type: ignore[arg-type]


def test_addresses_that_are_safe_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "x.pem"
    file.touch()
    check_address("127.0.0.1", accounts=0)
    check_address("::1", accounts=0)
    check_address("192.0.2.1", accounts=1, certificate=str(file), key=str(file))
    check_address("0.0.0.0", accounts=1, proxy="192.0.2.9", name="desk.example")


def test_behind_a_proxy_only_the_proxy_is_answered(book: AccountBook, tmp_path: Path) -> None:
    access = Access(
        names=["desk.example"], book=book, secure=True, proxy="192.0.2.9", local=True,
        log=AccessLog(tmp_path),
    )  # fmt: skip
    client = create_app(desk_in(tmp_path), access).test_client()
    form = {"name": "Li", "password": "wrong"}

    def post(sender: str, proto: str = "https", host: str = "desk.example") -> TestResponse:
        headers = {"X-Forwarded-For": "198.51.100.4", "X-Forwarded-Proto": proto,
                   "X-Forwarded-Host": host, "Origin": "https://desk.example"}  # fmt: skip
        base = {"REMOTE_ADDR": sender}
        return client.post("/sign-in", data=form, headers=headers, environ_base=base)

    assert post("192.0.2.9").status_code == 401
    assert entries(tmp_path)[0]["address"] == "198.51.100.4"
    assert post("192.0.2.10").status_code == 403
    assert post("192.0.2.9", proto="http").status_code == 403
    assert post("192.0.2.9", host="evil.example").status_code == 400
    form["password"] = WORDS
    cookies = post("192.0.2.9").headers.getlist("Set-Cookie")
    cookie = next(each for each in cookies if each.startswith("__Host-desk="))
    assert "Secure" in cookie
    access.log.close()


def test_accounts_are_listed_added_and_removed_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scrapy.settings import Settings

    settings = Settings({"WILDCRAWL_DESK_DIR": str(tmp_path / "desk")})

    def run(**given: object) -> str:
        fields = {"add_user": None, "remove_user": None, "role": None, "users": False}
        return changed_accounts(settings, Namespace(**(fields | given)))

    assert "add one with" in run(users=True)
    monkeypatch.setattr("wildcrawl.commands.desk.read_password", lambda: WORDS)
    assert run(add_user="Li", role="admin") == "Li (admin): added"
    assert run(add_user="li") == "li (screener): changed; its sessions end"
    book = tmp_path / "desk" / "accounts.json"
    evening = re.sub(r'("added": ")[^"]+', r"\g<1>2016-04-30T16:05:00+00:00", book.read_text())
    book.write_text(evening)
    assert "li    screener  2016-05-01" in run(users=True)
    assert run(remove_user="LI") == "LI: removed; its sessions end"
    assert stat.S_IMODE((tmp_path / "desk").stat().st_mode) == 0o700


# Other websites


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"},
    ],
)
def test_another_website_gets_no_part_of_the_desk(tmp_path: Path, headers: dict[str, str]) -> None:
    keep(tmp_path, ad("1"))
    client = client_of(desk_in(tmp_path))
    for path in ("/screen/", "/screen/?anew=1", f"{SHEET}/", f"{SHEET}/worksheet.xlsx"):
        assert client.get(path, headers=headers).status_code == 403
    assert not (tmp_path / "worksheets").exists()
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        assert store.documents("leases") == {}


def test_reading_pages_and_downloads_writes_no_worksheet(tmp_path: Path) -> None:
    client = client_of(desk_in(tmp_path))
    for path in (f"{SHEET}/", f"{SHEET}/rows", f"{SHEET}/worksheet.csv", f"{SHEET}/worksheet.xlsx"):
        assert client.get(path).status_code == 200
    left = [path for path in (tmp_path / "worksheets").glob("*") if path.suffix != ".lock"]
    assert left == []


@pytest.mark.parametrize(
    ("path", "field", "number"),
    [
        ("/screen/verdict", "note", 4001),
        ("/screen/verdict", "by", 61),
        ("/screen/verdict", "anything", 32_768),
        (f"{SHEET}/row", "description", 32_768),
        (f"{SHEET}/row", "x" * 101, 1),
    ],
)
def test_a_field_that_is_too_long_is_refused(
    tmp_path: Path, path: str, field: str, number: int
) -> None:
    keep(tmp_path, ad("1"))
    form = {"site": "fair", "ad_id": "1", "was": "pending", "by": "x", "verdict": "valid"}
    answer = client_of(desk_in(tmp_path)).post(path, data=form | {field: "象" * number})
    assert answer.status_code == 413
    assert f"has {number} characters" in answer.text
    assert kept(tmp_path, "1").verdict == "pending"
    assert client_of(desk_in(tmp_path)).get(f"/screen/ad?site={'x' * 201}").status_code == 413


def test_a_form_of_very_many_fields_is_refused_unread(tmp_path: Path) -> None:
    client = client_of(desk_in(tmp_path))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/screen/verdict", data=b"a=1&" * 10_000, headers=form)
    assert answer.status_code == 413
    assert "has 10001 fields; the most is 5000" in answer.text


def test_strangers_and_viewers_send_little(team: Flask) -> None:
    most = team.extensions["wildcrawl most bytes"]

    def cookies(client: FlaskClient) -> str:
        found = client.get_cookie("desk-0")
        return f"desk-0={found.value}" if found else ""

    upload = f"{SHEET}/pictures"
    screener, viewer = sign_in(team, "Wang"), sign_in(team, "Guest")
    kept_cookies = cookies(screener)
    assert most(upload, kept_cookies) == LARGEST_UPLOAD
    assert most("/screen/verdict", kept_cookies) == LARGEST
    for cookie in (cookies(viewer), "", "desk-0=forged", kept_cookies[:-1]):
        assert most(upload, cookie) == SMALL
    screener.post("/sign-out")
    assert most(upload, kept_cookies) == SMALL
    assert team.test_client().post(upload, data=b"x" * (SMALL + 1)).status_code == 413
    assert team.test_client().post(upload, data=b"x").status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/worksheets/fair/2026-11/worksheet./../../../../etc/passwd",
        "/worksheets/..%2f..%2fetc/2026-11/",
        "/worksheets/fair/..%2f2026-11/",
        "/screen/evidence/..%2f..%2fetc%2fpasswd/original",
        "/screen/evidence/" + "a" * 64 + "/..%2fview",
    ],
)
def test_no_path_leads_out_of_the_desk(tmp_path: Path, path: str) -> None:
    assert client_of(desk_in(tmp_path)).get(path).status_code in (400, 404)
