"""KnownIds: ids of earlier versions, damaged ids and other spellings find what is stored."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.helpers.earlier_ids import earlier_id
from wildcrawl.analysis.ids import derive_ad_id
from wildcrawl.items import Advertisement
from wildcrawl.store import Store
from wildcrawl.store.known_ids import KnownIds

NOW = datetime(2016, 5, 3, 4, tzinfo=UTC)


def put(store: Store, *ads: tuple[str, str], site: str = "mall", **given: Any) -> None:
    fields: dict[str, Any] = {"title": "老象牙手镯", "seller": "藏友", "found_at": NOW} | given
    store.record([Advertisement(site, ad_id, url, **fields) for ad_id, url in ads], "first")


@pytest.mark.parametrize(
    ("recorded", "seen"),
    [
        ("https://mall.example/item/5?spm=1.2", "https://mall.example/item/5?spm=3.4"),
        ("https://www.mall.example/item/5", "http://m.mall.example/item/5/"),
        ("https://mall.example/item/5", "https://mall.example/item/5?from=list"),
        ("https://mall.example/stall.html#lot3", "https://mall.example/stall.html#lot3"),
    ],
)
def test_an_advertisement_keeps_the_id_that_an_earlier_version_derived(
    store: Store, recorded: str, seen: str
) -> None:
    earlier = earlier_id(recorded)
    put(store, (earlier, recorded))
    assert derive_ad_id(seen, "", "") != earlier
    identities = KnownIds(store)
    assert identities.derived("mall", seen, "", "") == earlier
    assert identities.derived("other", seen, "", "") == derive_ad_id(seen, "", "")
    assert identities.derived("mall", seen.replace("mall.example", "x.example"), "", "") != earlier


def test_an_earlier_id_of_words_is_kept_for_its_title_alone(store: Store) -> None:
    earlier = "u-" + hashlib.sha256("无".encode()).hexdigest()[:16]
    put(store, (earlier, "无"))
    identities = KnownIds(store)
    assert identities.derived("mall", "无", "老象牙手镯", "藏友") == earlier
    assert identities.derived("mall", "", "老象牙手镯", "藏友") == earlier
    assert identities.derived("mall", "无", "犀角杯", "藏友") != earlier


def test_the_derived_id_is_taken_where_the_store_has_both_forms(store: Store) -> None:
    url = "https://mall.example/item/5"
    today = derive_ad_id(url, "", "")
    put(store, (earlier_id(url), url), (today, url))
    assert KnownIds(store).derived("mall", url, "", "") == today


def test_an_id_is_found_by_an_address_that_one_advertisement_has(store: Store) -> None:
    put(
        store,
        ("612345678901", "https://mall.example/item?id=612345678901"),
        *(("1", "https://mall.example/stall"), ("2", "https://mall.example/stall")),
        *(("3", "https://mall.example/"), ("4", "")),
    )
    identities = KnownIds(store)
    same = "http://m.mall.example/item?id=612345678901&spm=1"
    assert identities.at_address("mall", same) == "612345678901"
    for url in ("https://mall.example/stall", "https://mall.example/", "", "查看"):
        assert identities.at_address("mall", url) == ""


def test_leading_zeros_are_found_by_address_or_title(store: Store) -> None:
    put(store, ("0012345", "https://mall.example/detail_0012345.html"), ("77", ""), ("0077", ""))
    identities = KnownIds(store)

    def found(ad_id: str, url: str = "", title: str = "") -> str:
        return identities.same_number(Advertisement("mall", ad_id, url, title))

    assert found("12345", "https://mall.example/detail_0012345.html") == "0012345"
    assert found("12345", title="老象牙 手镯") == "0012345"
    assert found("12345", title="犀角杯") == ""
    assert found("12345") == "0012345"
    assert found("77", title="老象牙手镯") == ""
    assert found("A12345", title="老象牙手镯") == ""


def test_a_number_in_another_writing_is_found_by_title(store: Store) -> None:
    put(store, ("61230045", ""), ("No.7001", ""))
    identities = KnownIds(store)

    def found(ad_id: str, title: str = "老象牙手镯") -> str:
        return identities.same_number(Advertisement("mall", ad_id, "", title))

    assert {found(ad_id) for ad_id in ("6123OO45", "#61230045", "61,230,045号")} == {"61230045"}
    assert found("7001") == "No.7001"
    assert (found("6123OO45", "犀角杯"), found("61230045"), found("Lolo")) == ("", "", "")


def test_a_stored_spelling_of_an_id_is_kept(store: Store) -> None:
    put(store, ("６１２", ""))
    identities = KnownIds(store)
    assert identities.given("mall", "６１２") == "６１２"
    assert identities.given("mall", "６１３") == "613"


def test_addresses_are_those_of_one_site_by_id(store: Store) -> None:
    put(store, ("2", "b"), ("1", "a"))
    put(store, ("0", "c"), site="other")
    assert [tuple(each) for each in store.addresses("mall")] == [
        ("1", "a", "老象牙手镯", "藏友"),
        ("2", "b", "老象牙手镯", "藏友"),
    ]


def test_a_files_own_number_finds_what_is_at_the_address(store: Store) -> None:
    url = "https://mall.example/item?id=612345678901"
    put(store, ("612345678901", url), ("2", ""), price="￥1000")
    identities = KnownIds(store)

    def found(ad_id: str, **given: str) -> str:
        fields: dict[str, Any] = {"url": url, "title": "老象牙 手镯", "price": "￥1000"} | given
        return identities.numbered(Advertisement("mall", ad_id, **fields))

    assert found("1") == "612345678901"
    assert found("1", price="") == "612345678901"
    assert found("2") == ""
    assert found("1", title="犀角杯") == ""
    assert found("1", price="￥2000") == ""
    assert found("1", url="https://mall.example/") == ""


def test_a_row_without_the_sites_id_is_known_by_its_address_and_title(store: Store) -> None:
    url = "https://mall.example/item/612345678901"
    put(store, ("612345678901", url))
    derived = Advertisement("mall", "u-1", "http://m.mall.example/item/612345678901/?spm=1")
    known = KnownIds(store)
    assert known.at_same_page(replace(derived, title="老象牙手镯")) == "612345678901"
    assert known.at_same_page(derived) == "612345678901"
    assert known.at_same_page(replace(derived, title="犀角杯 清代")) == ""
    assert known.at_same_page(replace(derived, url="https://mall.example/")) == ""
    assert known.at_same_page(replace(derived, ad_id="612345678901")) == ""
