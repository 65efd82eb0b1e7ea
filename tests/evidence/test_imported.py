"""Custody log of verdicts from files: one link a person, with file and captures, also if killed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.helpers.captured import advertisement, capture
from wildcrawl.evidence import Action, Evidence
from wildcrawl.evidence import imported as module
from wildcrawl.evidence.bundle.collection import handlings
from wildcrawl.evidence.canonical import digest
from wildcrawl.evidence.imported import KIND, NO_NAME, complete, log_verdicts, note_rows
from wildcrawl.items import Advertisement, FileVerdict, RowOrigin, Run
from wildcrawl.store import Store

FILE = "f" * 64


def test_each_person_has_a_link_with_file_numbers_ids_and_captures(
    store: Store, evidence: Evidence
) -> None:
    ad = advertisement("1")
    store.record([ad], "run-1")
    capture(evidence, ad)
    verdicts = [
        FileVerdict(("mall", "2"), "anna", "fake"),
        FileVerdict(("mall", "1"), "anna", "valid"),
        FileVerdict(("mall", "3"), "", "valid"),
    ]
    log_verdicts(store, verdicts, "run-2", FILE)
    links = [link for link in evidence.custody.links() if link.action == Action.JUDGED]
    assert [link.who for link in links] == [NO_NAME, "anna"]
    summary, *captured = map(json.loads, links[1].entries)
    assert summary == {
        "file": FILE,
        "run": "run-2",
        "verdicts": {"fake": 1, "valid": 1},
        "ads": digest([["mall", "1", "valid"], ["mall", "2", "fake"]]),
    }
    digests = [each.digest for each in evidence.captures.of("mall", "1")]
    assert captured == [{"site": "mall", "captures": digests, "verdict": "valid"}]
    named = [(each.action, each.who) for each in handlings(links, set(digests))]
    assert named == [("judged", "anna")]
    assert evidence.custody.check() == []


def test_many_verdicts_are_in_links_of_a_limited_size(
    store: Store, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ENTRIES", 2)
    verdicts = [FileVerdict(("mall", str(number)), "anna", "fake") for number in range(5)]
    log_verdicts(store, verdicts, "run-2", FILE)
    counts = [json.loads(link.entries[0])["verdicts"] for link in evidence.custody.links()]
    assert counts == [{"fake": 2}, {"fake": 2}, {"fake": 1}]


def row(ad_id: str, verdict: str, who: str = "anna") -> Advertisement:
    """An advertisement that a row of a file shows, with a verdict."""
    return advertisement(ad_id, verdict=verdict, screened_by=who, origin=RowOrigin(f"line {ad_id}"))


def killed(store: Store, rows: list[Advertisement], *, taken: int) -> None:
    """An import that was killed after the store took the first `taken` of its noted rows."""
    store.save_run(Run(id="run-2", site="records", started=datetime.now(UTC), process="ended"))
    assert note_rows(store, rows, "run-2", FILE)
    store.record(rows[:taken], "run-2")


def summaries(evidence: Evidence) -> list[tuple[str, dict[str, int]]]:
    """Each person with the numbers of verdicts, as the custody log has them."""
    return [
        (link.who, json.loads(link.entries[0])["verdicts"])
        for link in evidence.custody.links()
        if link.action == Action.JUDGED
    ]


def test_a_killed_import_is_completed_once_with_what_the_store_took(
    store: Store, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row("1", "valid"), row("2", "fake", "li"), row("3", "valid"), row("4", "pending")]
    killed(store, rows, taken=2)
    assert len(store.documents(KIND)) == 3
    assert complete(store) == 0, "its process may still run"
    monkeypatch.setattr(module, "has_ended", lambda process: process == "ended")
    assert complete(store) == 2
    assert summaries(evidence) == [("anna", {"valid": 1}), ("li", {"fake": 1})]
    assert store.documents(KIND) == {}
    assert complete(store) == 0
    assert len(summaries(evidence)) == 2


def test_what_the_log_or_the_store_had_before_a_kill_is_not_logged_again(
    store: Store, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "has_ended", lambda process: process == "ended")
    earlier = row("3", "valid")
    earlier.origin = RowOrigin("line 3", read_at=datetime(2016, 12, 1, tzinfo=UTC))
    store.record([earlier], "run-1")
    rows = [row("1", "valid"), row("2", "fake", "li"), row("3", "valid")]
    killed(store, rows, taken=3)
    # It was killed between two links.
    log_verdicts(store, [FileVerdict(("mall", "1"), "anna", "valid")], "run-2", FILE)
    note_rows(store, rows, "run-2", FILE)
    assert complete(store) == 1
    assert summaries(evidence) == [("anna", {"valid": 1}), ("li", {"fake": 1})]


def test_a_log_that_was_written_needs_no_notes_any_longer(store: Store, evidence: Evidence) -> None:
    rows = [row("1", "valid"), row("2", "pending")]
    assert not note_rows(store, rows[1:], "run-3", FILE)
    note_rows(store, rows, "run-3", FILE)
    note_rows(store, rows, "run-2", FILE)
    log_verdicts(store, [], "run-2", FILE)
    assert [note["run"] for note in store.documents(KIND).values()] == ["run-3"]
    assert summaries(evidence) == []
