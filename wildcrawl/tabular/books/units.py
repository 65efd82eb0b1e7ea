"""Units of numbers in workbooks: the currency or 万 that only the format of a cell shows."""

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


def _first_section(code: str) -> str:
    """The part of a format for positive numbers."""
    return re.match(r'(?:"[^"]*"|[\\!].|[^;])*', code, re.DOTALL)[0]  # type: ignore[index]


def with_unit(number: float, unit: tuple[str, str]) -> str:
    """The number between what its format shows around it.

    >>> with_unit(1200.0, ("US$", "")), with_unit(3.5, ("", "万"))
    ('US$1200', '3.5万')
    """
    return f"{unit[0]}{typed(number)}{unit[1]}"
