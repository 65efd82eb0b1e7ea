"""Reads what stands around each number of a price text: currency, label, unit, sign, range."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

from wildcrawl.analysis.prices import words
from wildcrawl.analysis.prices.currencies import SHARED
from wildcrawl.analysis.prices.numbers import Number, find_numbers, value_abroad


class Label(IntEnum):
    """What a figure is said to be; the least one is what is asked."""

    CURRENT = 0
    ASKED = 1
    PLAIN = 2
    REFERENCE = 3
    UNRELATED = 4


@dataclass(frozen=True)
class Figure:
    """A number that may be a price, and what its surroundings say of it."""

    value: Decimal | None
    currency: str
    label: Label
    marked: bool
    """A currency, a unit price or an opening price says that it is money."""
    grams: Decimal | None
    """It is asked for so many grams."""
    chinese: bool
    is_range: bool
    start: int


_LABELS = (
    (Label.CURRENT, words.CURRENT),
    (Label.REFERENCE, words.REFERENCE),
    (Label.PLAIN, words.OPENING),
    (Label.ASKED, words.ASKED),
)
_LABEL = re.compile("|".join(f"(?P<{label.name}>{pattern})" for label, pattern in _LABELS))
_OTHER_MONEY = re.compile(rf"(?:{words.OTHER_MONEY})\s?[约:是为=]?\s?{words.PREFIX}?$")
_SIZE = re.compile(rf"(?:{words.SIZE})\s?[约:是为=]?\s?$")
_OPENING = re.compile(rf"(?:{words.OPENING})[\s:]*{words.PREFIX}?$")
_PREFIX = re.compile(rf"(?P<prefix>{words.PREFIX})-?$")
_SUFFIX = re.compile(words.SUFFIX)
_NEGATIVE = re.compile(r"(?:(?:^|[\s:¥$€£])-|-[¥$€£])$")
# 立减50 到手450: what a second figure follows is that figure's label.
_NO_FIGURE = r"(?!\s?[:是]?\s?[¥$0-9])"
_AFTER = (
    (Label.UNRELATED, re.compile(rf"(?:{words.UNRELATED_AFTER}){_NO_FIGURE}")),
    (Label.REFERENCE, re.compile(rf"\s?(?:{words.REFERENCE_AFTER}){_NO_FIGURE}")),
    (Label.CURRENT, re.compile(rf"\s?(?:{words.CURRENT_AFTER}){_NO_FIGURE}")),
)
_OPENING_AFTER = re.compile(rf"\s?(?:{words.OPENING_AFTER})")
_COUNT = r"(?P<count>[0-9]+(?:\.[0-9]+)?|半)"
_PER = r"(?:/|÷|每|per)"
_PER_WEIGHT_AFTER = re.compile(
    rf"\s?起?(?:{_PER}\s?{_COUNT}?|一|1)\s?(?P<unit>{words.WEIGHT})|\s?(?P<only>克)价"
)
_PER_WEIGHT_BEFORE = re.compile(
    rf"(?:(?:每|按|论|/)\s?{_COUNT}?|(?<![0-9.重约共净两斤])(?P<half>半)"
    rf"|(?<![0-9.重约共净])(?:一|1|单))\s?(?P<unit>{words.WEIGHT})"
    rf"(?:卖|价|的|算|计)?[\s:,)]*{words.PREFIX}?$|(?P<only>公斤|斤|克|kg|g)单?价[\s:]*{words.PREFIX}?$"
)
_PER_PIECE_AFTER = re.compile(rf"\s?(?:{_PER}\s?[0-9]*|一|1)\s?{words.PIECE}")
_PER_PIECE_BEFORE = re.compile(rf"(?:每|一|单|1)\s?{words.PIECE}[\s:]*$")
_NOT_MONEY = re.compile(rf"\s?{words.NOT_MONEY}(?:{words.COUNTED})?")
_LATIN_BEFORE = re.compile(r"(?<![a-z])(?!price$|only$|now$)[a-z][a-z_.]*-?$")
_LATIN_AFTER = re.compile(r"[a-z]")
_CONNECTOR = re.compile(rf"{words.SUFFIX}?\s?(?:-+|~+|至|到|to|、|/|或)\s?{words.PREFIX}?")
_REACH = 24
"""How many characters before a figure may belong to it."""


def find_figures(text: str) -> list[Figure]:
    """All figures of a folded text, in order; numbers joined as 3800-5000 are one range."""
    found: list[Figure] = []
    last: Number | None = None
    taken = 0
    for number in find_numbers(text):
        if number.start < taken:
            continue
        figure, taken = _figure(text, number, taken)
        if last and _CONNECTOR.fullmatch(text, last.end, number.start):
            found[-1] = _joined(found[-1], figure)
        else:
            found.append(figure)
        last = number
    return found


def _joined(low: Figure, high: Figure) -> Figure:
    """The range from `low` to `high`, labelled as its beginning, in the unit of its end."""
    return replace(
        low,
        is_range=True,
        marked=low.marked or high.marked,
        grams=high.grams or low.grams,
        label=high.label if high.label is Label.UNRELATED else low.label,
    )


def _figure(text: str, number: Number, taken: int) -> tuple[Figure, int]:
    """The figure of `number` and where the text that belongs to it ends."""
    reach = max(0, number.start - _REACH)
    near = text[reach : number.start]
    before = text[max(reach, taken) : number.start]
    currency, end = _currency(before, text, number)
    grams, end = _grams(near, text, end)
    piece = None if grams else _PER_PIECE_AFTER.match(text, end)
    end = piece.end() if piece else end
    opening = _OPENING_AFTER.match(text, end)
    marked = bool(currency or grams or piece or opening or _PER_PIECE_BEFORE.search(near)) or bool(
        _OPENING.search(before)
    )
    unit = None if marked else _NOT_MONEY.match(text, end)
    end = unit.end() if unit else end
    label = _label(before, currency)
    for after, pattern in _AFTER:
        said = pattern.match(text, end)
        if said and label is not Label.UNRELATED:
            label, end = after, said.end()
    if unit or (not currency and _part_of_a_word(before, text, number.end)):
        label = Label.UNRELATED
    value = number.value
    if currency not in ("", words.RMB):
        abroad = value_abroad(text[number.start : number.end])
        value = value if abroad is None else abroad
    if value is not None and _NEGATIVE.search(near):
        value = -value
    figure = Figure(
        value=value,
        currency=currency or words.RMB,
        label=label,
        marked=marked,
        grams=grams,
        chinese=number.chinese,
        is_range=number.is_range,
        start=number.start,
    )
    return figure, end


def _currency(before: str, text: str, number: Number) -> tuple[str, int]:
    """The currency said before or after the number ("" if none) and the end of that word.

    What is foreign wins: in ¥10000日元 and 新台币3000元 one of the two marks is generic.
    """
    prefix = _PREFIX.search(before)
    codes = [words.RMB] if number.in_money else []
    if prefix:
        codes.append(words.PREFIX_CODES[prefix["prefix"].rstrip(" :")])
    end = number.end
    while suffix := _SUFFIX.match(text, end):
        codes.append(words.SUFFIX_CODES[suffix[0].lstrip(",.:- ")])
        end = suffix.end()
    if not codes and (words.STRANGE_BEFORE.search(before) or words.STRANGE_AFTER.match(text, end)):
        codes.append(SHARED)
    foreign = [code for code in codes if code != words.RMB]
    return (foreign or codes or [""])[0], end


def _grams(near: str, text: str, end: int) -> tuple[Decimal | None, int]:
    """For how many grams the figure is asked, None if not by weight; and the end of that unit."""
    after = _PER_WEIGHT_AFTER.match(text, end)
    match = after or _PER_WEIGHT_BEFORE.search(near)
    if not match:
        return None, end
    count = match["count"] or match.groupdict().get("half") or "1"
    weight = words.GRAMS[match["unit"] or match["only"]]
    grams = weight / 2 if count == "半" else weight * Decimal(count)
    return grams or None, after.end() if after else end


def _label(before: str, currency: str) -> Label:
    """What the words before a figure call it; the nearest word counts."""
    if _OTHER_MONEY.search(before) or (not currency and _SIZE.search(before)):
        return Label.UNRELATED
    label = Label.PLAIN
    for match in _LABEL.finditer(before):
        label = Label[str(match.lastgroup)]
    return label


def _part_of_a_word(before: str, text: str, end: int) -> bool:
    """Digits in a model number or an account name: S925, abc12345, 1e5."""
    return bool(_LATIN_BEFORE.search(before) or _LATIN_AFTER.match(text, end))
