"""Calendar months in China."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildcrawl.months import (
    MonthError,
    check_begun,
    check_month,
    month_bounds,
    month_of,
    months_between,
    next_month,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2016",
        "2016-13",
        "2016-00",
        "2016-5",
        "16-05",
        "2016/05",
        "1989-12",
        "2016-05-01",
    ],
)
def test_what_is_not_a_month_is_named_with_the_fix(text: str) -> None:
    with pytest.raises(MonthError, match="YYYY-MM, for example 2016-05") as raised:
        check_month(text)
    assert f"'{text}'" in str(raised.value)


def test_the_last_hours_of_a_month_in_london_are_next_month_in_china() -> None:
    assert month_of(datetime(2016, 4, 30, 15, 59, 59, tzinfo=UTC)) == "2016-04"
    assert month_of(datetime(2016, 4, 30, 16, 0, tzinfo=UTC)) == "2016-05"


def test_a_month_begins_at_its_first_hour_in_china() -> None:
    last_hour = datetime(2016, 4, 30, 15, 59, 59, tzinfo=UTC)
    assert check_begun("2016-04", last_hour) == "2016-04"
    assert check_begun("2016-05", last_hour + timedelta(seconds=1)) == "2016-05"
    with pytest.raises(MonthError, match=r"2016-05 has not begun; .* is 2016-04"):
        check_begun("2016-05", last_hour)
    with pytest.raises(MonthError, match="'2016-13' is not a month"):
        check_begun("2016-13", last_hour)


def test_months_run_over_the_turn_of_the_year() -> None:
    assert months_between("2015-11", "2016-02") == ["2015-11", "2015-12", "2016-01", "2016-02"]
    assert months_between("2016-05", "2016-05") == ["2016-05"]
    assert len(months_between("2012-01", "2016-12")) == 60


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(MonthError, match=r"ends \(2016-01\) before it starts \(2016-02\)"):
        months_between("2016-02", "2016-01")


@pytest.mark.parametrize(("first", "last"), [("2016-13", "2016-12"), ("2016-01", "soon")])
def test_a_bad_month_in_a_period_is_named(first: str, last: str) -> None:
    with pytest.raises(MonthError, match="is not a month"):
        months_between(first, last)


@given(
    st.integers(7670, 47000).map(
        lambda days: datetime(1970, 1, 1, 20, tzinfo=UTC) + timedelta(days)
    )
)
def test_each_moment_lies_within_the_bounds_of_its_month_alone(moment: datetime) -> None:
    month = month_of(moment)
    start, end = month_bounds(month, month)
    assert start <= moment < end
    assert month_of(end) == next_month(month)
    assert month_of(start - timedelta(microseconds=1)) < month
