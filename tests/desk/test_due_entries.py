"""Due entries: a desk that is killed after a verdict loses no entry of the custody log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.helpers.desk_cards import ad, judge
from tests.helpers.desk_data import desk_in, let_in
from tests.helpers.evidence_data import photograph
from wildcrawl.desk import card_evidence, close_app, create_app, custody_queue, due_entries
from wildcrawl.desk.app import warm_app
from wildcrawl.desk.due_entries import KIND, DueEntry, complete
from wildcrawl.evidence import Action, Capture, CaptureKind, open_evidence
from wildcrawl.evidence.custody import Custody
from wildcrawl.evidence.records import Exchange, Origin
from wildcrawl.items import Verdict
from wildcrawl.store import Store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.verdicts import seen_state

NOW = datetime.now(UTC)
ENDED = "elsewhere/boot/1/2"


@pytest.fixture
def app(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A desk with two pictured advertisements, whose background never writes the log."""
    monkeypatch.setattr(custody_queue, "SOON", 1_000)
    monkeypatch.setattr(card_evidence, "_WAIT", 1_000)
    monkeypatch.setattr("wildcrawl.desk.team._PAUSE", 1_000)
    store.record([ad("1"), ad("22")], "run")
    evidence = open_evidence(store, tmp_path / "evidence")
    for each in ("1", "22"):
        body = photograph(int(each))
        exchange = Exchange(f"https://img.example/{each}.jpg", NOW, 200, [], body)
        placed = evidence.keep(exchange, body, Origin("run", "fair", [each]))
        given = (NOW, "run", CaptureKind.PICTURE, exchange.url, 200, "image/jpeg")
        evidence.add([Capture("fair", each, *given, **placed._asdict())], "test")
    return desk_on(store, tmp_path)


def desk_on(store: Store, folder: Path) -> Flask:
    @contextmanager
    def opened() -> Iterator[Store]:
        yield store

    return create_app(replace(desk_in(folder), store=opened, shared_sample=1.0))


def verdicts(store: Store) -> list[tuple[str, str]]:
    """Who judged what, as the custody log has it."""
    return [
        (link.who, json.loads(entry)["verdict"])
        for link in Custody(store).links()
        if link.action == Action.JUDGED
        for entry in link.entries
    ]


def kill(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the entries of this process look like those of one that was killed."""
    dues = {key: {**each, "process": ENDED} for key, each in store.documents(KIND).items()}
    store.put_documents(KIND, dues)
    monkeypatch.setattr(due_entries, "has_ended", lambda process: process == ENDED)


def test_the_next_desk_completes_what_a_killed_one_left(
    app: Flask, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = let_in(app)
    assert judge(client, "1", "valid", by="Li")[0] == 200
    client.post("/screen/undo", data={"site": "fair", "ad_id": "1"})
    client.post("/screen/redo")
    assert judge(client, "22", "fake", by="Li")[0] == 200
    assert verdicts(store) == [], "nothing waits for the log"
    kill(store, monkeypatch)
    warm_app(desk_on(store, tmp_path)).join()
    given = ["valid", "pending", "valid", "fake"]
    assert verdicts(store) == [("Li", verdict) for verdict in given]
    assert store.documents(KIND) == {}
    assert complete(store) == 0
    assert Custody(store).check() == []


def test_a_second_look_is_completed_too(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = let_in(app)
    judge(client, "1", "valid", by="Li")
    close_app(app)
    assert judge(client, "1", "fake", by="Wang", second="1")[0] == 200
    kill(store, monkeypatch)
    assert complete(store) == 1
    assert verdicts(store) == [("Li", "valid"), ("Wang", "fake")]


def test_what_the_log_has_is_not_written_twice(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = let_in(app)
    judge(client, "1", "valid", by="Li")
    monkeypatch.setattr(due_entries, "remove", lambda *_: None)
    close_app(app)
    monkeypatch.undo()
    assert len(store.documents(KIND)) == 1, "killed between the log and the note"
    kill(store, monkeypatch)
    assert complete(store) == 0
    assert verdicts(store) == [("Li", "valid")]
    assert store.documents(KIND) == {}


def test_a_verdict_that_was_refused_or_never_stored_leaves_nothing(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = let_in(app)
    stored = store.get("fair", "1")
    assert stored
    store.judge("fair", "1", Decision(Verdict.FAKE, "Wang", "", NOW))
    answer = client.post(
        "/screen/verdict",
        data={"site": "fair", "ad_id": "1", "by": "Li", "verdict": "valid", "was": "fake",
              "state": seen_state(stored)},
    )  # fmt: skip
    assert answer.status_code == 409
    assert judge(client, "1", "valid", by="Li", second="1")[0] == 409
    assert store.documents(KIND) == {}
    moment = NOW.isoformat(timespec="milliseconds")
    for verdict, second in (("valid", 0), ("valid", 1)):
        due = DueEntry("fair", "22", "Li", verdict, moment, "{}", second, ENDED)
        due_entries.put(store, due)
    kill(store, monkeypatch)
    assert complete(store) == 0
    assert (verdicts(store), store.documents(KIND)) == ([], {})


@pytest.mark.parametrize("process", ["elsewhere", ""])
def test_entries_of_a_desk_that_may_still_run_are_left_to_it(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch, process: str
) -> None:
    judge(let_in(app), "1", "valid", by="Li")
    assert complete(store) == 0
    ((key, due),) = store.documents(KIND).items()
    store.put_documents(KIND, {key: {**due, "process": process}})
    # Some systems do not tell which processes run.
    monkeypatch.setattr(due_entries, "own_process", lambda: process and "this")
    assert complete(store) == 0
    assert complete(store, NOW + timedelta(hours=2)) == 1
    assert verdicts(store) == [("Li", "valid")]


def test_a_log_that_cannot_be_completed_leaves_the_entries_for_later(
    app: Flask, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(let_in(app), "1", "valid", by="Li")
    kill(store, monkeypatch)

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Custody, "append", full)
        warm_app(desk_on(store, tmp_path)).join()
    assert len(store.documents(KIND)) == 1
    kill(store, monkeypatch)
    assert complete(store) == 1
    assert verdicts(store) == [("Li", "valid")]
