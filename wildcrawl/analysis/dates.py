"""Date parser for the formats that people type and sites print, in China's time zone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from wildcrawl.analysis.text import nfkc
from wildcrawl.months import CHINA

EARLIEST, LATEST = 1990, 2099
"""First and last valid year; a date outside is a typing error."""

_TYPED = re.compile(
    r"(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"
    r"(?:\s*(\d{1,2}):(\d{2})(?::(\d{2}))?)?",
    re.ASCII,
)

_NO_YEAR = re.compile(r"\d{1,2}\s?月\s?\d{1,2}\s?[日号]?(?:\s*\d{1,2}:\d{2})?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(\.\d+)?", re.ASCII)
_SERIAL_ZERO = datetime(1899, 12, 30, tzinfo=CHINA)
"""The day that spreadsheets count as 0; their dates are exact from 1 March 1900."""

_SITE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?!\d)日?"
    r"(?:[\sT]*(上午|下午|晚上|中午|凌晨)?\s?(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_THIS_YEAR = re.compile(
    r"(?:\D*(?<!\d))?(?:(\d{1,2})月(\d{1,2})日|(\d\d)-(\d\d))(?:\s*(\d{1,2}):(\d{2}))?\D*"
)
_DAYS = re.compile(r"\D*(今天|今日|昨天|昨日|前天)(?:\s*(\d{1,2}):(\d{2}))?\D*")
_AGO = re.compile(
    r"(?:.*?[^\d一二两三四五六七八九十百半])?(\d{1,4}|半|[一二两三四五六七八九十百]{1,5})\s?"
    r"(秒|分钟?|个?小时|个?钟头|天|日|周|个?星期|个?月|年)(?:钟|多)?[以之]?前.*"
)
_DAY_OF_MONTH = re.compile(r"^(\d{1,2})-(\d{1,2})(?=$|\s)")
_TODAY = re.compile(r"(\d{1,2}):(\d{2})")
_NOW = re.compile(r"(?:发布于)?刚[刚才]?(?:发布)?|几秒[以之]?前")
_EPOCH = re.compile(r"(?:.*\(['\"]?)?(\d{10})(?:\d{3})?(?:['\"]?\).*)?")
_MINUTES = {"秒": 1 / 60, "分": 1, "时": 60, "头": 60, "天": 1440, "日": 1440, "周": 10080}
_MINUTES |= {"期": 10080, "月": 43200, "年": 525600}
_AGO_DAYS = {"今": 0, "昨": 1, "前": 2}


class DateError(ValueError):
    """Raised for a text that is not a valid date or time."""


def parse_moment(text: str) -> datetime:
    """The timezone-aware moment of `text`; DateError with the fix if it is not a valid one.

    Reads ISO 8601 dates and date-times, 2016/5/3 14:30, 2016.5.3, 2016年5月3日, 20160503 and the
    day numbers in which spreadsheets keep dates (42493). A date without a time is the start of that
    day in China; a time without an offset is China's time.

    >>> parse_moment("2016-05-03").isoformat()
    '2016-05-03T00:00:00+08:00'
    >>> parse_moment("2016-05-03T06:30Z").isoformat()
    '2016-05-03T06:30:00+00:00'
    >>> parse_moment("42493.5").isoformat()
    '2016-05-03T12:00:00+08:00'
    """
    plain = nfkc(text).strip()
    moment = _iso(plain) or _typed(plain) or _number(plain)
    if moment is None or not EARLIEST <= moment.year <= LATEST:
        raise DateError(f"'{text}' is not a date from {EARLIEST} to {LATEST}{_fix(plain)}")
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _fix(text: str) -> str:
    """What to write in place of a text that is not a date, as the end of a sentence."""
    if _NO_YEAR.fullmatch(text):
        return ", since it has no year; write it too, as in 2016-05-03"
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        days = dict.fromkeys(((second, first), (first, second)))
        if all(1 <= month <= 12 and 1 <= day <= 31 for month, day in days) and len(days) > 1:
            texts = [f"{year}-{month:02}-{day:02}" for month, day in days]
            return f"; write {texts[0]} or {texts[1]}, since day and month may be either"
    return "; write 2016-05-03 or 2016-05-03T14:30 (China's time)"


def _iso(text: str) -> datetime | None:
    # A week (2016-W18) is a typing error more often than a date.
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
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None


def _number(text: str) -> datetime | None:
    """The moment of a date without separators, or of a spreadsheet's day number."""
    compact, serial = _COMPACT.fullmatch(text), _SERIAL.fullmatch(text)
    if compact:
        year, month, day = (int(part) for part in compact.groups())
        try:
            return datetime(year, month, day, tzinfo=CHINA)
        except ValueError:
            return None
    if not serial:
        return None
    seconds = round(float(serial[2] or 0) * 86_400)
    return _SERIAL_ZERO + timedelta(days=int(serial[1]), seconds=seconds)


def site_moment(text: str, seen: datetime) -> datetime:
    """The moment of a site's `text`, as seen at `seen`; DateError if it has none.

    Reads what `parse_moment` does, with words around it (2026-06-14 上书), without a year
    (07月10日), relative to `seen` (3小时前, 昨天 12:30, 8:05), and in seconds or milliseconds since
    1970.

    >>> seen = datetime(2026, 6, 14, 9, 30, tzinfo=CHINA)
    >>> site_moment("昨天 12:30 发布", seen).isoformat()
    '2026-06-13T12:30:00+08:00'
    >>> site_moment("两小时前", seen).isoformat()
    '2026-06-14T07:30:00+08:00'
    """
    plain = nfkc(text).strip()
    try:
        absolute = _absolute if len(plain) <= _SHORT else _absolute.__wrapped__
        moment: datetime | None = absolute(plain) or _counted(plain, seen.astimezone(CHINA))
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not EARLIEST <= moment.year <= LATEST:
        raise DateError(f"'{text}' is not a date or time in a known format")
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


_SHORT = 50
"""Characters of a text up to which its moment is kept: the advertisements of a page share days."""


@lru_cache(maxsize=256)
def _absolute(text: str) -> datetime | None:
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), CHINA)
    return _iso(text) or _dated(text)


def _dated(text: str) -> datetime | None:
    match = _SITE.search(text)
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    hour, minute, second = (int(part or 0) for part in match.groups()[4:])
    if match[4] in ("下午", "晚上") and hour < 12:
        hour += 12
    return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)


def _counted(text: str, seen: datetime) -> datetime | None:
    """A moment relative to `seen`: a day of this year, or a time ago."""
    if _NOW.fullmatch(text):
        return seen
    match = _DAYS.fullmatch(text)
    if match:
        day = seen - timedelta(days=_AGO_DAYS[match[1][0]])
        return day.replace(hour=int(match[2] or 0), minute=int(match[3] or 0), second=0)
    match = _AGO.fullmatch(text)
    if match:
        from cn2an import cn2an

        number = 0.5 if match[1] == "半" else float(cn2an(match[1], "smart"))
        return seen - timedelta(minutes=number * _MINUTES[match[2].removesuffix("钟")[-1]])
    match = _TODAY.fullmatch(text)
    if match:
        moment = seen.replace(hour=int(match[1]), minute=int(match[2]), second=0)
        return moment if moment <= seen + timedelta(hours=1) else moment - timedelta(days=1)
    match = _THIS_YEAR.fullmatch(_DAY_OF_MONTH.sub(r"\1月\2日", text))
    if not match:
        return None
    month, day_of_month = (int(part) for part in (match[1] or match[3], match[2] or match[4]))
    hour, minute = int(match[5] or 0), int(match[6] or 0)
    moment = datetime(seen.year, month, day_of_month, hour, minute, tzinfo=CHINA)
    return moment if moment <= seen + timedelta(days=1) else moment.replace(year=seen.year - 1)
