"""Letters at the desk: marked as sent and answered by forms, by those whose role allows it."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.helpers.desk_accounts import book as book
from tests.helpers.desk_accounts import quick_hashes as quick_hashes
from tests.helpers.desk_accounts import sign_in
from tests.helpers.desk_cards import FOUND, ad
from tests.helpers.desk_cards import keep as store_cards
from tests.helpers.desk_data import MONTH, TODAY, client_of, desk_in
from tests.helpers.desk_letters import WRITTEN, keep
from wildcrawl.desk import create_app
from wildcrawl.desk.accounts import Access, AccountBook
from wildcrawl.items import Verdict
from wildcrawl.review.notices import (
    Letter,
    Recheck,
    State,
    keep_checks,
    keep_letters,
    letters,
)
from wildcrawl.store import open_store
from wildcrawl.store.corrections import Decision


def kept(folder: Path, site: str = "fair") -> Letter:
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        return [letter for letter in letters(store) if letter.site == site][-1]


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def post(client: FlaskClient, what: str, **form: str) -> tuple[int, str]:
    answer = client.post(f"/letters/{MONTH}/{what}", data={"site": "fair"} | form)
    return answer.status_code, words_of(answer.text)


def test_a_letter_is_marked_as_sent_and_answered(tmp_path: Path) -> None:
    keep(tmp_path, "fair", "other")
    client = client_of(desk_in(tmp_path))
    page = words_of(client.get(f"/letters?month={MONTH}").text)
    assert "Antiques fair WC-fair-1 Status not sent Advertisements 2 Written 2026-11-10" in page
    assert post(client, "answered", day="2026-11-12")[0] == 400
    assert post(client, "sent", day="2026-11-12")[0] == 302
    assert kept(tmp_path).sent == date(2026, 11, 12)
    assert kept(tmp_path, "other").sent is None
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        gone = datetime(2026, 11, 15, 2, tzinfo=UTC)
        keep_checks(store, [Recheck("fair", "1", gone, State.REMOVED)])
    page = words_of(client.get(f"/letters?month={MONTH}").text)
    assert "Status overdue" in page
    assert "Of 2 notified, found removed: 1; within 7 days: 1, within 30: 1." in page
    assert "Not over yet: 7 days for 0, 30 days for 1." in page
    hostile = "<script>alert(1)</script> 已下架"
    assert post(client, "answered", day=str(TODAY), answer=hostile)[0] == 302
    answered = client.get(f"/letters?month={MONTH}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 已下架" in answered
    assert "<script>alert" not in answered
    assert (kept(tmp_path).answered, kept(tmp_path).answer) == (TODAY, hostile)
    # An answered letter was sent.
    assert post(client, "not-sent")[0] == 400
    chinese = client.get(f"/letters?month={MONTH}", headers={"Accept-Language": "zh"}).text
    assert "标记为已发出" in chinese
    assert "已答复" in chinese


def test_each_letter_leads_to_its_own_page_and_other_files_are_set_apart(tmp_path: Path) -> None:
    keep(tmp_path, "fair", sent=date(2026, 11, 11))
    keep(tmp_path, "fair", number=2)
    keep(tmp_path, "other")
    root = tmp_path / "notices"
    (root / MONTH).mkdir(parents=True)
    for name in ("fair", "fair.2", "gone"):
        (root / MONTH / f"{name}.html").write_text(name)
    client = client_of(replace(desk_in(tmp_path), written={"notices": root}))
    page = client.get(f"/letters?month={MONTH}").text
    found = re.findall(rf'href="(/files/notices/{MONTH}/[^"]+)">([^<]+)<', page)
    assert [(client.get(address).text, name) for address, name in found] == [
        ("fair", "Open letter WC-fair-1"),
        ("fair.2", "Open letter WC-fair-2"),
        ("gone", "gone.html"),
    ]
    words = words_of(page)
    assert words.count("Its page is not on the desk's machine.") == 1
    assert words.index("which belong to no letter on record") > words.index("WC-other-1")
    chinese = client.get(f"/letters?month={MONTH}", headers={"Accept-Language": "zh"}).text
    assert "打开函件 WC-fair-2" in words_of(chinese)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "'' is not a day"),
        ("12.11.2026", "'12.11.2026' is not a day"),
        ("2026-11-09", "2026-11-09 is not from 2026-11-10 to today"),
        ("2026-11-25", "to today, which is 2026-11-24 in China"),
    ],
)
def test_a_day_that_cannot_be_is_refused(tmp_path: Path, day: str, said: str) -> None:
    keep(tmp_path, "fair")
    status, page = post(client_of(desk_in(tmp_path)), "sent", day=day)
    assert (status, said in page) == (400, True)
    assert kept(tmp_path).sent is None


def test_a_slip_is_taken_back_and_a_second_mark_refused(tmp_path: Path) -> None:
    keep(tmp_path, "fair")
    client = client_of(desk_in(tmp_path))
    assert post(client, "not-sent")[0] == 400
    client.set_cookie("by", "Li")
    assert post(client, "sent", day="2026-11-12")[0] == 302
    status, page = post(client, "sent", day="2026-11-13")
    assert (status, "it was already marked as sent on 2026-11-12" in page) == (400, True)
    assert (kept(tmp_path).sent, kept(tmp_path).sent_by) == (date(2026, 11, 12), "Li")
    assert post(client, "not-sent")[0] == 302
    assert (kept(tmp_path).sent, kept(tmp_path).sent_by) == (None, "")
    assert post(client, "sent", site="nowhere", day="2026-11-12")[0] == 404
    assert client.post("/letters/2026-13/sent").status_code == 404
    assert client.get(f"/letters/{MONTH}/sent").status_code == 405
    # A form concerns the last letter to a site: the earlier one keeps its day.
    keep(tmp_path, "fair", sent=date(2026, 11, 11))
    keep(tmp_path, "fair", number=2)
    assert post(client, "sent", day="2026-11-20")[0] == 302
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        assert [letter.sent for letter in letters(store)] == [
            date(2026, 11, 11),
            date(2026, 11, 20),
        ]
    assert client.get("/letters?month=2020-01").text.count("<section") == 0


def test_a_viewer_sees_letters_and_changes_none(book: AccountBook, tmp_path: Path) -> None:
    keep(tmp_path, "fair")
    app = create_app(desk_in(tmp_path), Access(book=book))
    guest, wang = sign_in(app, "Guest"), sign_in(app, "Wang")
    page = guest.get(f"/letters?month={MONTH}").text
    assert "WC-fair-1" in page
    assert "Mark as sent" not in page
    assert post(guest, "sent", day="2026-11-12")[0] == 403
    assert kept(tmp_path).sent is None
    assert post(wang, "sent", day="2026-11-12")[0] == 302
    assert kept(tmp_path).sent_by == "Wang"


def test_a_letter_says_what_changed_since_it_was_written(tmp_path: Path) -> None:
    verdicts = {"1": Verdict.VALID, "2": Verdict.IRRELEVANT, "3": Verdict.VALID, "4": Verdict.FAKE}
    store_cards(tmp_path, *(ad(ad_id) for ad_id in verdicts))
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        for ad_id, verdict in verdicts.items():
            store.judge("fair", ad_id, Decision(verdict, "Li", "", FOUND))
    keep(tmp_path, "fair")
    client = client_of(desk_in(tmp_path))
    page = words_of(client.get(f"/letters?month={MONTH}").text)
    assert "Answer due not running yet; the letter names 2026-11-20" in page
    assert "1 more valid, which no letter lists: write the notices again." in page
    assert "Listed but not valid any more: 1. Do not send this letter" in page
    chinese = client.get(f"/letters?month={MONTH}", headers={"Accept-Language": "zh"}).text
    assert "另有 1 条已判定有效" in chinese
    # What was sent is not to be written again for what it lists; the next letter lists the rest.
    keep(tmp_path, "fair", sent=date(2026, 11, 11))
    page = words_of(client.get(f"/letters?month={MONTH}").text)
    assert "Answer due 2026-11-20" in page
    assert "1 more valid" in page
    assert "not valid any more" not in page
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        second = Letter("fair", MONTH, 2, "WC-fair-2", WRITTEN, date(2026, 11, 20), ["1", "3"])
        keep_letters(store, [second])
    page = words_of(client.get(f"/letters?month={MONTH}").text)
    assert "more valid" not in page
    assert "not valid any more" not in page
