"""Search of advertisements: filters, sort orders and pages, the same on both stores."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from werkzeug.datastructures import MultiDict

from tests.helpers.earlier_layout import drop_listing
from wildcrawl.items import Advertisement, Run, Verdict
from wildcrawl.months import month_of
from wildcrawl.review.month_counts import status
from wildcrawl.store import Store, open_store, sqlite_listing
from wildcrawl.store.corrections import Decision
from wildcrawl.store.search import ListQuery, Sort, every
from wildcrawl.store.sqlite import SQLiteStore
from wildcrawl.store.sqlite_listing import match_of, pairs

MAY = datetime(2016, 5, 1, tzinfo=UTC)
TITLES = ("老象牙手镯", "牙雕 象", 'A "quoted" (Ivory) 50%_', "犀角杯", "", "象牙\n果冻")
DESCRIPTIONS = ("包浆自然", "", "GB 民国,旧物。", "𠮷野象牙", "it's 100% real")


def made(number: int, chance: random.Random) -> Advertisement:
    return Advertisement(
        chance.choice(("mall", "fair", "a:b")),
        f"{number:02}",
        title=chance.choice(TITLES),
        description=chance.choice(DESCRIPTIONS),
        seller=chance.choice(("某甲", "Shop;1", "")),
        seller_id=chance.choice(("u1", "u2")),
        found_at=MAY + timedelta(days=chance.randrange(60)),
        found_by=chance.sample(["象牙", "果冻", "牙"], 2),
        species=chance.sample(["ivory", "rhino_horn"], chance.randrange(3)),
        verdict=chance.choice(("", "", "valid", "fake")),
        relevance=chance.choice(("likely", "set_aside", "second_reader", "none")),
        age_claim=chance.choice(("old", "")),
        audit=chance.random() < 0.5,
        strength=chance.choice(("name", "code")),
        price_usd=chance.choice((None, Decimal("12.50"), Decimal(3), Decimal(0))),
    )


@pytest.fixture(scope="module")
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, list[Advertisement]]]:
    """A store with 60 advertisements of chance, and all of them as they are stored."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('search') / 'wildcrawl.db'}"
    else:
        url = f"{request.getfixturevalue('mongodb_server_url')}wildcrawl_search"
    chance = random.Random(15)
    with closing(open_store(url)) as store:
        store.record([made(number, chance) for number in range(40)], "run-1")
        store.index_texts(20)
        store.record([made(number, chance) for number in range(40, 60)], "run-2")
        store.save_run(Run("run-1", "mall", MAY, health="ok"))
        store.save_run(Run("run-2", "mall", MAY, health="broken"))
        yield store, list(store.advertisements())


BOTH = pytest.mark.parametrize("filled", ["sqlite", "mongodb"], indirect=True, scope="module")


def status_of(ad: Advertisement) -> str:
    """The status by which the report's own rule counts an advertisement."""
    frame = pl.DataFrame([{"verdict": str(ad.verdict), "relevance": str(ad.relevance)}])
    return str(frame.select(status()).item())


FILTERS: list[tuple[ListQuery, Callable[[Advertisement], bool]]] = [
    (ListQuery(), lambda ad: True),
    (ListQuery(sites=("a:b",)), lambda ad: ad.site == "a:b"),
    (ListQuery(sites=("a:b", "mall")), lambda ad: ad.site in ("a:b", "mall")),
    (ListQuery(verdicts=("valid",)), lambda ad: ad.verdict == "valid"),
    (ListQuery(verdicts=("valid", "pending")), lambda ad: ad.verdict in ("valid", "pending")),
    (ListQuery(species="ivory"), lambda ad: "ivory" in ad.species),
    (ListQuery(species="horn"), lambda ad: False),
    (ListQuery(keyword="牙"), lambda ad: "牙" in ad.found_by),
    (ListQuery(seller="u1"), lambda ad: ad.seller_id == "u1"),
    (
        ListQuery(seller="某甲", sites=("mall",)),
        lambda ad: (ad.seller, ad.site) == ("某甲", "mall"),
    ),
    (ListQuery(month="2016-06"), lambda ad: month_of(ad.first_seen or MAY) == "2016-06"),
    (ListQuery(relevance="set_aside"), lambda ad: ad.relevance == "set_aside"),
    (ListQuery(age_claim="old"), lambda ad: ad.age_claim == "old"),
    (ListQuery(most_usd=Decimal(3)), lambda ad: ad.price_usd is not None and ad.price_usd <= 3),
    (ListQuery(least_usd=Decimal(4)), lambda ad: (ad.price_usd or 0) >= 4),
    (ListQuery(health="broken"), lambda ad: ad.first_run == "run-2"),
    (ListQuery(removed=True), lambda ad: False),
    (ListQuery(removed=False), lambda ad: True),
    (
        ListQuery(month="2016-05", until="2016-06"),
        lambda ad: month_of(ad.first_seen or MAY) <= "2016-06",
    ),
    (ListQuery(leading="ivory"), lambda ad: ad.species[:1] == ["ivory"]),
    (ListQuery(leading="general"), lambda ad: not ad.species),
    (ListQuery(statuses=("valid",)), lambda ad: status_of(ad) == "valid"),
    (ListQuery(statuses=("valid", "pending")), lambda ad: status_of(ad) in ("valid", "pending")),
    (ListQuery(statuses=("set_aside",)), lambda ad: status_of(ad) == "set_aside"),
    (ListQuery(statuses=("second_reader",)), lambda ad: status_of(ad) == "second_reader"),
]
WORDS = ("象牙", "牙", "象", "牙手", "果冻", "a", "IVORY", '"quoted"', "50%_", ".", "𠮷野", "吉",
         "shop;1", "民国,旧物", "象牙 包浆", "it's", "牙\u3000雕", "*", "牙雕 象")  # fmt: skip


def texts(ad: Advertisement) -> list[str]:
    return [text.lower() for text in (ad.title, ad.description, ad.seller)]


@BOTH
def test_each_filter_finds_what_meets_it(filled: tuple[Store, list[Advertisement]]) -> None:
    store, ads = filled
    for query, meets in FILTERS:
        expected = [ad for ad in ads if meets(ad)]
        found = list(every(store, query, most=19))
        assert found == sorted(
            expected, key=lambda ad: (ad.first_seen or MAY, ad.site, ad.ad_id), reverse=True
        ), query
        assert store.count(query) == (len(expected), False), query


@BOTH
def test_any_substring_is_found_and_nothing_else(
    filled: tuple[Store, list[Advertisement]],
) -> None:
    store, ads = filled
    found_any = 0
    for text in WORDS:
        words = text.lower().split()
        expected = {
            (ad.site, ad.ad_id)
            for ad in ads
            if all(any(word in each for each in texts(ad)) for word in words)
        }
        query = ListQuery(text=text)
        assert {(ad.site, ad.ad_id) for ad in every(store, query, most=19)} == expected, text
        assert store.count(query).number == len(expected), text
        found_any += bool(expected)
    assert found_any > 14
    both = ListQuery(text="象牙", verdicts=("valid",), sort=Sort.DEAREST)
    assert [ad.verdict for ad in every(store, both)] == ["valid"] * store.count(both).number


@BOTH
def test_pages_by_key_are_the_whole_in_each_order(
    filled: tuple[Store, list[Advertisement]],
) -> None:
    store, ads = filled
    usd = {(ad.site, ad.ad_id): ad.price_usd for ad in ads}
    for sort in Sort:
        found = list(every(store, ListQuery(sort=sort), most=19))
        assert len({(ad.site, ad.ad_id) for ad in found}) == len(ads)
        prices = [usd[ad.site, ad.ad_id] for ad in found]
        priced = [price for price in prices if price is not None]
        if sort in (Sort.DEAREST, Sort.CHEAPEST):
            assert priced == sorted(priced, reverse=sort == Sort.DEAREST)
            assert prices[: len(priced)] == priced, "those without a price come last"
    assert list(every(store, ListQuery(sort=Sort.OLDEST), most=19)) == ads
    likeliest = [ad.strength for ad in every(store, ListQuery(sort=Sort.LIKELIEST))]
    assert likeliest == sorted(likeliest, reverse=True)
    assert store.count(ListQuery(), most=5) == (5, True)
    with pytest.raises(ValueError, match="not a valid place"):
        store.search(ListQuery(), after="[1]")


def test_a_list_follows_verdicts_prices_texts_and_removals(store: Store) -> None:
    ad = Advertisement("mall", "7", title="老象牙", found_at=MAY, relevance="likely")
    store.record([ad, replace(ad, ad_id="8")], "run")
    store.index_texts()
    store.judge("mall", "7", Decision(Verdict.VALID, "Li", "", MAY))
    assert [one.ad_id for one in store.search(ListQuery(verdicts=("valid",))).ads] == ["7"]
    store.set_removed({("mall", "7"): True, ("mall", "gone"): True})
    assert [one.ad_id for one in store.search(ListQuery(removed=True)).ads] == ["7"]
    later = replace(ad, title="牙雕", price="3", price_usd=Decimal(3))
    store.record([replace(later, found_at=MAY + timedelta(days=1))], "run")
    assert store.count(ListQuery(removed=True)).number == 0, "a search has seen it again"
    assert [one.ad_id for one in store.search(ListQuery(text="牙雕")).ads] == ["7"]
    assert [one.ad_id for one in store.search(ListQuery(text="象牙")).ads] == ["8"]
    assert store.count(ListQuery(least_usd=Decimal(3))).number == 1


def test_a_url_is_a_query_and_a_wrong_one_is_a_sentence() -> None:
    query = ListQuery(
        text="象牙 手镯", sites=("mall", "fair"), verdicts=("valid",), month="2016-05",
        least_usd=Decimal("2.5"), removed=False, sort=Sort.CHEAPEST,
    )  # fmt: skip
    parameters = query.to_parameters()
    assert parameters["removed"] == "no"
    pairs_of = [
        (name, value)
        for name, given in parameters.items()
        for value in (given if isinstance(given, list) else [given])
    ]
    assert ListQuery.from_parameters(MultiDict(pairs_of)) == query
    assert ListQuery.from_parameters(parameters | {"page": "3"}) == query
    assert ListQuery().to_parameters() == {}
    for wrong, message in (
        ({"verdicts": "vlid"}, "'vlid' is not a valid verdict; choose one of pending, valid"),
        ({"month": "2016-13"}, "'2016-13' is not a month"),
        ({"most_usd": "-1"}, "'-1' is not a valid price in USD"),
        ({"month": "2016-05", "until": "2016-04"}, "'2016-04' is not a valid last month"),
        ({"until": "2016-04"}, "'2016-04' is not a valid last month"),
        ({"most_usd": "cheap"}, "'cheap' is not a valid price in USD"),
        ({"most_usd": "inf"}, "'inf' is not a valid price in USD"),
        ({"removed": "maybe"}, "choose one of yes, no"),
        ({"sort": "best"}, "'best' is not a valid sort; choose one of newest"),
        ({"text": "牙" * 201}, "more than 200 characters"),
    ):
        with pytest.raises(ValueError, match=message):
            ListQuery.from_parameters(wrong)


def test_texts_are_indexed_by_pairs_of_characters() -> None:
    assert pairs("A b") == f"a{chr(0xE020)} {chr(0xE020)}b b"
    assert match_of(["象牙手", "虎", "a"]) == '"象牙" AND "牙手" AND "虎"* AND "a"*'


def test_a_common_text_is_read_in_the_lists_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_listing, "FEW", 50)
    ad = Advertisement("mall", "", title="老象牙手镯", found_at=MAY)
    with closing(SQLiteStore(tmp_path / "wildcrawl.db")) as store:
        many = [replace(ad, ad_id=f"{number:03}") for number in range(90)]
        store.record([*many, replace(ad, ad_id="x", title="虎", found_by=["虎"])], "run")
        query = ListQuery(text="象牙", sort=Sort.OLDEST)
        for indexed in (30, 200):
            store.index_texts(indexed)
            assert [one.ad_id for one in store.search(query, most=2).ads] == ["000", "001"]
            assert store.count(query).number == 90
            for rare in (
                ListQuery(text="虎"),
                ListQuery(keyword="虎"),
                ListQuery(text="虎", sites=("mall",)),
            ):
                assert [one.ad_id for one in store.search(rare).ads] == ["x"]
                assert store.count(rare).number == 1


def test_a_store_of_the_layout_before_is_searched_like_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "wildcrawl.db"
    chance = random.Random(5)
    with closing(SQLiteStore(path)) as store:
        store.record([made(number, chance) for number in range(30)], "run")
        store.put_documents(
            "checks",
            {
                name: {"site": ad.site, "ad_id": ad.ad_id, "at": f"{at}+00:00", "state": state}
                for ad in list(store.advertisements())[:1]
                for name, at, state in (
                    ("1", "2030-01-01T00:00:00", "up"),
                    ("2", "2030-02-01T00:00:00", "removed"),
                    ("3", "2030-03-01T00:00:00", "unknown"),
                )
            },
        )
        places = store.waiting(most=50)
        found = [list(every(store, ListQuery(text=word))) for word in WORDS]
    with closing(sqlite3.connect(path)) as file:
        drop_listing(file)
        file.execute("PRAGMA user_version = 4")
    with closing(SQLiteStore(path)) as store:
        assert store.waiting(most=50) == places
        assert [list(every(store, ListQuery(text=word))) for word in WORDS] == found
        first = next(store.advertisements())
        assert store.search(ListQuery(removed=True)).ads == (first,)


def test_a_program_that_cannot_keep_the_listing_cannot_write_at_all(
    tmp_path: Path,
) -> None:
    path = tmp_path / "wildcrawl.db"
    with closing(SQLiteStore(path)) as store:
        store.record([Advertisement("mall", "7", title="牙", found_at=MAY)], "run")
    with (
        closing(sqlite3.connect(path)) as other,
        pytest.raises(sqlite3.OperationalError, match="no such function"),
    ):
        other.execute("UPDATE advertisements SET title = 'x'")
    with closing(SQLiteStore(path)) as store:
        assert store.count(ListQuery(text="牙")).number == 1
