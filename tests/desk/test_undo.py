"""Undo and redo at the desk: of a verdict over another's, of a blind second look, of a decision."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.helpers.desk_data import desk_in, let_in
from wildcrawl.desk import create_app
from wildcrawl.desk.accounts import Access
from wildcrawl.desk.accounts.access import OneTimeToken
from wildcrawl.items import Advertisement
from wildcrawl.review import agreement
from wildcrawl.store.verdicts import last_verdict, seen_state, verdict_given

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from wildcrawl.store import Store

FOUND = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
KEY = ("fair", "1")
AD = {"site": "fair", "ad_id": "1"}


class Person:
    """A person at the desk, with a browser of her own."""

    def __init__(self, client: FlaskClient, name: str, store: Store) -> None:
        self.client, self.name, self.store = client, name, store

    def judges(self, verdict: str, **fields: str) -> int:
        """Judges the advertisement as it is stored now; returns the status."""
        ad = self.store.get(*KEY)
        assert ad is not None
        form = {**AD, "by": self.name, "was": ad.verdict, "state": seen_state(ad), **fields}
        return self.client.post("/screen/verdict", data={**form, "verdict": verdict}).status_code

    def looks_again(self, verdict: str) -> str:
        """Gives a blind second look on the card at hand; returns the page that follows."""
        assert 'name="second" value="1"' in self.client.get("/screen/").text
        form = {**AD, "by": self.name, "verdict": verdict, "second": "1"}
        return self.client.post("/screen/verdict", data=form, follow_redirects=True).text

    def undoes(self) -> int:
        """Presses undo; returns the status."""
        return self.client.post("/screen/undo", data=AD).status_code

    def redoes(self) -> int:
        """Presses redo; returns the status."""
        return self.client.post("/screen/redo").status_code


@pytest.fixture
def team(store: Store, tmp_path: Path) -> list[Person]:
    """Three persons at one desk, who judge everything twice."""
    store.record([Advertisement(*KEY, title="牙雕", relevance="likely", found_at=FOUND)], "run")

    @contextmanager
    def opened() -> Iterator[Store]:
        yield store

    desk = replace(desk_in(tmp_path), store=opened, shared_sample=1.0)
    app = create_app(desk, Access(token=OneTimeToken(lambda _: None)))
    return [Person(let_in(app), name, store) for name in ("Li", "Wang", "Zhao")]


def disagree(first: Person, second: Person, verdict: str) -> None:
    """Both judge the card: valid, and `verdict` without seeing that."""
    second.client.set_cookie("by", second.name)
    first.judges("valid")
    second.looks_again(verdict)


def test_an_undo_restores_anothers_verdict_in_that_name(team: list[Person], store: Store) -> None:
    li, wang, _ = team
    li.judges("valid", note="seen")
    first = store.get(*KEY)
    assert first is not None
    given = verdict_given(first)
    asked = store.documents("second_looks_due")
    wang.judges("fake")
    assert wang.undoes() == 302
    ad = store.get(*KEY)
    assert ad is not None
    assert (ad.verdict, ad.screened_by, ad.note) == ("valid", "Li", "seen")
    assert verdict_given(ad) == given, "with its own moment"
    undone = last_verdict(ad.history)
    assert undone is not None
    assert (undone.old, undone.new, undone.by) == ("fake", "valid", "Wang")
    assert store.documents("second_looks_due") == asked, "the second look is of Li's verdict"
    assert wang.redoes() == 302
    ad = store.get(*KEY)
    assert ad is not None
    assert (ad.verdict, ad.screened_by) == ("fake", "Wang")
    li.judges("irrelevant")
    assert wang.undoes() == 409
    ad = store.get(*KEY)
    assert ad is not None
    assert (ad.verdict, ad.screened_by) == ("irrelevant", "Li")


def test_a_second_look_and_what_settles_it_can_be_undone(team: list[Person], store: Store) -> None:
    li, wang, zhao = team
    li.judges("valid")
    wang.client.set_cookie("by", "Wang")
    page = wang.looks_again("fake")
    assert "<strong>fake</strong>" in page
    assert "valid</strong>" not in page, "the first verdict stays hidden"
    assert "data-digit" not in page, "a second look has no reasons"
    assert agreement.pair_of(store, KEY) is not None
    assert wang.undoes() == 302
    assert agreement.pair_of(store, KEY) is None
    assert wang.redoes() == 302
    assert wang.undoes() == 302
    (due,) = store.documents("second_looks_due").values()
    assert [look["verdict"] for look in due["taken_back"]] == ["fake", "fake"]
    assert 'name="second" value="1"' in wang.client.get("/screen/ad", query_string=AD).text
    wang.looks_again("fake")
    zhao.client.set_cookie("by", "Zhao")
    month = f"/progress?month={FOUND:%Y-%m}"
    listed = [each.client.get(month).text for each in (wang, zhao)]
    assert ["Disagreements" in page for page in listed] == [True, True]
    assert ["You are one of the two" in page for page in listed] == [True, False]
    zhao.judges("irrelevant")
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert pair.settled is not None
    assert wang.undoes() == 409, "it is settled"
    assert zhao.undoes() == 302
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert (pair.settled, pair.first.by, pair.second.by) == (None, "Li", "Wang")
    ad = store.get(*KEY)
    assert ad is not None
    assert (ad.verdict, ad.screened_by) == ("valid", "Li")
    assert wang.undoes() == 302
    assert agreement.pair_of(store, KEY) is None


def test_neither_of_two_who_disagree_changes_the_verdict_alone(
    team: list[Person], store: Store
) -> None:
    li, wang, zhao = team
    disagree(li, wang, "fake")

    def stands(verdict: str, by: str) -> bool:
        ad = store.get(*KEY)
        return ad is not None and (ad.verdict, ad.screened_by) == (verdict, by)

    # Neither by another verdict, nor by a way round over the queue.
    refused = [li.judges("irrelevant"), li.undoes(), wang.judges("fake"), wang.judges("irrelevant")]
    assert refused == [409] * 4
    page = li.client.post("/screen/undo", data=AD).text
    assert "Nothing was changed: Li judged it valid, and Wang fake. A third person" in page
    card = zhao.client.get("/screen/ad", query_string=AD).text
    assert '<p class="gone">Li judged it valid, and Wang fake. A third person decides' in card
    assert "a disagreement" not in page
    assert stands("valid", "Li")
    assert li.judges("valid", note="seen again") == 302, "its note is changed, and no verdict"
    assert li.judges("fake") == 302, "the other's verdict"
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert (pair.open, pair.first.verdict, pair.agreed) == (False, "valid", False)
    assert stands("fake", "Li")
    # What was settled is not changed alone either, but by a third person.
    assert (li.judges("valid"), stands("fake", "Li")) == (409, True)
    assert li.undoes() == 302
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert pair.open
    assert (zhao.judges("irrelevant"), stands("irrelevant", "Zhao")) == (302, True)
    assert (wang.judges("fake"), stands("irrelevant", "Zhao")) == (409, True)


def test_undoing_one_of_two_verdicts_that_settle_leaves_the_other(
    team: list[Person], store: Store
) -> None:
    li, wang, zhao = team
    disagree(li, wang, "irrelevant")
    zhao.judges("fake")
    zhao.judges("irrelevant")
    assert zhao.undoes() == 302
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert pair.settled is not None
    assert (pair.settled.by, pair.settled.verdict, pair.open) == ("Zhao", "fake", False)


def test_a_second_look_that_was_taken_back_is_due_on_the_verdict_that_counts(
    team: list[Person], store: Store
) -> None:
    li, wang, _ = team
    disagree(li, wang, "irrelevant")
    li.judges("irrelevant")
    assert wang.undoes() == 302
    wang.looks_again("irrelevant")
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert pair.agreed
    assert wang.undoes() == 302
    assert li.undoes() == 302
    assert li.undoes() == 302
    ad = store.get(*KEY)
    assert ad is not None
    assert ad.verdict == "pending"
    assert store.documents("second_looks_due") == {}, "a pending one has no second look"


def test_an_undone_verdict_is_not_the_first_of_a_pair(team: list[Person], store: Store) -> None:
    li, wang, zhao = team
    wang.client.set_cookie("by", "Wang")
    li.judges("valid")
    zhao.judges("irrelevant")
    wang.looks_again("valid")
    assert zhao.undoes() == 302
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert (pair.first.by, pair.second.by, pair.agreed) == ("Li", "Wang", True)


@pytest.mark.parametrize("before", ["Li", "Zhao"])
def test_nor_by_undoing_a_change_that_was_made_before(
    team: list[Person], store: Store, before: str
) -> None:
    li, wang, zhao = team
    (li if before == "Li" else zhao).judges("irrelevant")
    li.judges("valid")
    wang.client.set_cookie("by", "Wang")
    wang.looks_again("fake")
    assert li.undoes() == 409
    ad = store.get(*KEY)
    assert ad is not None
    assert (ad.verdict, ad.screened_by) == ("valid", "Li")
    pair = agreement.pair_of(store, KEY)
    assert pair is not None
    assert pair.open
