"""Roles at the desk: every page of every role shows only what the role may send."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.helpers.desk_accounts import book as book
from tests.helpers.desk_accounts import quick_hashes as quick_hashes
from tests.helpers.desk_accounts import sign_in
from tests.helpers.desk_cards import ad, keep
from tests.helpers.desk_data import MONTH, SHEET, desk_in
from tests.helpers.desk_letters import keep as keep_letters
from wildcrawl.desk import ReadIn, create_app
from wildcrawl.desk.accounts import Access, AccountBook
from wildcrawl.items import Verdict
from wildcrawl.store import open_store
from wildcrawl.store.corrections import Decision

PAGES = {
    "home.index": "/",
    "preferences.show": "/preferences",
    "letters.index": f"/letters?month={MONTH}",
    "lists.advertisements": "/advertisements",
    "sellers.index": "/sellers",
    "sheets.worksheet": f"{SHEET}/",
    "sheets.keyword": f"{SHEET}/keyword?term=象牙",
    "sheets.rows": f"{SHEET}/rows",
    "surveys.index": "/surveys/?year=2026",
    "surveys.account": "/surveys/account?account=甲店&year=2026",
    "surveys.one": "/surveys/survey?survey=2026-1",
    "surveys.sheet": "/surveys/sheet?survey=2026-1&account=甲店",
    "screen.group": "/screen/group?site=fair&ad_id=1",
    "screen.first": "/screen/",
    "screen.one": "/screen/ad?site=fair&ad_id=3",
    "screen.more": "/screen/more?site=fair&ad_id=1&again=1",
    "screen.session": "/screen/session",
    "team.progress": f"/progress?month={MONTH}",
    "team.people": "/people",
    "writing.show": f"/months/{MONTH}/writing/notices",
}
"""A page of each endpoint."""
NO_PAGES = {
    *("entrance.enter", "entrance.sign_in_page", "icon", "static", "lists.as_csv"),
    *("sheets.download", "evidence.view", "evidence.original", "evidence.record", "evidence.text"),
    "files.show",
}
"""Endpoints of files, and those without a session."""
OF_EVERYBODY = {"/language", "/sign-out", "/preferences"}
ACTION = re.compile(r'<form(?=[^>]*\smethod="post")[^>]*\saction="([^"]*)"|\sformaction="([^"]*)"')


@pytest.fixture(scope="module")
def app(book: AccountBook, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A desk of three roles, with something on each page."""
    folder = tmp_path_factory.mktemp("desk")
    texts = {"description": "老象牙手镯 一只，家传旧物，五十八圈口"}
    keep(folder, ad("1", "老象牙手镯", **texts), ad("2", "老象牙手镯", **texts), ad("3", "牙雕"))
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        judged = store.get("fair", "3")
        assert judged is not None
        assert judged.found_at is not None
        store.judge("fair", "3", Decision(Verdict.FAKE, "Li", "", judged.found_at))
    keep_letters(folder, "fair")
    desk = replace(
        desk_in(folder),
        write_report=lambda _month, _lang: ReadIn("written"),
        write_notices=lambda _month, _tell: ReadIn("written"),
    )
    made = create_app(desk, Access(book=book))
    client = sign_in(made, "Wang")
    for address, form in (
        (f"{SHEET}/row", {"found_by": "象牙", "title": "牙雕", "token": "a" * 32}),
        (f"{SHEET}/tick", {"term": "犀角", "tick": "x"}),
        ("/surveys/account", {"year": "2026", "account": "甲店", "status": "active", "seen": ""}),
        (f"/months/{MONTH}/notices", {}),
        ("/surveys/survey", {"survey": "2026-1", "date": "2026-05-12", "seen": ""}),
        (
            "/surveys/post",
            {"survey": "2026-1", "account": "甲店", "token": "b" * 32, "species": "ivory"},
        ),
    ):
        assert client.post(address, data=form).status_code == 302, address
    return made


def sent_from(page: str) -> set[str]:
    """The paths to which a page can send a form."""
    return {urlsplit(form or button).path for form, button in ACTION.findall(page)}


def test_every_page_is_walked(app: Flask) -> None:
    endpoints = {
        rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert endpoints == {*PAGES} | NO_PAGES


@pytest.mark.parametrize("name", ["Guest", "Wang", "Li"])
def test_a_page_offers_only_what_its_reader_may_send(app: Flask, name: str) -> None:
    client = sign_in(app, name)
    offered: dict[str, set[str]] = {}
    for endpoint, address in PAGES.items():
        answer = client.get(address)
        allowed = endpoint != "team.people" or name == "Li"
        assert answer.status_code == (200 if allowed else 403), address
        if allowed:
            offered[endpoint] = sent_from(answer.text) - OF_EVERYBODY
            assert ("/people" in answer.text) is (
                name == "Li" and endpoint in ("team.progress", "team.people")
            ), address
    if name == "Guest":
        assert {page: forms for page, forms in offered.items() if forms} == {}
        return
    reading = ("preferences.show", "lists.advertisements", "sellers.index", "screen.session",
               "screen.more", "team.progress", "team.people", "writing.show")  # fmt: skip
    assert {page for page, forms in offered.items() if not forms} == {*reading} & {*offered}
    for path in set().union(*offered.values()):
        # Without its fields a form is refused for what it lacks, and never for the role.
        assert client.post(path, data={}).status_code != 403, path
