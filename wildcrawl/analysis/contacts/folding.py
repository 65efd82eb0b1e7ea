"""Folding of contacts: digits and letters in any form, one folded character for each character."""

from __future__ import annotations

import unicodedata
from functools import cache

_HAN_DIGITS = {
    "〇零○◯": "0", "一壹弌㊀㈠幺": "1", "二贰貳弍㊁㈡": "2", "三叁參弎㊂㈢": "3", "四肆㊃㈣": "4",
    "五伍㊄㈤": "5", "六陆陸㊅㈥": "6", "七柒㊆㈦": "7", "八捌㊇㈧": "8", "九玖㊈㈨": "9",
}  # fmt: skip
_MORE = {
    "➕": "+",
    "✚": "+",
    "＠": "@",
    "﹫": "@",
    "İ": "i",
    "❤": "♥",
    "♡": "♥",
    "💗": "♥",
    "💕": "♥",
    "❥": "♥",
}
_TRADITIONAL = str.maketrans(
    "電話聯繫係絡機號維撥諮詢訊傳衛帳戶銀證碼綠", "电话联系系络机号维拨咨询讯传卫账户银证码绿"
)
_ALIKE = dict(
    zip(
        "авекмнорстухѵѕіјԛԝзαβερτυνκοιχωᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
        "abekmhopctyxvsijqw3abeptuvkoixwabcdeghijklmnoprstuvwyz",
        strict=True,
    )
)
"""Letters of other alphabets that look like Latin ones; capitals likewise."""
_ROMAN = range(0x2160, 0x2180)
_RANGES = (
    (0x00B2, 0x00BA), (0x0660, 0x066A), (0x06F0, 0x06FA), (0x0966, 0x0970), (0x0E50, 0x0E5A),
    (0x2070, 0x209D), (0x2460, 0x2500), (0x2776, 0x2794), (0xFF01, 0xFF5F),
    (0x1D400, 0x1D800), (0x1F100, 0x1F18A), (0x1FBF0, 0x1FBFA),
)  # fmt: skip
_NEGATIVE_LETTERS = ((0x1F150, 26), (0x1F170, 26))
_INVISIBLE = (
    0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, 0x20E3, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
    *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
)  # fmt: skip


@cache
def _invisible() -> dict[int, None]:
    return dict.fromkeys(_INVISIBLE)


@cache
def _table() -> dict[int, str]:
    """Characters by their plain form, with those that only look like a letter."""
    table = {code: plain for code in _ROMAN if (plain := _plain(chr(code)))}
    for character, plain in _ALIKE.items():
        table |= {ord(character): plain, ord(character.upper()[0]): plain}
    return table | _exact_table()


@cache
def _exact_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in (code for start, end in _RANGES for code in range(start, end)):
        if plain := _plain(chr(code)):
            table[code] = plain
    for start, count in _NEGATIVE_LETTERS:
        table |= {start + index: chr(ord("a") + index) for index in range(count)}
    for characters, digit in _HAN_DIGITS.items():
        table |= dict.fromkeys(map(ord, characters), digit)
    table |= {ord(character): plain for character, plain in _MORE.items()}
    return table | {code: chr(int(plain)) for code, plain in _TRADITIONAL.items()}


def _plain(character: str) -> str:
    """The ASCII character that `character` is a form of; "" if there is none."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character).lower()
    plain = plain.strip("().,") or plain
    return plain if len(plain) == 1 and plain.isascii() else ""


def visible(text: str) -> str:
    """`text` without the invisible characters that split a number or a word."""
    return text if text.isascii() else text.translate(_invisible())


def fold(text: str) -> str:
    """`text` of the same length in lower case, its digits and Latin letters in their plain form.

    >>> fold("１３８①②三ＶＸ電話")
    '138123vx电话'
    """
    return (text if text.isascii() else text.translate(_table())).lower()


def fold_exactly(text: str) -> str:
    """`text` folded, but with letters that only look like Latin ones left.

    >>> fold_exactly("сQQ１２"), fold("сQQ１２")
    ('сqq12', 'cqq12')
    """
    return (text if text.isascii() else text.translate(_exact_table())).lower()


def written_forms(plain: str) -> str:
    """All characters that are read as one of the folded characters `plain`, and these.

    >>> set("7７⑦柒") <= set(written_forms("7"))
    True
    """
    forms = (chr(code) for code, folded in _table().items() if folded in plain)
    return "".join(dict.fromkeys([*plain, *plain.upper(), *forms]))


def invisible_characters() -> str:
    """The characters that `visible` removes."""
    return "".join(map(chr, _INVISIBLE))
