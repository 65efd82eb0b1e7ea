"""Price parser: the kind of a price as typed by a seller, and the amount asked."""

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


LIMIT = 1000
"""Characters of a text that are read; no price is longer, and so no text is slow."""
HIGHEST = Decimal(1_000_000_000)
"""Above it a figure is not a price."""

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
    """A price as read.

    `amount` is given for kind amount (RMB, cents), per_gram (RMB for one gram, four
    decimals) and foreign (as asked, cents), with its ISO `currency` (XXX where several
    countries share the word, as kr); otherwise it is None and `currency` is "". A price
    per weight that is a range has no amount either. `text` is what was read.
    """

    kind: PriceKind
    amount: Decimal | None
    currency: str
    text: str


def read_price(text: str, placeholders: Collection[Decimal] = DEFAULT_PLACEHOLDERS) -> Price:
    """What `text` asks; never raises.

    `placeholders` are amounts that stand for no price, besides 0, 0.01, 123456 and five or
    more nines.

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
    """The one figure that is asked: by weight first, then by label, by mark, by place."""
    money = [each for each in figures if each.label is not Label.UNRELATED]
    by_weight = [each for each in money if each.grams and each.label is not Label.REFERENCE]
    return min(
        by_weight or money,
        key=lambda each: (each.label, not each.marked, each.chinese, each.start),
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
    """The kind of a text that names no figure."""
    bare = _PUNCTUATION.sub("", folded)
    if _DASHES.fullmatch(folded) or (bare and words.ABSENT.fullmatch(bare)):
        return PriceKind.ABSENT
    if words.APPROXIMATE.search(bare):
        return PriceKind.RANGE
    if words.FREE_OF_CHARGE.search(folded):
        return PriceKind.PLACEHOLDER
    said = "价" in bare or _on_request(folded)
    return PriceKind.ON_REQUEST if said else PriceKind.INVALID


def _on_request(folded: str) -> bool:
    bare = _PUNCTUATION.sub("", folded)
    return bool(words.ON_REQUEST.search(bare) or words.ON_REQUEST_WORD.search(folded))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _fold(text: str) -> str:
    """Half width, lower case, simplified, without markup and invisible characters."""
    cut = html.unescape(text.strip()[:LIMIT])
    plain = unicodedata.normalize("NFKC", _TAG.sub(" ", cut)[:LIMIT]).translate(_SIGNS)
    seen = "".join(each for each in plain if unicodedata.category(each) not in ("Cf", "Cs", "Mn"))
    simple = _converter().convert(" ".join(seen.lower().split()))
    spaced = _SPACED.fullmatch(simple)
    if spaced:
        return f"{spaced[1]}{spaced[2].replace(' ', '')}{spaced[3]}"
    return words.PAID_POSTAGE.sub(" ", simple)
