"""Places in the screening queue, and what is stored or erased with an advertisement."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store import Store, mongo_listing
from wildcrawl.store.corrections import Decision
from wildcrawl.store.documents import to_document
from wildcrawl.store.forgotten import is_forgotten, pseudonym, remains_of
from wildcrawl.store.listing import RAISED

MAY = datetime(2016, 5, 1, tzinfo=UTC)


def likely(ad_id: str, strength: str = "name", hours: int = 0, **given: Any) -> Advertisement:
    ad = Advertisement(
        "mall", ad_id, title="牙雕", found_at=MAY + timedelta(hours=hours), relevance="likely",
        strength=strength,
    )  # fmt: skip
    return replace(ad, **given)


def audited(ad_id: str) -> Advertisement:
    return likely(ad_id, relevance="set_aside", audit=True)


def places(store: Store, **given: bool) -> list[str]:
    """The ids of the whole queue, read two at a time."""
    found: list[str] = []
    after: tuple[float | str, ...] = ()
    while True:
        read = store.waiting(after=after, most=2, **given)
        found += [place.ad.ad_id for place in read]
        if len(read) < 2:
            return found
        after = read[-1].after


def test_the_queue_is_read_on_from_any_place_in_both_orders(store: Store) -> None:
    ads = [likely("1", "code"), likely("2"), likely("3", hours=1), likely("4", "bare")]
    sampled = [audited(str(number)) for number in range(5, 10)]
    store.record([*ads, *sampled, likely("10", relevance="set_aside")], "run")
    assert places(store) == ["3", "2", "4", "1"]
    by_chance = places(store, audit=True)
    assert sorted(by_chance) == ["5", "6", "7", "8", "9"]
    assert store.waiting_numbers() == (4, 5)
    store.save_scores("model", {("mall", ad.ad_id): int(ad.ad_id) / 10 for ad in ads})
    assert places(store, learned=True) == ["4", "3", "2", "1"]
    assert places(store, learned=True, audit=True) == by_chance


def test_a_score_is_valid_until_what_it_was_made_from_changes(store: Store) -> None:
    store.record([likely("1"), likely("2")], "run")
    assert {ad.ad_id for ad in store.unscored("model", 9)} == {"1", "2"}
    assert len(store.unscored("model", 1)) == 1
    store.save_scores("model", {("mall", "1"): 0.7, ("mall", "2"): 0.6})
    assert store.unscored("model", 9) == []
    assert len(store.unscored("other model", 9)) == 2
    store.record([likely("2", hours=5, title="象牙手镯")], "run-2")
    assert [ad.ad_id for ad in store.unscored("model", 9)] == ["2"]


def test_a_raised_advertisement_comes_first_until_it_no_longer_is(store: Store) -> None:
    store.record([likely("1", "code"), likely("2"), likely("3", "bare")], "run")
    key = ("mall", "1")
    store.mark_links([key, ("mall", "3")])
    store.mark_links([key])
    assert store.links_due(9) == [key, ("mall", "3")]
    assert store.links_due(1) == [key]
    store.save_raised({key: "photograph of a valid one"}, done=[key])
    assert (store.links_due(9), store.raised()) == ([("mall", "3")], [key])
    first = store.waiting()[0]
    assert (first.ad.ad_id, first.score, first.raised) == ("1", RAISED, "photograph of a valid one")
    # A low score of the learned ranking leaves it raised, a higher one counts.
    store.save_scores("model", {key: 0.1, ("mall", "2"): 0.95})
    assert [place.ad.ad_id for place in store.waiting(learned=True)][:2] == ["2", "1"]
    store.save_raised({key: ""})
    assert (store.raised(), places(store)) == ([], ["2", "3", "1"])


def test_what_is_stored_beside_a_verdict_comes_with_it(store: Store) -> None:
    store.record([likely("1")], "run")
    beside = {"log": {"entry": {"by": "Li"}}}
    store.judge("mall", "1", Decision(Verdict.VALID, "Li", "", MAY), beside=beside)
    assert store.documents("log") == beside["log"]
    # A verdict asks for its links to be looked at again.
    assert store.links_due(9) == [("mall", "1")]


def test_a_judged_advertisement_is_forgotten_but_for_its_count(store: Store) -> None:
    private: dict[str, Any] = {
        "seller": "藏友甲",
        "description": "微信 abc",
        "url": "http://m.example/1",
    }
    store.record([likely("1", price="500 元", **private), likely("2"), likely("3")], "run")
    store.judge("mall", "1", Decision(Verdict.VALID, "Li", "", MAY))
    store.judge("mall", "2", Decision(Verdict.FAKE, "Li", "call 13800138000", MAY))

    def remains(ad: Advertisement) -> Advertisement | None:
        judged = ad.verdict != Verdict.PENDING
        return remains_of(ad, pseudonym(ad, b"secret")) if judged else None

    keys = [("mall", "1"), ("mall", "3"), ("mall", "9")]
    assert store.forget(keys, remains) == 2
    (left,) = [ad for ad in store.advertisements() if ad.ad_id != "2"]
    assert is_forgotten(left.ad_id)
    assert (left.verdict, left.price, left.first_seen) == ("valid", "500 元", MAY)
    assert not any((left.title, left.seller, left.description, left.url, left.note))
    assert left.ad_id != pseudonym(left, b"another secret")
    assert (store.known("mall", ["1", "3"]), store.waiting_numbers().likely) == (set(), 0)


def test_a_scan_of_the_queue_says_what_its_questions_say_one_by_one(store: Store) -> None:
    tagged = [likely("1", "code", rules="old"), likely("2"), likely("3", hours=1), likely("4")]
    judged = likely("9", rules="old")
    store.record([*tagged, *(audited(str(number)) for number in range(5, 9)), judged], "run")
    store.judge("mall", "9", Decision(Verdict.VALID, "Li", "", MAY))

    def answers() -> list[object]:
        return [
            [store.waiting(learned=each, most=3) for each in (False, True)],
            store.waiting(audit=True, most=3),
            store.waiting(learned=True, audit=True, after=store.waiting(audit=True)[0].after),
            store.waiting_numbers(),
            store.links_due(9),
            store.raised(),
            sorted(ad.ad_id for ad in store.unscored("model", 9)),
            store.other_rules("new"),
            store.other_rules("old"),
        ]

    one_by_one = answers()
    with store.queue_scan():
        assert answers() == one_by_one
        # What is written in the block counts in it.
        store.save_scores("model", {("mall", ad.ad_id): int(ad.ad_id) / 10 for ad in tagged})
        store.save_raised({("mall", "2"): "a link"}, done=[("mall", "9")])
        changed = answers()
        assert changed != one_by_one
    assert answers() == changed


def test_a_scan_keeps_the_first_places_of_many_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo_listing, "FIRST", 2)
    ads = [likely(str(number), hours=number) for number in range(50)]
    ads += [audited(str(number)) for number in range(50, 100)]
    rows = [to_document(ad) | {"listing": mongo_listing.listed(ad)} for ad in ads]
    for row in rows:
        row["first_seen"] = row["found_at"]
    random.Random(7).shuffle(rows)
    scan = mongo_listing.QueueScan(rows)
    assert scan.numbers == {"likely": 50, "audit": 50}
    likeliest = scan.first(2, learned=False, audit=False)
    assert [row["ad_id"] for row in likeliest] == ["49", "48"]
    by_chance = sorted(
        (row["listing"]["chance"], row["ad_id"])
        for row in rows
        if row["listing"]["queue"] == "audit"
    )
    drawn = scan.first(2, learned=True, audit=True)
    assert [row["ad_id"] for row in drawn] == [ad_id for _, ad_id in by_chance[:2]]
