"""Dates and times as people type them and sites print them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildcrawl.analysis.dates import DateError, parse_moment, site_moment
from wildcrawl.months import CHINA, month_of


@pytest.mark.parametrize(
    "text",
    [
        "2016-05-03",
        "2016-5-3",
        "2016/5/3",
        "2016.5.3",
        "2016年5月3日",
        "２０１６/05/03",
        " 2016-05-03 ",
        "20160503",
        "42493",
        "42493.0",
    ],
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
        "20161303",
        "201605",
        "99999",
        "4249",
        "2016-W18-2",
        "2016-13-01",
        "2016-02-30",
        "2016-05-03 25:00",
        "1016-05-03",
        "2106-05-03",
        "0001-01-01T00:00:00+08:00",
    ],
)
def test_an_invalid_date_is_reported_with_the_fix(text: str) -> None:
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


SEEN = datetime(2026, 6, 14, 9, 30, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-13 上书", "2026-06-13T00:00"),
        ("发布于 2026-3-15", "2026-03-15T00:00"),
        ("发布时间:2026/03/15 08:05:10", "2026-03-15T08:05:10"),
        ("2025.06.08", "2025-06-08T00:00"),
        ("2025年 6月 5日-28日", "2025-06-05T00:00"),
        ("2005-04-27 上午10:00", "2005-04-27T10:00"),
        ("2005-04-27 下午3:05", "2005-04-27T15:05"),
        ("2016-05-03T06:30Z", "2016-05-03T14:30"),
        ("1550278226", "2019-02-16T08:50:26"),
        ("1550278226000", "2019-02-16T08:50:26"),
        ("document.write(timeConvert('1550278226'))", "2019-02-16T08:50:26"),
        ("/Date(1550278226000)/", "2019-02-16T08:50:26"),
        ("刚刚", "2026-06-14T09:30"),
        ("3 小时前", "2026-06-14T06:30"),
        ("3小时前发布", "2026-06-14T06:30"),
        ("发布于3小时前", "2026-06-14T06:30"),
        ("半小时前", "2026-06-14T09:00"),
        ("两个小时之前", "2026-06-14T07:30"),
        ("15分钟前来过", "2026-06-14T09:15"),
        ("十二天前", "2026-06-02T09:30"),
        ("1周前", "2026-06-07T09:30"),
        ("今天 08:00", "2026-06-14T08:00"),
        ("昨天 12:30", "2026-06-13T12:30"),
        ("8:05", "2026-06-14T08:05"),
        ("23:59", "2026-06-13T23:59"),
        ("6-3", "2026-06-03T00:00"),
        ("12-24 8:05", "2025-12-24T08:05"),
        ("前天", "2026-06-12T00:00"),
        ("06月10日 12:30", "2026-06-10T12:30"),
        ("06-10 12:30", "2026-06-10T12:30"),
        ("12月25日", "2025-12-25T00:00"),
        ("12-25", "2025-12-25T00:00"),
    ],
)
def test_dates_as_sites_print_them_are_read(text: str, moment: str) -> None:
    assert site_moment(text, SEEN) == datetime.fromisoformat(moment).replace(tzinfo=CHINA)


def test_only_a_moment_with_its_year_is_the_same_whenever_it_is_seen() -> None:
    later = SEEN + timedelta(days=400)
    assert site_moment("2026-06-14 上书", SEEN) == site_moment("2026-06-14 上书", later)
    for text in ("3小时前", "昨天 12:30", "12-25"):
        assert site_moment(text, SEEN) != site_moment(text, later)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "新上架",
        "长期有效",
        "13812345678",
        "3-5天发货",
        "13月40日",
        "99-99",
        "2026-02-30",
    ],
)
def test_a_text_without_a_known_format_is_a_date_error(text: str) -> None:
    with pytest.raises(DateError, match="is not a date or time in a known format"):
        site_moment(text, SEEN)


@given(st.text(alphabet="0123456789-/:.年月日天小时分前昨今刚半两十 Z(')", max_size=30) | st.text())
def test_any_text_of_a_site_is_a_moment_or_a_date_error(text: str) -> None:
    try:
        moment = site_moment(text, SEEN)
    except DateError:
        return
    assert moment.tzinfo is not None
    assert 1990 <= moment.year <= 2099
