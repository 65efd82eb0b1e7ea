"""Merge rules: a stored advertisement after further sightings, verdicts and corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from wildcrawl.items import Advertisement, Change, Relevance, RowOrigin, Verdict
from wildcrawl.store.base import Outcome
from wildcrawl.store.corrections import Corrections, Decision, check_species
from wildcrawl.store.merge import MAX_HISTORY, MAX_TEXT, checked, first, judged, merge, plan

MAY = datetime(2016, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def sighting(**given: Any) -> Advertisement:
    """A sighting of one ivory bracelet, with the given fields."""
    return checked([Advertisement(**{"site": "mall", "ad_id": "7", "found_at": MAY, **given})])[0]


def bracelet(**given: Any) -> Advertisement:
    """The same sighting with tags and price, as from the pipelines."""
    values: dict[str, Any] = {
        "url": "http://mall.example/7",
        "title": "老象牙手串",
        "original_title": "老象牙★手串",
        "description": "民国旧物",
        "price": "2800元",
        "price_kind": "amount",
        "price_cny": Decimal("2800.00"),
        "price_usd": Decimal("406.39"),
        "price_amount": Decimal(2800),
        "price_currency": "CNY",
        "rate": Decimal("6.89"),
        "rate_date": date(2017, 4, 14),
        "found_by": ["象牙"],
        "species": ["ivory"],
        "product_type": "worked_uncarved",
        "age_claim": "old",
        "relevance": "likely",
        "terms": ["象牙"],
    }
    return sighting(**{**values, **given})


def test_a_new_advertisement_starts_with_its_first_sighting_and_waits_for_a_verdict() -> None:
    ad = first(bracelet(), "run-1")
    assert (ad.first_seen, ad.last_seen, ad.found_at) == (MAY, MAY, MAY)
    assert (ad.verdict, ad.first_run, ad.history) == ("pending", "run-1", [])


def test_a_batch_merges_each_sighting_into_what_it_made_of_those_before() -> None:
    stored = first(bracelet(), "run-1")
    sightings = [
        bracelet(found_at=MAY + DAY, found_by=["手串"]),
        bracelet(found_at=MAY + 2 * DAY, found_by=["老料"]),
    ]
    result = plan(sightings, {("mall", "7"): stored}, "run-2")
    (after,) = result.updated.values()
    assert after.found_by == ["象牙", "手串", "老料"]
    assert after.last_seen == MAY + 2 * DAY
    both = plan(sightings, {}, "run-2").new["mall", "7"]
    assert (both.found_by, both.first_seen) == (["手串", "老料"], MAY + DAY)


def test_moments_are_kept_in_utc_to_the_millisecond() -> None:
    china = timezone(timedelta(hours=8))
    ad = sighting(found_at=datetime(2016, 5, 1, 8, 0, 0, 123999, tzinfo=china))
    assert ad.found_at == datetime(2016, 5, 1, 0, 0, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"found_at": datetime(2016, 5, 1)}, "'7' of site 'mall': found_at .* no timezone"),  # noqa: DTZ001
        ({"found_at": None}, "has no found_at"),
        ({"ad_id": ""}, "lacks a site or an ad_id; set both"),
        ({"site": ""}, "lacks a site or an ad_id; set both"),
        (
            {"description": "牙" * (MAX_TEXT + 1)},
            "^advertisement '7' .* characters of text",
        ),
    ],
)
def test_invalid_advertisements_are_refused_by_name(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sighting(**given)


def test_lone_surrogates_are_fixed() -> None:
    ad = sighting(title="虎\ud83d\udc05骨 \ud83d", terms=["\udc05"])
    assert (ad.title, ad.terms) == (
        "虎🐅骨 \N{REPLACEMENT CHARACTER}",
        ["\N{REPLACEMENT CHARACTER}"],
    )


def test_words_of_the_enums_are_kept_as_plain_text() -> None:
    ad = sighting(relevance=Relevance.LIKELY, verdict=Verdict.VALID)
    assert {type(ad.relevance), type(ad.verdict)} == {str}
    assert (ad.relevance, ad.verdict) == ("likely", "valid")


def test_a_sparse_sighting_moves_last_seen_and_found_by_alone() -> None:
    stored = first(bracelet(), "run-1")
    seen = merge(stored, sighting(found_at=MAY + DAY, found_by=["果冻", "象牙"]), "run-2")
    assert seen.last_seen == MAY + DAY
    assert seen.found_by == ["象牙", "果冻"]
    seen.last_seen, seen.found_by = stored.last_seen, stored.found_by
    assert seen == stored


def test_a_changed_price_updates_its_amounts_and_the_history() -> None:
    lower = bracelet(
        found_at=MAY + DAY,
        price="面议",
        price_kind="on_request",
        price_cny=None,
        price_usd=None,
        price_amount=None,
        price_currency="",
        rate=None,
        rate_date=None,
    )
    ad = merge(first(bracelet(), "run-1"), lower, "run-2")
    assert ad.history == [Change(MAY + DAY, "price", "2800元", "面议")]
    assert (ad.price, ad.price_kind, ad.price_cny, ad.rate) == ("面议", "on_request", None, None)


def test_a_changed_title_takes_its_tags_along() -> None:
    other = bracelet(
        found_at=MAY + DAY,
        title="老犀角杯",
        original_title="老犀角杯!",
        species=["rhino_horn"],
        age_claim="",
        terms=["犀角"],
    )
    ad = merge(first(bracelet(), "run-1"), other, "run-2")
    assert ad.history == [Change(MAY + DAY, "title", "老象牙手串", "老犀角杯")]
    assert (ad.original_title, ad.species, ad.age_claim) == ("老犀角杯!", ["rhino_horn"], "")
    assert ad.terms == ["犀角"]


def test_an_untagged_sighting_leaves_the_tags() -> None:
    ad = merge(first(bracelet(), "r"), sighting(title="新标题", found_at=MAY + DAY), "r2")
    assert (ad.title, ad.species, ad.relevance) == ("新标题", ["ivory"], "likely")


def test_a_changed_address_is_kept_without_a_history() -> None:
    moved = bracelet(url="http://mall.example/item/7", found_at=MAY + DAY)
    ad = merge(first(bracelet(), "run-1"), moved, "run-2")
    assert (ad.url, ad.history) == ("http://mall.example/item/7", [])


def test_after_a_verdict_the_relevance_stays() -> None:
    stored = judged(first(bracelet(), "r"), Decision(Verdict.VALID, "li", "certain", MAY))
    other = bracelet(
        found_at=MAY + DAY,
        title="仿象牙手串",
        relevance="set_aside",
        reason="imitation",
        species=[],
    )
    ad = merge(stored, other, "run-2")
    assert (ad.verdict, ad.screened_by, ad.note) == ("valid", "li", "certain")
    assert (ad.relevance, ad.reason, ad.title) == ("likely", "", "仿象牙手串")


def test_values_of_a_person_override_the_tagger_before_and_after() -> None:
    typed = bracelet(species=["tiger"], by_person=["species"])
    ad = merge(first(typed, "r"), bracelet(title="老象牙珠", found_at=MAY + DAY), "r2")
    assert (ad.species, ad.title, ad.by_person) == (["tiger"], "老象牙珠", ["species"])
    ad = merge(first(bracelet(), "r"), typed, "r2")
    assert (ad.species, ad.by_person) == (["tiger"], ["species"])


def test_of_two_persons_the_later_one_counts() -> None:
    june = bracelet(species=["tiger"], by_person=["species"], found_at=MAY + 31 * DAY)
    may = bracelet(species=["whale"], by_person=["species", "age_claim"], age_claim="new")
    ad = merge(first(june, "r"), may, "r2")
    assert (ad.species, ad.age_claim) == (["tiger"], "new")
    assert merge(first(may, "r"), june, "r2").species == ["tiger"]


def test_a_typed_verdict_fills_a_pending_one_and_leaves_another() -> None:
    typed = sighting(verdict="fake", screened_by="wang", note="resin")
    ad = merge(first(bracelet(), "r"), typed, "r2")
    assert (ad.verdict, ad.screened_by, ad.note) == ("fake", "wang", "resin")
    stands = judged(first(bracelet(), "r"), Decision(Verdict.VALID, "li", "", MAY))
    ad = merge(stands, typed, "r2")
    assert (ad.verdict, ad.screened_by) == ("valid", "li")


def test_of_two_typed_verdicts_the_later_counts_and_an_old_file_restores_none() -> None:
    may = sighting(verdict="valid", screened_by="wang")
    july = sighting(verdict="fake", screened_by="li", note="resin", found_at=MAY + 61 * DAY)
    ad = merge(first(may, "r"), july, "r2")
    assert (ad.verdict, ad.screened_by, ad.note) == ("fake", "li", "resin")
    assert ad.history == [Change(MAY + 61 * DAY, "verdict in a record", "valid", "fake", "li")]
    assert merge(merge(ad, may, "r3"), july, "r4") == ad
    assert merge(first(july, "r"), may, "r").verdict == "fake", "the rows of a file in any order"
    seen = sighting(found_at=MAY + 62 * DAY)
    assert merge(ad, seen, "r3").verdict == "fake", "a further sighting is not a verdict"


def test_two_typed_verdicts_of_one_moment_do_not_take_turns() -> None:
    valid, fake = sighting(verdict="valid"), sighting(verdict="fake")
    ad = merge(first(valid, "r"), fake, "r2")
    assert ad.verdict == "fake"
    assert merge(merge(ad, valid, "r3"), fake, "r3") == ad


def test_a_typed_verdict_does_not_change_one_that_was_given_by_screening() -> None:
    ad = judged(
        first(sighting(verdict="valid"), "r"), Decision(Verdict.IRRELEVANT, "li", "", MAY + DAY)
    )
    typed = sighting(verdict="valid", found_at=MAY + 61 * DAY)
    assert merge(ad, typed, "r2").verdict == "irrelevant"
    waiting = judged(ad, Decision(Verdict.PENDING, "li", "", MAY + 2 * DAY))
    assert merge(waiting, typed, "r2").verdict == "valid"


def test_judging_is_in_the_history_once() -> None:
    ad = judged(first(bracelet(), "r"), Decision(Verdict.FAKE, "li", "resin", MAY + DAY))
    again = judged(ad, Decision(Verdict.FAKE, "li", "resin, weighed", MAY + 2 * DAY))
    assert again.history == [Change(MAY + DAY, "verdict", "pending", "fake", "li")]
    assert again.note == "resin, weighed"


def test_a_correction_is_by_a_person_and_in_the_history() -> None:
    given = Corrections(species=("tiger", "leopard"), product_type="worked_uncarved", age_claim="")
    ad = judged(first(bracelet(), "r"), Decision(Verdict.VALID, "li", "", MAY + DAY, given))
    assert (ad.species, ad.product_type, ad.age_claim) == (
        ["tiger", "leopard"],
        "worked_uncarved",
        "",
    )
    assert ad.by_person == ["species", "age_claim"], "the product type was not corrected"
    assert ad.history == [
        Change(MAY + DAY, "verdict", "pending", "valid", "li"),
        Change(MAY + DAY, "species", "ivory", "tiger;leopard", "li"),
        Change(MAY + DAY, "age_claim", "old", "", "li"),
        Change(MAY + DAY, "by_person", "", "species;age_claim", "li"),
    ]
    again = judged(ad, Decision(Verdict.VALID, "li", "", MAY + 2 * DAY, given))
    assert again == ad, "repeating it changes nothing"


def test_a_verdict_without_corrections_sets_nothing_by_person() -> None:
    stored = first(bracelet(), "r")
    for given in (None, Corrections(), Corrections(("ivory",), "worked_uncarved", "old")):
        ad = judged(stored, Decision(Verdict.VALID, "li", "", MAY + DAY, given))
        assert (ad.by_person, len(ad.history)) == ([], 1)


def test_a_later_crawl_does_not_overwrite_a_correction() -> None:
    given = Corrections(species=("tiger",), age_claim="")
    ad = judged(first(bracelet(), "r"), Decision(Verdict.VALID, "li", "", MAY + DAY, given))
    other = bracelet(
        title="老象牙雕件", species=["ivory"], product_type="worked_carved", found_at=MAY + 2 * DAY
    )
    ad = merge(ad, other, "r2")
    assert (ad.title, ad.species, ad.age_claim) == ("老象牙雕件", ["tiger"], "")
    assert ad.product_type == "worked_carved", "fields without a correction are the tagger's"


def test_the_verdict_pending_undoes_the_corrections() -> None:
    stored = first(bracelet(species=["ivory", "tiger"]), "r")
    given = Corrections(species=("whale",), product_type="raw")
    ad = judged(stored, Decision(Verdict.VALID, "li", "sure", MAY + DAY, given))
    ad = judged(
        ad, Decision(Verdict.FAKE, "li", "sure", MAY + DAY, Corrections(species=("saiga", "whale")))
    )
    earlier = list(ad.history)
    ad = judged(ad, Decision(Verdict.PENDING, "", "", MAY + 2 * DAY))
    assert ad.history == [
        *earlier,
        Change(MAY + 2 * DAY, "species", "saiga;whale", "whale"),
        Change(MAY + 2 * DAY, "product_type", "raw", "worked_uncarved"),
        Change(MAY + 2 * DAY, "species", "whale", "ivory;tiger"),
        Change(MAY + 2 * DAY, "by_person", "species;product_type", ""),
        Change(MAY + 2 * DAY, "verdict", "fake", "pending"),
    ]
    ad.history = []
    assert ad == stored


def test_undoing_twice_undoes_once() -> None:
    stored = judged(
        first(bracelet(), "r"),
        Decision(Verdict.VALID, "li", "", MAY + DAY, Corrections(age_claim="new")),
    )
    once = judged(stored, Decision(Verdict.PENDING, "", "", MAY + 2 * DAY))
    assert judged(once, Decision(Verdict.PENDING, "", "", MAY + 3 * DAY)) == once
    anew = judged(once, Decision(Verdict.VALID, "li", "", MAY + 4 * DAY))
    assert judged(anew, Decision(Verdict.PENDING, "", "", MAY + 5 * DAY)).age_claim == "old"


def test_undoing_leaves_earlier_values_of_a_person() -> None:
    stored = first(bracelet(species=["tiger"], by_person=["species"]), "import")
    given = Corrections(species=("leopard",), age_claim="new")
    ad = judged(stored, Decision(Verdict.VALID, "li", "", MAY + DAY, given))
    assert ad.by_person == ["species", "age_claim"]
    ad = judged(ad, Decision(Verdict.PENDING, "", "", MAY + 2 * DAY))
    assert (ad.species, ad.age_claim, ad.by_person) == (["tiger"], "old", ["species"])


def test_undoing_leaves_later_values_of_another_person() -> None:
    given = Corrections(species=("leopard",), age_claim="new")
    ad = judged(first(bracelet(), "r"), Decision(Verdict.VALID, "li", "", MAY + DAY, given))
    typed = bracelet(species=["tiger"], by_person=["species"], found_at=MAY + 2 * DAY)
    ad = judged(merge(ad, typed, "r2"), Decision(Verdict.PENDING, "", "", MAY + 3 * DAY))
    assert (ad.species, ad.age_claim, ad.by_person) == (["tiger"], "old", ["species"])


def test_an_invalid_correction_is_refused_by_name() -> None:
    with pytest.raises(
        ValueError, match=r"'raws' is not a valid product type .*'raw'\?\); choose one of raw, se"
    ):
        Corrections(product_type="raws")
    with pytest.raises(
        ValueError,
        match="'ancient' is not a valid age claim; choose one of old, new, or leave it empty",
    ):
        Corrections(age_claim="ancient")
    with pytest.raises(
        ValueError, match=r"'ivroy' is not a valid species group .*'ivory'\?\); choose one of i"
    ):
        check_species(["tiger", "ivroy"], ["ivory", "tiger"])


def test_an_older_sighting_overwrites_nothing_and_fills_what_is_empty() -> None:
    june = bracelet(found_at=MAY + 31 * DAY, price="", price_kind="absent", seller="")
    older = bracelet(title="旧标题", seller="shop", found_by=["果冻"])
    ad = merge(first(june, "r"), older, "r2")
    assert (ad.first_seen, ad.last_seen) == (MAY + 31 * DAY, MAY + 31 * DAY)
    assert (ad.title, ad.history) == ("老象牙手串", [])
    assert (ad.seller, ad.price, ad.price_kind) == ("shop", "2800元", "amount")
    assert ad.found_by == ["象牙", "果冻"]


def test_within_the_first_run_the_earliest_sighting_is_the_first() -> None:
    stored = first(bracelet(found_at=MAY + DAY), "import")
    same_run = merge(stored, bracelet(found_at=MAY), "import")
    assert (same_run.first_seen, same_run.found_at, same_run.last_seen) == (MAY, MAY, MAY + DAY)
    later_run = merge(stored, bracelet(found_at=MAY), "another")
    assert (later_run.first_seen, later_run.found_at) == (MAY + DAY, MAY + DAY)


def dated(found_at: datetime, **fields: Any) -> Advertisement:
    """A record whose `found_at` was given by a person."""
    return Advertisement("mall", "7", found_at=found_at, found_at_given=True, **fields)


def test_an_earlier_date_that_a_person_wrote_down_is_the_first_sighting_in_any_run() -> None:
    stored = first(bracelet(found_at=MAY + 31 * DAY), "a crawl in June")
    typed = dated(MAY, title="旧标题")
    ad = merge(stored, checked([typed])[0], "a file, read in July")
    assert (ad.first_seen, ad.found_at, ad.last_seen) == (MAY, MAY, MAY + 31 * DAY)
    assert (ad.title, ad.first_run, ad.history) == ("老象牙手串", "a crawl in June", [])


def test_rows_that_a_person_dated_come_to_the_same_in_any_order_of_files() -> None:
    rows = [
        dated(MAY + 31 * DAY, price="500元", verdict="valid", title="牙雕"),
        dated(MAY, price="400元", verdict="fake", title="象牙", seller="li"),
        dated(MAY + 61 * DAY, price="9元", verdict="irrelevant", title="骨"),
        dated(MAY + 9 * DAY, price="面议", verdict="valid", title="老象牙"),
    ]
    for order in permutations(checked(rows)):
        ad = first(order[0], "0")
        for number, row in enumerate(order[1:]):
            ad = merge(ad, row, str(number))
        assert (ad.first_seen, ad.found_at, ad.last_seen) == (MAY, MAY, MAY + 61 * DAY)
        assert (ad.price, ad.title, ad.verdict, ad.seller) == ("9元", "骨", "irrelevant", "li")


def test_two_differing_rows_of_one_day_are_recorded_once_in_repeated_imports() -> None:
    rows = [bracelet(price="2800元"), bracelet(price="2600元")]
    done = plan(rows, {}, "import")
    assert done.outcomes == [Outcome.NEW, Outcome.CHANGED]
    again = plan(rows, done.new, "import")
    assert again.outcomes == [Outcome.SEEN, Outcome.SEEN]
    assert not again.new
    assert not again.updated


def test_a_history_that_would_outgrow_the_store_keeps_its_latest() -> None:
    ad = first(sighting(description="初"), "r")
    long = MAX_TEXT // 2
    for day in range(1, 6):
        ad = merge(ad, sighting(description=str(day) * long, found_at=MAY + day * DAY), "r2")
    assert sum(len(change.old) + len(change.new) for change in ad.history) <= MAX_HISTORY
    assert ad.history[-1] == Change(MAY + 5 * DAY, "description", "4" * long, "5" * long)


def test_merging_touches_neither_side() -> None:
    stored, seen = first(bracelet(), "r"), bracelet(price="1元", found_by=["x"], found_at=MAY + DAY)
    merge(stored, seen, "r2")
    assert stored == first(bracelet(), "r")
    assert seen == bracelet(price="1元", found_by=["x"], found_at=MAY + DAY)


def test_a_text_that_an_export_hid_contacts_in_changes_nothing() -> None:
    given = {"title": "牙雕 加薇abc12345", "image_urls": ["http://mall.example/1?tel=1", "b"]}
    stored = first(sighting(**given), "run")
    shown = {"title": "牙雕 加薇▒▒▒", "image_urls": ["http://mall.example/1?tel=▒▒▒", "b"]}
    hidden = sighting(**shown, price="500元")
    result = plan([hidden], {("mall", "7"): stored}, "later")
    (after,) = result.updated.values()
    assert (after.title, after.image_urls) == (given["title"], given["image_urls"])
    assert [change.field for change in after.history] == ["price"]
    other = sighting(title="手串 加薇▒▒▒")
    (after,) = plan([other], {("mall", "7"): stored}, "later").updated.values()
    assert after.title == "手串 加薇▒▒▒"


def test_characters_that_a_file_lost_are_those_of_the_store() -> None:
    given = {"title": "🐘牙雕手串", "found_by": ["象牙", "🐘牙"], "image_urls": ["a", "b"]}
    stored = first(sighting(**given), "run")
    damaged = {"title": "?牙雕手串", "found_by": ["?牙", "犀角"]}
    read = sighting(**damaged, price="500元", origin=RowOrigin("line 2", 2))
    (after,) = plan([read], {("mall", "7"): stored}, "later").updated.values()
    assert (after.title, after.found_by) == ("🐘牙雕手串", ["象牙", "🐘牙", "犀角"])
    assert [change.field for change in after.history] == ["price"]
    # A site is taken at its word.
    seen = sighting(title="?牙雕手串", found_at=MAY + DAY)
    (after,) = plan([seen], {("mall", "7"): stored}, "later").updated.values()
    assert after.title == "?牙雕手串"


def test_the_same_text_takes_the_tags_of_other_rules_until_a_person_decides() -> None:
    stored = first(bracelet(rules="old"), "run")
    tags = {"species": ["tiger"], "terms": ["虎"], "rules": "new"}
    later = bracelet(found_at=MAY + DAY, **tags)
    ad = merge(stored, later, "run-2")
    assert (ad.species, ad.terms, ad.rules) == (["tiger"], ["虎"], "new")
    (change,) = ad.history
    assert change == Change(
        MAY + DAY, "tags", "species: ivory | terms: 象牙 | rules: old",
        "species: tiger | terms: 虎 | rules: new",
    )  # fmt: skip
    judgement = judged(stored, Decision(Verdict.VALID, "Li", "", MAY))
    assert merge(judgement, later, "run-2").species == ["ivory"]
    # Tags of the text in its pictures, which a search page does not have, remain.
    by_picture = replace(stored, title="", description="", picture_text="象牙手串")
    later = replace(later, title="", description="")
    assert merge(by_picture, later, "run-2").species == ["ivory"]


def test_what_the_second_reader_raised_stays_raised_until_the_rules_find_it_likely() -> None:
    raised = first(bracelet(rules="old", relevance="second_reader", reason="read"), "run")
    later = bracelet(found_at=MAY + DAY, rules="new", relevance="set_aside", reason="imitation")
    ad = merge(raised, later, "run-2")
    assert (ad.relevance, ad.reason, ad.rules) == ("second_reader", "read", "new")
    likely = bracelet(found_at=MAY + DAY, rules="new", relevance="likely", reason="象牙 (name)")
    assert merge(raised, likely, "run-2").relevance == "likely"


def test_a_later_note_on_the_same_verdict_replaces_the_earlier_one_and_keeps_it() -> None:
    stored = first(bracelet(verdict="valid", screened_by="li", note="weighed"), "run-1")
    later = sighting(verdict="valid", screened_by="li", note="weighed, 68 g")
    ad = merge(stored, later, "run-2")
    assert (ad.verdict, ad.note) == ("valid", "weighed, 68 g")
    assert ad.history == [Change(MAY, "note", "weighed", "weighed, 68 g")]
    assert merge(ad, later, "run-3").history == ad.history
    # The first file read again is not newer, nor is an export that was made before.
    assert merge(ad, sighting(verdict="valid", note="weighed"), "run-4").note == "weighed, 68 g"
    stale = replace(sighting(verdict="valid", note="weighed", found_at=MAY + DAY), returned=True)
    assert merge(ad, stale, "run-5").note == "weighed, 68 g"
    earlier = sighting(verdict="valid", note="unsure", found_at=MAY - DAY)
    assert merge(ad, earlier, "run-6").note == "weighed, 68 g"


def test_a_note_that_was_given_at_the_desk_is_not_replaced_by_a_record() -> None:
    ad = judged(first(bracelet(), "run-1"), Decision(Verdict.VALID, "li", "certain", MAY + DAY))
    assert merge(ad, sighting(verdict="valid", note="?", found_at=MAY + 2 * DAY), "r").note == (
        "certain"
    )


def test_a_note_on_what_waits_for_a_verdict_is_taken_too() -> None:
    stored = first(bracelet(note="ask Wang"), "run-1")
    assert (
        merge(stored, sighting(note="Wang saw it", found_at=MAY + DAY), "r").note == "Wang saw it"
    )


@pytest.mark.parametrize("typed", ["pending", "fake"])
def test_a_note_belongs_to_the_verdict_with_which_it_was_given(typed: str) -> None:
    stored = first(bracelet(verdict="valid", screened_by="li", note="keep me"), "run-1")
    later = sighting(verdict=typed, note="just seen again", found_at=MAY + DAY)
    ad = merge(stored, later, "run-2")
    told = ("valid", "li", "keep me") if typed == "pending" else ("fake", "", "just seen again")
    assert (ad.verdict, ad.screened_by, ad.note) == told
    notes = [change.old for change in ad.history if change.field == "note"]
    assert notes == ([] if typed == "pending" else ["keep me"])


@pytest.mark.parametrize(
    ("stored", "row", "outcome"),
    [
        ("", "valid", "taken"),
        ("valid", "valid", "same"),
        ("fake", "valid", "refused"),
        ("", "", ""),
    ],
)
def test_a_row_knows_what_became_of_its_verdict(stored: str, row: str, outcome: str) -> None:
    """A row that is older than the verdict it contradicts is rejected, and counted as not taken."""
    before = first(bracelet(verdict=stored, found_at=MAY + DAY), "run-1")
    origin = RowOrigin()
    plan([bracelet(verdict=row, origin=origin)], {("mall", "7"): before}, "run-2")
    assert (origin.verdict or "") == outcome


def test_a_new_advertisement_brings_its_verdict() -> None:
    origin = RowOrigin()
    plan([bracelet(verdict="valid", origin=origin)], {}, "run-1")
    assert origin.verdict == "taken"
