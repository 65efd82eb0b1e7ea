"""Moments as people type them, read in China's time."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from wildcrawl.months import CHINA

EARLIEST, LATEST = 1990, 2099
"""Years outside of which a date is a slip of the pen."""

_TYPED = re.compile(
    r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)


class DateError(ValueError):
    """A text that is no moment."""


def parse_moment(text: str) -> datetime:
    """The moment that `text` names, timezone-aware; DateError with the mend if it is none.

    ISO 8601 dates and date-times, and 2016/5/3 14:30 and 2016年5月3日. A bare date is a day in
    China and so its first moment there; a time without an offset is China's time.

    >>> parse_moment("2016-05-03").isoformat()
    '2016-05-03T00:00:00+08:00'
    >>> parse_moment("2016-05-03T06:30Z").isoformat()
    '2016-05-03T06:30:00+00:00'
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    moment = _iso(plain) or _typed(plain)
    if moment is None or not EARLIEST <= moment.year <= LATEST:
        raise DateError(
            f"'{text}' is no date from {EARLIEST} to {LATEST}; "
            "write 2016-05-03 or 2016-05-03T14:30 (China's time)"
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _iso(text: str) -> datetime | None:
    # A week (2016-W18) or a bare number (20160503) is a slip more often than a date.
    if not re.match(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _typed(text: str) -> datetime | None:
    match = _TYPED.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(each or 0) for each in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None
