"""Group pages: near-duplicates side by side, one decision recorded for each on its own."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.helpers.desk_cards import HOSTILE, ad, judge, keep, kept
from tests.helpers.desk_data import client_of, desk_in
from tests.helpers.evidence_data import keep_capture, photograph
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, Link, save_links
from wildcrawl.review.near_duplicates import differences, near_duplicates
from wildcrawl.review.verdict_reasons import all_reasons
from wildcrawl.store import open_store

TITLE = "清代老象牙手镯 58圈口"
GROUP = "/screen/group?site=fair&ad_id=1"


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    keep(
        tmp_path,
        ad(
            "1",
            TITLE,
            description="包浆自然，祖上传下来的老物件，请看图再问价格",
            price="￥2800",
            seller="藏友甲",
        ),
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
    page = client.get(GROUP).text
    assert "￥<mark>35</mark>00" in page
    assert len(names(page)) == 5
    assert "<script>alert" not in page
    card = client.get("/screen/ad?site=fair&ad_id=1").text
    assert "Compare and judge with 4 near-duplicates" in card
    assert "near-duplicate" not in client.get("/screen/ad?site=fair&ad_id=5").text


def test_cards_show_the_pictures_that_match_and_the_day_of_posting(
    client: FlaskClient, tmp_path: Path
) -> None:
    posted = {"1": "2016-12-17T12:49:00+08:00", "8": "2016-12-18T09:30:00+08:00", "9": "3天前"}
    keep(tmp_path, *(ad(each, f"第{each}件", posted_at=day) for each, day in posted.items()))
    pictures = {
        (each, number): keep_capture(
            tmp_path, "picture", photograph(int(each) * 2 + number), ad_id=each, minutes=number
        ).payload
        for each in posted
        for number in (0, 1)
    }
    matching = [
        Link(SAME_PICTURE, ("fair", "1"), ("fair", other), "whole", pictures["1", 1], sha)
        # A picture that is not kept any more leaves the first one.
        for other, sha in (("8", pictures["8", 1]), ("9", "f" * 64))
    ]
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        save_links(store, matching)
    page = client.get(GROUP).text
    shown = re.findall(r"/evidence/([0-9a-f]{64})/card", page)
    assert set(shown) == {pictures["1", 1], pictures["8", 1], pictures["9", 0]}
    assert shown[0] == pictures["1", 1]
    assert "2016-12-18 09:30</time>" in page
    assert "2016-12-18T09:30:00+08:00</" not in page
    assert "<mark>3天前</mark>" in page


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


def decide(client: FlaskClient, number: int, **given: str) -> None:
    """Judges the first `number` of the group in one decision of Li."""
    form = {"site": "fair", "ad_id": "1", "by": "Li", "verdict": "fake"} | given
    chosen = names(client.get(GROUP).text)[:number]
    assert client.post("/screen/group", data=form | {"ad": chosen}).status_code == 302


def form_of(page: str) -> dict[str, str]:
    """The form of undo, redo and reasons on a group's page: its first card and its decision."""
    found = re.search(r'name="decision" value="([^"]*)"', page)
    return {"site": "fair", "ad_id": "1", "decision": found[1] if found else ""}


def reasons_in(folder: Path) -> dict[str, str]:
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        return {key[1]: reason for key, (_, reason) in all_reasons(store).items()}


def test_a_decision_is_explained_undone_and_redone_as_one(
    client: FlaskClient, tmp_path: Path
) -> None:
    decide(client, 3)
    page = client.get(GROUP).text
    assert "<strong>fake</strong>: 3 judged" in page
    assert "Undo all 3" in page
    form = form_of(page)
    told = client.post(
        "/screen/group/reason",
        data=form | {"reason": "resin"},
        headers={"Accept": "application/json"},
    )
    assert told.json is not None
    assert told.json["reason"] == "resin"
    assert len(reasons_in(tmp_path)) == 3
    assert client.post("/screen/group/undo", data=form).status_code == 302
    assert {kept(tmp_path, each).verdict for each in "12346" if each != "3"} == {"pending"}
    page = client.get(GROUP).text
    assert ("3 taken back" in page, "Redo all 3" in page, "Undo all" in page) == (True, True, False)
    # Without the page's script, the answer is the page.
    assert client.post("/screen/group/redo", data=form).status_code == 302
    assert "<strong>fake</strong> (resin" in client.get(GROUP).text
    assert len(reasons_in(tmp_path)) == 3
    with closing(open_store(f"sqlite:///{tmp_path / 'store.db'}")) as store:
        judged = [ad for ad in store.judged() if (ad.verdict, ad.screened_by) == ("fake", "Li")]
    assert len(judged) == 3


def test_one_of_a_decision_that_another_judged_is_left_and_said(
    client: FlaskClient, tmp_path: Path
) -> None:
    decide(client, 3, verdict="valid")
    other = client_of(desk_in(tmp_path))
    judge(other, "1", "irrelevant", by="Wang", was="valid")
    page = client.post("/screen/group/undo", data=form_of(client.get(GROUP).text)).text
    assert "fair 1: Nothing was changed: Wang judged it irrelevant meanwhile." in page
    assert (kept(tmp_path, "1").screened_by, "Redo all 2" in page) == ("Wang", True)


def test_a_page_corrects_the_decision_that_it_shows(client: FlaskClient, tmp_path: Path) -> None:
    decide(client, 2)
    form = form_of(client.get(GROUP).text)
    other = {"site": "fair", "ad_id": "5", "by": "Li", "verdict": "valid"}
    chosen = names(client.get("/screen/group?site=fair&ad_id=5").text)[:1]
    client.post("/screen/group", data=other | {"ad": chosen})
    client.post("/screen/group/reason", data=form | {"reason": "resin"})
    assert set(reasons_in(tmp_path)) == {"1", "2"}
    assert client.post("/screen/group/undo", data=form).status_code == 302
    assert [kept(tmp_path, each).verdict for each in "125"] == ["pending", "pending", "valid"]
    page = client.post("/screen/group/undo", data=form).text
    assert "Nothing was changed: this was done before." in page
    assert kept(tmp_path, "5").verdict == "valid"


def test_a_group_shows_no_decision_on_others(client: FlaskClient) -> None:
    decide(client, 2)
    assert "Undo all" not in client.get("/screen/group?site=fair&ad_id=5").text
    judge(client, "4", "valid")
    assert "Undo all" not in client.get(GROUP).text


def test_each_of_a_group_has_its_price_and_seller(client: FlaskClient) -> None:
    page = client.get(GROUP).text
    assert page.count('<span lang="zh">￥2800</span>') == 1
    assert page.count("￥<mark>35</mark>00") == 1
    assert page.count('Seller: <span lang="zh">藏友甲</span>') == 1
