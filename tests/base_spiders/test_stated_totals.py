"""Stated totals: a site that counts too many on all lists alike loses nothing.

Lists of one page may lack results."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from wildcrawl.base_spiders.searched import Ending, Searched
from wildcrawl.base_spiders.stated_totals import NamedTotals, overcount, shortfall


@dataclass
class Listed:
    total: int | None
    seen: int
    sizes: tuple[int, ...]


def of_one_page(total: int, seen: int) -> Listed:
    return Listed(total, seen, (seen,))


def test_lists_of_one_page_may_lack_results_and_show_no_site_that_counts_too_many() -> None:
    lists = [of_one_page(9, 8), of_one_page(18, 16), of_one_page(27, 24), of_one_page(34, 30)]
    assert overcount(lists, longest=30) == 1.0
    assert shortfall(lists) == pytest.approx(9 / 8)


def test_a_list_of_several_pages_shows_it() -> None:
    lists = [of_one_page(9, 8), of_one_page(18, 16), Listed(45, 40, (30, 10))]
    assert overcount(lists, longest=30) == pytest.approx(9 / 8)
    assert shortfall(lists) == 1.0


@pytest.mark.parametrize(
    "lists",
    [
        [of_one_page(8, 8), of_one_page(16, 16), of_one_page(24, 24), of_one_page(34, 30)],
        [of_one_page(9, 8), of_one_page(30, 16), of_one_page(27, 24), of_one_page(60, 30)],
        [of_one_page(9, 8), of_one_page(18, 16), of_one_page(34, 34)],
    ],
    ids=["only the full page", "in no proportion", "two"],
)
def test_other_lists_do_not(lists: list[Listed]) -> None:
    assert (overcount(lists, longest=30), shortfall(lists)) == (1.0, 1.0)


SEEN = {"象牙": 20, "虎骨": 14, "玳瑁": 9, "犀角": 4}


def named(
    source: str,
    numbers: dict[str, int],
    ending: Ending = Ending.EMPTY,
    total: int | None = None,
) -> str:
    """The message on searches whose sources have numbers of their own, and saw `SEEN`."""
    totals = NamedTotals()
    for phrase, number in numbers.items():
        totals.add(phrase, source.format(number))
    searches = [Searched(phrase, seen, Ending.EMPTY) for phrase, seen in SEEN.items()]
    searches[0] = Searched("象牙", SEEN["象牙"], ending, total)
    return totals.message(searches)


@pytest.mark.parametrize(
    "source",
    [
        '<div id="pager" data-total="{}"></div>',
        "<script>var total = {}, pageSize = 10;</script>",
        '<input type="hidden" name="recordCount" value="{}">',
        '<script>{{"resultTotal":{},"page":1}}</script>',
    ],
)
def test_a_number_that_other_searches_reached_shows_what_one_lacks(source: str) -> None:
    message = named(source, SEEN | {"象牙": 27})
    assert "which 1 searches did not reach ('象牙': 20 of 27)" in message
    assert named(source, SEEN) == ""


@pytest.mark.parametrize(
    ("numbers", "ending", "total"),
    [
        (SEEN | {"象牙": 10}, Ending.EMPTY, None),
        (SEEN | {"象牙": 22}, Ending.EMPTY, None),
        (SEEN | {"象牙": 27, "虎骨": 20}, Ending.EMPTY, None),
        (dict.fromkeys(SEEN, 8_000), Ending.EMPTY, None),
        (SEEN | {"象牙": 27}, Ending.LIMIT, None),
        (SEEN | {"象牙": 27}, Ending.EMPTY, 20),
    ],
    ids=["of a page", "sold", "two reached it", "of the site", "limited", "stated"],
)
def test_other_numbers_are_no_total(
    numbers: dict[str, int], ending: Ending, total: int | None
) -> None:
    assert named('<p data-total="{}">', numbers, ending, total) == ""
