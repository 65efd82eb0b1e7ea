"""Application of tags: what a person gave stays, and which advertisements are audited."""

from __future__ import annotations

from typing import Any

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.apply import apply_tagging, chosen_for_audit, tag_again
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Advertisement

TAGGER = Tagger(load_vocabulary())
IMITATION = "仿象牙手镯 树脂"


def tagged(title: str, ad_id: str = "7", **given: Any) -> Advertisement:
    ad = Advertisement("mall", ad_id, title=title, **given)
    apply_tagging(ad, TAGGER.tag(title), "rules")
    return ad


def test_an_offer_gets_all_tags_and_the_rules_that_gave_them() -> None:
    ad = tagged("老象牙手镯 民国")
    assert (ad.relevance, ad.species, ad.rules, ad.audit) == ("likely", ["ivory"], "rules", False)
    assert (ad.product_type, ad.age_claim, ad.strength) == ("worked_uncarved", "old", "name")
    assert "象牙" in "".join(ad.terms)


def test_what_a_person_gave_stays_when_tags_are_read_and_read_again() -> None:
    given: dict[str, Any] = {
        "species": ["tiger"], "age_claim": "", "by_person": ["species", "age_claim"],
    }  # fmt: skip
    ad = tagged("老象牙手镯 民国", **given)
    assert (ad.species, ad.age_claim, ad.product_type) == (["tiger"], "", "worked_uncarved")
    ad.title = "虎骨酒 一瓶 新"
    tag_again(ad, TAGGER)
    assert (ad.species, ad.age_claim, ad.rules) == (["tiger"], "", TAGGER.fingerprint)
    plain = tagged("老象牙手镯 民国")
    plain.title = "犀角杯"
    tag_again(plain, TAGGER)
    assert (plain.species, plain.age_claim) == (["rhino_horn"], "")


def test_what_a_person_recorded_is_likely_though_nothing_matches() -> None:
    nothing = "连衣裙"
    assert tagged(nothing).relevance == "none"
    said: list[dict[str, Any]] = [
        {"species": ["ivory"], "by_person": ["species"]},
        {"verdict": "valid"},
    ]
    for given in said:
        ad = tagged(nothing, **given)
        assert (ad.relevance, ad.reason) == ("likely", "recorded by a person")
    assert tagged(nothing, verdict="pending").relevance == "none"
    # What the rules set aside is not made likely by it.
    assert tagged(IMITATION, verdict="valid").relevance == "set_aside"


def test_one_in_fifty_of_those_set_aside_is_audited_and_always_the_same() -> None:
    chosen = [number for number in range(5_000) if chosen_for_audit("mall", str(number))]
    assert 70 <= len(chosen) <= 130
    assert chosen != [number for number in range(5_000) if chosen_for_audit("fair", str(number))]
    assert tagged(IMITATION, str(chosen[0])).audit
    assert not tagged(IMITATION, str(chosen[0] + 1)).audit
    assert not tagged("老象牙手镯", str(chosen[0])).audit
