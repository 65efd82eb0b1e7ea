"""Masked digits: finds figures that are not whole, such as ￥3?80, ￥3**0 and ￥35驋0.

Sites hide digits of a price behind signs, or draw them with a font of their own, in which rare
characters and the private-use area have the shapes of digits.
"""

from __future__ import annotations

import re
from functools import cache

from wildcrawl.analysis.prices import words
from wildcrawl.analysis.text import simplified

BROKEN = "\ufffc"
"""Stands in a folded text for a figure that is not whole."""
UNREADABLE = "\ufffd"
"""Stands for a digit that cannot be read."""

_SOLID = r"\u2580-\u2593\ue000-\uf8ff\ufffd\U000f0000-\U0010fffd"
_SHAPES = r"\u25a0-\u25ab\u25c6-\u25cf\u25ef\u25fb-\u25fe\u2b1b\u2b1c\u2b24\u26aa\u26ab•∙※★☆"
_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_MONEY_BEFORE = re.compile(r"(?:[¥$€£]|rmb|cny|人民币)[\s:]*$")
_MONEY_AFTER = re.compile(r"\s?(?:元|块|圆|万|千|百|rmb)")
_RUN = re.compile(rf"[0-9.,?*#_xo×{_SOLID}{_SHAPES}十百千万亿]+")
_BOLD = re.compile(r"(?<![0-9¥])\*\*([^*]{1,100})\*\*(?![0-9*])")
_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]\*{4,}[0-9]{4}(?![0-9])")
_OTHER_DIGITS = re.compile(r"(?=[^0-9])\d")
_SUPERSCRIPT = re.compile(r"(?<=[0-9０-９])[⁰¹²³⁴-⁹₀-₉]+")
_ODD_BETWEEN = re.compile(rf"(?<=[0-9¥])[{_HAN}]{{1,3}}(?=[0-9])")
_ODD_AFTER = re.compile(rf"(¥\s?[0-9][0-9.,]{{0,12}})([{_HAN}])(?=[元块圆万千百起包]|(?![{_HAN}]))")
_ODD_BEFORE = re.compile(rf"(?<![{_HAN}])[{_HAN}](?=[0-9][0-9.,]{{0,12}}(?:元|块))")
_ODD_SIGN = re.compile(
    r"(?<=¥)\s?[0-9][0-9.,]{0,12}[^\w\s\-~/+|()\[\]<>=!、。;:&%→¥$€£\"*×#?.,]{1,3}[0-9.,]+"
    # Signs that also part words stand for a digit where nothing else is written.
    r"|^¥\s?[0-9][0-9.,]{0,12}[!;:=&<>@。]{1,3}[0-9][0-9.,]*+(?=\s?(?:元|块)?$)"
)
_SCIENTIFIC = re.compile(r"(?<![a-z0-9.])[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]{1,3}(?![a-z0-9.])")
"""A figure that a spreadsheet has rounded: 1.2e+05."""
_LOOKALIKE = re.compile(r"(?:(?<=[\s:¥])|^)[il](?=[0-9][0-9.,]{0,12}\s?(?:元|块))")
"""A letter in place of a 1."""
_REACH = 12

DRAWN = frozenset("閏鑶龥麣鸺餼龤齤龒驋")
"""Characters that a classified-advertisement site's font draws as digits."""


def mark_unreadable_digits(text: str) -> str:
    """Replaces each character that is where a digit belongs and is not one by UNREADABLE.

    `text` is in half width, and not yet converted to simplified characters.
    """
    text = _OTHER_DIGITS.sub(UNREADABLE, text)
    for pattern in (_ODD_BETWEEN, _ODD_BEFORE):
        text = pattern.sub(lambda match: _unread(match[0]), text)
    return _ODD_AFTER.sub(lambda match: match[1] + _unread(match[2]), text)


def mark_superscripts(text: str) -> str:
    """Replaces raised digits behind a digit, whether cents or a footnote, by UNREADABLE."""
    return _SUPERSCRIPT.sub(UNREADABLE, text)


def _unread(characters: str) -> str:
    odd = all(character in DRAWN or not _is_common(character) for character in characters)
    return UNREADABLE * len(characters) if odd else characters


@cache
def _is_common(character: str) -> bool:
    """Whether a Chinese character is among the 3,755 common ones, or in the price vocabulary.

    A traditional character counts as its simplified one.
    """
    for each in (character, simplified(character)):
        try:
            code = each.encode("gb2312")
        except UnicodeEncodeError:
            continue
        if code[0] < 0xD8 or each in words.HAN:  # the common ones come first in GB 2312
            return True
    return False


def mark_broken_figures(text: str) -> str:
    """Replaces each figure of a folded text that is not whole by BROKEN."""
    text = _PHONE.sub(";", _BOLD.sub(r" \1 ", text))
    text = _SCIENTIFIC.sub(BROKEN, text)
    text = _ODD_SIGN.sub(BROKEN, _LOOKALIKE.sub(UNREADABLE, text))
    return _RUN.sub(lambda match: _marked(text, match), text)


def _marked(text: str, match: re.Match[str]) -> str:
    run = match[0]
    start, end = match.span()
    if not re.search(r"[0-9]", run) or run.strip("0123456789.,十百千万亿") == "":
        return run
    priced = _MONEY_BEFORE.search(text, max(0, start - _REACH), start) is not None
    unit = _MONEY_AFTER.match(text, end) is not None
    ends = unit or re.match(r"\s|$", text[end:]) is not None
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    beside_letter = re.search(r"[a-z]", around) is not None
    body = run.strip(".,")
    inner = bool(re.search(r"[0-9][^0-9.,十百千万亿]+[0-9]", body))
    broken = (
        re.search(rf"[{_SOLID}]", body) is not None
        or _question(body, text, start, priced=priced, ends=ends, inner=inner)
        or _shapes(body, priced=priced, ends=ends, inner=inner)
        or _signs(body, priced=priced, ends=ends, unit=unit, inner=inner)
        or (not beside_letter and _letters(body, priced=priced, unit=unit))
    )
    return BROKEN if broken else run


def _question(body: str, text: str, start: int, *, priced: bool, ends: bool, inner: bool) -> bool:
    if "?" not in body:
        return False
    if body.startswith("?") and not priced and start and not text[start - 1].isspace():
        # 多少钱?500: the mark ends a question.
        return inner
    return inner or body.startswith("?") or body.count("?") > 1 or priced or ends


def _shapes(body: str, *, priced: bool, ends: bool, inner: bool) -> bool:
    if not re.search(rf"[{_SHAPES}]", body):
        return False
    if inner or (priced and re.match(rf"[{_SHAPES}]", body)):
        return True
    return ends and re.search(r"[^0-9★☆※•]$", body) is not None


def _signs(body: str, *, priced: bool, ends: bool, unit: bool, inner: bool) -> bool:
    """Asterisks and the like; 3*5 and 2.0×108 are measures, 58# is a size."""
    if not re.search(r"[*#_×]", body):
        return False
    if re.search(r"\*\*|##|__", body):
        return True
    if inner or re.match(r"[*#_]", body):
        return priced
    return priced or (unit and ends and body.endswith("*"))


def _letters(body: str, *, priced: bool, unit: bool) -> bool:
    """3xx0, 5oo and ￥3x80; 30x20 is a measure."""
    if not re.search(r"[xo]", body):
        return False
    return (
        priced
        or bool(re.search(r"[0-9][xo]{2,}|[0-9]o[0-9]", body))
        or (unit and body.endswith(("x", "o")))
    )
