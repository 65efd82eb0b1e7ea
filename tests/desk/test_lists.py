"""Lists: search, filters and pages by the address, the CSV of the same query, and ways back."""

from __future__ import annotations

import csv
import re
from contextlib import closing
from dataclasses import replace
from html import unescape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.helpers.desk_cards import FOUND, HOSTILE, ad, judge, keep
from tests.helpers.desk_data import client_of, desk_in
from wildcrawl.analysis.return_keys import return_key
from wildcrawl.items import ADVERTISEMENT_COLUMNS
from wildcrawl.review.sellers import Active, Beside, SellerGroup, Sellers
from wildcrawl.store import open_store

if TYPE_CHECKING:
    from flask.testing import FlaskClient

MONTH = f"{FOUND:%Y-%m}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lists")
    keep(
        made,
        *(ad(str(number), f"牙雕 {number}", seller="甲店") for number in range(60)),
        ad("61", "犀角杯", species=["rhino_horn", "ivory"], seller="=1+1", price=HOSTILE),
        ad("62", "仿象牙", relevance="set_aside"),
        ad(HOSTILE, HOSTILE, description="=HYPERLINK(1)", seller=HOSTILE),
        replace(ad("64", "老料 ABC"), site="market"),
    )
    client = client_of(desk_in(made))
    for ad_id, verdict in (("1", "valid"), ("2", "valid"), ("3", "fake"), ("62", "irrelevant")):
        judge(client, ad_id, verdict)
    return made


@pytest.fixture(scope="module")
def client(folder: Path) -> FlaskClient:
    return client_of(desk_in(folder))


def titles(page: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', page)]


@pytest.mark.parametrize(
    ("query", "number", "first"),
    [
        ("text=犀角", 1, "犀角杯"),
        ("text=abc", 1, "老料 ABC"),
        ("text=角", 1, "犀角杯"),
        ("text=没有这个", 0, ""),
        ("sites=market", 1, "老料 ABC"),
        ("species=rhino_horn", 1, "犀角杯"),
        ("verdicts=valid", 2, ""),
        ("verdicts=valid&verdicts=fake", 3, ""),
        ("relevance=set_aside", 1, "仿象牙"),
        ("seller=甲店&verdicts=pending", 57, ""),
        (f"month={MONTH}&text=牙雕+59", 1, "牙雕 59"),
        ("month=2020-01", 0, ""),
        ("least_usd=1000000", 0, ""),
    ],
)
def test_filters_are_the_address(client: FlaskClient, query: str, number: int, first: str) -> None:
    page = client.get(f"/advertisements?{query}").text
    assert f'<small role="status">{number}</small>' in page
    assert len(titles(page)) == min(number, 50)
    assert first in [*titles(page), ""]
    rows = list(csv.DictReader(StringIO(client.get(f"/advertisements.csv?{query}").text[1:])))
    assert len(rows) == number


def test_pages_lead_through_all_of_them_once(client: FlaskClient) -> None:
    page = client.get("/advertisements?sort=oldest").text
    assert 'role="status">64<' in page
    following = unescape(page.partition('class="next" href="')[2].partition('"')[0])
    second = client.get(following).text
    assert "Next page" not in second
    assert "First page" in second
    assert len({*titles(page), *titles(second)}) == 64


def test_the_csv_is_text_that_comes_back(client: FlaskClient) -> None:
    answer = client.get("/advertisements.csv?text=甲店&verdicts=valid")
    assert answer.text.startswith("\ufeffsite,ad_id,")
    first, *_ = csv.DictReader(StringIO(answer.text[1:]))
    assert list(first)[:-1] == [*ADVERTISEMENT_COLUMNS]
    assert [*first.values()][-1] == return_key("fair", first["ad_id"])
    hostile, *_ = csv.DictReader(StringIO(client.get("/advertisements.csv?text=script").text[1:]))
    assert hostile["description"] == "'=HYPERLINK(1)"
    assert hostile["title"] == HOSTILE
    other, *_ = csv.DictReader(StringIO(client.get("/advertisements.csv?text=犀角").text[1:]))
    assert other["seller"] == "'=1+1"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("month=2026-13", "2026-13"),
        ("verdicts=maybe", "valid verdict"),
        ("least_usd=x", "price in USD"),
        ("after=nonsense", "place in a list"),
        (f"text={'长' * 201}", "200 characters"),
        ("sort=best", "valid sort"),
    ],
)
def test_filters_that_are_not_valid_are_said(client: FlaskClient, query: str, reason: str) -> None:
    answer = client.get(f"/advertisements?{query}")
    assert answer.status_code == 400
    assert reason in answer.text
    assert titles(answer.text) == []


def test_texts_of_sellers_stay_texts(client: FlaskClient) -> None:
    page = client.get("/advertisements?text=script").text
    assert "<script>alert" not in page
    assert "<script>alert" not in client.get(f"/advertisements?seller={HOSTILE}").text


def test_a_row_opens_its_card_which_leads_back(client: FlaskClient, folder: Path) -> None:
    page = client.get("/advertisements?text=牙雕 58").text
    card = unescape(page.partition('<th scope="row"><a href="')[2].partition('"')[0])
    shown = client.get(card).text
    back = unescape(shown.partition('<p class="waiting"><a href="')[2].partition('"')[0])
    assert titles(client.get(back).text) == ["牙雕 58"]
    code, judged = judge(client, "58", "valid", back=back)
    assert (code, "<title>牙雕 58 " in judged) == (200, True)
    assert "Back to the list" in judged
    assert "Undo" in judged
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        given = {"site": "fair", "ad_id": "58", "back": elsewhere}
        assert "Back to the list" not in client.get("/screen/ad", query_string=given).text
    client.post("/screen/undo", data={"site": "fair", "ad_id": "58"})
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as store:
        stored = store.get("fair", "58")
    assert stored is not None
    assert stored.verdict == "pending"


def test_the_numbers_of_the_month_lead_to_lists_of_as_many(client: FlaskClient) -> None:
    page = client.get(f"/?month={MONTH}").text
    links = re.findall(r'<a class="number" href="([^"]*)">(\d+)</a>', page)
    assert len(links) == 19
    for link, number in links:
        assert f'role="status">{number}</small>' in client.get(unescape(link)).text, link


def test_a_card_shows_the_sellers_other_advertisements(client: FlaskClient) -> None:
    page = client.get("/screen/ad?site=fair&ad_id=1").text
    assert "59 more on this site" in page
    assert page.partition('<ul class="seller">')[2].partition("</ul>")[0].count("<li>") == 6
    assert "more on this site" not in client.get("/screen/ad?site=market&ad_id=64").text


def test_the_number_of_sellers_is_that_of_the_groups_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = [Active(("fair", name), name, 1, FOUND, FOUND) for name in ("甲", "乙", "丙")]
    beside = (Beside(("fair", "甲"), "甲", {"same_picture": 1}),)
    groups = (
        SellerGroup(tuple(accounts[:2]), {"phone": 1}),
        SellerGroup((accounts[2],), {}, beside),
    )
    monkeypatch.setattr("wildcrawl.desk.sellers.sellers_of", lambda _store: Sellers(groups))
    heads = re.findall(r"<h[12]>(.*?)</h[12]>", client_of(desk_in(tmp_path)).get("/sellers").text)
    assert [re.sub(r"<[^>]+>", "", head) for head in heads] == [
        "Sellers with several accounts 1",
        "2 accounts the same phone × 1",
        "Accounts that may belong to one of several sellers 1",
    ]
