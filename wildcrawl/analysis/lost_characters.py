"""Lost characters: texts that a spreadsheet saved in a charset which lacks some of them.

It writes a question mark, or two, in place of an emoji in GBK, and of all Chinese in the charset of
a Western system. Such a text is a damaged copy of the one that was exported, and no newer.
"""

from __future__ import annotations

import re
from functools import cache

CHARSETS = ("gbk", "big5", "cp1252")
"""Charsets in which spreadsheets save a CSV file, besides those that lack nothing."""
_MARKS = "?\ufffd▒□"
"""What stands for a lost character; `▒` is what an export writes for a contact."""
_LOST = re.compile(f"[{_MARKS}\ufe0f\u200d]+")


def may_have_lost(text: str) -> bool:
    """Whether a text has a sign that stands for a lost character."""
    return any(mark in text for mark in _MARKS)


def is_damaged(text: str, whole: str) -> bool:
    """Whether `text` is `whole` as an export writes it, contacts hidden, with characters lost.

    >>> is_damaged("?牙雕 vx:???", "🐘牙雕 vx:abc12345")
    True
    """
    if not may_have_lost(text) or text == whole:
        return False
    # Its patterns take a tenth of the start of a command that merges nothing.
    from wildcrawl.analysis.contacts import hide_contacts, hide_in_address

    return any(
        has_lost(text, shown)
        for shown in (whole, hide_contacts(whole).text, hide_in_address(whole))
    )


def has_lost(text: str, whole: str) -> bool:
    """Whether `text` is `whole` without the characters that a charset lacks.

    >>> has_lost("??牙雕 vx", "🐘牙雕 vx"), has_lost("??牙雕 vx", "牙雕 vx")
    (True, False)
    >>> has_lost("?? 18K", "牙雕 18K"), has_lost("牙雕??", "牙雕??")
    (True, False)
    """
    if not may_have_lost(text) or text == whole:
        return False
    shown = _masked(text)
    return any(shown == _without(whole, charset) for charset in CHARSETS)


def _without(text: str, charset: str) -> str:
    kept = "".join(each if each.isascii() or _has(charset, each) else "?" for each in text)
    return _masked(kept)


def _masked(text: str) -> str:
    """`text` without spaces, and with one sign for each run of lost characters."""
    return _LOST.sub("?", "".join(text.split()))


@cache
def _has(charset: str, character: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
