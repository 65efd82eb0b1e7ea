"""Table prices.csv: samples, exact medians, dollars."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from exports.dataset import read_report_data
from exports.rounding import dollars, half_up, percent
from exports.tables.prices import prices, several_priced
from tests.helpers.exports_data import RATE, ad, amount, context, frame, per_gram

CENT = Decimal("0.01")
COLUMNS = [
    "species",
    "product_type",
    "age_claim",
    "kind",
    "sample",
    "min_cny",
    "median_cny",
    "max_cny",
    "min_usd",
    "median_usd",
    "max_usd",
]


def rows_of(*rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    return prices(read_report_data(frame(*rows), context())).rows.rows()


def test_a_price_of_several_species_is_of_none_of_them() -> None:
    named = [
        "ivory",
        "ivory;general",
        "general",
        "ivory; ",
        "ivory;rhino_horn",
        "pangolin; ivory",
    ]
    rows = [amount("100", "14", species=name, ad_id=str(n)) for n, name in enumerate(named)]
    data = read_report_data(frame(*rows), context())
    assert [(row[0], row[4]) for row in prices(data).rows.rows()] == [("ivory", 3), ("general", 1)]
    assert several_priced(data) == 2
    (month,) = data.by_month()
    assert several_priced(month) == 2


def money(*texts: str) -> Sequence[Decimal]:
    return tuple(map(Decimal, texts))


def test_the_briefings_examples_come_out() -> None:
    table = prices(
        read_report_data(
            frame(
                amount("570", "82.73", product_type="worked_uncarved", age_claim="new"),
                amount("4900", "711.18", product_type="worked_uncarved", age_claim="old"),
                per_gram("600", species="rhino_horn", age_claim="new"),
            ),
            context(),
        )
    )
    assert table.rows.columns == COLUMNS
    assert table.rows.rows() == [
        ("ivory", "worked_uncarved", "old", "amount", 1,
         *money("4900", "4900", "4900", "711.18", "711.18", "711.18")),
        ("ivory", "worked_uncarved", "new", "amount", 1,
         *money("570", "570", "570", "82.73", "82.73", "82.73")),
        ("rhino_horn", "unknown", "new", "per_gram", 1,
         *money("600", "600", "600", "87.08", "87.08", "87.08")),
    ]  # fmt: skip


def test_an_even_sample_has_the_mean_of_its_middle_and_halves_go_up() -> None:
    row = rows_of(
        amount("10.00", "1.45"), amount("10.01", "1.46"), amount("1", "0.15"), amount("99", "14.37")
    )
    assert row == [
        ("ivory", "unknown", "none", "amount", 4,
         *money("1", "10.01", "99", "0.15", "1.46", "14.37")),
    ]  # fmt: skip


def test_only_counted_advertisements_with_a_usable_price_make_the_sample() -> None:
    kept = amount("100", "14.51")
    assert [row[4] for row in rows_of(
        kept,
        amount("5", "0.73", verdict="fake"),
        amount("5", "0.73", verdict="pending"),
        amount("5", "0.73", first_seen="2016-06-10T00:00:00"),
        ad(price_kind="placeholder", price="999999"),
        ad(price_kind="on_request"),
        ad(price_kind="range"),
        ad(price_kind="foreign", price_amount=Decimal(80), price_currency="USD"),
        ad(price_kind="amount"),
        ad(price_kind="per_gram", price_amount=Decimal(80), price_currency="USD"),
    )] == [1]  # fmt: skip


def test_dollars_are_those_recorded_not_those_of_todays_rate() -> None:
    ((*_, low, middle, high),) = rows_of(amount("650", "100.00"))
    assert (low, middle, high) == money("100", "100", "100")


def test_an_amount_recorded_without_dollars_gets_the_reports_rate() -> None:
    rows = rows_of(amount("689"), amount("68.90"), amount("689", "106.00"))
    ((*_, low, middle, high),) = rows
    assert (low, middle, high) == money("10", "100", "106")


def test_unknown_words_count_as_not_stated() -> None:
    rows = rows_of(
        amount("1", "0.15", product_type="", age_claim=""),
        amount("3", "0.44", product_type="vase", age_claim="ancient"),
    )
    assert [row[:5] for row in rows] == [("ivory", "unknown", "none", "amount", 2)]


amounts = st.lists(
    st.decimals("0.01", "9999999.99", places=2, allow_nan=False), min_size=1, max_size=40
)


@given(amounts)
def test_minimum_median_and_maximum_are_exact(asked: list[Decimal]) -> None:
    ((*_, low, middle, high, _, _, _),) = rows_of(*(amount(str(each), "1.00") for each in asked))
    assert (low, high) == (min(asked), max(asked))
    assert middle == median(asked).quantize(CENT, ROUND_HALF_UP)


@given(st.decimals("0.0001", "99999", places=4, allow_nan=False))
def test_a_price_per_gram_is_converted_at_the_reports_rate(asked: Decimal) -> None:
    ((*_, low, middle, high),) = rows_of(per_gram(str(asked)))
    assert low == middle == high == (asked / RATE).quantize(CENT, ROUND_HALF_UP)


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False), st.integers(0, 3))
def test_half_up_is_decimals_own_half_up(value: Decimal, places: int) -> None:
    assert half_up(value, places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_share_is_exact(part: int, whole: int) -> None:
    exact = Decimal(100 * part) / Decimal(whole)
    assert percent(part, whole) == exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_dollars_of_the_briefing() -> None:
    assert [dollars(Decimal(cny), RATE) for cny in (570, 4900, 600)] == list(
        money("82.73", "711.18", "87.08")
    )
