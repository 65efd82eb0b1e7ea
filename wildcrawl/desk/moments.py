"""Moments on the desk's pages: in China's time, as elements with the exact moment and its zone."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from wildcrawl.months import CHINA, shown_moment


def time_element(moment: datetime | str | None, seconds: bool = False) -> Markup:
    """A timezone-aware moment, or its ISO 8601 text, as a `time` element; "" if there is none.

    >>> time_element("2016-04-30T16:05:09Z")
    Markup('<time datetime="2016-05-01T00:05:09+08:00">2016-05-01 00:05</time>')
    >>> time_element("2016-04-30T16:05:09Z", seconds=True)
    Markup('<time datetime="2016-05-01T00:05:09+08:00">2016-05-01 00:05:09</time>')
    """
    at = _moment(moment)
    if at is None:
        return Markup("")
    there = at.astimezone(CHINA)
    shown = f"{there:%Y-%m-%d %H:%M:%S}" if seconds else shown_moment(at)
    return _element(there, shown)


def day_element(moment: datetime | str | None) -> Markup:
    """The day of a moment in China as a `time` element, as `time_element`; "" if there is none.

    >>> from datetime import UTC
    >>> day_element(datetime(2016, 4, 30, 16, 5, tzinfo=UTC))
    Markup('<time datetime="2016-05-01T00:05:00+08:00">2016-05-01</time>')
    >>> day_element("2016-04-30T16:05:00+00:00")
    Markup('<time datetime="2016-05-01T00:05:00+08:00">2016-05-01</time>')
    """
    at = _moment(moment)
    if at is None:
        return Markup("")
    there = at.astimezone(CHINA)
    return _element(there, f"{there:%Y-%m-%d}")


def posted_element(text: str) -> str:
    """A site's own moment: as an element if it has a zone, else as the site writes it.

    >>> posted_element("2016-11-01T10:26:00+08:00")
    Markup('<time datetime="2016-11-01T10:26:00+08:00">2016-11-01 10:26</time>')
    >>> posted_element("3天前"), posted_element("2016-11-01")
    ('3天前', '2016-11-01')
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return time_element(at) if at.tzinfo else text


def _moment(moment: datetime | str | None) -> datetime | None:
    if isinstance(moment, str):
        return datetime.fromisoformat(moment) if moment else None
    return moment


def _element(there: datetime, shown: str) -> Markup:
    exact = there.isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(exact, shown)
