"""Incomplete imports: which sites and months lack rows of a file, until it is read in full."""

from __future__ import annotations

from wildcrawl.store import Store
from wildcrawl.store.incomplete_imports import (
    incomplete_imports,
    incomplete_surveys,
    note_import,
    note_surveys,
)

MALL, SHOP, JUNE = ("mall", "2016-05"), ("shop", "2016-05"), ("mall", "2016-06")


def test_an_import_that_rejects_rows_is_incomplete_until_they_are_read(store: Store) -> None:
    note_import(store, [MALL, SHOP, JUNE], "first", rows=9, rejected=2)
    assert incomplete_imports(store) == {MALL, SHOP, JUNE}
    assert incomplete_imports(store, "2016-05") == {MALL, SHOP}
    note_import(store, [SHOP], "one of the two rows", rows=1, rejected=0)
    note_import(store, [("fair", "2016-05")], "another file", rows=9, rejected=0)
    assert incomplete_imports(store) == {MALL, SHOP, JUNE}
    note_import(store, [SHOP], "both", rows=2, rejected=0)
    assert incomplete_imports(store) == set()
    note_import(store, [], "verdicts of an export alone", rows=2, rejected=0)


def test_rows_of_a_site_that_was_not_known_are_completed_by_their_month(store: Store) -> None:
    note_import(store, [("", "2016-05")], "first", rows=2, rejected=2)
    note_import(store, [JUNE], "another month", rows=2, rejected=0)
    assert incomplete_imports(store) == {("", "2016-05")}
    note_import(store, [MALL], "corrected", rows=2, rejected=0)
    assert incomplete_imports(store) == set()


def test_another_site_completes_no_import_whose_own_site_lacks_rows(store: Store) -> None:
    note_import(store, [("", "2016-05"), MALL], "first", rows=2, rejected=2)
    note_import(store, [("fair", "2016-05")], "another file", rows=2, rejected=0)
    assert incomplete_imports(store) == {("", "2016-05"), MALL}
    note_import(store, [MALL], "corrected", rows=2, rejected=0)
    assert incomplete_imports(store) == set()


def test_rows_that_are_rejected_again_stay_incomplete(store: Store) -> None:
    note_import(store, [MALL, SHOP], "first", rows=9, rejected=2)
    note_import(store, [SHOP], "second", rows=2, rejected=1)
    note_import(store, [SHOP], "third", rows=1, rejected=0)
    assert incomplete_imports(store) == {MALL}


def test_a_survey_lacks_its_rejected_rows_until_they_are_read(store: Store) -> None:
    note_surveys(store, {"a": 8, "b": 1}, {"a": 2, "b": 1, "unread": 4}, ["a", "b"])
    assert incomplete_surveys(store) == {"a": 2, "b": 1, "unread": 4}
    note_surveys(store, {"a": 1}, {"b": 1}, None)
    assert incomplete_surveys(store) == {"a": 2, "b": 1, "unread": 4}, "a still lacks one"
    note_surveys(store, {"a": 2, "b": 5}, {}, ["a", "b"])
    assert incomplete_surveys(store) == {}
