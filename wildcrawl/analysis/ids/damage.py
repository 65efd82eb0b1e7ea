"""Damaged ids: what spreadsheets and floats make of long ids, and how the address restores them."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import partial

from wildcrawl.analysis.ids.spelling import EXACT
from wildcrawl.utils import lazy_pattern

_SCIENTIFIC = lazy_pattern(
    # A letter id such as 5E10 is not a number: a point or a sign makes it one.
    r"([0-9])(?:[.,]([0-9]+)[eE][+-]?|[eE][+-])([0-9]{1,3})"
)
_FLOAT = lazy_pattern(r"([0-9]+)\.0+")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = lazy_pattern(
    rf"[0-9]{{1,2}}-(?:{_MONTH})(?:-[0-9]{{2,4}})?|(?:{_MONTH})-[0-9]{{2,4}}|"
    r"(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|"
    r"(?:19|20)[0-9]{2}/[0-9]{1,2}/[0-9]{1,2}(?: [0-9:]+)?|"
    r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9:.+]+|"
    r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}",
    re.IGNORECASE,
)
_KEPT = 15
"""Digits that a spreadsheet keeps of a number."""
_FLOAT_KEPT = 17
"""Digits that a program keeps of a float."""
_SURELY = 18
"""Digits from which on an id that ends in zeros after the fifteenth is not one by chance."""
_RUN = lazy_pattern(r"(?<![0-9])[0-9]+(?![0-9])")


class Damage(StrEnum):
    """The form that a program has given to an id, so that it is not the site's id."""

    SCIENTIFIC = "is a number in scientific form, without its last digits"
    ROUNDED = "is a rounded number, without its last digits"
    DATE = "is a date that a spreadsheet has made of an id"


def damage_of(ad_id: str) -> Damage | None:
    """How an id (from `clean_id`) is damaged by its form alone; None if it may be an id.

    >>> damage_of("6.12346E+11").name, damage_of("5E10"), damage_of("1234567890123450000").name
    ('SCIENTIFIC', None, 'ROUNDED')
    """
    if _SCIENTIFIC.fullmatch(ad_id):
        return Damage.SCIENTIFIC
    if _DATE.fullmatch(ad_id):
        return Damage.DATE
    if (match := _FLOAT.fullmatch(ad_id)) and int(match[1]) > EXACT:
        return Damage.ROUNDED
    digits = ad_id.isascii() and ad_id.isdigit()
    if digits and len(ad_id) >= _SURELY and not ad_id[_KEPT:].strip("0"):
        return Damage.ROUNDED
    return None


def restored_id(ad_id: str, address: str) -> str:
    """The one number in an address of which `ad_id` is a damaged form; "" if there is none.

    An id that the address has as it is, is not damaged.

    >>> restored_id("1.23457E+18", "https://site.example/item?id=1234567890123456781")
    '1234567890123456781'
    """
    fits = _damaged_form(ad_id)
    if fits is None:
        return ""
    runs = {match[0] for match in _RUN.finditer(address)}
    whole = ad_id.partition(".")[0]
    if _SCIENTIFIC.fullmatch(ad_id) is None and whole in runs:
        return whole
    fitting = [run for run in runs if fits(run)]
    return fitting[0] if len(fitting) == 1 else ""


def _damaged_form(ad_id: str) -> Callable[[str], bool] | None:
    """Whether a number may have become `ad_id`; None if no number can have."""
    if match := _SCIENTIFIC.fullmatch(ad_id):
        mantissa = match[1] + (match[2] or "")
        return partial(_rounds_to, mantissa.rstrip("0") or "0", len(mantissa), int(match[3]) + 1)
    whole = ad_id.partition(".")[0] if _FLOAT.fullmatch(ad_id) else ad_id
    if whole.isascii() and whole.isdigit() and len(whole) > _KEPT and whole.endswith("0"):
        return partial(_differs_in_its_end, whole)
    return None


def _rounds_to(mantissa: str, kept: int, length: int, run: str) -> bool:
    """Whether a number of `length` digits, rounded or cut to `kept`, has these first digits."""
    if len(run) != length or run.startswith("0"):
        return False
    places = length - kept
    cut = run[:kept]
    rounded = str((int(run) + 5 * 10 ** (places - 1)) // 10**places) if places > 0 else run
    return mantissa in (cut.rstrip("0"), rounded.rstrip("0"))


def _differs_in_its_end(whole: str, run: str) -> bool:
    """Whether two numbers of one length differ by less than a unit of the fifteenth digit."""
    return len(run) == len(whole) and abs(int(run) - int(whole)) < 10 ** (len(whole) - _KEPT)
