"""Results without content: places that a script fills, and entries of an answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from parsel import Selector

from tests.helpers.searched import Api
from wildcrawl.base_spiders.derived_ids import DerivedIdsDetector
from wildcrawl.base_spiders.empty_cards import EmptyCards
from wildcrawl.base_spiders.unread_entries import UnreadEntries

CARD = '<li class="item"><a href="/1">老象牙</a></li>'
LAZY = '<li class="item"><textarea>&lt;a href="/2"&gt;老象牙&lt;/a&gt;</textarea></li>'


def elements(cards: str) -> list[Any]:
    return [each.root for each in Selector(f"<ul>{cards}</ul>").css("li")]


@pytest.mark.parametrize(
    ("card", "empty", "said"),
    [
        (CARD, '<li class="item skeleton"><i></i></li>', True),
        (CARD, LAZY, True),
        (CARD, '<li class="item">已售</li>', False),
        (CARD, '<li class="line"></li>', False),
        ('<li><a href="/1">老象牙</a></li>', "<li></li>", False),
    ],
)
def test_empty_places_for_results_are_told_from_spacers(card: str, empty: str, said: bool) -> None:
    cards = EmptyCards()
    cards.add(elements(card * 12 + empty * 6))
    assert bool(cards.message()) is said
    assert not said or "6 of 18 results are empty places ('li.item')" in cards.message()


def test_results_that_all_lead_to_the_login_are_counted() -> None:
    cards = EmptyCards()
    own = "".join(f'<li class="item"><a href="/{n}">老象牙 {n}</a></li>' for n in range(12))
    cards.add(elements(own + '<li class="item"><a href="/login">*****</a></li>' * 6))
    assert "6 of 18 results are empty places ('li.item')" in cards.message()


@pytest.mark.parametrize("first", ["/shop/7", "javascript:;"])
def test_results_with_equal_titles_and_first_links_are_filled(first: str) -> None:
    cards = EmptyCards()
    card = '<li class="item"><a href="{0}">甲</a><a href="/i/{1}">{2}</a></li>'
    titles = ["老象牙"] * 9 + [f"老象牙 {n}" for n in range(9)]
    cards.add(elements("".join(card.format(first, n, title) for n, title in enumerate(titles))))
    assert cards.message() == ""


def test_a_few_empty_places_are_no_alarm() -> None:
    cards = EmptyCards()
    cards.add(elements(CARD * 60 + '<li class="item"></li>' * 6))
    assert cards.message() == ""


@pytest.mark.parametrize("entry", [None, "deleted", {"type": "banner"}])
def test_entries_that_hold_no_advertisement_are_said(entry: Any) -> None:
    entries = UnreadEntries()
    results = [{"id": str(n), "title": f"象牙 {n}"} for n in range(18)] + [entry] * 6
    entries.add({"items": results}, results, [True] * 18 + [False] * 6, "象牙")
    assert entries.message() == ""
    assert "6 of 24 entries of the site's answers hold no advertisement" in entries.note()


ONE = {"id": "1", "title": "象牙"}


@pytest.mark.parametrize(
    ("results", "read"),
    [
        ({"1": ONE, "4": ONE}, [ONE, ONE]),
        (ONE, [ONE]),
        ({"msg": "error", "code": 3}, {"msg": "error", "code": 3}),
        ({}, {}),
        (None, None),
    ],
)
def test_a_list_that_is_written_as_an_object_is_read(results: Any, read: Any) -> None:
    spider: Any = SimpleNamespace(fields=Api.fields)
    assert Api.as_list(spider, results) == read


def test_a_share_of_derived_ids_is_said() -> None:
    ids = DerivedIdsDetector()
    for number in range(40):
        ids.add({"ad_id": str(number), "title": f"老象牙 {number}"}, derived=number < 6)
    assert ids.some().startswith("6 of 40 advertisements show no id")
    assert ids.unread() == ""
