"""Repricing: amounts on record get the corrected rate of their own day, once, with a history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from wildcrawl.analysis.rates import Rate, Rates
from wildcrawl.items import Advertisement, Change
from wildcrawl.review.repricing import reprice
from wildcrawl.store import Store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DEFAULT = Rate(Decimal("6.89"), date(2017, 4, 14))
RATES = Rates(
    DEFAULT,
    (Rate(Decimal("7.1"), date(2026, 1, 5)), Rate(Decimal("7.0"), date(2026, 2, 2))),
)


def priced(ad_id: str, found: datetime, price: str = "710元", **given: Any) -> Advertisement:
    values: dict[str, Any] = {
        "price_kind": "amount",
        "price_cny": Decimal("710.00"),
        "price_usd": Decimal("103.05"),
        "price_amount": Decimal(710),
        "price_currency": "CNY",
        "rate": DEFAULT.cny_per_usd,
        "rate_date": DEFAULT.day,
    }
    return Advertisement("mall", ad_id, price=price, found_at=found, **{**values, **given})


def test_each_amount_gets_the_rate_of_its_day_and_keeps_the_old_in_its_history(
    store: Store,
) -> None:
    before_midnight = datetime(2026, 1, 4, 15, 59, tzinfo=UTC)
    store.record(
        [
            priced("old", before_midnight),
            priced("new", datetime(2026, 1, 4, 16, 0, tzinfo=UTC)),  # 5 January in China
            priced("later", datetime(2026, 2, 10, tzinfo=UTC)),
            Advertisement("mall", "none", price="面议", price_kind="on_request", found_at=NOW),
        ],
        "run",
    )
    dry = reprice(store, RATES, NOW, write=False)
    assert (dry.amounts, dry.changes.total()) == (3, 2)
    assert store.get("mall", "new").rate == Decimal("6.89")  # type: ignore[union-attr]
    done = reprice(store, RATES, NOW, write=True)
    assert done.changes == dry.changes
    new, later = store.get("mall", "new"), store.get("mall", "later")
    assert new
    assert later
    assert (new.rate, new.rate_date) == (Decimal("7.1"), date(2026, 1, 5))
    assert (new.price_usd, new.price_cny, new.price) == (
        Decimal("100.00"),
        Decimal("710.00"),
        "710元",
    )
    assert new.history == [Change(NOW, "rate", "6.89 (2017-04-14)", "7.1 (2026-01-05)")]
    assert (later.rate, later.price_usd) == (Decimal("7.0"), Decimal("101.43"))
    assert store.get("mall", "old").history == []  # type: ignore[union-attr]
    assert store.get("mall", "none").rate is None  # type: ignore[union-attr]
    assert not reprice(store, RATES, NOW, write=True).changes


def test_a_price_that_changed_has_the_rate_of_the_day_of_the_change(store: Store) -> None:
    first = priced("1", datetime(2025, 12, 1, tzinfo=UTC), "900元")
    store.record([first], "run-1")
    store.record(
        [replace(first, price="710元", found_at=datetime(2026, 2, 3, tzinfo=UTC))], "run-2"
    )
    reprice(store, RATES, NOW, write=True)
    ad = store.get("mall", "1")
    assert ad
    assert ad.rate_date == date(2026, 2, 2)
    assert [change.field for change in ad.history] == ["price", "rate"]


def test_a_verdict_given_meanwhile_stays(store: Store) -> None:
    store.record([priced("1", datetime(2026, 2, 3, tzinfo=UTC), verdict="valid")], "run")
    reprice(store, RATES, NOW, write=True)
    assert store.get("mall", "1").verdict == "valid"  # type: ignore[union-attr]


def test_keys_that_are_not_stored_are_left_out(store: Store) -> None:
    store.revise([("mall", "absent")], lambda ad: setattr(ad, "note", "x"))
    assert store.get("mall", "absent") is None
