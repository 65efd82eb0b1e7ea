"""Spelling of ids: one form for the ways in which programs and people write the same id."""

from __future__ import annotations

import re
import unicodedata

from wildcrawl.analysis.text import one_line

_FORCED_TEXT = re.compile(r'[=＝]\s*["“”]([^"“”]*)["“”]')
"""A formula by which spreadsheets are made to keep digits as text: ="0012"."""
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+")
_WHOLE_SCIENTIFIC = re.compile(r"([0-9])\.([0-9]+)[eE]\+?([0-9]{1,2})")
_QUOTED_DIGITS = re.compile(r"['‘’`]([0-9]+)")
EXACT = 2**53
"""Whole numbers up to which a float of 64 bits is exact."""


def clean_id(text: str) -> str:
    """An id in one spelling: case and leading zeros stay, since ids may differ by them alone.

    Removes invisible characters, surrounding blanks and what spreadsheets add to keep digits as
    text; full-width letters and digits become plain ones; a whole number written as a float
    becomes whole, unless it is too large to be exact.

    >>> clean_id(" ００４２\\u200b"), clean_id("6123456789012.0"), clean_id('="0042"')
    ('0042', '6123456789012', '0042')
    """
    plain = one_line(unicodedata.normalize("NFKC", text) if not text.isascii() else text)
    if match := _FORCED_TEXT.fullmatch(plain) or _QUOTED_DIGITS.fullmatch(plain):
        plain = match[1].strip()
    if (match := _WHOLE_FLOAT.fullmatch(plain)) and int(match[1]) <= EXACT:
        return match[1]
    if (match := _WHOLE_SCIENTIFIC.fullmatch(plain)) and len(match[2]) == int(match[3]):
        # Java writes 6.12345678901E11, which has all digits.
        return match[1] + match[2]
    return plain
