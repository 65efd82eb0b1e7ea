"""Cohen's kappa: worked examples of the literature, small and one-sided samples."""

from __future__ import annotations

from itertools import chain, repeat
from math import sqrt

import pytest

from wildcrawl.review.agreement import agreement_of
from wildcrawl.review.agreement.kappa import kappa_of, wilson_low

FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
"""Fleiss, Statistical Methods for Rates and Proportions, 1981, chapter 13: two raters' diagnoses
of 100 patients. There: kappa 0.68, its standard error 0.087, expected agreement 0.66."""


def looks(table: list[list[int]], first: str = "li", second: str = "wang") -> list[
    tuple[str, str, str, str]
]:  # fmt: skip
    verdicts = ("valid", "irrelevant", "fake")
    return list(
        chain.from_iterable(
            repeat((first, verdicts[i], second, verdicts[j]), number)
            for i, row in enumerate(table)
            for j, number in enumerate(row)
        )
    )


def test_the_worked_example_of_fleiss() -> None:
    kappa = kappa_of(FLEISS)
    assert kappa is not None
    assert kappa.value == pytest.approx(0.676, abs=0.0005)
    assert sqrt(kappa.variance) == pytest.approx(0.087, abs=0.001)
    assert kappa.expected == pytest.approx(0.66, abs=0.005)


def test_the_interval_is_that_of_the_standard_error_whoever_judged_first() -> None:
    agreement = agreement_of(looks(FLEISS))
    assert (agreement.sample, agreement.agreed) == (100, 89)
    assert agreement.kappa == pytest.approx(0.676, abs=0.0005)
    assert agreement.low is not None
    assert agreement.high is not None
    assert agreement.high - agreement.low == pytest.approx(2 * 1.96 * 0.0876, abs=0.005)
    turned = [(b, later, a, given) for a, given, b, later in looks(FLEISS)[::2]]
    assert agreement_of([*turned, *looks(FLEISS)[1::2]]) == agreement


def test_a_table_of_two_verdicts_by_hand() -> None:
    # observed 35/50 = 0.7, expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5, kappa 0.2 / 0.5.
    kappa = kappa_of([[20, 5], [10, 15]])
    assert kappa is not None
    assert kappa.value == pytest.approx(0.4)
    assert kappa.expected == pytest.approx(0.5)


@pytest.mark.parametrize("number", [1, 2])
def test_disagreements_without_a_variance_have_no_interval(number: int) -> None:
    agreement = agreement_of(looks([[0, number, 0], [0, 0, 0], [0, 0, 0]]))
    assert (agreement.kappa, agreement.low, agreement.high) == (0.0, None, None)
    assert agreement.agreed == 0


def test_the_same_verdicts_throughout_have_no_kappa_and_a_share() -> None:
    agreement = agreement_of(looks([[9, 0, 0], [0, 0, 0], [0, 0, 0]]))
    assert (agreement.kappa, agreement.low, agreement.share) == (None, None, 1.0)
    assert agreement_of([]).share is None


def test_five_of_five_agree_and_the_interval_stays_wide() -> None:
    agreement = agreement_of(looks([[3, 0, 0], [0, 2, 0], [0, 0, 0]]))
    assert agreement.kappa == pytest.approx(1)
    assert agreement.high == 1
    assert agreement.low is not None
    assert agreement.low < 0.3
    assert wilson_low(5, 5) == pytest.approx(0.5655, abs=0.0005)


def test_kappas_of_several_pairs_of_persons_are_weighted() -> None:
    # The second pair judged twice as many; both tables have the same margins.
    both = looks([[20, 5], [10, 15]]) + looks([[50, 0], [0, 50]], "li", "chen")
    agreement = agreement_of(both)
    assert agreement.kappa == pytest.approx((50 * 0.5 * 0.4 + 100 * 0.5 * 1) / (150 * 0.5))
    assert agreement.high is not None
    assert agreement.kappa is not None
    assert agreement.kappa < agreement.high <= 1
