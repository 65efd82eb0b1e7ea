"""Moments as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildcrawl.dates import DateError, parse_moment
from wildcrawl.months import month_of


@pytest.mark.parametrize(
    "text", ["2016-05-03", "2016-5-3", "2016/5/3", "2016年5月3日", "２０１６/05/03", " 2016-05-03 "]
)
def test_a_bare_date_is_a_day_in_china(text: str) -> None:
    moment = parse_moment(text)
    assert moment.astimezone(UTC) == datetime(2016, 5, 2, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2016-05-03T14:30", "2016-05-03 14:30:00", "2016/5/3 14:30", "2016年5月3日14:30"],
)
def test_a_time_without_an_offset_is_chinas(text: str) -> None:
    assert parse_moment(text).astimezone(UTC) == datetime(2016, 5, 3, 6, 30, tzinfo=UTC)


def test_an_offset_is_kept() -> None:
    moment = parse_moment("2016-04-30T17:00:00Z")
    assert moment == datetime(2016, 4, 30, 17, tzinfo=UTC)
    assert month_of(moment) == "2016-05"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "3/5/2016",
        "2016-05",
        "20160503",
        "42491",
        "2016-W18-2",
        "2016-13-01",
        "2016-02-30",
        "2016-05-03 25:00",
        "1016-05-03",
        "2106-05-03",
        "0001-01-01T00:00:00+08:00",
    ],
)
def test_what_is_no_date_is_named_with_the_mend(text: str) -> None:
    with pytest.raises(DateError, match="write 2016-05-03 or") as raised:
        parse_moment(text)
    assert f"'{text}'" in str(raised.value)


@given(st.text(alphabet="0123456789-/:T年月日 Z+.", max_size=30) | st.text())
def test_any_text_is_a_moment_with_a_zone_or_a_date_error(text: str) -> None:
    try:
        moment = parse_moment(text)
    except DateError:
        return
    assert moment.tzinfo is not None
    assert 1990 <= moment.year <= 2099
