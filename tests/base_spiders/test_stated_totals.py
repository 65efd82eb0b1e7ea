"""Stated totals: a site that counts too many on all lists alike loses nothing.

Lists of one page may lack results."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from wildcrawl.base_spiders.stated_totals import overcount, shortfall


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
