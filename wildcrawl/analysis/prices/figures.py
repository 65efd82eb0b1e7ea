"""Figures of a price text: numbers that may be a price, with their currency, unit and label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from wildcrawl.analysis.prices import words
from wildcrawl.analysis.prices.labels import REACH, Labelled, PriceLabel, labels_of
from wildcrawl.analysis.prices.money import RMB
from wildcrawl.analysis.prices.numbers import (
    Number,
    find_numbers,
    is_ambiguous,
    value_abroad,
)
from wildcrawl.analysis.prices.words import SHARED


@dataclass(frozen=True)
class PriceFigure:
    """A number that may be a price, with what its context says about it."""

    value: Decimal | None
    currency: str
    label: PriceLabel
    marked: bool
    """Whether a currency, a unit or an opening price marks it as money."""
    opening: bool
    """Whether an auction opens with it."""
    grams: Decimal | None
    """Weight in grams for which it is asked; None if it is not a price by weight."""
    chinese: bool
    is_range: bool
    start: int


@dataclass(frozen=True)
class _Found:
    """A number with its currency and unit, from `start` to `end`, before it has a label."""

    number: Number
    value: Decimal | None
    currency: str
    grams: Decimal | None
    marked: bool
    is_money: bool
    start: int
    end: int


_PREFIX = re.compile(rf"(?P<prefix>{words.PREFIX})-?$")
_SUFFIX = re.compile(words.SUFFIX)
_IN_BRACKETS = rf"[(\[【]\s?(?P<word>{words.SUFFIX})\s?[)\]】]"
_BRACKETS_BEFORE = re.compile(rf"{_IN_BRACKETS}[\s:]*(?:¥\s?)?$")
_BRACKETS_AFTER = re.compile(rf"\s?{_IN_BRACKETS}")
_CUT_BY = re.compile(
    r"刀[了掉]?\s?(?:¥\s?)?([0-9]{1,9})(?=\s?(?:元|块|出|包邮|到手|谢谢|[拿带]?走|吧|\n|$|[,，。;；!！)）]))"
)
_VAGUE = re.compile(rf"[多来余几](?={words.SUFFIX})")
_NEGATIVE = re.compile(r"(?:(?:^|[\s:¥$€£])-|-[¥$€£])$")
_COUNT = r"(?P<count>[0-9]+(?:\.[0-9]+)?|半)"
_PER = r"(?:/|÷|每|per)"
_PER_WEIGHT_AFTER = re.compile(
    rf"\s?(?:[多来余几]|左右|上下)?起?\s?(?:{_PER}\s?{_COUNT}?|(?P<han>一?[十百半])|一|1)\s?(?P<unit>{words.WEIGHT})|\s?(?P<only>克)价"
)
_PER_WEIGHT_BEFORE = re.compile(
    rf"(?:(?:每|按|论|/)\s?{_COUNT}?|(?<![0-9.重约共净两斤])(?P<half>半)"
    rf"|(?<![0-9.重约共净])(?:一|1|单))\s?(?P<unit>{words.WEIGHT})"
    rf"(?:卖|价|的|算|计|走|出|称)?[\s:,)]*{words.PREFIX}?$|(?P<only>公斤|斤|克|kg|g)单?价[\s:]*{words.PREFIX}?$"
    rf"|(?:^|[\s;])(?P<head>公斤|斤|克)\s?[/:]?\s?{words.PREFIX}?$"
    # 100g/350元; any other weight, as in 68g/3500元, is that of the piece.
    rf"|(?<![0-9.重约共净量:])(?<![重约共净量:]\s)(?P<of>10{{0,3}}|50{{1,2}}|[一半])\s?(?P<over>{words.WEIGHT})\s?/\s?{words.PREFIX}?$"
)
_TENS = {"十": "10", "百": "100", "半": "半"}
_PER_PIECE_AFTER = re.compile(rf"\s?(?:{_PER}\s?[0-9]*|一|1)\s?{words.PIECE}")
_PER_PIECE_BEFORE = re.compile(rf"(?:每|一|单|1)\s?{words.PIECE}[\s:]*$")
_NOT_MONEY = re.compile(rf"\s?{words.NOT_MONEY}(?:{words.COUNTED})?")
_LATIN_BEFORE = re.compile(r"(?<![a-z])(?!price$|only$|now$)[a-z][a-z_.]*-?$")
_LATIN_AFTER = re.compile(r"[a-z]")
_CONNECTOR = re.compile(rf"{words.SUFFIX}?\s?(?:-+|~+|至|到|to|、|/|或)\s?{words.PREFIX}?")
_VAGUE_CONNECTOR = re.compile(rf"[多来余]{words.SUFFIX}?\s?(?:-+|~+|至|到)\s?{words.PREFIX}?")
_OPENING_AFTER = re.compile(r"\s?起(?![步名])")


def find_figures(text: str) -> list[PriceFigure]:
    """All figures of a folded text, in order; joined numbers (3800-5000) are one range."""
    groups = _groups(text, _found(text))
    spans = [(group[0].start, group[-1].end) for group in groups]
    currencies = [next((each.currency for each in group if each.currency), "") for group in groups]
    labels = labels_of(text, spans, currencies)
    return [_figure(group, label) for group, label in zip(groups, labels, strict=True)]


def _found(text: str) -> list[_Found]:
    found: list[_Found] = []
    taken = 0
    for number in find_numbers(text):
        if number.start >= taken:
            found.append(_in_context(text, number, taken))
            taken = found[-1].end
    return found


def _in_context(text: str, number: Number, taken: int) -> _Found:
    """`number` with its currency and unit; the text before `taken` belongs to another."""
    reach = max(0, number.start - REACH)
    near = text[reach : number.start]
    before = text[max(reach, taken) : number.start]
    currency, start, end = _currency(before, text, number)
    grams, end = _grams(near, text, end)
    piece = None if grams else _PER_PIECE_AFTER.match(text, end)
    end = piece.end() if piece else end
    marked = bool(currency or grams or piece)
    unit = None if marked or _OPENING_AFTER.match(text, end) else _NOT_MONEY.match(text, end)
    marked = marked or (not unit and _PER_PIECE_BEFORE.search(near) is not None)
    end = unit.end() if unit else end
    in_word = not currency and _part_of_a_word(before, text, number.end)
    return _Found(
        number=number,
        value=_value(text, number, currency, near, by_weight=grams is not None),
        currency=currency,
        grams=grams,
        marked=marked,
        is_money=not (unit or in_word),
        start=start,
        end=end,
    )


def _value(
    text: str, number: Number, currency: str, near: str, *, by_weight: bool
) -> Decimal | None:
    """The value of a number; None where its point can be read in two ways, as in 2.800元."""
    value, digits = number.value, text[number.start : number.end]
    if currency not in ("", RMB):
        abroad = value_abroad(digits)
        value = value if abroad is None else abroad
    elif not by_weight and is_ambiguous(digits):
        return None
    return -value if value is not None and _NEGATIVE.search(near) else value


def _groups(text: str, found: list[_Found]) -> list[list[_Found]]:
    """The numbers, with those of one range together."""
    groups: list[list[_Found]] = []
    for each in found:
        last = groups[-1][-1] if groups else None
        if last and _is_range(text, last, each):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


def _is_range(text: str, low: _Found, high: _Found) -> bool:
    """Whether two numbers are one range; of 300多到500 only a higher price is its end."""
    between = low.number.end, high.number.start
    if _CONNECTOR.fullmatch(text, *between):
        # 5元 - 9成新: the second number is not a price.
        return high.is_money or not low.marked
    if not high.is_money or high.grams or low.value is None or high.value is None:
        return False
    # 1000多到3月, 800多-1只: the second number is no price.
    return low.value < high.value < low.value * 5 and bool(
        _VAGUE_CONNECTOR.fullmatch(text, *between)
    )


def _figure(group: list[_Found], labelled: Labelled) -> PriceFigure:
    """The figure of a number, or of a range: the first's currency, the last's unit."""
    low = group[0]
    is_money = all(each.is_money for each in group)
    return PriceFigure(
        value=low.value,
        currency=low.currency or RMB,
        label=labelled.label if is_money else PriceLabel.UNRELATED,
        marked=labelled.opening or any(each.marked for each in group),
        opening=labelled.opening,
        grams=next((each.grams for each in reversed(group) if each.grams), None),
        chinese=low.number.chinese,
        is_range=len(group) > 1 or low.number.is_range,
        start=low.number.start,
    )


def _currency(before: str, text: str, number: Number) -> tuple[str, int, int]:
    """Currency before or after the number ("" if none), and where number and words begin and end.

    A foreign currency takes precedence: in ¥10000日元, ¥10000(日元) and 新台币3000元 the other one
    is generic.
    """
    prefix = _PREFIX.search(before)
    codes = [RMB] if number.in_money else []
    if prefix:
        codes.append(words.PREFIX_CODES[prefix["prefix"].rstrip(" :")])
    vague = _VAGUE.match(text, number.end)
    end = vague.end() if vague else number.end
    while (suffix := _SUFFIX.match(text, end)) and not _is_cut(text, end, number.value):
        codes.append(words.SUFFIX_CODES[suffix[0].lstrip(",.:- ")])
        end = suffix.end()
    brackets = _BRACKETS_AFTER.match(text, end)
    if named := brackets or _BRACKETS_BEFORE.search(before):
        codes.append(words.SUFFIX_CODES[named["word"].lstrip(",.:- ")])
    end = brackets.end() if brackets else end
    if not codes and (words.STRANGE_BEFORE.search(before) or words.STRANGE_AFTER.match(text, end)):
        codes.append(SHARED)
    foreign = [code for code in codes if code != RMB]
    start = number.start - (len(prefix[0]) if prefix else 0)
    return (foreign or codes or [""])[0], start, end


def _is_cut(text: str, end: int, price: Decimal | None) -> bool:
    """Whether 刀 is a cut of the price before it, as in 5000刀200, and not dollars.

    100刀680 and 1200刀 95新 are dollars.
    """
    cut = _CUT_BY.match(text, end)
    return cut is not None and price is not None and Decimal(cut[1]) < price


def _grams(near: str, text: str, end: int) -> tuple[Decimal | None, int]:
    """Grams for which the figure is asked (None: not by weight), and the end of that unit."""
    after = _PER_WEIGHT_AFTER.match(text, end)
    match = after or _PER_WEIGHT_BEFORE.search(near)
    if not match:
        return None, end
    found = match.groupdict()
    written = found["count"] or found.get("half") or found.get("of") or found.get("han") or ""
    count = written if written[:1].isascii() and written else _TENS.get(written[-1:], "1")
    weight = words.GRAMS[
        match["unit"] or match["only"] or found.get("head") or found.get("over") or ""
    ]
    grams = weight / 2 if count == "半" else weight * Decimal(count)
    return grams or None, after.end() if after else end


def _part_of_a_word(before: str, text: str, end: int) -> bool:
    """Whether the digits belong to a model number or account name: S925, abc12345, 1e5."""
    return bool(_LATIN_BEFORE.search(before) or _LATIN_AFTER.match(text, end))
