"""Pictures of worksheet rows: kept at once, shown after a crash, tied to the advertisement."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.helpers.desk_data import MONTH, REUSED_FOUND, SHEET, client_of, desk_in
from tests.helpers.evidence_data import photograph
from wildcrawl.desk import Desk, ReadIn
from wildcrawl.evidence import Evidence
from wildcrawl.evidence.checking import check
from wildcrawl.items import Advertisement
from wildcrawl.tabular.worksheet import Filled

KEYWORD = f"{SHEET}/keyword?term=象牙"
JSON = {"Accept": "application/json"}
ROW = {"from": "象牙", "found_by": "象牙", "title": "老象牙", "url": "https://fair.example/9"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk at which importing a worksheet stores the advertisement of the first row."""
    made = desk_in(tmp_path)

    def read_in(site: str, filled: Filled) -> ReadIn:
        ad = Advertisement(
            site=site, ad_id="9", title=filled.rows[0]["title"], url=ROW["url"],
            relevance="likely", found_at=REUSED_FOUND,
        )  # fmt: skip
        with made.store() as store:
            store.record([ad], "run-9")
        # The second row's advertisement was dropped, so that it is not stored.
        return ReadIn("imported", ads={2: (site, "9"), 3: (site, "10")})

    return replace(made, read_in=read_in)


def upload(client: FlaskClient, token: str, key: str, *files: bytes, by: str = "") -> str:
    pictures = [(BytesIO(data), "shot.png") for data in files]
    form = {**ROW, "token": token, "key": key, "by": by, "pictures": pictures}
    answer = client.post(f"{SHEET}/pictures", data=form, headers=JSON)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["html"])


def save(client: FlaskClient, token: str, key: str, **typed: str) -> str:
    answer = client.post(
        f"{SHEET}/row", data={**ROW, **typed, "token": token, "key": key}, headers=JSON
    )
    return str(answer.get_json()["key"])


def tokens(page: str) -> list[str]:
    return re.findall(r'name="token" value="(\w+)"', page)


def test_pictures_follow_their_row_to_the_advertisement(desk: Desk) -> None:
    client = client_of(desk)
    token = tokens(client.get(KEYWORD).text)[-1]
    shown = upload(client, token, "", photograph(1), photograph(2), by="Wang")
    assert shown.count("/thumbnail") == 2
    # Nothing is typed yet; after a crash of the browser the empty row has them again.
    page = client.get(KEYWORD).text
    assert page.count("/thumbnail") == 2
    assert tokens(page) == [token]
    assert 'value="Wang"' in page
    key = save(client, token, "")
    key = save(client, token, key, title="老象牙牌")
    page = client.get(KEYWORD).text
    assert page.count("/thumbnail") == 2
    assert tokens(page)[0] == token != tokens(page)[1]
    # The same photograph for another row, by a person without the script.
    other = "b" * 32
    form = {**ROW, "title": "另一件", "url": "", "token": other, "key": ""}
    files = [(BytesIO(photograph(1)), "a.jpg"), (BytesIO(b"PK\x03\x04"), "b.png")]
    answer = client.post(f"{SHEET}/pictures", data={**form, "pictures": files})
    assert answer.status_code == 422
    assert "b.png: not added: a document or archive in place of a picture" in answer.text
    assert client.get(f"{SHEET}/rows").text.count("/thumbnail") == 3
    # One is removed again before the sheet is read in.
    payload = re.findall(r'name="payload" value="(\w+)"', shown)[1]
    form = {**ROW, "title": "老象牙牌", "token": token, "key": key, "payload": payload}
    answer = client.post(f"{SHEET}/pictures/remove", data=form, headers=JSON)
    assert answer.get_json()["number"] == 1

    done = client.post(f"{SHEET}/read-in").text
    assert "1 picture kept with the advertisements of their rows." in done
    assert "1 picture waiting" in done
    card = client.get("/screen/ad?site=fair&ad_id=9").text
    assert card.count("/thumbnail") + card.count("/card") >= 1
    with desk.store() as store:
        evidence = Evidence(store, desk.objects)
        (kept,) = evidence.captures.of("fair", "9")
        assert (kept.kind, kept.url) == ("screenshot", ROW["url"])
        assert evidence.payload(kept) == photograph(1)
        assert next(iter(evidence.custody.links())).who == "Wang"
        assert list(check(evidence)) == []
    # Reading in again changes nothing.
    again = client.post(f"{SHEET}/read-in").text
    assert "kept with the advertisements" not in again
    assert "/screen/ad?site=fair&amp;ad_id=9" in client.get(KEYWORD).text


def test_pictures_are_limited_and_only_pictures(desk: Desk) -> None:
    client = client_of(replace(desk, limits=replace(desk.limits, length=20_000, pixels=100_000)))
    token = "c" * 32
    for data in (b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, photograph(1), b"<html>", b"x" * 30_000):
        answer = client.post(
            f"{SHEET}/pictures",
            data={**ROW, "token": token, "key": "", "pictures": (BytesIO(data), "../x.png")},
            headers=JSON,
        ).get_json()
        assert answer["number"] == 0
        assert len(answer["refused"]) == 1
    with desk.store() as store:
        evidence = Evidence(store, desk.objects)
        assert list(evidence.captures.all()) == []
        assert not evidence.objects.sizes()
    large = client.post(f"{SHEET}/tick", data={"term": "x" * (3 << 20)})
    assert large.status_code == 413
    assert client.post(f"{SHEET}/pictures", data={**ROW, "token": "x"}).status_code in (302, 400)
    assert client.post(f"/worksheets/fair/{MONTH}/pictures/remove", data=ROW).status_code == 400


def test_a_share_text_becomes_a_row_and_what_is_unread_is_said(desk: Desk) -> None:
    client = client_of(desk)
    text = "【闲鱼】https://m.tb.cn/h.aBc1 「老料手串」 点击链接直接打开"
    for _ in range(2):
        page = client.post(f"{SHEET}/shared", data={"from": "象牙", "shared": text})
        assert page.status_code == 200
    assert "short link, which hides the id" in page.text
    assert 'The text is from <span lang="zh">闲鱼</span>, and this is the worksheet of' in page.text
    page = client.post(
        f"{SHEET}/shared",
        data={"from": "象牙", "shared": "木盒 https://fair.example/item/123456 ￥aBc123DeF4￥"},
    )
    assert "worksheet of" not in page.text
    rows = desk.drafts.load(desk.sites[0].site, MONTH).rows
    assert [(row["title"], row["url"], row.get("ad_id", "")) for row in rows] == [
        ("老料手串", "https://m.tb.cn/h.aBc1", ""),
        ("木盒", "https://fair.example/item/123456", "123456"),
    ]
    assert rows[1]["note"] == "￥aBc123DeF4￥"
    page = client.post(f"{SHEET}/shared", data={"from": "象牙", "shared": "</textarea>"})
    assert page.text.count("</textarea>") == page.text.count("<textarea")
    page = client.post(f"{SHEET}/shared", data={"from": "象牙", "shared": "😆 ￥"})
    assert page.status_code == 422
    assert len(desk.drafts.load(desk.sites[0].site, MONTH).rows) == 3
