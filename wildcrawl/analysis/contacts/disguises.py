"""Disguises of more than one character, written out: ⑬⑧⓪, yao san ba, 138空格0013, 138OO13."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

TWO_DIGITS = r"[⑩-⑳⑽-⒇⒑-⒛⓫-⓴㉑-㉟㊱-㊿]"
_PINYIN = {
    "yi": "1", "yao": "1", "er": "2", "liang": "2", "san": "3", "si": "4", "wu": "5", "liu": "6",
    "qi": "7", "ba": "8", "jiu": "9", "ling": "0", "dong": "0",
}  # fmt: skip
_ENGLISH = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_NAMES = _PINYIN | _ENGLISH
_NAME = "|".join(_NAMES)
_SPOKEN = (
    rf"(?<![a-z])(?>(?:{_NAME})[\s,.·-]{{0,2}}){{6,20}}(?<=[a-z])(?![a-z])"
    rf"|(?:(?<=\d)|(?<![a-z])(?=[a-z]{{2,5}}\d{{3}}))(?:{_NAME})(?=\d)"
)
_SIGN = r"(?<=\d)(?:空格|空|横杠|杠|横|点|中间|尾号?|后面?| (?:中间|尾号|后4?位) ?)(?=\d)"
_LIKE_DIGITS = {
    "o": "0", "i": "1", "l": "1", "|": "1", "б": "6", "b": "8",
    "洞": "0", "妖": "1", "么": "1", "腰": "1", "两": "2", "拐": "7", "勾": "9",
}  # fmt: skip
"""Letters and spoken names that stand for digits among digits."""
LIKE_DIGITS = "".join(_LIKE_DIGITS)
_MIXED = (
    r"(?<![a-z0-9])(?:[0-9oil]{11}(?![a-z0-9])"
    rf"|(?:[0-9{LIKE_DIGITS}][ .·/-]?){{11,14}}(?![a-z0-9]))"
)
_LETTER = re.compile(r"[a-z]+| ?[电手联话机系] ?")
_FEWEST_TRUE = 4
_TO_DIGITS = str.maketrans(_LIKE_DIGITS)
# Sizes are joined by an x as well, but no group of theirs begins with a zero.
_LETTERED = (
    r"(?<![a-z0-9])(?:1[3-9]\d(?P<letter>[a-wyz])\d{4}(?P=letter)\d{4}"
    r"|(?=[0-9x]{0,9}x0)1[3-9]\d(?:x{0,2}\d{4}){2}|1x[3-9](?:x\d){9}"
    r"|1[3-9]\d ?[电手联] ?\d{4} ?[话机系] ?\d{4})(?![a-z0-9.])"
)
_THOUSAND = r"(?<!\d)1[3-9]\d[ .·-]?0\d{3}[ .·-]?[1-9][千仟](?![克瓦米卡元块])"
"""The last four digits of a mobile number as a round one: 138 零零13 八千."""
_HUNDREDS = r"(?<![\d.])1百[3-9]十\d?(?=(?:(?:,\d\d){4}|(?:，\d\d){4}|(?:、\d\d){4})(?!\d))"
"""The first three digits of a mobile number as a number, others in pairs: 一百六十，零四，…."""
_TO_DELETE = r"(?<=[a-z0-9_])[【(\[](?:删除?|去掉|请?删[我掉去])[】)\]](?=[a-z0-9_])"
"""What a reader is to take out of an account or a number: pk【删】77."""
_SIGN_NAMED = (
    r"(?<=[a-z0-9]) ?(?:[(\[【]下划线[)\]】]|下划线) ?(?=[a-z0-9])|(?<=[a-z])斜杠(?=[a-z0-9])"
)
"""A sign of an account in words: snow(下划线)tea."""
_ONE_BY_ONE = r"(?:\([a-z0-9]{1,3}\)){4,20}"
"""An account or a number whose parts are each in brackets: (ab)(4)(9)(0)(1)."""
_PARTED_WORD = "亻言"
_PIECE = re.compile(
    f"({TWO_DIGITS})(?: (?=[0-9]))?|({_SPOKEN})|({_SIGN})|({_MIXED})|({_LETTERED})"
    f"|({_THOUSAND})|({_HUNDREDS})|({_TO_DELETE})|({_SIGN_NAMED})|({_ONE_BY_ONE})|{_PARTED_WORD}"
)
_SOME = re.compile(
    rf"{TWO_DIGITS}|{_PARTED_WORD}|\d ?[空横杠点中尾后电手联]|\d[ .·/-]?[{LIKE_DIGITS}]"
    rf"|[{LIKE_DIGITS}][ .·/-]?\d"
    rf"|(?>(?:{_NAME})[\s,.·-]{{0,2}}){{3}}|(?:{_NAME})\d|\d[a-z]{{1,2}}\d|\d[千仟]|1百[3-9]十"
    r"|[【(\[](?:请?删|去掉)|下划线|斜杠|[a-z0-9]\)\([a-z0-9]"
)
"""What a text with a disguise has; most have no more to be looked for."""


class WrittenOut(NamedTuple):
    """A text without disguises, and the position of each of its characters in the disguised one."""

    text: str
    origins: list[tuple[int, int]]
    disguised: list[bool]


def write_out(folded: str) -> WrittenOut | None:
    """A folded text with its disguises written out; None if it has none.

    >>> write_out("牙⑬⑧").text, write_out("138oo138ooo").text
    ('牙13⑧', '13800138000')
    """
    if not _SOME.search(folded):
        return None
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    disguised: list[bool] = []
    position = 0

    def add(written: str, start: int, end: int, *, is_disguise: bool) -> None:
        pieces.append(written)
        each = range(len(written))
        if len(written) == end - start:
            origins.extend((start + place, start + place + 1) for place in each)
        else:
            origins.extend((start, end) for _ in each)
        disguised.extend(is_disguise for _ in each)

    for match in _PIECE.finditer(folded):
        written = _plain(match)
        if written != match[0]:
            start, end = match.span()
            add(folded[position:start], position, start, is_disguise=False)
            add(written, start, end, is_disguise=True)
            if not written and disguised:
                disguised[-1] = True
            position = end
    if not pieces:
        return None
    add(folded[position:], position, len(folded), is_disguise=False)
    return WrittenOut("".join(pieces), origins, disguised)


def _plain(match: re.Match[str]) -> str:
    two, spoken, sign, mixed, lettered, _, *rare = match.groups()
    thousand, hundreds, to_delete, named, single = rare
    if two:
        return str(int(unicodedata.numeric(two)))
    if spoken:
        return "".join(_NAMES[each] for each in re.findall(_NAME, spoken))
    if sign:
        return "-"
    if mixed:
        written = sum(character.isdigit() for character in mixed)
        return mixed.translate(_TO_DIGITS) if written >= _FEWEST_TRUE else mixed
    if lettered:
        return _LETTER.sub("-", lettered)
    if thousand:
        return f"{thousand[:-1]}000"
    if hundreds:
        return f"1{hundreds[2]}{hundreds[4:] or '0'}"
    if named:
        return "/" if named == "斜杠" else "_"
    if single:
        return re.sub(r"[()]", "", single)
    return "" if to_delete else "信"
