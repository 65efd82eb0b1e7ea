"""Page gaps: a `page_step` that leaps over results, and sites on which results move."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import pytest

from tests.helpers.searched import Market, Searched, Shown
from wildcrawl.base_spiders.page_gaps import PageGaps

COUNTS = {"象牙": 61, "虎骨": 47, "玳瑁": 22, "犀角": 9, "穿山甲": 0}
SIZE = 20
PROMOTED = [f"和田玉 {n}" for n in range(4)]


class Offsets(Market):
    first_page = 0
    page_step: ClassVar[int] = 24


class Right(Offsets):
    page_step = 20


def goods(keyword: str, offset: int, counts: dict[str, int] = COUNTS) -> list[str]:
    all_of_it = [f"{keyword}手镯 {n}" for n in range(counts.get(keyword, 0))]
    return all_of_it[offset : offset + SIZE]


def listing(titles: list[str]) -> str:
    cards = "".join(
        f'<li class="item" data-id="{title}"><a href="/i/{title}">{title}</a></li>'
        for title in titles
    )
    return f"<ul>{cards}</ul>" if cards else '<p class="none">没有找到</p>'


@pytest.mark.parametrize("promoted", [[], PROMOTED], ids=["plain", "with promoted goods"])
def test_a_step_that_is_longer_than_a_page_breaks_the_run(
    sqlite_url: str, promoted: list[str]
) -> None:
    def answer(keyword: str, offset: int) -> Shown:
        shown = goods(keyword, offset)
        return 200, listing(shown[:5] + promoted + shown[5:] if shown else [])

    done = Searched(Offsets, answer, sqlite_url)
    assert done.judgement.health == "broken", done.judgement.reason
    assert "('象牙': 4, '虎骨': 4); declare page_step = 20" in done.judgement.reason
    assert {"象牙手镯 20", "象牙手镯 23", "虎骨手镯 21"} <= done.ids, "what it then shows is read"


def test_a_list_of_a_few_more_results_than_a_page_shows_it_too(sqlite_url: str) -> None:
    few = {"象牙": 22, "虎骨": 7}
    done = Searched(Offsets, lambda k, n: (200, listing(goods(k, n, few))), sqlite_url)
    assert len(done.ids) == 29
    assert "'象牙': 2" in done.judgement.reason


def test_a_right_step_costs_one_request_and_is_no_alarm(sqlite_url: str) -> None:
    asked: list[int] = []

    def answer(keyword: str, offset: int) -> Shown:
        asked.append(offset)
        return 200, listing(goods(keyword, offset))

    done = Searched(Right, answer, sqlite_url)
    assert (done.judgement.health, done.judgement.reason) == ("ok", "")
    assert asked.count(10) == 1


def test_what_follows_the_last_page_of_a_limit_is_no_gap(sqlite_url: str) -> None:
    done = Searched(Right, lambda k, n: (200, listing(goods(k, n))), sqlite_url, pages="1")
    assert "leaps" not in done.judgement.reason
    assert len(done.ids) == SIZE * 3 + 9


@pytest.mark.parametrize(
    ("found", "possible", "longest", "said"),
    [
        ({"a": 4, "b": 4}, 2, 20, "declare page_step = 20"),
        ({"a": 4}, 1, 20, "declare page_step = 20"),
        ({"a": 2}, 1, 22, "declare page_step = 22"),
        ({"a": 2}, 1, 20, ""),
        ({"a": 1, "b": 0}, 2, 24, ""),
        ({"a": 1, "b": 4}, 2, 24, ""),
        ({"a": 0}, 1, 20, ""),
    ],
)
def test_goods_that_were_removed_meanwhile_are_no_step(
    found: dict[str, int], possible: int, longest: int, said: str
) -> None:
    gaps = PageGaps(24, longest=longest, possible=possible)
    for phrase, gap in found.items():
        gaps.add(phrase, gap)
    assert said in gaps.broken()
    assert bool(gaps.broken()) is bool(said)
    assert bool(gaps.note()) is (any(found.values()) and not said)


def from_own_pages(shown_of_a_page: int) -> Callable[[str, int], Shown]:
    """A site that shows fewer results than its pages are apart, and answers from these only."""

    def answer(keyword: str, offset: int) -> Shown:
        start = offset // SIZE * SIZE
        return 200, listing(goods(keyword, start)[:shown_of_a_page])

    return answer


@pytest.mark.parametrize("shown", [15, 18])
def test_equal_pages_that_are_shorter_than_the_step_are_not_certain(
    sqlite_url: str, shown: int
) -> None:
    done = Searched(Right, from_own_pages(shown), sqlite_url)
    assert len(done.ids) < sum(COUNTS.values())
    assert (
        f"each page shows {shown} results, and the next one begins 20 further on: not certain"
        in (done.judgement.reason)
    )


def test_pages_of_which_a_site_hides_some_are_certain(sqlite_url: str) -> None:
    def answer(keyword: str, offset: int) -> Shown:
        sold = {f"{keyword}手镯 {n}" for n in (3, 17, 24, 25)}
        return 200, listing([each for each in goods(keyword, offset) if each not in sold])

    assert "further on" not in Searched(Right, answer, sqlite_url).judgement.reason
