"""Raising: which candidates, how many a month, and what stays of it in both stores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.apply import apply_tagging
from wildcrawl.analysis.vocabulary import Vocabulary, load_vocabulary
from wildcrawl.items import Advertisement, Run, Verdict
from wildcrawl.review.month_counts import count_month
from wildcrawl.review.queue import read_queue
from wildcrawl.review.retagging import retag
from wildcrawl.review.second_reader.model import SecondReader
from wildcrawl.review.second_reader.raising import (
    Candidates,
    give_back,
    month_of_reading,
    raise_stored,
    reserve,
    share_of_run,
)
from wildcrawl.review.second_reader.yields import ReaderYield, reader_yield
from wildcrawl.store import Store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.search import ListQuery

NOW = datetime(2016, 5, 3, tzinfo=UTC)
READER = SecondReader({"牙": 3.0, "爪": 2.0, "仿": 1.0}, -1.0, 0.5)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def ad(title: str, ad_id: str, reason: str = "no term of the vocabulary") -> Advertisement:
    return Advertisement("mall", ad_id, title=title, reason=reason, found_at=NOW)


def test_the_best_are_kept_and_ties_go_to_the_first_id(vocabulary: Vocabulary) -> None:
    given = [ad("爪", "c"), ad("牙", "b"), ad("爪", "a"), ad("牙爪", "d"), ad("书", "e")]
    for order in (given, given[::-1]):
        candidates = Candidates(READER, vocabulary, 3)
        for each in order:
            candidates.add(each)
        assert [each.key[1] for each in candidates.best()] == ["b", "d", "a"]
        assert candidates.above == 4
        candidates.add(replace(given[1]))
        assert candidates.above == 4
    nothing = Candidates(READER, vocabulary, 0)
    nothing.add(ad("牙", "b"))
    assert (nothing.best(), nothing.above) == ([], 1)


def test_what_the_text_itself_settles_is_left_alone(vocabulary: Vocabulary) -> None:
    tagger = Tagger(vocabulary)
    candidates = Candidates(READER, vocabulary, 9)
    for title in (
        *("仿象牙手镯 牙色", "牙床一张"),
        *("猛犸牙 手串", "求购 象牙手镯", "狼牙吊坠 不是虎牙", "虎牙直播 账号"),
    ):
        one = ad(title, title, "")
        apply_tagging(one, tagger.tag(title), tagger.fingerprint)
        candidates.add(one)
    raised = {each.ad.title for each in candidates.best()}
    assert raised == {"仿象牙手镯 牙色", "牙床一张"}


def test_a_month_has_its_number_and_runs_share_it(store: Store) -> None:
    april = datetime(2016, 4, 20, tzinfo=UTC)
    for site, started in (("mall", april), ("fair", april), ("old", april - timedelta(days=90))):
        store.save_run(Run(f"{site}-1", site, started))
    assert share_of_run(store, "mall", NOW, 50) == 25
    assert reserve(store, NOW, 25, above=40, most=50) == 25
    store.save_run(Run("mall-2", "mall", NOW))
    assert share_of_run(store, "fair", NOW, 50) == 25
    assert reserve(store, NOW, 60, above=60, most=50) == 25
    assert reserve(store, NOW, 1, above=1, most=50) == 0
    done = month_of_reading(store, "2016-05")
    assert (done.raised, done.left) == (50, 15 + 35 + 1)
    give_back(store, NOW, 1)
    assert month_of_reading(store, "2016-05").raised == 49
    assert reserve(store, NOW, 1, above=1, most=50) == 1
    assert reserve(store, NOW, 2, above=9, most=50, all_of_them=True) == 0
    assert month_of_reading(store, "2016-05").left == 9
    assert reserve(store, NOW + timedelta(days=40), 1, above=1, most=50) == 1
    assert month_of_reading(store, "2016-07").raised == 0


def test_what_is_raised_waits_marked_and_counts_only_if_valid(
    store: Store, vocabulary: Vocabulary
) -> None:
    tagger = Tagger(vocabulary)
    ads = [ad(title, str(n)) for n, title in enumerate(("仿象牙手镯", "仿犀角杯", "仿象牙球"))]
    for each in ads:
        apply_tagging(each, tagger.tag(each.title), tagger.fingerprint)
        each.audit = each.ad_id == "2"
    store.record(ads, "run-1")
    keys = [(each.site, each.ad_id) for each in ads]
    assert raise_stored(store, keys, READER) == 3
    assert raise_stored(store, keys, READER) == 0
    queued = list(read_queue(store))
    assert {each.ad.ad_id for each in queued} == {"0", "1", "2"}
    assert not any(each.audit or each.ad.audit for each in queued)
    why = {each.ad.ad_id: each.why for each in queued}["0"]
    assert why.startswith("second reader 0.")
    assert "; the rules: another material is named: 仿" in why
    assert store.waiting_numbers().likely == 3
    assert {each.ad_id for each in store.pending()} == {"0", "1", "2"}
    store.judge("mall", "0", Decision(Verdict.VALID, "Li", "", NOW))
    store.judge("mall", "1", Decision(Verdict.FAKE, "Li", "", NOW))
    assert raise_stored(store, keys[:1], READER) == 0
    counts = count_month(store.frames(columns=("site", "species", "verdict", "relevance"))).total
    assert (counts["valid"], counts["fake"], counts["second_reader"]) == (1, 1, 1)
    assert (counts["pending"], counts["set_aside"]) == (0, 0)
    assert reader_yield(store.frame()) == ReaderYield(3, 2, 1)
    assert store.count(ListQuery(relevance="second_reader")).number == 3


def test_seen_and_tagged_again_it_stays_raised_until_the_rules_find_it(
    store: Store, vocabulary: Vocabulary
) -> None:
    tagger = Tagger(vocabulary)
    one = ad("仿象牙手镯", "1")
    apply_tagging(one, tagger.tag(one.title), "other rules")
    store.record([one], "run-1")
    raise_stored(store, [("mall", "1")], READER)
    again = replace(one, found_at=NOW + timedelta(days=1), description="象牙料")
    apply_tagging(again, tagger.tag(again.title, again.description), "still other rules")
    store.record([again], "run-2")
    assert retag(store, tagger, NOW, write=True).read == 1
    stored = store.get("mall", "1")
    assert stored is not None
    assert (stored.relevance, stored.strength) == ("second_reader", "second_reader")
    assert stored.reason.startswith("second reader")
    assert stored.rules == tagger.fingerprint
    offered = replace(again, title="老象牙手镯", found_at=NOW + timedelta(days=2), species=[])
    apply_tagging(offered, tagger.tag("老象牙手镯"), tagger.fingerprint)
    store.record([offered], "run-3")
    now_found = store.get("mall", "1")
    assert now_found is not None
    assert now_found.relevance == "likely"


def test_no_yield_of_nothing() -> None:
    frame = pl.DataFrame({"relevance": ["likely"], "verdict": ["valid"]})
    assert reader_yield(frame) + ReaderYield() == ReaderYield()
