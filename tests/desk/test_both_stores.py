"""Flows of the desk on both stores: a group, lists and their CSV, the month, a survey.

Verdicts, undo, second looks and two persons at once are tested on both where they are tested.
"""

from __future__ import annotations

import csv
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.helpers.desk_cards import FOUND, ad
from tests.helpers.desk_data import client_of, desk_in
from tests.helpers.store_fixtures import SQLITE_DAILY
from wildcrawl.items import Verdict
from wildcrawl.review.queue import read_queue
from wildcrawl.review.verdict_reasons import all_reasons
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.surveys import survey_frames

pytestmark = SQLITE_DAILY

TITLE = "清代老象牙手镯 58圈口"
AT = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def client(tmp_path: Path, store_url: str) -> FlaskClient:
    """A client of a desk at a store with five advertisements, of which one is judged valid."""
    with closing(open_store(store_url)) as store:
        ads = [
            ad("1", TITLE, seller="藏友甲", price="￥2800"),
            ad("2", f"{TITLE}！", seller="藏友甲"),
            replace(ad("3", TITLE), site="app"),
            ad("4", "犀角杯", species=["rhino_horn"]),
            ad("5", "老象牙牌", found_at=FOUND - timedelta(days=40)),
        ]
        store.record(ads, "run")
        store.judge("fair", "4", Decision(Verdict.VALID, "Wang", "", AT))
    desk = replace(
        desk_in(tmp_path), store=lambda: closing(open_store(store_url)), queue=read_queue
    )
    return client_of(desk)


def verdicts(store: Store) -> dict[str, str]:
    return {each.ad_id: str(each.verdict) for each in store.advertisements()}


def rows_of(client: FlaskClient, query: str) -> list[str]:
    """The ids of a list, which its page and its CSV have alike."""
    text = client.get(f"/advertisements.csv?{query}").text.removeprefix("\ufeff")
    ids = sorted(row["ad_id"] for row in csv.DictReader(StringIO(text)))
    page = client.get(f"/advertisements?{query}").text
    assert sorted({*re.findall(r"/screen/ad\?site=\w+&amp;ad_id=(\w+)", page)}) == ids
    return ids


def test_a_group_is_judged_explained_and_taken_back(client: FlaskClient, store: Store) -> None:
    where = {"site": "fair", "ad_id": "1", "by": "Li"}
    page = client.get("/screen/group?site=fair&ad_id=1").text
    names = [unescape(each) for each in re.findall(r'name="ad" value="([^"]*)"', page)]
    assert len(names) == 3
    page = client.post(
        "/screen/group", data={**where, "ad": names, "verdict": "fake"}, follow_redirects=True
    ).text
    decision = {**where, "decision": re.findall(r'name="decision" value="(\w+)"', page)[0]}
    judged = {"1": "fake", "2": "fake", "3": "fake", "4": "valid", "5": "pending"}
    assert verdicts(store) == judged
    client.post("/screen/group/reason", data={**decision, "reason": "resin"})
    assert sorted(ad_id for _, ad_id in all_reasons(store)) == ["1", "2", "3"]
    client.post("/screen/group/undo", data=decision)
    assert verdicts(store) == judged | dict.fromkeys("123", "pending")
    client.post("/screen/group/redo", data=decision)
    assert verdicts(store) == judged
    again = client.post("/screen/group", data={**where, "ad": names, "verdict": "valid"}).text
    assert again.count("decided on it meanwhile") == 3
    assert verdicts(store) == judged


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("text=象牙手镯", "123"),
        ("sites=app", "3"),
        ("species=rhino_horn", "4"),
        ("verdicts=valid", "4"),
        ("seller=藏友甲", "12"),
        ("text=圈口&sites=fair", "12"),
        ("month=2026-09", "5"),
        ("text=没有的字", ""),
    ],
)
def test_a_list_and_its_csv_have_the_same_rows(
    client: FlaskClient, query: str, expected: str
) -> None:
    assert rows_of(client, query) == [*expected]


def test_the_month_counts_what_its_lists_show(client: FlaskClient) -> None:
    page = client.get("/?month=2026-11").text
    links = re.findall(r'href="/advertisements\?([^"]+)">([\d,]+)</a>', page)
    counted = {unescape(query): int(number) for query, number in links if number != "0"}
    assert len(counted) == 12
    for query, number in counted.items():
        assert len(rows_of(client, query)) == number, query


def test_a_survey_and_its_posts_are_stored_as_they_were_entered(
    client: FlaskClient, store: Store
) -> None:
    place = {"survey": "2026-1", "account": "甲店", "species": "ivory"}
    forms: list[tuple[str, dict[str, str]]] = [
        ("account", {"year": "2026", "account": "甲店", "status": "active", "seen": ""}),
        ("survey", {"survey": "2026-1", "date": "2026-05-12", "start": "09:00", "seen": ""}),
        ("post", {**place, "token": "a" * 32, "images": "3", "price": "￥2800"}),
        ("post", {**place, "token": "b" * 32, "images": "1", "videos": "2"}),
        # The same form once more, as after a reload.
        ("post", {**place, "token": "b" * 32, "images": "1", "videos": "2"}),
    ]
    for page, form in forms:
        assert client.post(f"/surveys/{page}", data=form).status_code == 302, form
    page = client.get("/surveys/sheet?survey=2026-1&account=甲店").text
    assert [text in page for text in ("1. 1 ad., 3 img.", "2. 1 ad., 1 img., 2 vid.", "3. ")] == [
        True, True, False,
    ]  # fmt: skip
    frames = survey_frames(store)
    assert [*frames.posts["images"]] == [3, 1]
    assert [*frames.surveys["videos"]] == [2]
