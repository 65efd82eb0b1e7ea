"""Group pages: near-duplicates side by side, one decision recorded for each on its own."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.desk.test_screening import HOSTILE, ad, judge, keep, kept
from tests.helpers.desk_data import client_of, desk_in
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, Link, save_links
from wildcrawl.review.near_duplicates import differences, near_duplicates, plain
from wildcrawl.store import open_store

if TYPE_CHECKING:
    from flask.testing import FlaskClient

TITLE = "清代老象牙手镯 58圈口"
GROUP = "/screen/group?site=fair&ad_id=1"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    keep(
        tmp_path,
        ad("1", TITLE, description="包浆自然，祖上传下来的老物件，请看图再问价格", price="￥2800"),
        ad(
            "2",
            f"{TITLE}！",
            description="包浆自然，祖上传下来的老物件，请看图再问价格",
            price="￥3500",
        ),
        replace(ad("3", TITLE, description=HOSTILE), site="market"),
        ad("4", "另一件", description="包浆自然 祖上传下来的老物件 请看图再问价格。"),
        ad("5", "犀角杯"),
        ad("6", "清代老象牙手镯 60圈口"),
    )
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        links = [Link(REPOST, ("fair", "1"), ("fair", "6"), "title"),
                 Link(SAME_PICTURE, ("fair", "1"), ("fair", "5"), "whole", "a" * 64, "b" * 64,
                      sure=False)]  # fmt: skip
        save_links(store, links)
    return client_of(desk_in(tmp_path))


def names(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'name="ad" value="([^"]*)"', page)]


def test_near_duplicates_are_compared_across_sites(client: FlaskClient, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        first = store.get("fair", "1")
        assert first is not None
        found = {each.ad.ad_id: each for each in near_duplicates(store, first)}
    assert sorted(found) == ["2", "3", "4", "6"]
    assert (found["2"].why, found["6"].why) == (("same_text",), ("nearly_same_text",))
    changed = {each.field: each.parts for each in differences(first, found["2"].ad)}
    assert changed["price"] == (("￥", False), ("35", True), ("00", False))
    assert plain(TITLE) == plain(f"{TITLE}！")
    page = client.get(GROUP).text
    assert "￥<mark>35</mark>00" in page
    assert len(names(page)) == 5
    assert "<script>alert" not in page
    card = client.get("/screen/ad?site=fair&ad_id=1").text
    assert "Compare and judge with 4 near-duplicates" in card
    assert "near-duplicate" not in client.get("/screen/ad?site=fair&ad_id=5").text


def test_one_decision_is_recorded_for_each_and_taken_back_for_each(
    client: FlaskClient, tmp_path: Path
) -> None:
    chosen = names(client.get(GROUP).text)[:3]
    other = client_of(desk_in(tmp_path))
    judge(other, "2", "fake", by="Wang")
    form = {"site": "fair", "ad_id": "1", "by": "Li", "verdict": "valid", "note": "same"}
    answer = client.post("/screen/group", data=form | {"ad": chosen})
    taken = [each for each in chosen if '"2"' in each]
    assert len(taken) == 1
    assert "Wang decided on it meanwhile" in answer.text
    assert kept(tmp_path, "2").verdict == "fake"
    assert (kept(tmp_path, "1").verdict, kept(tmp_path, "1").screened_by) == ("valid", "Li")
    steps = client.get("/screen/session").text
    assert steps.count("<li><strong>valid") == 2
    client.post("/screen/undo", data={"site": "fair", "ad_id": "1"})
    assert kept(tmp_path, "1").verdict == "pending"
    assert client.get("/screen/session").text.count("<li><strong>valid") == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ad": []}, 400),
        ({"by": " "}, 400),
        ({"verdict": "pending"}, 404),
        ({"ad": ["nonsense"]}, 400),
        ({"ad": ["[1]"]}, 400),
        ({"ad": ['["fair","none","x"]']}, 200),
        ({"ad_id": "none", "ad": []}, 404),
    ],
)
def test_a_decision_that_is_not_valid_changes_nothing(
    client: FlaskClient, tmp_path: Path, given: dict[str, str | list[str]], code: int
) -> None:
    form = {"site": "fair", "ad_id": "1", "by": "Li", "verdict": "valid"}
    chosen = names(client.get(GROUP).text)[:1]
    assert client.post("/screen/group", data=form | {"ad": chosen} | given).status_code == code
    assert {kept(tmp_path, each).verdict for each in "12456"} == {"pending"}
