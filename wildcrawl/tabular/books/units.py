"""Number formats in workbooks: leading zeros, a currency or 万 that only the format shows."""

from __future__ import annotations

import re

from wildcrawl.tabular.books.cells import typed

_PARTS = re.compile(
    r"\"(?P<quoted>[^\"]*)\"|\[\$(?P<symbol>[^\]-]*)(?P<locale>-[^\]]*)?\]|\[[^\]]*\]|"
    r"[\\!](?P<escaped>.)|[_*].|(?P<place>[0#?.,]+)|(?P<bare>.)",
    re.DOTALL,
)
_UNIT = re.compile(
    r"[$€£₩₽฿₫]|JP¥|[万萬千亿億]|USD|HKD|EUR|GBP|TWD|JPY|KRW|[美欧英日韩港台][元金镑圆币]"
)
"""Units by which a number is not the yuan that its digits alone are read as."""
_JAPAN = "-411"
_SHOWN = re.compile(r"([^0-9]*?)([0-9][0-9,]*(?:\.[0-9]+)?)([^0-9]*)")


def unit_of_format(code: str) -> tuple[str, str]:
    """What a number format shows before and after a number, if that is a unit of money.

    A format that also divides the number (0.0,"万") leaves its value as it is.

    >>> unit_of_format('"US$"#,##0'), unit_of_format('0.0"万"'), unit_of_format('#,##0"元"')
    (('US$', ''), ('', '万'), ('', ''))
    """
    before, after, places = "", "", ""
    for match in _PARTS.finditer(_first_section(code)):
        if match["place"]:
            places += match["place"]
            continue
        text = match["quoted"] or match["symbol"] or match["escaped"] or match["bare"] or ""
        if text in "¥￥" and text and match["locale"] == _JAPAN:
            text = "JP¥"
        if places:
            after += text
        else:
            before += text
    if places.endswith(",") or not places or not _UNIT.search(before + after):
        return "", ""
    return before.strip(), after.strip()


def unit_of_shown(text: str, number: float) -> tuple[str, str]:
    """The unit of money around a number in the text that its cell shows.

    >>> unit_of_shown("US$1,200", 1200.0), unit_of_shown("35万", 35.0), unit_of_shown("35元", 35.0)
    (('US$', ''), ('', '万'), ('', ''))
    >>> unit_of_shown("3.5万", 35000.0)  # its format divides the number
    ('', '')
    """
    match = _SHOWN.fullmatch(text.strip())
    if not match or not _UNIT.search(match[1] + match[3]):
        return "", ""
    digits = match[2].replace(",", "")
    shown, places = float(digits), len(digits.partition(".")[2])
    return (match[1].strip(), match[3].strip()) if shown == round(number, places) else ("", "")


def width_of_format(code: str) -> int:
    """Digits of a number that a format fills up with zeros; 0 for another format.

    >>> width_of_format("00000"), width_of_format("0"), width_of_format("0.00")
    (5, 0, 0)
    """
    return len(code) if re.fullmatch("0{2,30}", code) else 0


def _first_section(code: str) -> str:
    """The part of a format for positive numbers."""
    return re.match(r'(?:"[^"]*"|[\\!].|[^;])*', code, re.DOTALL)[0]  # type: ignore[index]


def with_unit(number: float, unit: tuple[str, str]) -> str:
    """The number between what its format shows around it.

    >>> with_unit(1200.0, ("US$", "")), with_unit(3.5, ("", "万"))
    ('US$1200', '3.5万')
    """
    return f"{unit[0]}{typed(number)}{unit[1]}"
