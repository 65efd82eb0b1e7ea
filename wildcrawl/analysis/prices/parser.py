"""Price parser: kind and amount of a price as typed by a seller."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum
from functools import cache

from opencc import OpenCC

from wildcrawl.analysis.prices import words
from wildcrawl.analysis.prices.money import ALWAYS_PLACEHOLDERS, DEFAULT_PLACEHOLDERS
from wildcrawl.analysis.prices.numbers import Number, find_numbers, value_abroad
from wildcrawl.analysis.prices.words import SHARED
from wildcrawl.items import PriceKind


class Label(IntEnum):
    """Label of a figure; the figure with the lowest label is the asking price."""

    CURRENT = 0
    ASKED = 1
    PLAIN = 2
    REFERENCE = 3
    UNRELATED = 4


@dataclass(frozen=True)
class Figure:
    """A number that may be a price, with what its context says about it."""

    value: Decimal | None
    currency: str
    label: Label
    marked: bool
    """Whether a currency, a unit or an opening price marks it as money."""
    grams: Decimal | None
    """Weight in grams for which it is asked; None if it is not a price by weight."""
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
# 立减50 到手450: a word before a second figure is the label of that figure.
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
"""Characters before a figure that may belong to it."""


def find_figures(text: str) -> list[Figure]:
    """All figures of a folded text, in order; joined numbers (3800-5000) are one range."""
    figures: list[Figure] = []
    last: Number | None = None
    taken = 0
    for number in find_numbers(text):
        if number.start < taken:
            continue
        figure, taken = _figure(text, number, taken)
        if last and _CONNECTOR.fullmatch(text, last.end, number.start):
            figures[-1] = _joined(figures[-1], figure)
        else:
            figures.append(figure)
        last = number
    return figures


def _joined(low: Figure, high: Figure) -> Figure:
    """Range from `low` to `high`, with the label of `low` and the unit of `high`."""
    return replace(
        low,
        is_range=True,
        marked=low.marked or high.marked,
        grams=high.grams or low.grams,
        label=high.label if high.label is Label.UNRELATED else low.label,
    )


def _figure(text: str, number: Number, taken: int) -> tuple[Figure, int]:
    """Figure of `number`, and the end of the text that belongs to it."""
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
        word = pattern.match(text, end)
        if word and label is not Label.UNRELATED:
            label, end = after, word.end()
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
    """Currency before or after the number ("" if none), and the end of that word.

    A foreign currency takes precedence: in ¥10000日元 and 新台币3000元 the other one is generic.
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
    """Grams for which the figure is asked (None: not by weight), and the end of that unit."""
    after = _PER_WEIGHT_AFTER.match(text, end)
    match = after or _PER_WEIGHT_BEFORE.search(near)
    if not match:
        return None, end
    count = match["count"] or match.groupdict().get("half") or "1"
    weight = words.GRAMS[match["unit"] or match["only"]]
    grams = weight / 2 if count == "半" else weight * Decimal(count)
    return grams or None, after.end() if after else end


def _label(before: str, currency: str) -> Label:
    """Label by the words before a figure; the nearest word counts."""
    if _OTHER_MONEY.search(before) or (not currency and _SIZE.search(before)):
        return Label.UNRELATED
    label = Label.PLAIN
    for match in _LABEL.finditer(before):
        label = Label[str(match.lastgroup)]
    return label


def _part_of_a_word(before: str, text: str, end: int) -> bool:
    """Whether the digits belong to a model number or account name: S925, abc12345, 1e5."""
    return bool(_LATIN_BEFORE.search(before) or _LATIN_AFTER.match(text, end))


LIMIT = 1000
"""Characters of a text that are read, to bound the time; no price is longer."""
HIGHEST = Decimal(1_000_000_000)
"""Highest price, in any currency; a higher figure is invalid."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_SIGNS = str.maketrans({"−": "-", "—": "-", "–": "-", "―": "-", "➕": "加", "∼": "~", "〜": "~"})
_NOISE = re.compile(
    r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?![\d.元])"
    r"|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?:微信号?|v信|加微|加[vq]|[vw]x|qq|扣扣|电话|手机)[\s:是]*(?=[a-z_-]*\d)[a-z0-9_-]{5,}(?![元块.])"
    r"|(?<!\d)(?:19|20)\d\d[-/年](?:1[0-2]|0?[1-9])(?:[-/月](?:3[01]|[12]\d|0?[1-9])日?|月)?(?![\d.])"
    r"|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
    r"|\d+(?:\.\d+)?\s?(?:mm|cm|m|毫米|厘米)?\s?[*x×]\s?\d+(?:\.\d+)?"
    r"(?:\s?(?:mm|cm|m|毫米|厘米)?\s?[*x×]\s?\d+(?:\.\d+)?)?\s?(?:mm|cm|m|毫米|厘米)?(?![\d.元])"
)
_DASHES = re.compile(r"[-/_.。·\s]*")
_SPACED = re.compile(rf"({words.PREFIX}?)(\d{{1,2}}(?: \d{{3}})+)({words.SUFFIX}?)")
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Price:
    """Parsed price.

    `amount` is given for kind amount (RMB, two decimals), per_gram (RMB per gram, four
    decimals) and foreign (two decimals), with its ISO `currency` (XXX if several countries
    share the word, such as kr); otherwise it is None and `currency` is "". A range by weight
    has no amount either. `text` is the parsed text.
    """

    kind: PriceKind
    amount: Decimal | None
    currency: str
    text: str


def read_price(text: str, placeholders: Collection[Decimal] = DEFAULT_PLACEHOLDERS) -> Price:
    """Parses the asking price in `text`; never raises.

    `placeholders` are amounts that mean "no price", besides 0, 0.01, 123456 and five or more
    nines.

    >>> read_price("原价￥3300，现价两千八").amount
    Decimal('2800.00')
    >>> read_price("3000元/斤").amount
    Decimal('6.0000')
    """
    folded = _fold(text)
    figure = _asked(find_figures(_NOISE.sub("；", folded)))
    if figure is None or (figure.label is Label.REFERENCE and _on_request(folded)):
        return Price(_wordless(folded), None, "", text)
    kind, amount = _kind(figure, placeholders)
    return Price(kind, amount, figure.currency if amount is not None else "", text)


def _asked(figures: list[Figure]) -> Figure | None:
    """The asking price: prices by weight first, then by label, money mark and position."""
    money = [figure for figure in figures if figure.label is not Label.UNRELATED]
    by_weight = [figure for figure in money if figure.grams and figure.label is not Label.REFERENCE]
    return min(
        by_weight or money,
        key=lambda figure: (figure.label, not figure.marked, figure.chinese, figure.start),
        default=None,
    )


def _kind(figure: Figure, placeholders: Collection[Decimal]) -> tuple[PriceKind, Decimal | None]:
    value = figure.value
    if value is None or value < 0:
        return PriceKind.INVALID, None
    if figure.is_range:
        return PriceKind.PER_GRAM if figure.grams else PriceKind.RANGE, None
    if _is_placeholder(value):
        return PriceKind.PLACEHOLDER, None
    if value > HIGHEST:
        return PriceKind.INVALID, None
    if figure.currency != words.RMB:
        return PriceKind.FOREIGN, _rounded(value, "0.01")
    if figure.grams:
        return PriceKind.PER_GRAM, _rounded(value / figure.grams, "0.0001")
    if value in placeholders:
        return PriceKind.PLACEHOLDER, None
    return PriceKind.AMOUNT, _rounded(value, "0.01")


def _is_placeholder(value: Decimal) -> bool:
    whole = f"{int(value)}"
    nines = len(whole) >= 5 and not whole.strip("9")
    return nines or value in ALWAYS_PLACEHOLDERS or value < Decimal("0.005")


def _rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), ROUND_HALF_UP)


def _wordless(folded: str) -> PriceKind:
    """Kind of a text without a figure."""
    bare = _PUNCTUATION.sub("", folded)
    if _DASHES.fullmatch(folded) or (bare and words.ABSENT.fullmatch(bare)):
        return PriceKind.ABSENT
    if words.APPROXIMATE.search(bare):
        return PriceKind.RANGE
    if words.FREE_OF_CHARGE.search(folded):
        return PriceKind.PLACEHOLDER
    on_request = "价" in bare or _on_request(folded)
    return PriceKind.ON_REQUEST if on_request else PriceKind.INVALID


def _on_request(folded: str) -> bool:
    bare = _PUNCTUATION.sub("", folded)
    return bool(words.ON_REQUEST.search(bare) or words.ON_REQUEST_WORD.search(folded))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _fold(text: str) -> str:
    """`text` in half width, lower case and simplified characters, without markup."""
    cut = html.unescape(text.strip()[:LIMIT])
    plain = unicodedata.normalize("NFKC", _TAG.sub(" ", cut)[:LIMIT]).translate(_SIGNS)
    visible = "".join(
        character
        for character in plain
        if unicodedata.category(character) not in ("Cf", "Cs", "Mn")
    )
    simple = _converter().convert(" ".join(visible.lower().split()))
    spaced = _SPACED.fullmatch(simple)
    if spaced:
        return f"{spaced[1]}{spaced[2].replace(' ', '')}{spaced[3]}"
    return words.PAID_POSTAGE.sub(" ", simple)
