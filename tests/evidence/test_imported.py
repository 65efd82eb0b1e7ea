"""Custody log of verdicts that were read from files: one link a person, with file and captures."""

from __future__ import annotations

import json

import pytest

from tests.helpers.captured import advertisement, capture
from wildcrawl.evidence import Action, Evidence
from wildcrawl.evidence import imported as module
from wildcrawl.evidence.bundle.collection import handlings
from wildcrawl.evidence.canonical import digest
from wildcrawl.evidence.imported import NO_NAME, log_verdicts
from wildcrawl.items import FileVerdict
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
