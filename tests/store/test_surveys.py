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
