"""Writing at the desk: a page that says how far it is, joined by a second press."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from tests.helpers.desk_data import MONTH, client_of, desk_in, let_in
from tests.helpers.desk_entrance import served
from wildcrawl.desk import ReadIn, create_app
from wildcrawl.desk.model import Told
from wildcrawl.desk.writing import QUICK

NOTICES = f"/months/{MONTH}/notices"
PAGE = f"/months/{MONTH}/writing/notices"
CHINESE = {"Accept-Language": "zh"}


class Held:
    """A writer of notices that waits at its second advertisement until it may go on."""

    def __init__(self) -> None:
        self.calls = 0
        self.waits, self.may_go_on = Event(), Event()
        self.fault: Exception | None = None

    def write(self, month: str, tell: Told) -> ReadIn:
        self.calls += 1
        for site, done, number in (("fair", 0, 3), ("other", 0, 1), ("fair", 1, 3)):
            tell(site, done, number)
        self.waits.set()
        assert self.may_go_on.wait(60)
        if self.fault:
            raise self.fault
        return ReadIn(f"/notices/{month}", ("WC-fair-1: 3 advertisements",))


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.may_go_on.set()


@pytest.fixture
def app(tmp_path: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr("wildcrawl.desk.writing.QUICK", 0)
    return create_app(
        replace(
            desk_in(tmp_path),
            write_notices=held.write,
            write_report=lambda month, lang: ReadIn(lang),
        )
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return let_in(app)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def ended(client: FlaskClient, page: str = PAGE) -> str:
    """The page once its writing has ended."""
    work = client.application.extensions["wildcrawl writer"].get(MONTH, page.rpartition("/")[2])
    assert work.ended.wait(60)
    return client.get(page).text


def test_a_writing_says_how_far_each_letter_is_and_a_second_press_joins_it(
    client: FlaskClient, held: Held
) -> None:
    assert "Being written now" not in client.get(f"/?month={MONTH}").text
    answer = client.post(NOTICES)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert held.waits.wait(60)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.text
    assert "data-working" in page.text
    words = words_of(page.text)
    assert words.startswith(f"Writing the notices {MONTH} At work since")
    assert "Antiques fair 1 of 3 other 0 of 1" in words
    # Whoever closed the page finds it again, on the pages of this month alone.
    for address in (f"/?month={MONTH}", f"/letters?month={MONTH}"):
        assert f'<a href="{PAGE}">Being written now: the letters</a>' in client.get(address).text
    assert PAGE not in client.get("/?month=2026-10").text
    assert client.post(NOTICES).headers["Location"] == PAGE
    assert held.calls == 1
    held.may_go_on.set()
    done = ended(client)
    assert "The notices are written; nothing was sent" in done
    assert "WC-fair-1: 3 advertisements" in done
    assert "data-working" not in done
    assert 'http-equiv="refresh"' not in done
    assert "Being written now" not in client.get(f"/?month={MONTH}").text
    assert "通知已写好，尚未发送" in client.get(PAGE, headers=CHINESE).text


def test_a_fault_of_the_program_is_shown_and_the_next_press_writes_anew(
    client: FlaskClient, held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    held.fault = RuntimeError("<no disk>")
    held.may_go_on.set()
    client.post(NOTICES)
    with caplog.at_level(logging.ERROR):
        page = ended(client)
    assert "A fault of the program stopped the writing: RuntimeError: &lt;no disk&gt;." in page
    assert "Writing failed" in caplog.text
    assert client.get(PAGE).status_code == 500
    held.fault = None
    client.post(NOTICES)
    assert "The notices are written" in ended(client)
    assert held.calls == 2


def test_reports_of_two_languages_are_two_writings_and_each_month_has_its_own(
    client: FlaskClient, held: Held
) -> None:
    client.post(NOTICES)
    assert held.waits.wait(60)
    # Reports wait for the letters that are being written.
    address = client.post(f"/months/{MONTH}/report", headers=CHINESE).headers["Location"]
    assert address == f"/months/{MONTH}/writing/reports-zh"
    waiting = words_of(client.get(address, headers=CHINESE).text)
    assert waiting.startswith(f"正在写报告 {MONTH} 提交于")
    assert "排队中：等前面的写完。" in waiting
    assert "开始于" in client.get(PAGE, headers=CHINESE).text
    held.may_go_on.set()
    assert "<code>zh</code>" in ended(client, address)
    assert client.get(f"/months/{MONTH}/writing/reports-en").headers["Location"].startswith("/?")
    assert client.get("/months/2026-10/writing/reports-zh").status_code == 302
    assert client.get("/months/2026-13/writing/notices").status_code == 404


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
def test_the_page_is_renewed_in_a_browser_until_the_result_is_there(
    app: Flask, held: Held, chromium: Browser
) -> None:
    with served(app) as address:
        page = chromium.new_page()
        page.goto(f"{address}?month={MONTH}")
        page.get_by_role("button", name="Write the notices").click()
        expect(page.get_by_role("row", name="Antiques fair")).to_contain_text("1 of 3")
        app.extensions["wildcrawl writer"].get(MONTH, "notices").tell("fair", 2, 3)
        expect(page.get_by_role("row", name="Antiques fair")).to_contain_text("2 of 3")
        held.may_go_on.set()
        expect(page.get_by_role("heading", level=1)).to_contain_text("nothing was sent")
        assert page.locator("[data-working]").count() == 0
        page.close()


def test_a_desk_that_ends_says_what_it_still_writes_and_what_it_drops(
    client: FlaskClient,
    held: Held,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wildcrawl.desk.worker._LAST", 0)
    client.post(NOTICES)
    assert held.waits.wait(60)
    client.post(f"/months/{MONTH}/report")
    with caplog.at_level(logging.WARNING):
        client.application.extensions["wildcrawl writer"].close()
    assert [record.getMessage() for record in caplog.records] == [
        f"The writing of notices of {MONTH} is brought to its end first",
        f"The writing of reports of {MONTH} had not begun and is dropped",
        f"The writing of notices of {MONTH} was broken off",
    ]


def test_what_is_quick_is_shown_without_a_page_in_between(tmp_path: Path) -> None:
    client = client_of(replace(desk_in(tmp_path), write_report=lambda month, lang: ReadIn("done")))
    assert QUICK > 0
    answer = client.post(f"/months/{MONTH}/report", follow_redirects=True)
    assert "The report is written" in answer.text
