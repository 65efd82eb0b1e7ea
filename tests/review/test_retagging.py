"""Retagging of advertisements on record after the rules changed, on both stores."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from tests.helpers.queue_oracle import queue_order
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.apply import apply_tagging
from wildcrawl.analysis.vocabulary import Group, Keyword, Reason, Rules, Vocabulary
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.retagging import retag, rules_sentence
from wildcrawl.store import OtherRules, Outcome, Store, open_store
from wildcrawl.store.corrections import Corrections, Decision

MAY = datetime(2016, 5, 1, tzinfo=UTC)
JUNE = MAY + timedelta(days=31)


def group(name: str, *terms: str, **given: Any) -> Group:
    keywords = tuple(
        Keyword(term, name, "name", ambiguous=False, since="2012-01") for term in terms
    )
    return Group(name, name, name, keywords, **given)


@cache
def tagger(rules: str) -> Tagger:
    """The tagger of the rules "old", or of "new" ones: bears are a group, resin is set aside."""
    ivory = group("ivory", "象牙", "熊牙")
    if rules == "old":
        return Tagger(Vocabulary({"ivory": ivory, "general": group("general", "野生")}))
    reason = Reason("imitation", "imitation", "set_aside", phrases=("仿…",))
    groups = {"ivory": group("ivory", "象牙"), "bear": group("bear", "熊牙")}
    return Tagger(
        Vocabulary(groups | {"general": group("general", "野生")}, Rules(reasons=(reason,)))
    )


def ad(ad_id: str, title: str, rules: str = "old", **given: Any) -> Advertisement:
    made = Advertisement("mall", ad_id, title=title, found_at=MAY, found_by=["象牙"], **given)
    apply_tagging(made, tagger(rules).tag(title, found_by=["象牙"]), tagger(rules).fingerprint)
    return made


ADS = (
    ("1", "象牙手镯"),
    ("2", "熊牙吊坠"),
    ("3", "仿象牙手镯"),
    ("4", "野生标本"),
    ("5", "熊牙把件"),
)


def fill(store: Store) -> None:
    store.record([ad(ad_id, title) for ad_id, title in ADS], "run-1")
    store.judge("mall", "5", Decision(Verdict.VALID, "li", "", MAY))


def tags(store: Store) -> dict[str, tuple[list[str], str, str]]:
    return {one.ad_id: (one.species, one.relevance, one.rules) for one in store.advertisements()}


def test_what_no_person_decided_is_tagged_by_the_new_rules(store: Store) -> None:
    fill(store)
    old, new = (tagger(rules).fingerprint for rules in ("old", "new"))
    assert store.other_rules(old) == OtherRules(0, 0)
    assert store.other_rules(new) == OtherRules(4, 1)
    done = retag(store, tagger("new"), JUNE, write=True)
    assert tags(store) == {
        "1": (["ivory"], "likely", new),
        "2": (["bear"], "likely", new),
        "3": (["ivory"], "set_aside", new),
        "4": (["general"], "likely", new),
        "5": (["ivory"], "likely", old),
    }
    assert (done.read, done.changed) == (4, 2)
    assert done.species == (
        {"ivory": 3, "general": 1}, {"ivory": 1, "bear": 1, "general": 1},
    )  # fmt: skip
    assert done.relevance == ({"likely": 4}, {"likely": 3, "set_aside": 1})
    assert [one.after.ad_id for one in done.sample] == ["2", "3"]
    assert "3" not in [each.ad.ad_id for each in queue_order(store.pending())]
    bear = store.get("mall", "2")
    assert bear is not None
    assert [(change.at, change.field, change.old, change.new) for change in bear.history] == [
        (JUNE, "tags", f"species: ivory | rules: {old}", f"species: bear | rules: {new}")
    ]
    unchanged = store.get("mall", "1")
    assert unchanged is not None
    assert unchanged.history == []


def test_it_is_done_once_and_a_dry_run_writes_nothing(store: Store) -> None:
    fill(store)
    before = list(store.advertisements())
    planned = retag(store, tagger("new"), JUNE, write=False)
    assert list(store.advertisements()) == before
    done = retag(store, tagger("new"), JUNE, write=True)
    assert (planned.changed, planned.species, planned.strength) == (
        done.changed, done.species, done.strength,
    )  # fmt: skip
    after = list(store.advertisements())
    assert retag(store, tagger("new"), JUNE, write=True).read == 0
    assert list(store.advertisements()) == after
    assert store.other_rules(tagger("new").fingerprint) == OtherRules(0, 1)


def test_values_of_a_person_stay(store: Store) -> None:
    store.record([ad("2", "熊牙吊坠", species=["tiger"], by_person=["species"])], "run-1")
    store.record([ad("6", "熊牙吊坠"), ad("7", "熊牙老件")], "run-1")
    store.judge("mall", "6", Decision(Verdict.VALID, "li", "", MAY, Corrections(species=())))
    store.judge("mall", "7", Decision(Verdict.VALID, "li", "", MAY))
    store.judge("mall", "7", Decision(Verdict.PENDING, "li", "", MAY))
    retag(store, tagger("new"), JUNE, write=True)
    assert {key: species for key, (species, *_) in tags(store).items()} == {
        "2": ["tiger"], "6": [], "7": ["bear"],
    }  # fmt: skip
    store.judge("mall", "7", Decision(Verdict.VALID, "li", "", JUNE))
    store.judge("mall", "7", Decision(Verdict.PENDING, "li", "", JUNE))
    assert tags(store)["7"][0] == ["bear"], "undoing a verdict does not undo the rules"


def test_a_field_that_a_person_cleared_stays_empty(store: Store) -> None:
    cleared = ad("2", "熊牙吊坠", by_person=["species", "age_claim"])
    store.record([replace(cleared, species=[], age_claim="")], "run-1")
    retag(store, tagger("new"), JUNE, write=True)
    assert tags(store)["2"][:2] == ([], "likely")


def test_unknown_rules_count_as_others(store: Store) -> None:
    store.record([replace(ad("1", "象牙手镯"), rules="")], "run-1")
    assert store.other_rules(tagger("old").fingerprint) == OtherRules(1, 0)
    done = retag(store, tagger("old"), JUNE, write=True)
    assert (done.read, done.changed) == (1, 0)
    assert store.other_rules(tagger("old").fingerprint) == OtherRules(0, 0)


def test_reading_the_same_text_again_updates_its_tags_together(store: Store) -> None:
    fill(store)
    again = [replace(ad(ad_id, title, "new"), found_at=JUNE) for ad_id, title in ADS]
    assert store.record(again, "run-2") == [
        Outcome.SEEN,
        *[Outcome.CHANGED] * 2,
        *[Outcome.SEEN] * 2,
    ]
    read = tags(store)
    assert read["2"] == (["bear"], "likely", tagger("new").fingerprint)
    assert read["3"] == (["ivory"], "set_aside", tagger("new").fingerprint)
    assert read["5"] == (["ivory"], "likely", tagger("old").fingerprint), "judged"
    terms = store.get("mall", "5")
    assert terms is not None
    assert terms.terms == ["熊牙"]
    assert store.other_rules(tagger("new").fingerprint) == OtherRules(0, 1)
    assert store.record(again, "run-3") == [Outcome.SEEN] * 5


def test_a_row_with_less_text_does_not_change_the_tags(store: Store) -> None:
    whole = replace(ad("2", "摆件"), description="老熊牙", terms=["熊牙"], species=["ivory"])
    store.record([whole], "run-1")
    sparse = replace(ad("2", "摆件", "new"), found_at=JUNE, species=["general"], terms=[])
    store.record([sparse], "run-2")
    kept = store.get("mall", "2")
    assert kept is not None
    assert (kept.species, kept.terms) == (["ivory"], ["熊牙"])
    assert kept.rules == tagger("old").fingerprint, "it is still counted as tagged otherwise"


@pytest.mark.parametrize("interrupted_after", [1, 3])
def test_what_a_crawl_records_meanwhile_is_not_lost(
    store_url: str, monkeypatch: pytest.MonkeyPatch, interrupted_after: int
) -> None:
    monkeypatch.setattr("wildcrawl.review.retagging.BATCH", 2)
    store, crawl = open_store(store_url), open_store(store_url)
    store.record([ad(str(number), "熊牙吊坠", price="1元") for number in range(7)], "run-1")
    revise, calls = store.revise, 0

    def meanwhile(keys: Any, change: Callable[[Advertisement], None]) -> None:
        nonlocal calls
        calls += 1
        if calls == interrupted_after:
            seen = [
                Advertisement("mall", str(number), found_at=JUNE, price="2元", found_by=["熊牙"])
                for number in range(7)
            ]
            crawl.record(seen, "run-2")
            crawl.judge("mall", "6", Decision(Verdict.FAKE, "wang", "", JUNE))
        revise(keys, change)

    monkeypatch.setattr(store, "revise", meanwhile)
    assert retag(store, tagger("new"), JUNE, write=True).read == 6
    ads = {one.ad_id: one for one in store.advertisements()}
    assert {one.price for one in ads.values()} == {"2元"}
    assert all(one.found_by == ["象牙", "熊牙"] and one.last_seen == JUNE for one in ads.values())
    assert [one.species for one in ads.values()] == [["bear"]] * 6 + [["ivory"]]
    assert (ads["6"].verdict, ads["6"].rules) == ("fake", tagger("old").fingerprint)
    store.close()
    crawl.close()


def test_two_at_once_change_each_advertisement_once(store_url: str) -> None:
    store = open_store(store_url)
    store.record([ad(str(number), "熊牙吊坠") for number in range(120)], "run-1")
    stores = [open_store(store_url) for _ in range(2)]
    threads = [
        threading.Thread(target=retag, args=(one, tagger("new"), JUNE), kwargs={"write": True})
        for one in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(one.history) for one in store.advertisements()} == {1}
    for one in (store, *stores):
        one.close()


def test_the_sentence_names_the_numbers_and_the_command() -> None:
    assert rules_sentence(OtherRules()) == ""
    assert rules_sentence(OtherRules(1200, 3)) == (
        "Advertisements on record that were tagged by other rules than those of the vocabulary: "
        "1,203; 1,200 without a verdict ('scrapy retag --dry-run' shows what would change), "
        "3 judged, which keep their tags."
    )
    assert rules_sentence(OtherRules(0, 3)).endswith(": 3; 3 judged, which keep their tags.")
