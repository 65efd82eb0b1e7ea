"""Checking: objects, captures and the log agree, or what differs is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.helpers.evidence import AT, ORIGIN, PAGE, captured, exchange
from wildcrawl.evidence import Capture, CaptureKind, Evidence
from wildcrawl.evidence.captures import KIND
from wildcrawl.evidence.checking import ArchiveFault, check
from wildcrawl.evidence.custody import KIND as CUSTODY
from wildcrawl.evidence.objects import FolderObjects
from wildcrawl.store import Store


def problems(evidence: Evidence, *, read_objects: bool = True) -> list[str]:
    """The problems that the check finds."""
    return [finding.problem for finding in check(evidence, read_objects=read_objects)]


def test_what_agrees_has_no_findings(evidence: Evidence) -> None:
    assert list(check(evidence)) == []
    captured(evidence)
    captured(evidence, "8")
    skipped = Capture("mall", "7", AT, "r", CaptureKind.PICTURE, "data:,", skipped="no address")
    evidence.add([skipped], "run r")
    assert list(check(evidence)) == []
    assert list(check(evidence, read_objects=False)) == []


@pytest.mark.parametrize(
    "change", [{"url": "http://other.example"}, {"length": 1}, {"status": 404}, {"ad_id": "9"}]
)
def test_a_changed_capture_is_found(
    evidence: Evidence, store: Store, change: dict[str, object]
) -> None:
    captured(evidence)
    [(key, document)] = store.documents(KIND).items()
    store.put_documents(KIND, {key: {**document, **change}})
    first, second = check(evidence)
    assert "is not in the custody log: changed" in first.problem
    assert second == ArchiveFault(
        "captures of mall",
        "1 in the custody log are missing in the store, or were changed; restore a backup",
    )


def test_a_missing_capture_is_found(evidence: Evidence, store: Store) -> None:
    captured(evidence)
    captured(evidence, "8", b"other")
    store.remove_documents(KIND, list(store.documents(KIND))[:1])
    assert problems(evidence) == [
        "1 in the custody log are missing in the store, or were changed; restore a backup"
    ]


def test_a_capture_that_was_never_logged_is_found_once_it_is_old(evidence: Evidence) -> None:
    kept = evidence.keep(exchange(), PAGE, ORIGIN)
    capture = Capture("mall", "7", AT, "r", CaptureKind.PAGE, "http://mall.example", 200, "", *kept)
    evidence.captures.add([capture])
    assert list(check(evidence, now=AT + timedelta(minutes=59))) == []
    [finding] = check(evidence, now=AT + timedelta(minutes=61))
    assert finding.subject == "page of mall 7, 2026-05-01T08:30:00+00:00"
    assert "not in the custody log" in finding.problem


def test_a_missing_object_is_found_once(evidence: Evidence) -> None:
    first = captured(evidence)
    evidence.add([evidence.reuse(replace(first, ad_id="8"), first)], "run r")
    evidence.objects.delete(first.record)
    for read_objects in (True, False):
        assert problems(evidence, read_objects=read_objects) == [
            f"its object {first.record} is missing; restore it from a backup, or declare it lost"
        ]


@pytest.mark.parametrize("place", [0, 30, -1])
def test_one_changed_byte_of_an_object_is_found(evidence: Evidence, place: int) -> None:
    capture = captured(evidence)
    captured(evidence, "8")
    assert isinstance(evidence.objects, FolderObjects)
    path = evidence.objects._path(capture.record)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    [problem] = problems(evidence)
    assert f"the object {capture.record}" in problem
    assert "is damaged" in problem
    assert problems(evidence, read_objects=False) == []


def test_a_changed_record_of_a_revisit_is_found(evidence: Evidence) -> None:
    captured(evidence)
    second = captured(evidence, "8")
    assert isinstance(evidence.objects, FolderObjects)
    path = evidence.objects._path(second.record)
    path.write_bytes(path.read_bytes()[:-1])
    [problem] = problems(evidence)
    assert f"the object {second.record}" in problem


def test_an_exchanged_object_is_found(evidence: Evidence, store: Store) -> None:
    capture, other = captured(evidence), captured(evidence, "8", b"other")
    changed = replace(capture, record=other.record)
    store.remove_documents(KIND, [capture.key])
    evidence.captures.add([changed])
    assert any("another SHA-256" in problem for problem in problems(evidence))


def test_a_changed_log_is_found(evidence: Evidence, store: Store) -> None:
    captured(evidence)
    [(key, document)] = store.documents(CUSTODY).items()
    store.put_documents(CUSTODY, {key: {**document, "entries": ["not JSON", "[]", "{}"]}})
    subjects = [finding.subject for finding in check(evidence)]
    assert "custody log, link 1" in subjects
    assert any(subject.startswith("page of mall 7") for subject in subjects)


def test_an_erased_capture_that_is_back_is_found(evidence: Evidence) -> None:
    capture = captured(evidence)
    evidence.forget([("mall", "7")], "anna")
    assert list(check(evidence)) == []
    evidence.captures.add([capture])
    assert "is logged as erased, but still stored; erase it again" in problems(evidence)
