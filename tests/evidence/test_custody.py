"""Custody log: appended by several processes, and checked against every kind of tampering."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wildcrawl.evidence import Action, Custody, LogFault
from wildcrawl.evidence.canonical import digest
from wildcrawl.evidence.custody import FIRST, HEAD, KIND
from wildcrawl.store import Store

ROOT = Path(__file__).resolve().parents[2]

APPEND = """
import sys
from wildcrawl.evidence import Action, Custody
from wildcrawl.store import open_store
custody = Custody(open_store(sys.argv[1]))
for number in range(int(sys.argv[3])):
    custody.append(Action.LOOKED, sys.argv[2], [str(number)])
"""


@pytest.fixture
def custody(store: Store) -> Custody:
    """A log of four links."""
    log = Custody(store)
    for number in range(1, 5):
        log.append(Action.LOOKED, "anna", [f"entry {number}"])
    return log


def test_links_are_numbered_and_chained(store: Store) -> None:
    log = Custody(store)
    assert (list(log.links()), log.check(), log.head()) == ([], [], (0, FIRST))
    at = datetime(2026, 5, 1, tzinfo=UTC)
    first = log.append(Action.CAPTURED, "run 1", ["a", "虎\ud83d"], at)
    second = log.append(Action.JUDGED, "anna", [])
    assert list(log.links()) == [first, second]
    assert (first.number, first.previous, first.at) == (1, FIRST, "2026-05-01T00:00:00.000+00:00")
    assert (second.number, second.previous) == (2, first.hash)
    assert first.entries == ("a", "虎�")
    assert log.head() == (2, second.hash)
    assert log.check() == []


def test_several_links_in_one_call_ask_for_the_head_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Custody(store)
    asked: list[str] = []
    documents = store.documents

    def counted(kind: str, **given: Any) -> dict[str, dict[str, Any]]:
        asked.append(kind)
        return documents(kind, **given)

    monkeypatch.setattr(store, "documents", counted)
    log.append(Action.LOOKED, "anna", ["0"])
    one = len(asked)
    parts = [(Action.LOOKED, f"person {number}", [str(number)]) for number in range(1, 6)]
    links = list(log.append_each(parts))
    # Nothing was asked for a further link.
    assert len(asked) == 2 * one
    assert [(link.number, link.who) for link in links] == [
        (number + 1, f"person {number}") for number in range(1, 6)
    ]
    assert (log.head(), log.check()) == ((6, links[-1].hash), [])


def test_a_link_that_others_add_between_several_is_not_replaced(store: Store) -> None:
    log = Custody(store)
    several = log.append_each([(Action.LOOKED, "anna", [each]) for each in ("first", "second")])
    next(several)
    Custody(store).append(Action.CAPTURED, "run 1", ["between"])
    assert [link.number for link in several] == [3]
    assert [link.entries for link in log.links()] == [("first",), ("between",), ("second",)]
    assert (log.head().number, log.check()) == (3, [])


def test_what_was_added_before_a_failure_stays_and_is_the_head(store: Store) -> None:
    def parts() -> Iterator[tuple[Action, str, list[str]]]:
        yield Action.LOOKED, "anna", ["first"]
        raise OSError("the disk is full")

    log = Custody(store)
    with pytest.raises(OSError, match="disk is full"):
        list(log.append_each(parts()))
    assert (log.head().number, log.check()) == (1, [])
    assert store.documents(HEAD)["head"]["number"] == 1


def test_the_log_is_read_in_blocks(store: Store) -> None:
    log = Custody(store)
    for number in range(3):
        log.append(Action.LOOKED, "anna", [str(number)])
    # As if a thousand links lay between.
    documents = store.documents(KIND)
    last = documents.pop("000000000003")
    store.remove_documents(KIND, ["000000000003"])
    store.put_documents(KIND, {"000000002003": {**last, "number": 2003}})
    store.put_documents(HEAD, {"head": {"number": 2003, "hash": last["hash"]}})
    assert [link.number for link in log.links()] == [1, 2, 2003]


def change(store: Store, link: int, **values: Any) -> dict[str, Any]:
    """Changes fields of a link; returns the document."""
    key = f"{link:012}"
    document = {**store.documents(KIND)[key], **values}
    store.put_documents(KIND, {key: document})
    return document


@pytest.mark.parametrize(
    "values",
    [
        {"entries": ["entry 2", "another"]},
        {"entries": []},
        {"who": "bert"},
        {"at": "2020-01-01T00:00:00.000+00:00"},
        {"action": "judged"},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
        {"number": 7},
    ],
)
def test_a_changed_link_is_found(custody: Custody, store: Store, values: dict[str, Any]) -> None:
    change(store, 2, **values)
    faults = custody.check()
    assert any(fault.number in (2, 7) and "changed" in fault.problem for fault in faults)


def test_a_link_that_was_replaced_with_its_hash_is_found(custody: Custody, store: Store) -> None:
    document = change(store, 2, entries=["another"])
    given = {name: value for name, value in document.items() if name != "hash"}
    change(store, 2, hash=digest(given))
    assert custody.check() == [
        LogFault(3, "does not follow the link before it, which was replaced")
    ]


def test_a_replaced_last_link_is_found(custody: Custody, store: Store) -> None:
    document = change(store, 4, entries=["another"])
    given = {name: value for name, value in document.items() if name != "hash"}
    change(store, 4, hash=digest(given))
    assert custody.check() == [LogFault(4, "is not the link that the head of the log names")]


def test_a_link_that_is_there_twice_is_found(custody: Custody, store: Store) -> None:
    store.put_documents(KIND, {"000000000005": store.documents(KIND)["000000000004"]})
    assert custody.check() == [LogFault(4, "out of order, or there twice")]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_missing_link_is_found(custody: Custody, store: Store, number: int) -> None:
    store.remove_documents(KIND, [f"{number:012}"])
    assert custody.check() == [LogFault(number, "missing")]


def test_a_log_that_was_cut_off_is_found(custody: Custody, store: Store) -> None:
    store.remove_documents(KIND, ["000000000003", "000000000004"])
    assert custody.check() == [LogFault(3, "missing at the end"), LogFault(4, "missing at the end")]


def test_a_log_that_was_cut_off_is_not_continued_as_if_whole(
    custody: Custody, store: Store
) -> None:
    store.remove_documents(KIND, ["000000000004"])
    assert custody.append(Action.LOOKED, "anna", []).number == 5
    assert custody.check() == [LogFault(4, "missing")]


def test_links_that_changed_places_are_found(custody: Custody, store: Store) -> None:
    documents = store.documents(KIND)
    second, third = documents["000000000002"], documents["000000000003"]
    store.put_documents(KIND, {"000000000002": third, "000000000003": second})
    assert custody.check() != []
    store.put_documents(
        KIND, {"000000000002": {**third, "number": 2}, "000000000003": {**second, "number": 3}}
    )
    assert {fault.number for fault in custody.check()} >= {2, 3}


def test_a_process_that_ended_before_it_saved_the_head_does_no_harm(
    custody: Custody, store: Store
) -> None:
    old = store.documents(HEAD)["head"]
    custody.append(Action.LOOKED, "anna", [])
    store.put_documents(HEAD, {"head": old})
    assert custody.check() == []
    assert custody.append(Action.LOOKED, "bert", []).number == 6
    assert custody.check() == []


def test_processes_append_at_once(store_url: str, store: Store) -> None:
    names = ["anna", "bert"]
    each = 8
    writers = [
        subprocess.Popen([sys.executable, "-c", APPEND, store_url, name, str(each)], cwd=ROOT)
        for name in names
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    log = Custody(store)
    assert Counter(link.who for link in log.links()) == dict.fromkeys(names, each)
    assert log.head().number == each * len(names)
    assert log.check() == []
    for name in names:
        own = [link.entries[0] for link in log.links() if link.who == name]
        assert own == [str(number) for number in range(each)]
