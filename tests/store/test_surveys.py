"""Surveys in the store: stored by name, and summed in the frames of the report."""

from __future__ import annotations

from datetime import date

from wildcrawl.store import Store
from wildcrawl.store.surveys import put_surveys, survey_frames
from wildcrawl.tabular.surveys import Account, Item, Post, Survey

ITEMS: list[Item] = [
    Account("ah", 2015, "active"),
    Account("ah", 2016, "suspended"),
    Survey("2016-1", date(2016, 5, 12), "09:00"),
    Post("2016-1", "ah", "1", "ivory", "raw", images=3),
    Post("2016-1", "ah", "2", "tiger", videos=1),
]


def test_frames_sum_the_posts_of_each_survey(store: Store) -> None:
    empty = survey_frames(store)
    assert [frame.height for frame in empty] == [0, 0, 0]
    assert put_surveys(store, ITEMS) == {"accounts": 2, "surveys": 1, "posts": 2}
    assert put_surveys(store, ITEMS) == {"accounts": 0, "surveys": 0, "posts": 0}
    found = survey_frames(store)
    assert found.surveys.rows() == [("2016-1", date(2016, 5, 12), 1, 2, 3, 1)]
    assert sorted(found.posts.rows()) == [
        ("2016-1", date(2016, 5, 12), "ah", "ivory", "raw", 3, 0),
        ("2016-1", date(2016, 5, 12), "ah", "tiger", "", 0, 1),
    ]
    assert sorted(found.accounts.rows()) == [("ah", 2015, "active"), ("ah", 2016, "suspended")]
    assert [frame.schema for frame in found] == [frame.schema for frame in empty]
    corrected = Post("2016-1", "ah", "2", "tiger", "raw", images=5)
    assert put_surveys(store, [corrected])["posts"] == 0
    assert survey_frames(store).surveys["images"].to_list() == [8]


def test_the_accounts_of_a_dealer_under_all_their_names_are_one(store: Store) -> None:
    put_surveys(
        store,
        [
            Account("old name", 2015, "active"),
            Account("new name", 2016, "active", formerly="old name"),
            Account("backup", 2016, "suspended", dealer="new name"),
            Account("other", 2016, "quit"),
            Survey("2015-1", date(2015, 5, 12)),
            Survey("2016-1", date(2016, 5, 12)),
            Post("2015-1", "old name", "1", "ivory"),
            Post("2016-1", "NEW name", "1", "ivory"),
            Post("2016-1", "backup", "1", "ivory"),
            Post("2016-1", "other", "1", "ivory"),
        ],
    )
    found = survey_frames(store)
    assert found.surveys["accounts"].to_list() == [1, 2]
    assert found.posts["account"].to_list() == ["new name"] * 3 + ["other"]
    assert sorted(found.accounts.rows()) == [
        ("new name", 2015, "active"),
        ("new name", 2016, "active"),
        ("other", 2016, "quit"),
    ]


def test_spellings_of_one_account_are_one(store: Store) -> None:
    accounts = [Account("A7", 2015, "active"), Account("a7", 2016, "active")]
    put_surveys(store, [*accounts, Account("ａ7", 2016, "active")])
    assert sorted(survey_frames(store).accounts.rows()) == [
        ("a7", 2015, "active"),
        ("a7", 2016, "active"),
    ]


def test_names_that_refer_to_each_other_in_a_circle_are_one(store: Store) -> None:
    put_surveys(
        store,
        [
            Account("a", 2016, "active", formerly="b", dealer="c"),
            Account("b", 2016, "active", formerly="a"),
            Account("c", 2016, "active", dealer="a"),
        ],
    )
    assert survey_frames(store).accounts.height == 1


def test_a_survey_may_have_totals_alone(store: Store) -> None:
    survey = Survey("2016-1", date(2016, 5, 12), advertisements=40, images=100, videos=3)
    put_surveys(store, [survey])
    found = survey_frames(store)
    assert found.surveys.rows() == [("2016-1", date(2016, 5, 12), 0, 40, 100, 3)]
    assert found.posts.height == 0
