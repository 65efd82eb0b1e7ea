"""Constant results: a search that returns the same for every keyword, or only recommends goods."""

from __future__ import annotations

import pytest

from wildcrawl.analysis.vocabulary import Keyword
from wildcrawl.base_spiders.constant_results import ConstantResultsDetector

RECOMMENDED = ("r1", "r2", "r3")


def keyword(number: int) -> Keyword:
    group = ("ivory", "rhino_horn", "tiger")[number % 3]
    return Keyword(f"k{number}", group, "", ambiguous=False, since="2012-01")


def detector(results: int, recommended: int, *, matches: bool = False) -> ConstantResultsDetector:
    """After searches with results of their own, then some that show the same goods."""
    made = ConstantResultsDetector()
    for number in range(results):
        made.add(keyword(number), [f"a{number}", f"b{number}"], matches=True)
    for number in range(results, results + recommended):
        made.add(keyword(number), RECOMMENDED, matches=matches)
    return made


@pytest.mark.parametrize(("results", "recommended"), [(12, 100), (60, 52), (20, 8)])
def test_goods_without_the_keyword_are_no_results(results: int, recommended: int) -> None:
    made = detector(results, recommended)
    assert f"{recommended} of {results + recommended} keywords" in made.message()
    assert made.unanswered() == {f"k{n}" for n in range(results, results + recommended)}


def test_an_advertisement_that_has_many_keywords_is_a_result() -> None:
    made = detector(60, 30, matches=True)
    assert made.message() == ""
    assert made.unanswered() == set()


def test_a_few_equal_searches_are_chance() -> None:
    assert detector(60, 7).message() == ""


def test_nothing_found_for_many_keywords_is_an_answer() -> None:
    made = ConstantResultsDetector()
    for number in range(40):
        made.add(keyword(number), [], matches=False)
    assert made.message() == ""
    assert made.unanswered() == set()
