"""Cards at the desk: how many questions each asks the store, and what comes after it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from benchmarks.questions import Questions
from tests.helpers.desk_data import desk_in, let_in
from wildcrawl.desk import close_app, create_app
from wildcrawl.desk.screening import LATER
from wildcrawl.items import Advertisement
from wildcrawl.review.queue import read_queue
from wildcrawl.store import Store, open_store

FOUND = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
CARDS = 3
MOST, MOST_LATER = 16, 16
"""Questions of a verdict with the next card, and of what is searched for once it is shown."""
MOST_FIRST = 28
"""Questions of the first card after the start, for which the store is opened."""


def recorded(store: Store, start: int, end: int) -> None:
    """Stores pending advertisements, all of one seller and with one text."""
    store.record(
        [
            Advertisement(
                "fair", f"{each:05}", title=f"老象牙手镯 {each}", seller="藏友",
                description="清中期风格，鱼子纹清晰，祖上传下来的老物件，喜欢的私聊",
                relevance="likely", species=["ivory"], terms=["象牙"], reason="象牙",
                found_at=FOUND + timedelta(minutes=each), strength="name",
            )
            for each in range(start, end)
        ],
        "run",
    )  # fmt: skip


def asked(folder: Path, url: str, counted: Questions, known_due: int = 0) -> tuple[float, float]:
    """Questions of a verdict with the next card, and of what comes later, the means of CARDS.

    `known_due` are those of the first card on links that were changed before.
    """
    app = create_app(
        replace(desk_in(folder), store=lambda: closing(open_store(url)), queue=read_queue)
    )
    client = let_in(app)
    client.set_cookie(LATER, "1")
    start = counted.number
    before = counted.kinds.copy()
    page = client.get("/screen/").text
    assert counted.number - start <= MOST_FIRST, counted.kinds
    # A server without indexes reads all advertisements for any question but by `_id`.
    first = counted.kinds - before
    assert first["find advertisements"] <= 2 + known_due, first
    assert not first["aggregate advertisements"], first
    now = later = 0
    for _ in range(CARDS):
        start = counted.number
        page = judged(client, page)
        shown = counted.number
        assert "清中期风格" not in client.get(address_of_more(page)).text
        now, later = now + shown - start, later + counted.number - shown
    close_app(app)
    return now / CARDS, later / CARDS


def judged(client: FlaskClient, page: str) -> str:
    """Judges the card of a page, and returns the page of the next one."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    form = {name: hidden[name] for name in ("ad_id", "site", "was", "state")}
    answer = client.post("/screen/verdict", data=form | {"by": "Li", "verdict": "valid"})
    assert answer.status_code == 302, answer.text
    return client.get(answer.headers["Location"]).text


def address_of_more(page: str) -> str:
    """Where the script of a page asks for the rest of its card."""
    (address,) = re.findall(r'data-more="([^"]+)"', page)
    return str(address).replace("&amp;", "&")


@pytest.fixture(scope="module")
def counted() -> Iterator[Questions]:
    questions = Questions()
    with questions.counting_sqlite():
        yield questions


@pytest.mark.parametrize(
    ("store_url", "number"), [("sqlite", 1_000), ("mongodb", 100)], indirect=["store_url"]
)
def test_a_card_asks_the_store_the_same_few_questions_whatever_the_number_pending(
    counted: Questions,
    tmp_path: Path,
    store_url: str,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is done in the background would be counted now and then.
    monkeypatch.setattr("wildcrawl.desk.team._PAUSE", 1_000)
    monkeypatch.setattr("wildcrawl.desk.card_evidence._WAIT", 1_000)
    with closing(open_store(store_url)) as store:
        recorded(store, 0, 10)
        store.index_texts()
        few, few_later = asked(tmp_path, store_url, counted)
        recorded(store, 10, number)
        while store.index_texts():
            pass
    many, many_later = asked(tmp_path, store_url, counted, known_due=2 + CARDS)
    assert many <= few <= MOST
    # Near-duplicates are read, up to the number that a card shows.
    assert few_later <= many_later <= MOST_LATER


def test_what_needs_searches_is_in_the_card_without_its_script(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with closing(open_store(url)) as store:
        recorded(store, 0, 2)
    client = let_in(create_app(desk_in(tmp_path)))
    whole = client.get("/screen/ad?site=fair&ad_id=00001").text
    assert "1 more on this site" in whole
    client.set_cookie(LATER, "1")
    page = client.get("/screen/ad?site=fair&ad_id=00001").text
    assert "1 more on this site" not in page
    assert "1 more on this site" in client.get(address_of_more(page)).text
    # The link in its place is for a browser whose script was switched off since.
    (link,) = re.findall(r'<a href="([^"]+whole=1)"', page)
    assert "1 more on this site" in client.get(link.replace("&amp;", "&")).text
    assert client.get("/screen/more?site=fair&ad_id=none&again=1").status_code == 404
    # Nothing is searched for a card of which the person has gone on, unless its page asks again.
    client.get("/screen/ad?site=fair&ad_id=00000")
    assert client.get(address_of_more(page)).status_code == 202
    assert "1 more on this site" in client.get(address_of_more(page) + "&again=1").text


def test_a_verdict_ends_the_searches_for_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        recorded(store, 0, 3)
    app = create_app(desk_in(tmp_path))
    client = let_in(app)
    client.set_cookie(LATER, "1")
    page = client.get("/screen/").text
    searched: list[str] = []

    def search(_store: Store, ad: Advertisement) -> list[object]:
        searched.append(ad.ad_id)
        return []

    def judge_meanwhile(*_: object) -> list[object]:
        judged(client, page)
        return []

    monkeypatch.setattr("wildcrawl.desk.screening.near_duplicates", search)
    monkeypatch.setattr("wildcrawl.desk.card_evidence.CardEvidence.reposts", judge_meanwhile)
    assert client.get(address_of_more(page)).status_code == 202
    assert searched == []
