"""Evidence of a store: captures that are kept, found, reused and logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wildcrawl.evidence import Capture, CaptureKind, Evidence, EvidenceError, State, open_evidence
from wildcrawl.evidence.records import Exchange, Origin, read_records
from wildcrawl.store import Store

AT = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
PAGE = "<html>象牙手镯</html>".encode()
ORIGIN = Origin("run1", "mall", ["7"])


@pytest.fixture
def evidence(store: Store, tmp_path: Path) -> Evidence:
    """The empty evidence of an empty store."""
    return open_evidence(store, tmp_path / "evidence")


def exchange(url: str = "http://mall.example/7", body: bytes = PAGE, hours: int = 0) -> Exchange:
    """A response without content encoding."""
    return Exchange(url, AT + timedelta(hours=hours), 200, [("Content-Type", "text/html")], body)


def captured(evidence: Evidence, ad_id: str = "7", hours: int = 0, **given: object) -> Capture:
    """A page of the advertisement, kept and logged."""
    seen = exchange(f"http://mall.example/{ad_id}", hours=hours)
    kept = evidence.keep(seen, PAGE, ORIGIN)
    capture = Capture(
        "mall", ad_id, seen.at, "run1", CaptureKind.PAGE, seen.url, 200, "text/html", *kept
    )
    capture = replace(capture, **given)  # type: ignore[arg-type]
    evidence.add([capture], "run run1")
    return capture


def test_a_capture_is_found_by_its_advertisement_with_its_payload(evidence: Evidence) -> None:
    capture = captured(evidence)
    assert evidence.captures.of("mall", "7") == [capture]
    assert evidence.payload(capture) == PAGE


def test_a_body_that_was_stored_is_referred_to(evidence: Evidence) -> None:
    first, second = captured(evidence), captured(evidence, "8", hours=1)
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
        state = State(title, "", "500", AT)
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
