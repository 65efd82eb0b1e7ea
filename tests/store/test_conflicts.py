"""Conflicts: rows of other advertisements are refused, updates of the same pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from wildcrawl.analysis.ids import derive_ad_id
from wildcrawl.items import Advertisement, RowOrigin, Verdict
from wildcrawl.store import Outcome, Store
from wildcrawl.store.conflicts import conflict
from wildcrawl.store.corrections import Decision
from wildcrawl.store.merge import checked, plan

NOW = datetime(2016, 5, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)
STALL = "https://market.example/stalls/7.html"
ITEM = "https://market.example/item/612345678901"


def ad(
    ad_id: str = "1", title: str = "老象牙手镯甲", price: str = "1000", **given: Any
) -> Advertisement:
    amount = Decimal(price) if price.isdigit() else None
    fields: dict[str, Any] = {
        "price_amount": amount,
        "price_currency": "CNY",
        "species": ["ivory"],
        "found_at": NOW,
    }
    return Advertisement("fair", ad_id, title=title, price=price, **(fields | given))


def row(**given: Any) -> Advertisement:
    return replace(ad(**given), origin=RowOrigin("line 3", 3))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"title": "犀角杯丙", "price": "9000", "species": ["rhino_horn"]}),
        ({}, {"title": "象牙扇子", "price": "9000"}),
        ({}, {"title": "老象牙手镯丙", "price": "9000"}),
        ({}, {"title": "犀角杯丙", "species": ["rhino_horn"]}),
        ({"title": "象牙手镯1号"}, {"title": "象牙手镯2号", "price": "2000"}),
        ({"url": STALL}, {"url": STALL, "title": "象牙扇子", "price": "9000"}),
        (
            {"ad_id": "612345678901", "url": ITEM},
            {"ad_id": "612345678901", "url": f"{ITEM}9", "title": "虎骨酒", "price": "9000"},
        ),
        ({"price": ""}, {"title": "玳瑁扇丁", "price": ""}),
        ({"url": f"{ITEM}1"}, {"url": f"{ITEM}2"}),
        ({"url": f"{ITEM}1", "price": ""}, {"title": "", "url": f"{ITEM}2", "price": ""}),
        (
            {"title": "", "url": f"{ITEM}1"},
            {"title": "", "url": f"{ITEM}2", "price": "9", "species": ["tiger"]},
        ),
    ],
)
def test_a_row_of_another_advertisement_is_refused(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    stored = replace(ad(**before), first_run="an earlier one")
    reason = conflict(stored, row(**after), "this run")
    assert f"'{stored.ad_id}' of fair belongs to" in reason
    assert stored.title in reason


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({}, {"price": "800"}),
        ({}, {"title": "老象牙手镯甲 包邮"}),
        ({}, {"title": "老象牙手鐲甲"}),
        ({}, {"title": "象牙的手镯(甲)"}),
        ({}, {"title": "", "price": "", "species": [], "verdict": "valid"}),
        ({}, {"title": "", "price": "1500"}),
        ({}, {"species": ["tiger"]}),
        ({}, {"title": "老料圈口五十八", "price": "1000"}),
        ({"title": ""}, {"price": "20"}),
        (
            {"ad_id": "612345678901", "url": ITEM},
            {"ad_id": "612345678901", "url": f"{ITEM}?spm=1", "title": "清仓", "price": "800"},
        ),
        (
            {"ad_id": "5", "url": "https://market.example/item/5"},
            {"ad_id": "5", "url": "https://market.example/item/5", "title": "清仓", "price": "8"},
        ),
        (
            {"ad_id": "612345678901"},
            {"ad_id": "612345678901", "title": "象牙老手镯", "price": "80"},
        ),
        ({}, {"price": "面议", "price_amount": None}),
    ],
)
def test_an_update_of_the_same_advertisement_passes(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    stored = replace(ad(**before), first_run="an earlier one")
    assert conflict(stored, row(**after), "this run") == ""


def test_one_address_for_several_lots_of_a_file_is_refused_and_a_later_edit_is_not() -> None:
    ad_id = derive_ad_id(STALL, "", "")
    stored = replace(ad(ad_id, url=STALL), first_run="this run")
    lot = row(ad_id=ad_id, url=STALL, title="老象牙手镯乙", price="2000")
    assert "its address stands for '老象牙手镯甲' at 1000" in conflict(stored, lot, "this run")
    same_price = row(ad_id=ad_id, url=STALL, title="老象牙手镯乙")
    assert conflict(stored, same_price, "this run")
    assert conflict(stored, lot, "a later run") == ""


def test_a_verdict_is_named() -> None:
    stored = replace(ad(), verdict="valid")
    assert "judged valid" in conflict(stored, row(title="犀角杯", price="9"), "r")


def test_a_store_refuses_the_row_and_keeps_what_it_has(store: Store) -> None:
    other = {"title": "犀角杯丙", "price": "9000", "species": ["rhino_horn"]}
    assert store.record([row(), row(ad_id="2"), row(**other)], "first") == [
        *(Outcome.NEW, Outcome.NEW, Outcome.CONFLICT)
    ]
    rows = [row(**other), row(price="800"), row(ad_id="2", **other), row(ad_id="3", **other)]
    outcomes = store.record(rows, "second")
    assert outcomes == [Outcome.CONFLICT, Outcome.CHANGED, Outcome.CONFLICT, Outcome.NEW]
    assert [bool(each.origin and each.origin.conflict) for each in rows] == [
        True,
        False,
        True,
        False,
    ]
    assert [(each.ad_id, each.title, each.price) for each in store.advertisements()] == [
        ("1", "老象牙手镯甲", "800"),
        ("2", "老象牙手镯甲", "1000"),
        ("3", "犀角杯丙", "9000"),
    ]


def test_a_verdict_that_would_not_be_taken_is_refused_with_the_reason(store: Store) -> None:
    store.record([row(found_at=NOW + DAY, verdict="valid")], "first")
    late = row(verdict="irrelevant", note="resin")
    assert store.record([late], "second") == [Outcome.CONFLICT]
    assert late.origin
    assert late.origin.conflict == (
        "verdict: 'irrelevant' contradicts 'valid' in the store; the advertisement was last seen "
        "on 2016-05-04 12:00 and this row is of 2016-05-03 12:00: judge it at the desk, or in an "
        "export with its key, or leave the verdict empty"
    )
    # A later one is taken, and the earlier file may be read again.
    later = row(found_at=NOW + 2 * DAY, verdict="irrelevant", note="resin")
    first_again = row(found_at=NOW + DAY, verdict="valid")
    assert store.record([later, first_again], "third") == [Outcome.CHANGED, Outcome.SEEN]
    (kept,) = store.advertisements()
    assert (kept.verdict, kept.note) == ("irrelevant", "resin")


def test_a_verdict_of_a_row_that_contradicts_the_desk_is_refused(store: Store) -> None:
    store.record([row(verdict="valid")], "first")
    store.judge("fair", "1", Decision(Verdict.FAKE, "li", "resin", NOW + DAY))
    rows = [row(found_at=NOW + 9 * DAY, verdict="irrelevant"), row(verdict="valid")]
    assert store.record(rows, "second") == [Outcome.CONFLICT, Outcome.SEEN]
    assert rows[0].origin
    assert "contradicts 'fake', given by li at the desk" in rows[0].origin.conflict


def test_dated_rows_of_one_file_with_two_verdicts_pass_in_any_order() -> None:
    rows = checked([row(verdict="valid"), row(found_at=NOW + DAY, verdict="fake")])
    for order in (rows, rows[::-1]):
        done = plan(order, {}, "one file")
        assert Outcome.CONFLICT not in done.outcomes
        assert [each.verdict for each in done.new.values()] == ["fake"]


def test_what_conflicts_in_a_batch_may_fit_what_is_stored(store: Store) -> None:
    store.record([row(title="犀角杯丙", price="9000", species=["rhino_horn"])], "first")
    batch = [row(ad_id=str(number)) for number in range(1, 9)]
    batch.append(row(title="犀角杯丙", price="8000", species=["rhino_horn"]))
    outcomes = store.record(batch, "second")
    assert outcomes[0] == Outcome.CONFLICT
    assert outcomes[-1] == Outcome.CHANGED


def test_a_site_is_not_doubted(store: Store) -> None:
    store.record([ad()], "first")
    edited = ad(title="犀角杯丙", price="9000", species=["rhino_horn"])
    assert store.record([edited], "second") == [Outcome.ANOTHER]
