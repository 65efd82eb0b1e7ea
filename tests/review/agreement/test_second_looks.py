"""Second looks: two independent verdicts on one advertisement, and a third person's decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wildcrawl.items import Advertisement, Verdict
from wildcrawl.review.agreement import second_looks as looks
from wildcrawl.store import Store
from wildcrawl.store.corrections import Corrections, Decision

MAY = datetime(2026, 5, 1, tzinfo=UTC)
KEY = ("mall", "1")


def judge(store: Store, by: str, verdict: Verdict, hours: int = 1) -> None:
    store.judge(*KEY, Decision(verdict, by, "", MAY + timedelta(hours=hours)))


@pytest.fixture
def judged(store: Store) -> Store:
    """An advertisement that Li judged, of which a second look is due."""
    store.record([Advertisement(*KEY, title="牙雕", found_at=MAY, relevance="likely")], "run")
    judge(store, "Li", Verdict.VALID)
    stored = store.get(*KEY)
    assert stored is not None
    looks.ask(store, stored, looks.look("Li", Verdict.VALID, at=MAY))
    return store


def test_a_second_look_is_due_to_everybody_but_the_first_and_only_once(judged: Store) -> None:
    assert (looks.due(judged, "Wang"), looks.due(judged, " li ")) == ([KEY], [])
    assert (looks.is_due(judged, KEY, "Wang"), looks.is_due(judged, KEY, "LI")) == (True, False)
    assert not looks.record(judged, KEY, looks.look("Li", Verdict.FAKE))
    assert looks.record(judged, KEY, looks.look("Wang", Verdict.VALID))
    assert not looks.record(judged, KEY, looks.look("Chen", Verdict.FAKE))
    assert not looks.due(judged, "Chen")
    pair = looks.pair_of(judged, KEY)
    assert pair is not None
    assert (pair.first.by, pair.second.by, pair.month) == ("Li", "Wang", "2026-05")
    assert (pair.agreed, pair.open) == (True, False)


def test_a_third_person_settles_a_disagreement(judged: Store) -> None:
    looks.record(judged, KEY, looks.look("Wang", Verdict.FAKE))
    assert [pair.open for pair in looks.pairs(judged, "2026-05")] == [True]
    assert not list(looks.pairs(judged, "2026-06"))
    assert not looks.settle(judged, KEY, looks.look("wang", Verdict.IRRELEVANT))
    assert looks.settle(judged, KEY, looks.look("Chen", Verdict.FAKE))
    (pair,) = looks.pairs(judged)
    assert (pair.open, pair.settled and pair.settled.by) == (False, "Chen")
    agreement = looks.agreement_between([pair])
    assert (agreement.sample, agreement.agreed) == (1, 0)
    # The verdict that settled it is undone: it is open again.
    looks.restore(judged, KEY, pair.first, "Chen")
    assert [each.open for each in looks.pairs(judged)] == [True]
    assert not looks.settle(judged, ("mall", "9"), looks.look("Chen", Verdict.FAKE))


def test_one_of_the_two_settles_a_disagreement_only_by_the_others_verdict(judged: Store) -> None:
    looks.record(judged, KEY, looks.look("Wang", Verdict.FAKE))
    (pair,) = looks.pairs(judged)
    words = [*Verdict]
    assert [verdict for verdict in words if pair.may_settle("li", verdict)] == [Verdict.FAKE]
    assert [verdict for verdict in words if pair.may_settle("Wang", verdict)] == [Verdict.VALID]
    assert not pair.may_settle("Chen", Verdict.PENDING)
    assert looks.settled_by(judged, KEY, "Li", Verdict.FAKE)
    assert not looks.settled_by(judged, KEY, "Li", Verdict.VALID), "the verdict that counts"
    for person, verdict in (("Li", Verdict.PENDING), ("Wang", Verdict.FAKE)):
        with pytest.raises(looks.DisagreementError, match="'1' of site 'mall' waits for a third"):
            looks.settled_by(judged, KEY, person, verdict)
    assert looks.settle(judged, KEY, looks.look("Li", Verdict.FAKE))
    # The one who gave way did so on the second look: its person may still take that back.
    assert looks.take_back(judged, KEY, "Wang")


def test_an_undone_first_verdict_takes_its_request_or_its_pair_along(judged: Store) -> None:
    looks.restore(judged, KEY, looks.look("Wu", Verdict.FAKE), "Li")
    assert (looks.due(judged, "Li"), looks.due(judged, "Wu")) == ([KEY], [])
    looks.record(judged, KEY, looks.look("Wang", Verdict.VALID))
    # Two verdicts of one person are no pair.
    looks.restore(judged, KEY, looks.look("Wang", Verdict.FAKE), "Wu")
    assert looks.pair_of(judged, KEY) is None
    looks.withdraw(judged, KEY)
    assert not looks.due(judged, "Chen")


def test_a_second_look_that_is_taken_back_is_due_again_and_stays_on_record(judged: Store) -> None:
    looks.record(judged, KEY, looks.look("Wang", Verdict.FAKE))
    assert not looks.take_back(judged, KEY, "Chen")
    assert looks.take_back(judged, KEY, "Wang")
    assert (looks.pair_of(judged, KEY), looks.due(judged, "Chen")) == (None, [KEY])
    (document,) = judged.documents(looks.DUE).values()
    assert [each["by"] for each in document["taken_back"]] == ["Wang"]
    assert not looks.take_back(judged, KEY, "Wang")


def test_the_second_person_sees_nothing_of_the_first_verdict(judged: Store) -> None:
    at = MAY + timedelta(hours=2)
    judged.judge(*KEY, Decision(Verdict.FAKE, "Li", "resin", at, Corrections(species=("ivory",))))
    stored = judged.get(*KEY)
    assert stored is not None
    shown = looks.blinded(stored)
    assert (shown.verdict, shown.screened_by, shown.note, shown.species) == ("pending", "", "", [])
    assert not shown.history
    assert stored.verdict == Verdict.FAKE
