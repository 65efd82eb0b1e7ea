"""Evidence of a store: captures that are kept, found, reused and logged."""

from __future__ import annotations

import gzip
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.helpers.evidence import AT, ORIGIN, PAGE, captured, exchange
from wildcrawl.evidence import (
    Action,
    Capture,
    CapturedTexts,
    CaptureKind,
    CaptureReason,
    Evidence,
    EvidenceError,
)
from wildcrawl.evidence.captures import KIND
from wildcrawl.evidence.checking import check
from wildcrawl.evidence.records import Exchange, read_records, response_of
from wildcrawl.store import Store, StoreError


def test_a_capture_is_found_by_its_advertisement_with_its_payload(evidence: Evidence) -> None:
    capture = captured(evidence)
    assert evidence.captures.of("mall", "7") == [capture]
    assert evidence.payload(capture) == PAGE


def test_a_body_that_was_stored_is_referred_to(evidence: Evidence) -> None:
    first, second = captured(evidence), captured(evidence, "8", days=1)
    assert (second.source, first.source) == (first.record, "")
    kinds = [record.kind for record in read_records(evidence.objects.get(second.record))]
    assert kinds == ["revisit", "request", "metadata"]
    assert evidence.payload(second) == PAGE
    assert evidence.captures.users(first.record) == [first, second]


def test_a_picture_is_found_by_its_address_for_any_advertisement(evidence: Evidence) -> None:
    url = "http://mall.example/a.jpg"
    kept = evidence.keep(exchange(url, b"picture"), b"picture", ORIGIN)
    seen = Capture("mall", "7", AT, "run1", CaptureKind.PICTURE, url, 200, "image/jpeg", *kept)
    evidence.add([seen], "run run1")
    later = Capture("mall", "8", AT + timedelta(days=1), "run2", CaptureKind.PICTURE, url)
    again = evidence.reuse(later, seen)
    evidence.add([again], "run run2")
    assert evidence.captures.picture(url) == again
    assert evidence.captures.picture("http://mall.example/b.jpg") is None
    assert evidence.payload(again) == b"picture"
    assert evidence.objects.usage().objects == 1


def test_a_skipped_capture_is_kept_with_its_reason(evidence: Evidence) -> None:
    data = "data:image/png;base64," + "A" * 10_000
    skipped = Capture("mall", "7", AT, "run1", CaptureKind.PICTURE, data, skipped="a data: address")
    evidence.add([skipped], "run run1")
    [found] = evidence.captures.of("mall", "7")
    assert found.skipped == "a data: address"
    assert len(found.url) < 2100
    assert evidence.captures.picture(data) is None
    with pytest.raises(EvidenceError, match="nothing was captured"):
        evidence.payload(found)


def test_ids_that_begin_alike_are_told_apart(evidence: Evidence) -> None:
    captured(evidence, "7")
    captured(evidence, "7\n1")
    captured(evidence, "71")
    assert [capture.ad_id for capture in evidence.captures.of("mall", "7")] == ["7"]


def test_the_last_state_is_kept(evidence: Evidence) -> None:
    assert evidence.captures.last_state("mall", "7") is None
    for title in ("象牙", "象牙 包邮"):
        state = CapturedTexts(title, "", "500", AT)
        evidence.add([], "run run1", {("mall", "7"): state})
        assert evidence.captures.last_state("mall", "7") == state


def test_a_capture_needs_its_object(evidence: Evidence) -> None:
    with pytest.raises(EvidenceError, match="is not stored"):
        evidence.add(
            [Capture("mall", "7", AT, "r", CaptureKind.PAGE, "http://a.example", record="0" * 64)],
            "run r",
        )
    assert evidence.captures.of("mall", "7") == []


def test_the_custody_log_follows_captures(evidence: Evidence) -> None:
    captured(evidence)
    captured(evidence, "8")
    links = list(evidence.custody.links())
    assert [(link.number, link.action, link.who) for link in links] == [
        (1, "captured", "run run1"),
        (2, "captured", "run run1"),
    ]
    assert links[1].previous == links[0].hash
    assert evidence.custody.check() == []


def test_a_picture_that_changed_at_its_address_is_another_capture(evidence: Evidence) -> None:
    url = "http://mall.example/a.jpg"
    captures = []
    for day, body in enumerate([b"one", b"two"]):
        kept = evidence.keep(exchange(url, body, day), body, ORIGIN)
        at = AT + timedelta(days=day)
        captures.append(
            Capture("mall", "7", at, "r", CaptureKind.PICTURE, url, 200, "image/jpeg", *kept)
        )
    evidence.add(captures, "run r")
    assert evidence.captures.of("mall", "7") == captures
    assert evidence.captures.picture(url) == captures[1]


def test_captures_of_one_moment_that_differ_are_all_kept(evidence: Evidence) -> None:
    first = captured(evidence)
    second = captured(evidence, reason=CaptureReason.CHANGED)
    assert evidence.captures.of("mall", "7") == sorted([first, second], key=lambda each: each.key)
    assert list(check(evidence)) == []


def test_the_same_capture_twice_is_one(evidence: Evidence) -> None:
    capture = captured(evidence)
    evidence.add([capture], "run run1")
    assert evidence.captures.of("mall", "7") == [capture]
    assert list(check(evidence)) == []


def test_a_body_that_lost_its_object_is_stored_again(evidence: Evidence) -> None:
    first = captured(evidence)
    evidence.objects.delete(first.record)
    second = captured(evidence, "8")
    assert second.source == ""
    assert evidence.payload(second) == PAGE


def test_a_body_received_in_another_encoding_is_stored_whole(evidence: Evidence) -> None:
    captured(evidence)
    url, packed = "http://mall.example/8", gzip.compress(PAGE)
    seen = Exchange(url, AT, 200, [("Content-Encoding", "gzip")], packed)
    kept = evidence.keep(seen, PAGE, ORIGIN)
    assert kept.source == ""
    assert response_of(evidence.objects.get(kept.record)).payload == packed


def test_a_payload_that_was_changed_is_refused(evidence: Evidence) -> None:
    capture = captured(evidence)
    other = captured(evidence, "8", b"other")
    wrong = replace(capture, payload=other.payload)
    with pytest.raises(EvidenceError, match="another SHA-256"):
        evidence.payload(wrong)


def interrupt(store: Store, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Makes every write to the store fail after the next `after`."""
    write = store.put_documents
    left = [after]

    def put(*args: object, **given: object) -> object:
        if left[0] == 0:
            raise StoreError("interrupted")
        left[0] -= 1
        return write(*args, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "put_documents", put)


@pytest.mark.parametrize("after", range(6))
def test_an_interruption_anywhere_is_made_good(
    evidence: Evidence, store: Store, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    captured(evidence, "1")
    kept = evidence.keep(exchange(), PAGE, ORIGIN)
    url = "http://mall.example/7"
    capture = Capture("mall", "7", AT, "run1", CaptureKind.PAGE, url, 200, "", *kept)
    states = {("mall", "7"): CapturedTexts("t", "", "", AT)}
    with monkeypatch.context() as broken:
        interrupt(store, broken, after)
        try:
            evidence.add([capture], "run run1", states)
        except StoreError:
            # What is not complete is due again.
            assert evidence.captures.last_state("mall", "7") is None
    assert evidence.recover("recovery", AT + timedelta(minutes=59)) == 0
    evidence.recover("recovery", AT + timedelta(minutes=61))
    assert list(check(evidence)) == []
    evidence.add([capture], "run run2", states)
    assert list(check(evidence)) == []
    assert evidence.captures.of("mall", "7") == [capture]
    assert evidence.recover("recovery") == 0


def test_a_link_notes_who_looked_at_what(evidence: Evidence) -> None:
    capture = captured(evidence)
    link = evidence.note(Action.LOOKED, "anna", [capture], site="mall")
    assert (link.who, link.action) == ("anna", "looked")
    assert link.entries == (f'{{"captures":["{capture.digest}"],"site":"mall"}}',)


def test_a_link_names_no_advertisement(evidence: Evidence) -> None:
    captured(evidence, "seller-secret-7")
    assert "secret" not in str(list(evidence.custody.links()))


def test_threads_may_add_at_once(evidence: Evidence) -> None:
    def add(number: int) -> None:
        captured(evidence, str(number), str(number).encode())

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(evidence.captures.all())) == 8
    assert list(check(evidence)) == []


def test_a_field_of_a_later_version_changes_no_digest(evidence: Evidence, store: Store) -> None:
    capture = captured(evidence)
    [(key, document)] = store.documents(KIND).items()
    store.put_documents(KIND, {key: {**document, "later": ""}})
    assert evidence.captures.of("mall", "7") == [capture]
    assert list(check(evidence)) == []
