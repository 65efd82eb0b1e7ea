"""Price parser: kind and amount of a price as typed by a seller, in any words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from wildcrawl.analysis.prices import words
from wildcrawl.analysis.prices.amounts import (
    HIGHEST,
    Price,
    is_placeholder,
    kind_of_yuan,
    rounded,
)
from wildcrawl.analysis.prices.figures import PriceFigure, find_figures
from wildcrawl.analysis.prices.folding import fold
from wildcrawl.analysis.prices.labels import (
    DOWN_BEFORE,
    LESS_BEFORE,
    REACH,
    REST_BEFORE,
    SAVED_BEFORE,
    PriceLabel,
)
from wildcrawl.analysis.prices.money import RMB
from wildcrawl.items import PriceKind

_NOISE = re.compile(
    r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?![\d.元])"
    r"|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?:微信号?|v信|加微|加[vq]|[vw]x|qq|扣扣|电话|手机)[\s:是]*(?=[a-z_-]*\d)[a-z0-9_-]{5,}(?![元块.])"
    r"|(?:电话|手机|微信)号?[\s:是]*1[3-9]\d"
    # 微信150包邮 is a price, 电话138 the beginning of a number.
    r"(?![\d元块]|\.\d|\s?(?:起(?!头)|包邮|出(?!头)|一[个件条只对串块套]|[拿转卖]|不[议讲]价))"
    r"|(?<!\d)(?:19|20)\d\d[-/年](?:1[0-2]|0?[1-9])(?:[-/月](?:3[01]|[12]\d|0?[1-9])日?|月)?(?![\d.])"
    r"|[扣刷]1(?!\d|[.万千wk元块])"
    r"|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
    r"|\d+(?:\.\d+)?\s?(?:mm|cm|m|毫米|厘米)?\s?[*x×]\s?\d+(?:\.\d+)?"
    r"(?:\s?(?:mm|cm|m|毫米|厘米)?\s?[*x×]\s?\d+(?:\.\d+)?)?\s?(?:mm|cm|m|毫米|厘米)?(?![\d.元])"
)
_CALCULATION = re.compile(
    r"(?<![0-9.])[0-9]{1,9}(?:\.[0-9]{1,2})?(?:\s?[-+加减]\s?[0-9]{1,9}(?:\.[0-9]{1,2})?){1,3}\s?=\s?"
    r"(?=¥?[0-9])"
)
"""3600-200= before 3400."""
_SIZES = re.compile(
    r"(?<![0-9.])(?<![0-9],)[0-9]{1,3}(?:[ ,][0-9]{1,3}){2,7}\s?"
    r"(?:mm|cm|毫米|厘米|号(?![码店线楼])|码(?!头)|寸|圈口)(?![a-z])"
)
"""Figures in a row that may all be sizes: 12 13 14mm."""
_LESS = re.compile(
    r"(?:[0-9]{2,7}(?:\.[0-9]{1,2})?|[0-9]{1,3}(?:\.[0-9])?[万千][0-9]?)(?:元|块钱?)?(?=\s|$|[,，;；。!！)]|[出卖转拿走])"
)
"""A plain amount that a former price is lowered by, and nothing of it is in doubt."""
_NO_PART = re.compile(
    rf"[0-9.零一二两三四五六七八九十百]+\s?(?!人民币|尾款)(?:％|周|{words.NOT_MONEY}|{words.COUNTED_BY.pattern})"
)
"""A share or a number of things, which is not part of a price: 定金10%, 剩余2件."""
_POSTAGE = re.compile("邮|运费|快递|顺丰")
_DASHES = re.compile(r"[-/_.。·\s]*")
_PUNCTUATION = re.compile(r"[\W_]+")
_NO_FIGURE = re.compile(rf"{words.PRICE_WORD}(?:¥|元|rmb)[\s./-]*")
_REDUCTION = re.compile(r"降价|减价|涨价")


def parse_price(text: str, placeholders: Collection[Decimal]) -> Price:
    """`read_price` for any text."""
    folded, figure = _figure_in(text) if len(text) <= _REPEATED else _look_up(text)
    if figure is None or (figure.label is PriceLabel.REFERENCE and _on_request(folded)):
        return Price(_wordless(folded), None, "", text)
    kind, amount = _kind(figure, placeholders)
    return Price(kind, amount, figure.currency if amount is not None else "", text)


_REPEATED = 40
"""Characters of a text that is likely to come again, such as 面议."""


def _look_up(text: str) -> tuple[str, PriceFigure | None]:
    """A text folded, and the figure in it that is the asking price."""
    folded = fold(text)
    plain = _NOISE.sub("；", _CALCULATION.sub("", folded))
    figures = find_figures(plain)
    others = _SIZES.sub(lambda row: "；" if _are_sizes(row, figures) else row[0], plain)
    beside = figures if others == plain else find_figures(others)
    if any(each.label is not PriceLabel.UNRELATED for each in beside):
        plain, figures = others, beside
    return folded, _in_parts(plain, figures) or _saved(plain, figures) or _asked(figures)


_figure_in = lru_cache(maxsize=1024)(_look_up)


def _are_sizes(row: re.Match[str], figures: list[PriceFigure]) -> bool:
    """Whether a row of figures is sizes: 12 13 14mm; of 88 12 14mm and ¥8 12 14mm one is none."""
    sizes = [int(each) for each in re.findall("[0-9]+", row[0])]
    first = next((each for each in figures if each.start == row.start()), None)
    if first and (first.marked or first.label not in (PriceLabel.PLAIN, PriceLabel.UNRELATED)):
        return False
    in_order = sorted(set(sizes))
    return max(sizes) <= 3 * min(sizes) and in_order in (sizes, sizes[::-1])


def _in_parts(text: str, figures: list[PriceFigure]) -> PriceFigure | None:
    """The sum of a deposit and what is left to pay, if the text has no other price."""
    down, rest = (_after(before, text, figures) for before in (DOWN_BEFORE, REST_BEFORE))
    others = [
        each
        for each in figures
        if each.label is not PriceLabel.UNRELATED and each not in rest and each not in down
    ]
    if len(down) != 1 or len(rest) != 1 or others:
        return None
    first, last = down[0], rest[0]
    if any(_NO_PART.match(text, each.start) for each in (first, last)):
        return None
    if first.value is None or last.value is None or first.currency != last.currency:
        return None
    if not last.marked and last.value < first.value:
        return None
    return replace(last, value=first.value + last.value, label=PriceLabel.PLAIN)


def _after(before: re.Pattern[str], text: str, figures: list[PriceFigure]) -> list[PriceFigure]:
    """The figures directly after what `before` matches."""
    return [each for each in figures if before.search(text, max(0, each.start - REACH), each.start)]


def _saved(text: str, figures: list[PriceFigure]) -> PriceFigure | None:
    """The lower of two prices, or what a former one leaves, if the text has what is saved."""
    plain = [each for each in figures if each.label is PriceLabel.PLAIN]
    saved = [each.value for each in _after(SAVED_BEFORE, text, figures)]
    if len(figures) == 2 and saved == [figures[1].value]:
        return _less(text, figures[0], figures[1])
    values = [each.value for each in plain if each.value is not None]
    if len(figures) != 3 or len(values) != 2 or abs(values[0] - values[1]) not in saved:
        return None
    return min(plain, key=lambda each: each.value or 0)


def _less(text: str, former: PriceFigure, saved: PriceFigure) -> PriceFigure | None:
    """A former price without what is saved of it: 原价4200 亏700出 is 3500.

    A share, a count, an amount of other money, and one so high that it may be the price, is none.
    """
    before = LESS_BEFORE.search(text, max(0, saved.start - REACH), saved.start)
    if not before or not _LESS.match(text, saved.start) or _NO_PART.match(text, saved.start):
        return None
    if former.label is not PriceLabel.REFERENCE or _POSTAGE.search(text, former.start, saved.start):
        return None
    if saved.label is not PriceLabel.UNRELATED and not before["loss"]:
        return None
    if former.value is None or saved.value is None or former.currency != saved.currency:
        return None
    if former.is_range or former.grams or saved.is_range or saved.grams:
        return None
    if not former.value <= saved.value * 100 < former.value * 50:
        return None
    return replace(former, value=former.value - saved.value, label=PriceLabel.PLAIN)


def _asked(figures: list[PriceFigure]) -> PriceFigure | None:
    """The asking price: prices by weight first, then by label, money mark and position."""
    money = [figure for figure in figures if figure.label is not PriceLabel.UNRELATED]
    by_weight = [
        figure for figure in money if figure.grams and figure.label is not PriceLabel.REFERENCE
    ]
    return min(
        by_weight or money,
        key=lambda figure: (
            figure.label,
            figure.opening if figure.marked else 2,
            figure.chinese,
            figure.start,
        ),
        default=None,
    )


def _kind(
    figure: PriceFigure, placeholders: Collection[Decimal]
) -> tuple[PriceKind, Decimal | None]:
    value = figure.value
    if value is None or value < 0:
        return PriceKind.INVALID, None
    if figure.is_range:
        return PriceKind.PER_GRAM if figure.grams else PriceKind.RANGE, None
    if not is_placeholder(value, ()) and value <= HIGHEST:
        if figure.currency != RMB:
            return PriceKind.FOREIGN, rounded(value, "0.01")
        if figure.grams:
            return PriceKind.PER_GRAM, rounded(value / figure.grams, "0.0001")
    return kind_of_yuan(value, placeholders)


def _wordless(folded: str) -> PriceKind:
    """Kind of a text without a figure."""
    bare = _PUNCTUATION.sub("", folded)
    parts = [part for part in _PUNCTUATION.split(folded) if part]
    if _DASHES.fullmatch(folded) or (bare and words.ABSENT.fullmatch(bare)):
        return PriceKind.ABSENT
    if parts and all(map(words.ABSENT.fullmatch, parts)):
        return PriceKind.ABSENT
    if _NO_FIGURE.fullmatch(folded):
        return PriceKind.ABSENT
    if words.APPROXIMATE.search(bare):
        return PriceKind.RANGE
    if words.FREE_OF_CHARGE.search(folded):
        return PriceKind.PLACEHOLDER
    asked = "价" in _REDUCTION.sub("", bare) and not re.search(r"[0-9]", bare)
    on_request = asked or _on_request(folded)
    return PriceKind.ON_REQUEST if on_request else PriceKind.INVALID


def _on_request(folded: str) -> bool:
    bare = _PUNCTUATION.sub("", folded)
    return bool(words.ON_REQUEST.search(bare) or words.ON_REQUEST_WORD.search(folded))
