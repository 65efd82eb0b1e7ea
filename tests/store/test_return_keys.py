"""Return keys in a store: which rows of an export may be taken, and why others may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from wildcrawl.analysis.return_keys import return_key
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.return_keys import KeysOfStore
from wildcrawl.tabular.keyed import Stored

MAY = datetime(2016, 5, 1, tzinfo=UTC)
URL, TITLE = "https://m.example/1", "老象牙手镯 1号"


@pytest.fixture
def filled(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    store.record([Advertisement("mall", "001", URL, TITLE, price="2800", found_at=MAY)], "run")
    yield store
    store.close()


def returned(verdict: str, **given: object) -> Advertisement:
    row = {"url": URL, "title": TITLE, **given}
    return Advertisement(
        "mall", "001", row["url"], row["title"],  # type: ignore[arg-type]
        found_at=MAY, verdict=verdict, returned=True,
    )  # fmt: skip


def test_keys_are_found_among_what_is_stored(filled: Store) -> None:
    key, other = return_key("mall", "001"), return_key("mall", "1")
    finder = KeysOfStore(filled)
    assert finder.by_key([key, other]) == {key: Stored("mall", "001", URL, TITLE)}
    assert finder.known("mall", ["001", "1"]) == {"001"}


@pytest.mark.parametrize(
    ("given", "row", "reason"),
    [
        ("", returned("fake"), ""),
        ("valid", returned("valid"), ""),
        ("valid", returned("pending"), ""),
        ("valid", returned("fake"), "'fake' contradicts 'valid', given by Li at the desk"),
        (
            "",
            returned("fake", url="https://m.example/9", title="猛犸象牙摆件"),
            "the title and the url are another advertisement's",
        ),
    ],
    ids=["first verdict", "same", "none", "another", "of another advertisement"],
)
def test_a_row_that_contradicts_the_desk_is_named(
    filled: Store, given: str, row: Advertisement, reason: str
) -> None:
    if given:
        filled.judge("mall", "001", Decision(Verdict(given), "Li", "", MAY))
    found = KeysOfStore(filled).contradiction(row)
    assert reason in found
    assert bool(found) == bool(reason)


def test_a_verdict_of_what_had_the_id_before_is_refused(filled: Store) -> None:
    filled.judge("mall", "001", Decision(Verdict.VALID, "Li", "", MAY))
    later = datetime(2016, 6, 1, tzinfo=UTC)
    other = Advertisement("mall", "001", URL, "虎骨酒一坛 陈年", price="990", found_at=later)
    filled.record([other], "run-2")
    reason = KeysOfStore(filled).contradiction(returned("fake"))
    assert "'fake' is of what had this id before '虎骨酒一坛 陈年'" in reason
    assert not KeysOfStore(filled).contradiction(Advertisement("mall", "9", verdict="fake"))
