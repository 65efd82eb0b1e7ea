"""Verdicts in a store: compare-and-set against the state that the person saw, names, documents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.helpers.bracelet import DAY, MAY, bracelet
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Corrections, Decision
from wildcrawl.store.documents import Document
from wildcrawl.store.verdicts import JudgedMeanwhileError, seen_state, verdict_given


def kept(store: Store) -> Advertisement:
    found = store.get("mall", "7")
    assert found is not None
    return found


def test_a_verdict_on_a_state_that_changed_is_refused_and_changes_nothing(store: Store) -> None:
    store.record([bracelet()], "run-1")
    seen = seen_state(kept(store))
    store.judge("mall", "7", Decision(Verdict.VALID, "li", "clear", MAY + DAY, seen=seen))
    judged = kept(store)
    # The same key pressed by a second person, as well as another one.
    for verdict in (Verdict.VALID, Verdict.FAKE, Verdict.PENDING):
        with pytest.raises(JudgedMeanwhileError, match="was judged by li") as refused:
            store.judge("mall", "7", Decision(verdict, "wang", "", MAY + 2 * DAY, seen=seen))
        assert refused.value.ad == judged
    assert kept(store) == judged
    store.judge(
        "mall", "7", Decision(Verdict.FAKE, "wang", "", MAY + 2 * DAY, seen=seen_state(judged))
    )
    assert (kept(store).verdict, kept(store).screened_by) == ("fake", "wang")


def test_a_crawl_does_not_change_the_state_and_a_person_does(store: Store) -> None:
    store.record([bracelet(by_person=[])], "run-1")
    states = [seen_state(kept(store))]
    retagged = bracelet(title="其他", species=["whale"], by_person=[], found_at=MAY + DAY)
    store.record([retagged], "run-2")
    assert [seen_state(kept(store))] == states
    # Undone and given again within a minute: each is a state of its own.
    for minute, verdict, note, corrections in (
        (1, Verdict.VALID, "", None),
        (2, Verdict.VALID, "now clear", None),
        (3, Verdict.PENDING, "now clear", None),
        (4, Verdict.VALID, "now clear", None),
        (5, Verdict.VALID, "now clear", Corrections(species=("tiger",))),
    ):
        at = MAY + 2 * DAY + timedelta(minutes=minute)
        store.judge("mall", "7", Decision(verdict, "li", note, at, corrections, seen=states[-1]))
        states.append(seen_state(kept(store)))
    assert len(set(states)) == len(states)


def test_the_history_keeps_every_verdict_with_its_name(store: Store) -> None:
    store.record([bracelet()], "run-1")
    for hour, (verdict, by) in enumerate(
        [("valid", "li"), ("valid", "wang"), ("pending", "wang"), ("fake", "陈")]
    ):
        at = MAY + timedelta(hours=hour)
        given = Corrections(species=("tiger",)) if by == "陈" else None
        store.judge("mall", "7", Decision(Verdict(verdict), by, "", at, given))
    ad = kept(store)
    assert [(each.old, each.new, each.by) for each in ad.history if each.field == "verdict"] == [
        ("pending", "valid", "li"),
        ("valid", "valid", "wang"),
        ("valid", "pending", "wang"),
        ("pending", "fake", "陈"),
    ]
    assert {each.by for each in ad.history if each.field == "species"} == {"陈"}
    assert (ad.screened_by, ad.verdict) == ("陈", "fake")


def test_a_verdict_that_is_sent_again_is_written_once(store: Store) -> None:
    store.record([bracelet()], "run-1")
    seen = seen_state(kept(store))
    for _ in range(2):
        # As after a connection that broke before its answer came.
        store.judge("mall", "7", Decision(Verdict.VALID, "li", "", MAY + DAY, seen=seen))
    assert len(kept(store).history) == 1


def test_documents_are_revised_without_another_writer_between(store_url: str) -> None:
    with open_both(store_url) as (store, other):
        store.put_documents("tally", {"a": {"n": 1}, "b": {"n": 5}, "d": {"n": 9}})

        def change(documents: dict[str, Document]) -> None:
            assert documents == {"a": {"n": 1}, "b": {"n": 5}}
            documents["a"]["n"] += 1
            del documents["b"]
            documents["c"] = {"n": 7, "象": "牙\ud83d"}

        store.revise_documents("tally", ["a", "b", "c"], change)
        expected = {"a": {"n": 2}, "c": {"n": 7, "象": "牙�"}, "d": {"n": 9}}
        assert other.documents("tally") == expected

        def fail(documents: dict[str, Document]) -> None:
            documents["a"]["n"] = 99
            raise ValueError("not this time")

        with pytest.raises(ValueError, match="not this time"):
            store.revise_documents("tally", ["a"], fail)
        other.revise_documents("tally", ["a", "none"], lambda documents: None)
        assert other.documents("tally") == expected


class open_both:  # noqa: N801
    """Two connections to one store, as two processes have."""

    def __init__(self, url: str) -> None:
        self._stores = [open_store(url), open_store(url)]

    def __enter__(self) -> list[Store]:
        return self._stores

    def __exit__(self, *_: Any) -> None:
        for store in self._stores:
            store.close()


def test_a_verdict_is_given_by_who_is_named_not_by_who_undid_another(store: Store) -> None:
    store.record([bracelet()], "run-1")
    assert verdict_given(kept(store)) is None
    store.judge("mall", "7", Decision(Verdict.VALID, "li", "", MAY + DAY))
    store.judge("mall", "7", Decision(Verdict.FAKE, "wang", "", MAY + 2 * DAY))
    store.judge("mall", "7", Decision(Verdict.VALID, "li", "", MAY + 3 * DAY, undone_by="wang"))
    given = verdict_given(kept(store))
    assert given is not None
    assert (given.at, given.by, given.new) == (MAY + DAY, "li", "valid")
