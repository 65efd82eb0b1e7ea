"""Spelling of ids: one form for the ways in which programs and people write the same id."""

from __future__ import annotations

import re
from functools import lru_cache

from wildcrawl.analysis.text import nfkc, one_line
from wildcrawl.utils import lazy_pattern

_FORCED_TEXT = lazy_pattern(r'[=＝]\s*["“”]([^"“”]*)["“”]')
"""A formula by which spreadsheets are made to keep digits as text: ="0012"."""
WHOLE_FLOAT = lazy_pattern(r"([0-9]+)\.0+")
_WHOLE_SCIENTIFIC = lazy_pattern(r"([0-9])\.([0-9]+)[eE]\+?([0-9]{1,2})")
_QUOTED_DIGITS = lazy_pattern(r"['‘’`]([0-9]+)")
_GROUPED = lazy_pattern(
    r"[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]{1,4}(?: [0-9]{4}){2,}|[0-9]{1,3}(?: [0-9]{3}){2,}"
)
"""A long number in groups, as spreadsheets show it and people type it: 612,345,678,901."""
_LABEL = lazy_pattern(
    r"(?:商品|宝贝|货品|拍品|藏品|帖子|item|ad|lot)?[ _-]?(?:id|no\.?|编号|編號|货号|貨號|号码)"
    r"\s*[:：]\s*(?=\S*[0-9])",
    re.IGNORECASE,
)
"""A label that was copied with an id: 商品编号：612345678901."""
_NOTHING = frozenset(
    {
        *("无", "無", "没有", "沒有", "未知", "不详", "不詳", "暂无", "无编号", "无id", "空"),
        *("n/a", "na", "nan", "none", "null", "nil", "undefined", "unknown", "true", "false"),
    }
)
"""Words that stand in place of an id, in lower case."""
_NUMBER = lazy_pattern(r"(?:#|no\.?|nr\.?)?\s*([0-9OoIl][0-9OoIl, ]{3,})号?", re.IGNORECASE)
"""A number as people write it: No. 7001, #7001, 7,001, 7001号, or 7OO1 with letters for digits."""
_DIGITS = str.maketrans("OoIiLl", "001111", ", ")
EXACT = 2**53
"""Whole numbers up to which a float of 64 bits is exact."""


@lru_cache(maxsize=1024)
def clean_id(text: str) -> str:
    """An id in one spelling: case and leading zeros stay, since ids may differ by them alone.

    Removes invisible characters, surrounding blanks, a label before the id and what spreadsheets
    add to keep digits as text; full-width letters and digits become plain ones; a whole number
    written as a float becomes whole, unless it is too large to be exact, and a long number in
    groups loses their separators.

    >>> clean_id(" ００４２\\u200b"), clean_id("6123456789012.0"), clean_id('="0042"')
    ('0042', '6123456789012', '0042')
    """
    plain = one_line(nfkc(text) if not text.isascii() else text)
    if match := _FORCED_TEXT.fullmatch(plain) or _QUOTED_DIGITS.fullmatch(plain):
        plain = match[1].strip()
    plain = _LABEL.sub("", plain, count=1) if _LABEL.match(plain) else plain
    if _GROUPED.fullmatch(plain):
        return re.sub("[ ,]", "", plain)
    if (match := WHOLE_FLOAT.fullmatch(plain)) and int(match[1]) <= EXACT:
        return match[1]
    if (match := _WHOLE_SCIENTIFIC.fullmatch(plain)) and len(match[2]) == int(match[3]):
        # Java writes 6.12345678901E11, which has all digits.
        return match[1] + match[2]
    return plain


def number_in(ad_id: str) -> str:
    """The number that an id (from `clean_id`) is in any writing, without zeros; "" if it is none.

    >>> number_in("0042"), number_in("No. 7001"), number_in("7OO1"), number_in("A-7001")
    ('42', '7001', '7001', '')
    """
    if ad_id.isascii() and ad_id.isdigit():
        return ad_id.lstrip("0")
    match = _NUMBER.fullmatch(ad_id)
    # A word such as Lolo has no digits.
    if match is None or sum(map(str.isdigit, ad_id)) < 2:
        return ""
    return match[1].translate(_DIGITS).lstrip("0")


def names_nothing(ad_id: str) -> bool:
    """Whether an id (from `clean_id`) is a word or a sign that people write in place of one.

    >>> names_nothing("无"), names_nothing("--"), names_nothing("N/A"), names_nothing("0")
    (True, True, True, False)
    """
    return ad_id.lower() in _NOTHING or not any(map(str.isalnum, ad_id))
