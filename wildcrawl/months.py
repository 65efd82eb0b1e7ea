"""Months: calendar months in China, the unit in which advertisements are counted."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class MonthError(ValueError):
    """A text that is not a month, or months in the wrong order."""


def check_month(text: str) -> str:
    """Returns `text` if it is a month written YYYY-MM; MonthError otherwise.

    >>> check_month("2016-05")
    '2016-05'
    """
    if not _MONTH.fullmatch(text) or not "1990" <= text < "2100":
        raise MonthError(f"'{text}' is not a month; write it as YYYY-MM, for example 2016-05")
    return text


def check_begun(month: str, now: datetime) -> str:
    """Returns `month` if it has begun in China at the timezone-aware moment `now`, else MonthError.

    >>> from datetime import timezone
    >>> check_begun("2016-05", datetime(2016, 4, 30, 16, 0, tzinfo=timezone.utc))
    '2016-05'
    """
    current = month_of(now)
    if check_month(month) > current:
        raise MonthError(
            f"{month} has not begun; the latest month that can be exported is {current}"
        )
    return month


def month_of(moment: datetime) -> str:
    """The month in China of a timezone-aware moment.

    >>> from datetime import timezone
    >>> month_of(datetime(2016, 4, 30, 16, 0, tzinfo=timezone.utc))
    '2016-05'
    """
    return moment.astimezone(CHINA).strftime("%Y-%m")


def next_month(month: str) -> str:
    """The month after `month`.

    >>> next_month("2016-12")
    '2017-01'
    """
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]), 12)
    return f"{year:04d}-{number + 1:02d}"


def previous_month(month: str) -> str:
    """The month before `month`; MonthError if there is none.

    >>> previous_month("2017-01")
    '2016-12'
    """
    year, number = divmod(int(check_month(month)[:4]) * 12 + int(month[5:]) - 2, 12)
    return f"{year:04d}-{number + 1:02d}"


def months_between(first: str, last: str) -> list[str]:
    """All months from `first` to `last`, both included; MonthError if they are in the wrong order.

    >>> months_between("2015-12", "2016-02")
    ['2015-12', '2016-01', '2016-02']
    """
    if check_month(last) < check_month(first):
        raise MonthError(
            f"the period ends ({last}) before it starts ({first}); give the earlier month first"
        )
    found = [first]
    while found[-1] < last:
        found.append(next_month(found[-1]))
    return found


def month_bounds(first: str, last: str) -> tuple[datetime, datetime]:
    """The first moment of `first` and the first moment after `last`, in China's time."""
    after = next_month(check_month(last))
    return (
        datetime(int(first[:4]), int(first[5:]), 1, tzinfo=CHINA),
        datetime(int(after[:4]), int(after[5:]), 1, tzinfo=CHINA),
    )


def shown_moment(moment: datetime | None) -> str:
    """A timezone-aware moment as people read it, in China; "" for None.

    A record that gives a day alone is kept as that day's first moment, so none is shown for it.

    >>> from datetime import timezone
    >>> shown_moment(datetime(2016, 4, 30, 16, 5, tzinfo=timezone.utc))
    '2016-05-01 00:05'
    >>> shown_moment(datetime(2016, 4, 30, 16, 0, tzinfo=timezone.utc))
    '2016-05-01'
    """
    if moment is None:
        return ""
    there = moment.astimezone(CHINA)
    return f"{there:%Y-%m-%d}" if there.time() == time() else f"{there:%Y-%m-%d %H:%M}"
