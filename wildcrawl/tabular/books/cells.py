"""Cells of workbooks: values and links, and the text that a person would type for them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from wildcrawl.analysis.ids import names_one_page
from wildcrawl.tabular.tables import ERRORS


class Linked(str):
    """Text of a cell that opens an address; `url` is that address."""

    __slots__ = ("url",)
    url: str

    def __new__(cls, text: str, url: str) -> Linked:
        linked = super().__new__(cls, text)
        linked.url = url
        return linked

    def __reduce__(self) -> tuple[type[Linked], tuple[str, str]]:
        return Linked, (str(self), self.url)


Value = str | bool | int | float | date | time | timedelta | None
"""Value of a cell; None for an empty one. A datetime is a date, an error one of ERRORS."""

MOST_COLUMNS = 16_384
"""Columns of a sheet in every spreadsheet program."""

MOST_LINKS = 1_000_000
"""Cells of a sheet that have a link."""
_EXACT = 10**15
"""Whole numbers from here on have lost digits: a spreadsheet stores fifteen."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINK_FORMULA = re.compile(r'\s*(?:of:)?=?\s*HYPERLINK\s*\(\s*"((?:[^"]|"")*)"', re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?|ftp)://|www\.", re.IGNORECASE)


def typed(value: Value) -> str:
    """The text that a person would type for `value`.

    >>> typed(580.0), typed(1e21), typed(True), typed(datetime(2016, 5, 3))
    ('580', '1000000000000000000000', 'TRUE', '2016-05-03')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return _plain(value)
    return str(value)


def _plain(value: float) -> str:
    """A number as typed: 580 rather than 580.0, 1000000 rather than 1E+6."""
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_rounded(value: Value) -> bool:
    """Whether `value` is a number so long that a spreadsheet lost its last digits."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) >= _EXACT  # type: ignore[arg-type, operator]


def rounded(value: float) -> str:
    """A rounded number as spreadsheets show it, so that it is not taken for all its digits.

    >>> rounded(12345678901234567890)
    '1.23456789012346E+19'
    """
    return f"{value:.14E}"


def number_of(text: str) -> int | float:
    """The number in a file's text; whole numbers stay exact."""
    digits = text.removeprefix("-")
    return int(text) if digits.isdecimal() else float(text)


def unescaped(text: str) -> str:
    """`text` of a workbook without its escapes such as _x000D_, and with plain line ends.

    >>> unescaped("a_x000D_\\nb"), unescaped("_x005F_x000D_")
    ('a\\nb', '_x000D_')
    """
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def link_of_formula(formula: str) -> str:
    """Address of a formula HYPERLINK("address", …); "" if it is another or computes it.

    >>> link_of_formula('HYPERLINK("https://a.example/1","查看")')
    'https://a.example/1'
    """
    match = _LINK_FORMULA.match(formula)
    return match[1].replace('""', '"') if match else ""


def linked(value: Value, url: str) -> Value:
    """`value` as the text of a link to `url`; unchanged if the link leads nowhere outside."""
    url = url.strip()
    if not url or (isinstance(value, str) and value in ERRORS) or not _ADDRESS.match(url):
        return value
    return Linked(typed(value), url)


def address_in(value: Value) -> str:
    """Address in a cell of addresses: its text, or where it links to if its text names no page.

    >>> address_in(Linked("查看", "https://a.example/1")), address_in("https://a.example/2")
    ('https://a.example/1', 'https://a.example/2')
    """
    if isinstance(value, Linked):
        text = value.strip()
        if not _ADDRESS.match(text) or names_one_page(value.url) > names_one_page(text):
            return value.url
    return typed(value)
