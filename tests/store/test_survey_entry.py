"""Survey entry in the store: nobody's change is overwritten, no post counts twice or is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from wildcrawl.store import Store
from wildcrawl.store.survey_entry import (
    ChangedMeanwhileError,
    SurveyBook,
    add_post,
    change_pictures,
    change_post_pictures,
    draft_of,
    drafts_of,
    finish,
    remove_draft,
    remove_item,
    remove_post,
    removed_posts,
    reopen,
    restore_post,
    save_draft,
    save_item,
    stored_item,
    unfinished,
)
from wildcrawl.store.surveys import key_of, put_surveys, survey_frames
from wildcrawl.tabular.surveys import Account, Item, Post, Survey

NAME = "甲店"
ITEMS: list[Item] = [
    Account(NAME, 2026, "active"),
    Survey("2026-1", date(2026, 5, 12)),
    Post("2026-1", NAME, "3", "ivory", images=2),
]
TYPED = Post("2026-1", NAME, "", "ivory", images=1)


def numbers(store: Store) -> list[str]:
    return [post.post for post in SurveyBook(store).posts("2026-1", NAME)]


def test_a_form_sent_again_stores_no_second_post_and_numbers_go_on(store: Store) -> None:
    put_surveys(store, ITEMS)
    first = add_post(store, TYPED, "a" * 32, "Wang", "2026-05-12T01:00:00+00:00")
    again = add_post(store, TYPED, "a" * 32, "Wang", "2026-05-12T01:00:01+00:00")
    assert first == again
    # The same content from another form is another post.
    add_post(store, TYPED, "b" * 32, "Li", "2026-05-12T01:00:02+00:00")
    assert numbers(store) == ["3", "4", "5"]
    book = SurveyBook(store)
    assert book.document(first)["by"] == "Wang"
    remove_post(store, first, book.state(first), "Wang", "2026-05-12T02:00:00+00:00")
    assert numbers(store) == ["3", "5"]
    last = SurveyBook(store).posts("2026-1", NAME)[-1]
    remove_post(store, last, SurveyBook(store).state(last), "Li", "2026-05-12T02:00:00+00:00")
    # The number of a removed post stays its own.
    assert add_post(store, TYPED, "c" * 32, "Li", "2026-05-12T03:00:00+00:00").post == "6"
    removed = removed_posts(store, "2026-1", SurveyBook(store))
    assert sorted(removed) == sorted([key_of(first), key_of(last)])
    assert all(restore_post(store, key) for key in removed)
    assert not restore_post(store, key_of(first))
    assert numbers(store) == ["3", "4", "5", "6"]
    assert survey_frames(store).surveys["advertisements"].to_list() == [4]


def test_what_another_person_changed_meanwhile_is_not_overwritten(store: Store) -> None:
    put_surveys(store, ITEMS)
    post = Post("2026-1", NAME, "3", "ivory", images=2)
    seen = SurveyBook(store).state(post)
    save_item(store, replace(post, images=5), seen, by="Li")
    with pytest.raises(ChangedMeanwhileError):
        save_item(store, replace(post, images=7), seen, by="Wang")
    with pytest.raises(ChangedMeanwhileError):
        remove_post(store, post, seen, "Wang", "")
    assert removed_posts(store, "2026-1", SurveyBook(store)) == {}
    # The same content sent twice is no conflict.
    save_item(store, replace(post, images=5), seen, by="Li")
    assert SurveyBook(store).posts("2026-1", NAME) == [replace(post, images=5)]
    # Pictures are added and removed apart from the columns.
    state = SurveyBook(store).state(post)
    assert change_post_pictures(store, key_of(post), "d" * 32, ["p", "q"], []) == (
        "d" * 32,
        ["p", "q"],
    )
    save_item(store, replace(post, images=6), state)
    assert SurveyBook(store).document(post)["pictures"] == ["p", "q"]
    assert change_post_pictures(store, key_of(post), "e" * 32, [], ["p"]) == ("d" * 32, ["q"])
    # A file that has the post again keeps them too.
    put_surveys(store, ITEMS)
    assert SurveyBook(store).document(post)["pictures"] == ["q"]


def test_a_renamed_account_keeps_its_posts_and_what_was_finished(store: Store) -> None:
    put_surveys(store, ITEMS)
    finish(store, "2026-1", NAME, "Wang", "2026-05-12T01:00:00+00:00")
    account = Account(NAME, 2026, "active")
    renamed = Account("乙店", 2026, "moved", formerly=NAME)
    save_item(store, renamed, SurveyBook(store).state(account), before=account)
    book = SurveyBook(store)
    assert book.accounts(2026) == [renamed]
    assert [post.post for post in book.posts("2026-1", "乙店")] == ["3"]
    assert book.is_finished("2026-1", "乙店")
    assert add_post(store, replace(TYPED, account="乙店"), "a" * 32, "", "").post == "4"
    other = Account("丙店", 2026, "active")
    save_item(store, other, "")
    with pytest.raises(ChangedMeanwhileError):
        # The name is taken, by whoever added it meanwhile.
        save_item(store, other, SurveyBook(store).state(renamed), before=renamed)
    reopen(store, "2026-1", [NAME])
    assert not SurveyBook(store).is_finished("2026-1", "乙店")
    with pytest.raises(ChangedMeanwhileError):
        remove_item(store, other, "stale")
    remove_item(store, other, SurveyBook(store).state(other))
    assert unfinished(store) == {}, "the survey came from a file"
    assert len(SurveyBook(store).accounts(2026)) == 1


def test_a_draft_keeps_its_pictures_and_gives_them_to_its_post(store: Store) -> None:
    put_surveys(store, ITEMS)
    token, draft = "f" * 32, {"survey": "2026-1", "account": NAME, "typed": "{}"}
    assert change_pictures(store, token, draft, ["p"], []) == ["p"]
    save_draft(store, token, {**draft, "typed": '{"images": "1"}'})
    assert change_pictures(store, token, draft, ["q", "p"], []) == ["p", "q"]
    assert draft_of(store, token)["typed"] == '{"images": "1"}'
    post = add_post(store, TYPED, token, "Wang", "")
    assert SurveyBook(store).document(post)["pictures"] == ["p", "q"]


def test_a_post_with_several_advertisements_counts_them_and_its_pictures_once(
    store: Store,
) -> None:
    put_surveys(store, ITEMS[:2])
    put_surveys(store, [replace(TYPED, post="1", advertisements=3, images=4, videos=1)])
    found = survey_frames(store)
    assert found.surveys.select("advertisements", "images", "videos").rows() == [(3, 4, 1)]
    assert found.posts.height == 3
    assert found.posts["images"].to_list() == [4, 0, 0]


def test_a_book_finds_accounts_by_any_name_and_lists_them_by_dealer(store: Store) -> None:
    accounts = [
        Account("乙店", 2026, "active"),
        Account("甲店备用", 2026, "active", dealer=NAME),
        Account(NAME, 2026, "active", formerly="老甲"),
        Account(NAME, 2025, "quit"),
    ]
    put_surveys(store, [*accounts, *ITEMS[1:]])
    book = SurveyBook(store)
    assert book.years() == [2026, 2025]
    names = [account.account for account in book.accounts(2026)]
    assert names.index("甲店备用") == names.index(NAME) + 1
    assert book.account("老甲", 2026) == accounts[2]
    assert book.account("丁店", 2026) is None
    assert [survey.survey for survey in book.surveys(2026)] == ["2026-1"]
    assert book.survey("２０２６-1") == ITEMS[1]
    assert book.posts_of_survey("2026-1") == [ITEMS[2]]
    # Without the account in the survey's year, its post would count for nobody.
    assert book.posts_that_lose([accounts[0], accounts[3]]) == [ITEMS[2]]
    assert book.posts_that_lose(accounts) == []


def test_a_survey_entered_at_the_desk_is_unfinished_until_each_account_is(store: Store) -> None:
    second = Account("乙店", 2026, "active")
    put_surveys(store, [*ITEMS, second, Account("丙店", 2026, "quit")])
    assert unfinished(store) == {}
    finish(store, "2026-1", NAME, "Li", "2026-05-12T01:00:00+00:00")
    assert unfinished(store) == {"2026-1": (1, 2)}
    finish(store, "2026-1", "乙店", "Li", "2026-05-12T01:00:00+00:00")
    assert unfinished(store) == {}


def test_drafts_are_those_of_a_survey_until_they_are_removed(store: Store) -> None:
    put_surveys(store, ITEMS)
    for token, survey in (("a" * 32, "2026-1"), ("b" * 32, "2026-2")):
        save_draft(store, token, {"survey": survey, "species": "ivory"})
    assert drafts_of(store, "2026-1") == {
        "a" * 32: {"survey": "2026-1", "species": "ivory", "pictures": []}
    }
    remove_draft(store, "a" * 32)
    assert (drafts_of(store, "2026-1"), draft_of(store, "a" * 32)) == ({}, {})


def test_a_post_that_is_gone_is_neither_removed_nor_given_pictures(store: Store) -> None:
    put_surveys(store, ITEMS)
    (post,) = SurveyBook(store).posts("2026-1", NAME)
    assert stored_item(store, "posts", key_of(post))[0] == post
    remove_item(store, post, SurveyBook(store).state(post))
    remove_post(store, post, "any", "Li", "2026-05-12T02:00:00+00:00")
    assert removed_posts(store, "2026-1", SurveyBook(store)) == {}
    assert change_post_pictures(store, key_of(post), "a" * 32, ["p"], []) == ("", [])
    assert stored_item(store, "posts", key_of(post)) == (None, {})
