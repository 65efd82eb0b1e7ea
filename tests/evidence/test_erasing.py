"""Forgetting and retention: what is erased, what others need, and that the log stays whole."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.helpers.evidence import AT, PAGE, captured
from wildcrawl.evidence import Action, CapturedTexts, Evidence, EvidenceError, sha256
from wildcrawl.evidence.archive import LOOKED, Erased
from wildcrawl.evidence.captures import INDEX, KIND, STATE
from wildcrawl.evidence.checking import check
from wildcrawl.evidence.objects import FolderObjects
from wildcrawl.evidence.retention import prune, read_keep
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store import Store, StoreError
from wildcrawl.store.corrections import Decision

NOW = datetime(2027, 5, 1, 12, tzinfo=UTC)


def test_forgetting_erases_captures_objects_and_what_was_read(
    evidence: Evidence, store: Store
) -> None:
    capture = captured(evidence, "seller-7")
    other = captured(evidence, "8", b"other")
    state = CapturedTexts("title", "", "", AT)
    evidence.add([], "run r", {("mall", "seller-7"): state, ("mall", "8"): state})
    store.put_documents(LOOKED, {capture.payload: {"text": "微信"}, other.payload: {}})
    size = evidence.objects.size(capture.record)
    erased = evidence.forget([("mall", "seller-7"), ("mall", "none")], "anna")
    assert erased == Erased(1, 1, size, 0, frozenset({capture.payload}))
    assert list(evidence.captures.all()) == [other]
    assert list(evidence.objects) == [other.record]
    assert list(store.documents(LOOKED)) == [other.payload]
    assert evidence.captures.last_state("mall", "seller-7") is None
    assert evidence.captures.last_state("mall", "8") == state
    for kind in (KIND, INDEX, STATE, "custody"):
        assert "seller-7" not in str(store.documents(kind))
    *_, link = evidence.custody.links()
    assert (link.action, link.who) == (Action.ERASED, "anna")
    assert capture.digest in link.entries[0]
    assert list(check(evidence)) == []


def test_what_others_need_stays(evidence: Evidence, store: Store) -> None:
    first = captured(evidence)
    again = captured(evidence, "8")
    shared = evidence.reuse(captured(evidence, "9", b"own"), first)
    evidence.add([shared], "run r")
    store.put_documents(LOOKED, {first.payload: {"text": "微信"}})
    assert again.source == first.record
    erased = evidence.forget([("mall", "7")], "anna")
    assert (erased.objects, erased.size, erased.shared, erased.payloads) == (0, 0, 1, frozenset())
    assert store.documents(LOOKED) != {}
    for capture in (again, shared):
        assert evidence.payload(capture) == PAGE
    erased = evidence.forget([("mall", "8"), ("mall", "9")], "anna")
    assert (erased.objects, erased.shared) == (3, 0)
    assert list(evidence.objects) == []
    assert store.documents(INDEX) == {}
    assert list(check(evidence)) == []


def test_forgetting_what_is_not_there_changes_nothing(evidence: Evidence) -> None:
    assert evidence.forget([("mall", "7")], "anna") == Erased()
    assert evidence.forget([], "anna") == Erased()
    assert list(evidence.custody.links()) == []


@pytest.mark.parametrize("fault", ["missing", "damaged"])
def test_a_bad_object_is_no_obstacle(evidence: Evidence, fault: str) -> None:
    capture = captured(evidence)
    assert isinstance(evidence.objects, FolderObjects)
    path = evidence.objects._path(capture.record)
    path.unlink() if fault == "missing" else path.write_bytes(b"damaged")
    evidence.forget([("mall", "7")], "anna")
    assert not path.exists()
    assert list(check(evidence)) == []


@pytest.mark.parametrize("step", ["delete", "remove_documents", "later"])
def test_an_interrupted_forgetting_is_found_and_completed(
    evidence: Evidence, store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    captured(evidence)
    captured(evidence, days=1, body=b"later")
    calls = [0]

    def fail(*_: object) -> int:
        calls[0] += 1
        raise StoreError("interrupted")

    with monkeypatch.context() as broken:
        if step == "delete":
            broken.setattr(evidence.objects, "delete", fail)
        else:
            remove = store.remove_documents
            left = [0 if step == "remove_documents" else 1]

            def remove_some(kind: str, keys: list[str]) -> int:
                left[0] -= 1
                return fail() if left[0] < 0 else remove(kind, keys)

            broken.setattr(store, "remove_documents", remove_some)
        with pytest.raises(StoreError):
            evidence.forget([("mall", "7")], "anna")
    assert calls == [1]
    assert list(check(evidence)) != []
    evidence.forget([("mall", "7")], "anna")
    assert list(check(evidence)) == []
    assert list(evidence.objects) == []


def test_an_object_that_another_begins_to_need_is_put_back(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = captured(evidence)
    delete = evidence.objects.delete

    def reuse_meanwhile(sha: str) -> int:
        freed = delete(sha)
        evidence.captures.add([evidence.reuse(captured(evidence, "9", b"own"), first)])
        return freed

    monkeypatch.setattr(evidence.objects, "delete", reuse_meanwhile)
    evidence.forget([("mall", "7")], "anna")
    assert evidence.objects.has(first.record)


def judged(store: Store, ad_id: str, verdict: Verdict) -> None:
    """An advertisement with a verdict."""
    store.record([Advertisement("mall", ad_id, title="象牙", found_at=AT)], "run")
    if verdict is not Verdict.PENDING:
        store.judge("mall", ad_id, Decision(verdict, "anna", "", AT))


def test_retention_erases_by_verdict_and_age(evidence: Evidence, store: Store) -> None:
    for ad_id, verdict in [
        ("1", Verdict.IRRELEVANT),
        ("2", Verdict.VALID),
        ("3", Verdict.PENDING),
        ("4", Verdict.FAKE),
    ]:
        judged(store, ad_id, verdict)
        captured(evidence, ad_id, ad_id.encode())
    young = captured(evidence, "1", b"young", days=340)
    unknown = captured(evidence, "5", b"not in the store")
    evidence.add([], "run r", {("mall", "1"): CapturedTexts("t", "", "", AT)})
    keep = {Verdict.IRRELEVANT: 6, Verdict.PENDING: 12, Verdict.FAKE: 13}
    planned = prune(evidence, store, keep, "anna", NOW, dry_run=True)
    assert len(list(evidence.captures.all())) == 6
    done = prune(evidence, store, keep, "anna", NOW)
    assert done == planned
    assert done.verdicts == {"irrelevant": 1, "pending": 1}
    assert (done.erased.captures, done.erased.objects, done.unused) == (2, 2, 0)
    assert done.erased.size > 0
    assert {capture.ad_id for capture in evidence.captures.all()} == {"1", "2", "4", "5"}
    assert evidence.payload(young) == b"young"
    assert evidence.payload(unknown) == b"not in the store"
    # Its state stays, so that it is not captured again as if it were new.
    assert evidence.captures.last_state("mall", "1") is not None
    assert "retention" in [*evidence.custody.links()][-1].entries[0]
    assert list(check(evidence)) == []
    assert prune(evidence, store, keep, "anna", NOW).erased == Erased()


def test_without_a_setting_everything_is_kept(evidence: Evidence, store: Store) -> None:
    judged(store, "1", Verdict.IRRELEVANT)
    captured(evidence, "1")
    assert prune(evidence, store, {}, "anna", NOW + timedelta(days=9999)).erased == Erased()
    assert len(list(evidence.captures.all())) == 1


def test_objects_that_no_capture_needs_are_removed_after_a_week(
    evidence: Evidence, store: Store, tmp_path: Path
) -> None:
    capture = captured(evidence)
    old, young = evidence.objects.put(b"old"), evidence.objects.put(b"young")
    assert isinstance(evidence.objects, FolderObjects)
    for sha in (old, capture.record):
        os.utime(evidence.objects._path(sha), (time.time() - 8 * 86400,) * 2)
    assert prune(evidence, store, {}, "anna", NOW, dry_run=True)[2:] == (1, 3)
    assert prune(evidence, store, {}, "anna", NOW)[2:] == (1, 3)
    assert set(evidence.objects) == {young, capture.record}


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        ("", {}),
        ("  ", {}),
        ("irrelevant=12", {Verdict.IRRELEVANT: 12}),
        ("irrelevant = 12; fake=1 pending=24,", {"irrelevant": 12, "fake": 1, "pending": 24}),
    ],
)
def test_the_setting_is_read(text: str, keep: dict[Verdict, int]) -> None:
    assert read_keep(text) == keep


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("irelevant=12", "'irelevant' is not a valid verdict; choose one of pending, valid"),
        ("12", "'12' is not a valid verdict"),
        ("fake", "'fake' needs a number of months; write for example irrelevant=12"),
        ("fake=", "'fake=' needs a number"),
        ("fake=soon", "'fake=soon' needs a number"),
        ("fake=0", "'fake=0' needs a number"),
        ("fake=-1", "'fake=-1' needs a number"),
        ("fake=１２", "needs a number"),
        ("fake=99999", "needs a number"),
        ("fake=1,fake=2", "'fake' is given twice"),
    ],
)
def test_a_faulty_setting_is_named(text: str, match: str) -> None:
    with pytest.raises(EvidenceError, match=f"WILDCRAWL_EVIDENCE_KEEP: .*{match}"):
        read_keep(text)


def test_months_before_the_first_year_keep_everything(evidence: Evidence, store: Store) -> None:
    judged(store, "1", Verdict.FAKE)
    captured(evidence, "1")
    keep = read_keep("fake=9999")
    assert prune(evidence, store, keep, "anna", datetime(100, 1, 1, tzinfo=UTC)).verdicts == {}
    assert sha256(PAGE) in [capture.payload for capture in evidence.captures.all()]
