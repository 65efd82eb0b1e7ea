"""Reads a price as a seller types it: its kind, and the amount that is asked."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING

from opencc import OpenCC

from wildcrawl.analysis.prices import words
from wildcrawl.analysis.prices.figures import Figure, Label, find_figures
from wildcrawl.analysis.prices.money import ALWAYS_PLACEHOLDERS, DEFAULT_PLACEHOLDERS
from wildcrawl.items import PriceKind

if TYPE_CHECKING:
    from collections.abc import Collection

LIMIT = 1000
"""Characters of a text that are read; no price is longer, and so no text is slow."""
HIGHEST = Decimal(1_000_000_000)
"""Above it a figure is no price."""

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
