"""Store contract; each test runs on SQLite and on a real MongoDB-protocol server."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pymongo import MongoClient

from tests.helpers.bracelet import DAY, MAY, bracelet
from tests.helpers.earlier_layout import drop_listing
from tests.helpers.processes import process_context
from tests.helpers.queue_oracle import queue_order
from wildcrawl.items import (
    ADVERTISEMENT_COLUMNS,
    RECORD_COLUMNS,
    Advertisement,
    Change,
    Relevance,
    Run,
    Strength,
    Verdict,
)
from wildcrawl.store import Outcome, Store, StoreError, open_store
from wildcrawl.store.corrections import Corrections, Decision
from wildcrawl.store.frame import FRAME_SCHEMA, NUMBERS_SCHEMA, numbers_of

NEW, SEEN, CHANGED = Outcome.NEW, Outcome.SEEN, Outcome.CHANGED


def record_at_once(url: str, name: str, start: Barrier, outcomes: Queue[str]) -> None:
    """Records the same ten advertisements as other processes, each time with a new keyword."""
    store = open_store(url)
    start.wait(60)
    for round_ in range(15):
        ads = [bracelet(str(number), found_by=[f"{name}{round_}"]) for number in range(10)]
        for outcome in store.record(ads, name):
            outcomes.put(outcome.value)
    store.close()


def test_recorded_advertisements_are_read_completely(store: Store) -> None:
    assert store.record([bracelet()], "run-1") == [NEW]
    expected = replace(bracelet(), first_seen=MAY, last_seen=MAY, first_run="run-1")
    assert store.get("mall", "7") == replace(expected, verdict="pending")


def test_an_almost_empty_advertisement_comes_back_too(store: Store) -> None:
    store.record([Advertisement("mall", "7", found_at=MAY)], "")
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.images, ad.price_cny, ad.rate_date, ad.audit, ad.found_by) == (
        None,
        None,
        None,
        False,
        [],
    )


def test_monthly_numbers_follow_every_change(store: Store) -> None:
    def numbers() -> list[tuple[Any, ...]]:
        found = store.month_numbers("2016-04", "2016-12")
        columns = ["first_seen", *list(NUMBERS_SCHEMA)[1:-1]]
        assert found.schema == NUMBERS_SCHEMA
        assert sorted(found.rows()) == sorted(numbers_of(store.frames(columns=columns)).rows())
        return sorted(found.select("month", "species", "verdict", "number").rows())

    # The last hours of April in UTC are in May in China.
    late = datetime(2016, 4, 30, 15, 59, 59, tzinfo=UTC)
    days = [late, late + timedelta(seconds=1), MAY, MAY + 40 * DAY]
    store.record([bracelet(str(n), found_at=day) for n, day in enumerate(days)], "run-1")
    store.record([bracelet("9", found_at=MAY, species=[], verdict="valid")], "run-1")
    pending, whole = "pending", "ivory;tiger"
    assert numbers() == [
        (201604, whole, pending, 1),
        (201605, "", "valid", 1),
        (201605, whole, pending, 2),
        (201606, whole, pending, 1),
    ]
    store.judge("mall", "1", Decision(Verdict.FAKE, "A", "", MAY))
    store.judge("mall", "2", Decision(Verdict.VALID, "A", "", MAY, Corrections(species=("tiger",))))
    earlier = bracelet("3", found_at=MAY, found_at_given=True)
    store.record([earlier, bracelet("0", title="x", found_at=MAY + 50 * DAY)], "run-2")
    store.forget([("mall", "9")], lambda ad: None)
    assert numbers() == [
        (201604, whole, pending, 1),
        (201605, whole, "fake", 1),
        (201605, whole, pending, 1),
        (201605, "tiger", "valid", 1),
    ]
    assert store.month_numbers("2016-06", "2016-09").rows() == []


@pytest.mark.parametrize(
    ("reason", "strength", "supports"),
    [
        ("象牙 (name)", "name", 0),
        ("血料 (code) with 网纹, 平安扣", "code", 2),
        ("人字纹 (mark) with 网纹, 手串", "mark", 2),
        ("image-only post", "", 0),
        ("imitation: 仿象牙", "", 0),
    ],
)
def test_advertisements_stored_without_a_strength_get_that_of_their_reason(
    store_url: str, reason: str, strength: str, supports: int
) -> None:
    store = open_store(store_url)
    store.record([bracelet(reason=reason)], "run-1")
    store.close()
    without_strength(store_url)
    store = open_store(store_url)
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.reason, ad.strength, ad.supports) == (reason, strength, supports)
    assert list(store.advertisements()) == [ad]
    assert store.record([bracelet(reason=reason)], "run-2") == [SEEN]
    later = bracelet(title="玳瑁", reason="玳瑁 (bare)", strength="bare", supports=0)
    store.record([replace(later, found_at=MAY + DAY)], "run-3")
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.reason, ad.strength, ad.supports) == ("玳瑁 (bare)", "bare", 0)
    store.close()


def without_strength(url: str) -> None:
    """Removes the strength from a store, as in stores of earlier versions."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            drop_listing(file)
            file.execute("ALTER TABLE advertisements DROP COLUMN strength")
            file.execute("ALTER TABLE advertisements DROP COLUMN picture_text")
            file.execute("ALTER TABLE advertisements DROP COLUMN supports")
            file.execute("DROP INDEX by_rules")
            file.execute("ALTER TABLE advertisements DROP COLUMN rules")
            file.execute("PRAGMA user_version = 1")
        return
    with MongoClient[dict[str, Any]](url) as client:
        ads = client.get_default_database()["advertisements"]
        assert (
            ads.update_many(
                {}, {"$unset": {"strength": "", "supports": "", "rules": ""}}
            ).modified_count
            == 1
        )


def test_the_published_columns_do_not_tell_the_strength(store: Store) -> None:
    store.record([bracelet()], "run-1")
    assert not {"strength", "supports"} & {*RECORD_COLUMNS, *ADVERTISEMENT_COLUMNS}
    assert not {"strength", "supports"} & {*store.frame().columns}


def test_recording_twice_changes_nothing(store: Store) -> None:
    batch = [bracelet(str(number)) for number in range(30)]
    assert store.record(batch, "run-1") == [NEW] * 30
    before = list(store.advertisements())
    assert store.record(batch, "run-1") == [SEEN] * 30
    assert store.record(batch, "run-2") == [SEEN] * 30
    assert list(store.advertisements()) == before


def test_known_ones_among_many_new_are_recognised_and_merged(store: Store) -> None:
    store.record([bracelet(str(number)) for number in range(30)], "run-1")
    june = MAY + 31 * DAY
    mixed = [bracelet(str(number), price="9元/克", found_at=june) for number in range(20, 60)]
    mixed += [bracelet("25", found_by=["牙雕"], found_at=june), bracelet("55", found_at=june)]
    mixed += [bracelet("55", price="8元/克", found_at=june + DAY)]
    for run in ("run-1", "run-2"):
        expected = [CHANGED] * 10 + [NEW] * 30 + [SEEN, CHANGED, CHANGED]
        assert store.record(mixed, run) == (expected if run == "run-1" else [SEEN] * 43)
    assert len(list(store.advertisements())) == 60
    changed, new = store.get("mall", "25"), store.get("mall", "55")
    assert changed is not None
    assert new is not None
    assert (changed.first_seen, changed.price, changed.found_by[-1]) == (MAY, "9元/克", "牙雕")
    assert (new.first_seen, new.price, len(new.history)) == (june, "8元/克", 2)


def test_a_batch_may_hold_an_advertisement_several_times(store: Store) -> None:
    batch = [bracelet(), bracelet(found_by=["牙雕"]), bracelet(price="10元/克")]
    assert store.record(batch, "run-1") == [NEW, SEEN, CHANGED]
    ad = store.get("mall", "7")
    assert ad is not None
    assert ad.found_by == ["象牙", "果冻", "牙雕"]
    assert ad.history == [Change(MAY, "price", "12元/克", "10元/克")]


def test_later_sightings_grow_what_is_known_and_never_move_its_month(store: Store) -> None:
    store.record([bracelet()], "run-1")
    sparse = Advertisement("mall", "7", found_at=MAY + DAY, found_by=["牙雕"])
    assert store.record([sparse, bracelet("8")], "run-2") == [SEEN, NEW]
    lower = bracelet(price="10元/克", price_amount=Decimal(10), found_at=MAY + 2 * DAY)
    assert store.record([lower], "run-3") == [CHANGED]
    older = bracelet(price="1元", found_at=MAY - DAY, found_by=["象牙珠"])
    assert store.record([older], "run-4") == [SEEN]
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.first_seen, ad.last_seen, ad.first_run) == (MAY, MAY + 2 * DAY, "run-1")
    assert ad.found_by == ["象牙", "果冻", "牙雕", "象牙珠"]
    assert (ad.price, ad.price_amount) == ("10元/克", Decimal(10))
    assert ad.history == [Change(MAY + 2 * DAY, "price", "12元/克", "10元/克")]


def test_rows_of_one_file_may_come_in_any_order(store: Store) -> None:
    store.record([bracelet(found_at=MAY + DAY)], "import")
    store.record([bracelet(found_at=MAY)], "import")
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.found_at, ad.first_seen, ad.last_seen) == (MAY, MAY, MAY + DAY)
    assert store.first_months() == {"mall": MAY}


def test_an_earlier_date_in_a_record_moves_the_month_whichever_run_reads_it(store: Store) -> None:
    store.record([bracelet(found_at=MAY + 31 * DAY)], "a crawl in June")
    assert store.record(
        [Advertisement("mall", "7", found_at=MAY, found_at_given=True)], "a file"
    ) == [SEEN]
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.found_at, ad.first_seen, ad.last_seen) == (MAY, MAY, MAY + 31 * DAY)
    assert store.first_months() == {"mall": MAY}


def test_a_verdict_survives_crawls(store: Store) -> None:
    store.record([bracelet()], "run-1")
    store.judge("mall", "7", Decision(Verdict.VALID, "li", "certain", MAY + DAY))
    store.record([bracelet(title="其他", found_at=MAY + 2 * DAY, verdict="fake")], "run-2")
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.verdict, ad.screened_by, ad.note) == ("valid", "li", "certain")
    assert [(c.field, c.old, c.new) for c in ad.history] == [
        ("verdict", "pending", "valid"),
        ("title", "老象牙手串 🐘", "其他"),
    ]
    store.judge("mall", "7", Decision(Verdict.PENDING, "li", "unsure", MAY + 3 * DAY))
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.verdict, ad.note) == ("pending", "unsure")


def test_a_correction_survives_crawls_and_goes_with_its_verdict(store: Store) -> None:
    store.record([bracelet(by_person=["product_type"])], "run-1")
    given = Corrections(species=("leopard", "ivory"), product_type="raw", age_claim="")
    store.judge("mall", "7", Decision(Verdict.VALID, "li", "", MAY + DAY, given))
    retitled = bracelet(title="其他", species=["whale"], by_person=[], found_at=MAY + 2 * DAY)
    store.record([retitled], "run-2")
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.title, ad.species, ad.product_type, ad.age_claim) == (
        "其他",
        ["leopard", "ivory"],
        "raw",
        "",
    )
    assert ad.by_person == ["product_type", "species", "age_claim"]
    assert store.frame(columns=["species", "age_claim"]).rows() == [("leopard;ivory", "")]
    store.judge("mall", "7", Decision(Verdict.PENDING, "", "", MAY + 3 * DAY))
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.species, ad.product_type, ad.age_claim, ad.by_person) == (
        ["ivory", "tiger"],
        "worked_uncarved",
        "old",
        ["product_type"],
    )
    assert [(c.field, c.old, c.new) for c in ad.history if c.field == "species"] == [
        ("species", "ivory;tiger", "leopard;ivory"),
        ("species", "leopard;ivory", "ivory;tiger"),
    ]


def test_judging_what_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="no advertisement '7' of site 'mall'"):
        store.judge("mall", "7", Decision(Verdict.VALID, "li", "", MAY))


def test_known_tells_apart_sites_and_odd_names(store: Store) -> None:
    odd = [
        "b:c",
        "%3A",
        "a b",
        "'\"",
        "$x.y",
        "id/1?q=é&z",
        "象牙",
        "x" * 900,
        "NULL",
        "7.0",
        "\\",
        "\x00x",
    ]
    store.record([bracelet(ad_id) for ad_id in odd], "run-1")
    assert store.known("mall", [*odd, "7", "B:C"]) == set(odd)
    assert store.known("elsewhere", odd) == set()
    assert store.known("mall", []) == set()
    for ad_id in odd:
        ad = store.get("mall", ad_id)
        assert ad is not None
        assert ad.ad_id == ad_id


def test_lone_surrogates_in_names_are_harmless(store: Store) -> None:
    assert store.record([bracelet("7\ud83d")], "run-1") == [NEW]
    assert store.record([bracelet("7\ud83d")], "run-1") == [SEEN]
    assert store.known("mall", ["7\ud83d", "7"]) == {"7\ud83d"}
    assert store.get("mall", "7\ud83d") is not None


def test_a_colon_confuses_no_two_advertisements(store: Store) -> None:
    names = [("a", "b:c"), ("a:b", "c"), ("a%3Ab", "c"), ("a", "b%3Ac")]
    ads = [bracelet(ad_id, site=site, title=f"{site} {ad_id}") for site, ad_id in names]
    assert store.record(ads, "run-1") == [NEW] * 4
    for ad in ads:
        kept = store.get(ad.site, ad.ad_id)
        assert kept is not None
        assert kept.title == ad.title


def test_a_long_description_and_odd_text_are_kept(store: Store) -> None:
    long = "牙雕\t'\"$ 🐘\r\n" * 100_000
    store.record([bracelet(description=long, title="$set", note="a\x00b")], "run-1")
    ad = store.get("mall", "7")
    assert ad is not None
    assert len(ad.description.encode()) > 1_600_000
    assert (ad.description, ad.title, ad.note) == (long, "$set", "a\x00b")


def test_one_bad_advertisement_is_refused_before_anything_is_written(store: Store) -> None:
    naive = datetime(2016, 5, 1)  # noqa: DTZ001 (what is tested)
    with pytest.raises(ValueError, match="'8' of site 'mall': found_at 2016-05-01T00:00:00 has no"):
        store.record([bracelet(), bracelet("8", found_at=naive)], "run-1")
    assert store.known("mall", ["7", "8"]) == set()


def test_advertisements_stream_by_first_sighting_within_the_bounds(store: Store) -> None:
    china = timezone(timedelta(hours=8))
    moments = [MAY + n * DAY for n in (3, 1, 2, 1)]
    ads = [bracelet(str(n), found_at=moment) for n, moment in enumerate(moments)]
    ads.append(bracelet("9", site="forum", found_at=MAY + DAY))
    store.record(ads, "run-1")

    def ids(*bounds: Any, **more: Any) -> list[str]:
        return [f"{ad.site}{ad.ad_id}" for ad in store.advertisements(*bounds, **more)]

    assert ids() == ["forum9", "mall1", "mall3", "mall2", "mall0"]
    assert ids(site="mall") == ["mall1", "mall3", "mall2", "mall0"]
    assert ids(MAY + 2 * DAY) == ["mall2", "mall0"]
    assert ids(None, MAY + 2 * DAY) == ["forum9", "mall1", "mall3"]
    bounds = ((MAY + 2 * DAY).astimezone(china), (MAY + 3 * DAY).astimezone(china))
    assert ids(*bounds) == ["mall2"]
    with pytest.raises(ValueError, match="no timezone"):
        ids(datetime(2016, 5, 1))  # noqa: DTZ001 (what is tested)


def test_recording_while_reading_is_possible(store: Store) -> None:
    store.record([bracelet(str(number)) for number in range(300)], "run-1")
    count = 0
    for ad in store.advertisements():
        if count % 50 == 0:
            assert store.record([replace(ad, found_at=MAY + DAY)], "run-2") == [SEEN]
        count += 1
    assert count == 300


def test_a_frame_has_every_column_in_its_type(store: Store) -> None:
    store.record([bracelet("7", found_at=MAY + DAY), Advertisement("mall", "6", found_at=MAY)], "r")
    frame = store.frame()
    assert frame.schema == FRAME_SCHEMA
    bare, full = frame.rows(named=True)
    assert (bare["ad_id"], bare["species"], bare["price_cny"], bare["images"]) == (
        "6",
        "",
        None,
        None,
    )
    assert (bare["verdict"], bare["audit"], bare["rate_date"]) == ("pending", False, None)
    assert full["found_by"] == "象牙;果冻"
    assert (full["price_cny"], full["price_amount"]) == (Decimal("2800.10"), Decimal("12.0005"))
    assert (full["rate"], full["rate_date"]) == (Decimal("6.89"), date(2017, 4, 14))
    assert (full["audit"], full["images"], full["first_seen"]) == (True, 2, MAY + DAY)
    assert (full["title"], full["terms"]) == ("老象牙手串 🐘", "象牙")


def test_a_frame_reads_the_columns_and_the_months_asked_for(store: Store) -> None:
    store.record([bracelet(str(n), found_at=MAY + n * DAY) for n in range(5)], "run-1")
    frame = store.frame(MAY + DAY, MAY + 3 * DAY, ["ad_id", "species"])
    assert frame.rows() == [("1", "ivory;tiger"), ("2", "ivory;tiger")]
    empty = store.frame(MAY + 9 * DAY)
    assert (empty.height, empty.schema) == (0, FRAME_SCHEMA)
    with pytest.raises(StoreError, match="no column colour; choose from site, ad_id"):
        store.frame(columns=["colour"])


def test_frames_are_the_frame_in_parts(store: Store) -> None:
    store.record([bracelet(str(n), found_at=MAY + n * DAY) for n in range(5)], "run-1")
    parts = pl.concat(store.frames()).sort("first_seen", "site", "ad_id")
    assert_frame_equal(parts, store.frame())
    (few,) = store.frames(MAY + DAY, MAY + 3 * DAY, ["species", "ad_id"])
    assert sorted(few.rows()) == [("ivory;tiger", "1"), ("ivory;tiger", "2")]
    assert list(store.frames(MAY + 9 * DAY)) == []
    with pytest.raises(StoreError, match="no column colour; choose from site, ad_id"):
        store.frames(columns=["colour"])


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "\\",
        '\\"',
        "null",
        "[]",
        '{"a": 1}',
        "a\nb\r\tc",
        "\x01\x1f\x7f",
        "a\x00b",
        "\u2028",
        "🐘",
        "'",
        "5",
    ],
)
def test_any_text_is_in_a_frame_as_it_was_recorded(store: Store, text: str) -> None:
    texts = {"title": text, "seller": text * 2, "found_by": [text], "terms": [text, "", text]}
    store.record([bracelet(text, **texts), bracelet("8", title="")], "run-1")
    read = store.frame(columns=["ad_id", "title", "seller", "found_by", "terms"]).sort("title")
    assert read.row(1) == (text, text, text * 2, text, f"{text};;{text}")
    assert read.row(0)[:2] == ("8", "")


def test_a_number_too_large_for_a_frame_is_null_there_and_kept_in_the_store(store: Store) -> None:
    huge = Decimal("12345678901234567890.12")
    store.record([bracelet(price_cny=huge, images=2**40)], "run-1")
    assert store.frame(columns=["price_cny", "images"]).rows() == [(None, None)]
    ad = store.get("mall", "7")
    assert ad is not None
    assert (ad.price_cny, ad.images) == (huge, 2**40)


def test_runs_are_kept_by_their_id_oldest_first(store: Store) -> None:
    started = datetime(2016, 5, 1, 9, 30, 0, 250000, tzinfo=timezone(timedelta(hours=8)))
    late = Run("mall-2", "mall", started + DAY, keywords=["象牙"], pages=3, new=2)
    late.yields = {"象牙": (40, 3), "a.$b": (0, 0)}
    early = Run("mall-1", "mall", started)
    other = Run("forum-1", "forum", started - DAY, health="ok", reason="as expected")
    for run in (late, early, other):
        store.save_run(run)
    assert store.runs() == [other, early, late]
    assert store.runs("mall") == [early, late]
    done = replace(early, finished=started + timedelta(minutes=5), health="thin")
    store.save_run(done)
    assert store.runs("mall") == [done, late]
    assert store.runs("nowhere") == []


def test_first_months_gives_each_sites_first_sighting(store: Store) -> None:
    assert store.first_months() == {}
    ads = [bracelet("1", found_at=MAY + DAY), bracelet("2"), bracelet("1", site="forum")]
    store.record(ads, "run-1")
    assert store.first_months() == {"forum": MAY, "mall": MAY}


def test_a_store_can_be_closed_and_opened_again(store_url: str) -> None:
    store = open_store(store_url)
    store.record([bracelet()], "run-1")
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.known("mall", ["7"])
    again = open_store(store_url)
    assert again.record([bracelet()], "run-2") == [SEEN]
    again.close()


def test_processes_recording_the_same_advertisements_lose_and_double_nothing(
    store_url: str,
) -> None:
    context = process_context()
    outcomes: Queue[str] = context.Queue()
    start = context.Barrier(3)
    processes = [
        context.Process(target=record_at_once, args=(store_url, name, start, outcomes))
        for name in "abc"
    ]
    for process in processes:
        process.start()
    results = [outcomes.get(timeout=120) for _ in range(3 * 15 * 10)]
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert results.count("new") == 10
    assert results.count("seen") == 440
    store = open_store(store_url)
    found_by = [set(ad.found_by) for ad in store.advertisements()]
    store.close()
    assert found_by == [{f"{name}{n}" for name in "abc" for n in range(15)}] * 10


def test_threads_may_share_a_store(store: Store) -> None:
    def work(number: int) -> list[Outcome]:
        store.known("mall", ["1", "2"])
        return store.record([bracelet("1", found_by=[str(number)]), bracelet(f"t{number}")], "run")

    with ThreadPoolExecutor(6) as pool:
        outcomes = [outcome for each in pool.map(work, range(12)) for outcome in each]
    assert outcomes.count(NEW) == 13
    ad = store.get("mall", "1")
    assert ad is not None
    assert set(ad.found_by) == {str(number) for number in range(12)}


def test_a_judgement_made_during_a_crawl_remains(store: Store) -> None:
    store.record([bracelet(str(number)) for number in range(20)], "run-1")

    def crawl() -> None:
        for day in range(1, 6):
            store.record(
                [bracelet(str(n), found_at=MAY + day * DAY, price=f"{day}元") for n in range(20)],
                "run-2",
            )

    with ThreadPoolExecutor(1) as pool:
        crawling = pool.submit(crawl)
        for number in range(20):
            store.judge("mall", str(number), Decision(Verdict.VALID, "li", "", MAY))
        crawling.result()
    ads = list(store.advertisements())
    assert {ad.verdict for ad in ads} == {"valid"}
    assert {len(ad.history) for ad in ads} == {6}


def test_both_stores_give_the_same_frame(sqlite_url: str, mongodb_url: str) -> None:
    frames: list[pl.DataFrame] = []
    for url in (sqlite_url, mongodb_url):
        store = open_store(url)
        ads = [
            bracelet(str(n % 50), found_at=MAY + (n % 7) * DAY, price=f"{n}元", found_by=[f"k{n}"])
            for n in range(120)
        ]
        store.record([*ads, Advertisement("forum", "x", found_at=MAY)], "run-1")
        store.judge("forum", "x", Decision(Verdict.FAKE, "li", "", MAY))
        frames.append(store.frame())
        store.close()
    assert_frame_equal(frames[0], frames[1])


def test_pending_ones_are_those_that_the_queue_shows(store: Store) -> None:
    likely = {"relevance": "likely", "audit": False}
    store.record(
        [
            bracelet("likely", **likely),
            bracelet("earlier", **likely, found_at=MAY - DAY),
            bracelet("typed", **likely, verdict="valid"),
            bracelet("judged", **likely),
            bracelet("undone", **likely),
            bracelet("audited"),
            bracelet("audited and judged"),
            bracelet("set aside", audit=False),
            bracelet("untagged", relevance="", audit=False),
            bracelet("nothing", relevance="none", audit=False),
            replace(bracelet("a", **likely), site="forum"),
        ],
        "run",
    )
    for ad_id in ("judged", "audited and judged"):
        store.judge("mall", ad_id, Decision(Verdict.IRRELEVANT, "li", "", MAY))
    for verdict in (Verdict.FAKE, Verdict.PENDING):
        store.judge("mall", "undone", Decision(verdict, "li", "", MAY))
    found = list(store.pending())
    assert [ad.ad_id for ad in found] == ["earlier", "a", "audited", "likely", "undone"]
    assert found == [ad for ad in store.advertisements() if ad in found]
    assert queue_order(found) == queue_order(store.advertisements())


def test_unmatched_advertisements_are_stored_as_fingerprints_only(store: Store) -> None:
    store.save_unmatched("mall", {"a:1": "read once", "b": "read once"})
    store.save_unmatched("mall", {"b": "read again"})
    wanted = {"a:1": "read once", "b": "read once", "c": "read once"}
    assert store.unmatched("mall", wanted) == {"a:1"}
    assert store.unmatched("mall", {"b": "read again"}) == {"b"}
    assert store.unmatched("forum", wanted) == set()
    assert store.known("mall", ["a:1", "b"]) == set()
    assert list(store.advertisements()) == []


def test_small_documents_are_kept_by_kind_and_key(store: Store) -> None:
    assert store.documents("posts") == {}
    first = {"b": {"text": "牙\x00", "images": 3, "tags": ["a"], "none": None}, "$a.x": {}}
    assert store.put_documents("posts", first) == {"b", "$a.x"}
    assert store.put_documents("posts", {"b": {"text": "changed"}, "c": {}}) == {"c"}
    assert store.put_documents("other", {"b": {"text": "another kind"}}, replace=False) == {"b"}
    assert store.put_documents("other", {"b": {"text": "too late"}}, replace=False) == set()
    assert store.documents("posts") == {"$a.x": {}, "b": {"text": "changed"}, "c": {}}
    assert list(store.documents("posts")) == ["$a.x", "b", "c"]
    assert store.documents("other") == {"b": {"text": "another kind"}}
    assert store.documents("nothing") == {}
    assert store.documents("nothing", keys=["b"]) == {}


def test_many_small_documents_with_odd_characters_are_kept(store: Store) -> None:
    many = {f"{number:04d}": {"text": f"虎\ud83d {number}"} for number in range(1200)}
    assert store.put_documents("posts", many) == set(many)
    assert store.put_documents("posts", many) == set()
    assert store.documents("posts")["0007"] == {"text": "虎� 7"}
    assert len(store.documents("posts")) == 1200


def test_documents_are_chosen_by_prefix_and_by_key(store: Store) -> None:
    names = ["mall", "mall-1", "mall-2", "mall-\U0010ffffx", "mall.", "mallow-1", "牙-1"]
    store.put_documents("jobs", {name: {"name": name} for name in names})
    store.put_documents("other", {"mall-3": {}})
    assert list(store.documents("jobs", prefix="mall-")) == ["mall-1", "mall-2", "mall-\U0010ffffx"]
    assert list(store.documents("jobs", prefix="mall-\U0010ffff")) == ["mall-\U0010ffffx"]
    assert list(store.documents("jobs", prefix="牙")) == ["牙-1"]
    several = ("牙", "mall-2", "mall-1", "mall-2", "no")
    assert list(store.documents("jobs", prefix=several)) == ["mall-1", "mall-2", "牙-1"]
    assert list(store.documents("jobs", prefix=several, keys=["mall-2", "mall"])) == ["mall-2"]
    assert store.documents("jobs", prefix=()) == {}
    assert store.documents("jobs", prefix="tmall") == {}
    assert store.documents("jobs", keys=["牙-1", "mall", "none"]) == {
        "mall": {"name": "mall"},
        "牙-1": {"name": "牙-1"},
    }
    assert list(store.documents("jobs", prefix="mall-", keys=["mall-2", "mall"])) == ["mall-2"]
    assert store.documents("jobs", keys=[]) == {}


def test_documents_are_found_by_the_key_that_was_given_even_with_half_a_character(
    store: Store,
) -> None:
    store.put_documents("jobs", {"虎\ud83d-1": {"n": 1}, "虎-2": {"n": 2}})
    assert store.documents("jobs", prefix="虎\ud83d-") == {"虎�-1": {"n": 1}}
    assert store.documents("jobs", keys=["虎\ud83d-1"]) == {"虎�-1": {"n": 1}}


def test_documents_are_streamed_in_order_while_others_are_written(store: Store) -> None:
    assert list(store.each_document("jobs")) == []
    many = {f"{number:04d}": {"n": number} for number in range(300)}
    store.put_documents("jobs", {name: many[name] for name in sorted(many, reverse=True)})
    store.put_documents("other", {"0000x": {}})
    stream = store.each_document("jobs")
    first = next(stream)
    store.put_documents("jobs", {"9999": {}})
    store.remove_documents("jobs", ["0000"])
    assert [item for item in [first, *stream] if item[0] != "9999"] == list(many.items())
    assert next(store.each_document("jobs"))[0] == "0001"


def test_documents_are_erased_by_key(store: Store) -> None:
    assert store.remove_documents("jobs", ["mall"]) == 0
    store.put_documents("jobs", {"mall": {}, "虎\ud83d-1": {}, "mall-1": {}})
    store.put_documents("other", {"mall": {}})
    assert store.remove_documents("jobs", ["mall", "mall", "虎\ud83d-1", "none"]) == 2
    assert store.remove_documents("jobs", []) == 0
    assert list(store.documents("jobs")) == ["mall-1"]
    assert list(store.documents("other")) == ["mall"]


def test_that_a_person_dated_a_sighting_is_not_stored(store: Store) -> None:
    given = bracelet(found_at=MAY)
    given.found_at_given = True
    store.record([given], "a file")
    ad = store.get("mall", "7")
    assert ad is not None
    assert not ad.found_at_given
    assert "found_at_given" not in store.frame().columns
    assert store.record([bracelet(found_at=MAY - DAY)], "a crawl") == [SEEN]
    assert store.first_months() == {"mall": MAY}


@pytest.mark.parametrize("strength", [*Strength, "a-later-one"])
def test_a_match_of_any_strength_is_stored(store: Store, strength: str) -> None:
    ad = Advertisement(site="mall", ad_id="1", title="角雕", relevance=Relevance.LIKELY)
    ad.strength, ad.supports, ad.found_at = strength, 1, datetime(2016, 5, 2, tzinfo=UTC)
    store.record([ad], "run")
    assert [each.strength for each in store.advertisements()] == [strength]
