"""Loss: objects that are nowhere any longer are declared lost once, and named as lost from then."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest

from tests.helpers.evidence import AT, captured
from wildcrawl.evidence import Action, Evidence, EvidenceError
from wildcrawl.evidence.captures import CapturedTexts
from wildcrawl.evidence.checking import check
from wildcrawl.evidence.loss import Declared, declare_lost
from wildcrawl.evidence.presence import absent_objects
from wildcrawl.evidence.usage import usage_of

NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)


def test_what_is_declared_lost_is_logged_and_no_fault_any_longer(evidence: Evidence) -> None:
    lost, kept = captured(evidence), captured(evidence, "8", b"other")
    evidence.objects.delete(lost.record)
    assert absent_objects(evidence) is not None
    assert declare_lost(evidence, "anna", NOW, dry_run=True) == Declared(1, 1, 1)
    assert len(list(check(evidence))) == 1
    assert declare_lost(evidence, "anna", NOW) == Declared(1, 1, 1)
    link = list(evidence.custody.links())[-1]
    assert (link.action, link.who) == (Action.LOST, "anna")
    assert [json.loads(entry) for entry in link.entries] == [
        {"capture": lost.digest, "lost": [lost.record], "site": "mall"}
    ]
    assert list(check(evidence)) == []
    assert absent_objects(evidence) is None
    [month] = usage_of(evidence).months
    assert (month.objects, month.missing, month.lost) == (1, 0, 1)
    said = evidence.lost.among([lost.record, kept.record])
    assert said == {lost.record: "it was declared lost on 2026-06-01 by anna"}
    assert declare_lost(evidence, "anna", NOW) == Declared()


def test_an_object_that_goes_later_is_a_fault_again(evidence: Evidence) -> None:
    lost, other, _ = (captured(evidence, ad, ad.encode()) for ad in "123")
    evidence.objects.delete(lost.record)
    declare_lost(evidence, "anna", NOW)
    evidence.objects.delete(other.record)
    [finding] = check(evidence)
    assert finding.problem.startswith(f"its object {other.record} is missing")
    absent = absent_objects(evidence)
    assert absent is not None
    assert absent.gone == 1


def test_an_object_that_comes_back_is_read_and_checked_again(evidence: Evidence) -> None:
    lost = captured(evidence)
    captured(evidence, "8", b"other")
    data = evidence.objects.get(lost.record)
    evidence.objects.delete(lost.record)
    declare_lost(evidence, "anna", NOW)
    assert evidence.lost.absent(evidence.objects) == {lost.record}
    evidence.objects.put(data)
    assert evidence.lost.absent(evidence.objects) == set()
    assert usage_of(evidence).months[0].lost == 0
    assert list(check(evidence)) == []


def test_a_lost_advertisement_is_due_again_and_captured_as_a_whole(evidence: Evidence) -> None:
    lost = captured(evidence)
    captured(evidence, "8", b"other")
    evidence.captures.save_states({("mall", "7"): CapturedTexts("象牙", "", "9", AT)})
    evidence.objects.delete(lost.record)
    declare_lost(evidence, "anna", NOW)
    assert evidence.captures.last_state("mall", "7") is None
    again = captured(evidence, days=30)
    assert again.source == ""
    assert evidence.payload(again)
    assert list(check(evidence)) == []


def test_a_place_that_has_nothing_is_not_taken_for_lost(evidence: Evidence) -> None:
    lost = captured(evidence)
    evidence.objects.delete(lost.record)
    with pytest.raises(EvidenceError, match=r"none of the 1 objects .* --lost all"):
        declare_lost(evidence, "anna", NOW)
    assert evidence.custody.head().number == 1
    assert declare_lost(evidence, "anna", NOW, every=True) == Declared(1, 1, 1)


def test_a_place_that_has_little_is_not_taken_for_the_right_one(evidence: Evidence) -> None:
    lost = [captured(evidence, ad, ad.encode()) for ad in "123"][:2]
    for each in lost:
        evidence.objects.delete(each.record)
    with pytest.raises(EvidenceError, match=r"1 of the 3 objects .* --lost all"):
        declare_lost(evidence, "anna", NOW)


def test_what_came_back_and_goes_again_is_a_fault(evidence: Evidence) -> None:
    lost, _ = captured(evidence), captured(evidence, "8", b"other")
    data = evidence.objects.get(lost.record)
    evidence.objects.delete(lost.record)
    declare_lost(evidence, "anna", NOW)
    evidence.objects.put(data)
    assert evidence.lost.absent(evidence.objects) == set()
    evidence.objects.delete(lost.record)
    [finding] = check(evidence)
    assert "is missing" in finding.problem
    assert declare_lost(evidence, "anna", NOW) == Declared(1, 1, 1)


@pytest.mark.parametrize("seen", [absent_objects, usage_of])
def test_what_a_crawl_or_the_size_sees_back_is_lost_no_longer(
    evidence: Evidence, seen: Callable[[Evidence], object]
) -> None:
    lost, _ = captured(evidence), captured(evidence, "8", b"other")
    data = evidence.objects.get(lost.record)
    evidence.objects.delete(lost.record)
    declare_lost(evidence, "anna", NOW)
    evidence.objects.put(data)
    seen(evidence)
    evidence.objects.delete(lost.record)
    absent = absent_objects(evidence)
    assert absent is not None
    assert absent.gone == 1
    assert usage_of(evidence).months[0].missing == 1


def test_a_part_of_many_lost_objects_is_looked_for_and_all_if_one_is_back(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [captured(evidence, str(ad), bytes([ad])).record for ad in range(20)]
    data = [evidence.objects.get(sha) for sha in many]
    for sha in many:
        evidence.objects.delete(sha)
    declare_lost(evidence, "anna", NOW, every=True)
    monkeypatch.setattr("wildcrawl.evidence.lost.LOOKED_FOR", 4)
    has = Mock(side_effect=evidence.objects.has)
    monkeypatch.setattr(evidence.objects, "has", has)
    evidence.lost.look_again(evidence.objects)
    assert has.call_count == 4
    assert evidence.lost.among(many).keys() == set(many)
    for _ in range(200):
        evidence.lost.look_again(evidence.objects)
    assert {call.args[0] for call in has.call_args_list} == set(many)
    for each in data[:-1]:
        evidence.objects.put(each)
    evidence.lost.look_again(evidence.objects)
    assert evidence.lost.among(many).keys() == {many[-1]}


def test_erasing_a_lost_capture_leaves_nothing_of_it(evidence: Evidence) -> None:
    lost = captured(evidence)
    captured(evidence, "8", b"other")
    evidence.objects.delete(lost.record)
    declare_lost(evidence, "anna", NOW)
    evidence.forget([("mall", "7")], "anna", NOW + timedelta(days=1))
    assert evidence.lost.absent(evidence.objects) == set()
    assert list(check(evidence)) == []
