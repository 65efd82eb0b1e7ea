"""Sold marks: words by which a seller says that an advertisement's goods are sold."""

from __future__ import annotations

import re

from wildcrawl.utils import lazy_pattern

_SOLD = r"已售出?|已卖出?|已售罄|已成交|已结缘|已转让"
_END = r"(?=了?(?:$|[\W_]|勿|请|谢))"
_STATEMENT = lazy_pattern(_SOLD + _END)
_MARK = lazy_pattern(
    rf"(?:{_SOLD}|已出|售罄|名花有主){_END}"
    # After other words it is a condition: 介意勿拍, 非诚勿拍.
    rf"|(?:^|(?<=[\W_])|(?<=[售出请]))(?:请勿|勿再|勿)拍{_END}"
    r"|(?<![a-z])sold(?: out)?(?![a-z])",
    re.IGNORECASE,
)
_REST = lazy_pattern(r"[\W_]+")


def sold_mark(text: str, *, running: bool = False) -> str:
    """The first mark of a sale in a title or price, "" if there is none.

    In `running` text, such as a description, only statements of a sale count.

    >>> sold_mark("【已售】老象牙手镯"), sold_mark("象牙手镯 已售35件"), sold_mark("介意勿拍")
    ('已售', '', '')
    """
    found = (_STATEMENT if running else _MARK).search(text)
    return found[0] if found else ""


def without_marks(text: str) -> str:
    """A title without its sold marks and signs around them; "" if nothing else is in it.

    >>> without_marks("【已售】老象牙手镯"), without_marks("已售，勿拍！")
    ('老象牙手镯', '')
    """
    if not sold_mark(text):
        return text
    rest = _MARK.sub(" ", text)
    return " ".join(part for part in _REST.split(rest) if part)
