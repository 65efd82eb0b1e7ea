"""Number parser for prices: 1,200 · 3万5 · 2w5 · 两千八 · 15块5.

Chinese integers (两千八, 壹仟贰佰, 一万二) are converted by cn2an. This module adds what cn2an and
price-parser lack: finding numbers in a sentence, 三五千, 千八, 一点五万 and 1.2万 as Decimal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from wildcrawl.analysis.prices.masks import BROKEN
from wildcrawl.analysis.prices.words import COUNTED_BY, NOT_MONEY, SUFFIX

_UNITS = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "拾": 10,
    "佰": 100,
    "仟": 1000,
    "thousand": 1000,
    "million": 1_000_000,
}
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇", "一二三四五六七八九十百千零")
_DIGIT = "一二两三四五六七八九"
_NUMERAL = f"{_DIGIT}零〇十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟廿卅"

# The point in Rp.500 belongs to the word before it.
_DIGITS = r"(?:[0-9][0-9,.]*|(?<![a-z/])\.[0-9]+)"
_UNIT = r"(?:百万|千万|[十百千万亿拾佰仟]|(?:[wk]|thousand|million)(?![a-zß-ɏ]|白?金|黄金))"
_LAST = "一二三四五六七八九"
_MORE = (
    r"(?:(?:零?[0-9]{1,4}(?:[十百千]|k(?![a-z]))?){1,3}"
    rf"|零[{_LAST}](?:[十百][{_LAST}]?)?(?![{_NUMERAL}])"
    # 1万二, 2千三百; but the 一 of 1万一只 counts what is sold.
    rf"|[{_LAST}][十百千]?(?!(?!一[^{_NUMERAL}])[{_NUMERAL}]))?"
)
_LAST_DIGITS = str.maketrans(_LAST, "123456789")
_VAGUELY = r"\s?(?:[多来余]|个(?=[wk万千]))?"
_ARABIC = rf"(?P<head>{_DIGITS})(?:{_VAGUELY}(?P<unit>{_UNIT})(?P<rest>{_MORE}))?"
_CHINESE = rf"[{_NUMERAL}]+(?:点[{_DIGIT}零]+[百千万]?)?"
_NUMBER = re.compile(rf"{_ARABIC}|(?P<chinese>{_CHINESE})|(?P<broken>{BROKEN})")
_REST = re.compile(r"(零?)([0-9]+)([十百千k]?)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_EUROPEAN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}")
_POINTED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_ABROAD = re.compile(r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<cents>[0-9]{2}))?")
_ONE_OF = re.compile(rf"\s?(?:{NOT_MONEY})")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PRICE_ENDS = re.compile(
    rf"{SUFFIX}|[毛角钱起出不可卖拿带议转走私非急含免的了吧左上以多现特秒清包邮全到成小券内每]|价|分(?!之)"
)
"""What follows a price whose last digit is a 1, and not a counted thing."""
_VAGUE = frozenset("几数上好多余来小近成大")
_TOGETHER = ("起", "共", "并")
"""What makes a 一 behind an amount an adverb: 12万一起."""
_CENTS = re.compile(rf"\s?(?:块|元)([0-9{_DIGIT}])(?:[毛角]([0-9{_DIGIT}])?分?)?(?![0-9.])")
_TENTHS = re.compile(r"\s?毛(?:钱)?(?![笔料衣坯病])")
_APPROXIMATE = re.compile(rf"[{_DIGIT}][{_DIGIT}][十百千万]|[百千万][{_DIGIT}][{_DIGIT}]$")


@dataclass(frozen=True)
class Number:
    """A number in a text, from `start` to `end`; its value is None if it is malformed."""

    value: Decimal | None
    start: int
    end: int
    chinese: bool = False
    is_range: bool = False
    in_money: bool = False
    """Whether its own characters mean yuan: 15块5, 5毛."""


def find_numbers(text: str) -> list[Number]:
    """All numbers of a folded text, in order."""
    numbers: list[Number] = []
    for match in _NUMBER.finditer(text):
        if match["broken"]:
            numbers.append(Number(None, *match.span()))
            continue
        number = _chinese(text, match) if match["chinese"] else _arabic(text, match)
        numbers += [number] if isinstance(number, Number) else number
    return [_with_cents(text, number) for number in numbers]


def _arabic(text: str, match: re.Match[str]) -> list[Number]:
    head = match["head"].rstrip(",.")
    start = match.start()
    if not match["unit"]:
        return _plain(head, start)
    value = _decimal(head)
    unit = _UNITS[match["unit"]]
    rest, end = match["rest"].translate(_LAST_DIGITS), match.end()
    pieces = list(_REST.finditer(rest))
    # 1万2颗: the last digits count pieces, they are not part of the price.
    if pieces and not pieces[-1][3] and _counts(text, end, text[end - 1]):
        end -= len(pieces.pop()[0])
    if value is None:
        return [Number(None, start, end)]
    return [Number(value * unit + _rest_value(pieces, unit), start, end)]


def _rest_value(pieces: list[re.Match[str]], unit: int) -> Decimal:
    total = Decimal(0)
    for zero, digits, own in (piece.groups() for piece in pieces):
        if own:
            unit = _UNITS[own]
            total += int(digits) * unit
        elif zero or len(digits) > 1:
            total += int(digits)
        else:
            unit //= 10
            total += int(digits) * unit
    return total


def _plain(head: str, start: int) -> list[Number]:
    parts = head.split(",")
    # 5800,3200: no grouping of thousands begins with four digits, so these are two numbers.
    if len(parts) > 1 and all(len(part.split(".")[0]) > 3 for part in parts):
        numbers = []
        for part in parts:
            numbers.append(Number(_decimal(part), start, start + len(part)))
            start += len(part) + 1
        return numbers
    return [Number(_decimal(head), start, start + len(head))]


def _decimal(digits: str) -> Decimal | None:
    if "," in digits:
        if _EUROPEAN.fullmatch(digits):
            digits = digits.replace(".", "").replace(",", ".")
        elif _GROUPED.fullmatch(digits):
            digits = digits.replace(",", "")
        else:
            return None
    elif _POINTED.fullmatch(digits):
        digits = digits.replace(".", "")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def value_abroad(digits: str) -> Decimal | None:
    """Value of a number in continental notation (120,00 or 500.000), else None.

    For foreign currencies only: beside yuan, 12,50 may be two figures.
    """
    match = _ABROAD.fullmatch(digits)
    if not match:
        return None
    return Decimal(f"{match['whole'].replace('.', '')}.{match['cents'] or 0}")


def is_ambiguous(digits: str) -> bool:
    """Whether a point may separate thousands or decimals; yuan have two of these.

    >>> [is_ambiguous(each) for each in ("2.800", "2.80", "0.500", "1280.500")]
    [True, False, False, False]
    """
    return _AMBIGUOUS.fullmatch(digits) is not None


def _chinese(text: str, match: re.Match[str]) -> list[Number]:
    start, end = match.span()
    # 每两一千一: the first 两 is the weight.
    if text[start] == "两" and end - start > 1 and text[start - 1 : start] in ("每", "论", "按"):
        start += 1
    # 五百一两: 两 is the weight and 一 belongs to it.
    if text[end - 1] == "两" and end - start > 1:
        end -= 1
    if end - start > 1 and text[end - 1] == "一" and _one_of(text, end, text[end - 2]):
        end -= 1
    run = text[start:end].translate(_PLAIN)
    if _is_round(run, text, start, end):
        return [Number(Decimal(_UNITS[run]), start, end, chinese=True)]
    if not any(character in _DIGIT + "十廿卅" for character in run) or text[end : end + 1] == "几":
        return []
    in_money = re.match(SUFFIX, text[end:]) is not None
    if len(run) == 1 and run != "十":
        return [Number(_whole(run), start, end, chinese=True)] if in_money else []
    if run[0] in "百千万" and not (in_money or len(run) == len(text)):
        return []
    if "点" not in run and _APPROXIMATE.search(run):
        return [Number(Decimal(0), start, end, chinese=True, is_range=True)]
    return [Number(_whole(run), start, end, chinese=True)]


def _is_round(run: str, text: str, start: int, end: int) -> bool:
    """Whether a unit alone is an amount: 千元左右, but 几千元."""
    if run not in ("百", "千", "万") or text[max(0, start - 1) : start] in _VAGUE:
        return False
    return re.match(r"[元块](?:左右|上下|出头|以?内)", text[end:]) is not None


def _whole(run: str) -> Decimal | None:
    run = f"一{run}" if run[0] in "百千万" else run
    whole, dot, after = run.partition("点")
    unit = _UNITS.get(after[-1:], 1)
    try:
        value = _converted(whole[:30])
        if dot:
            tenths = "".join(str(_converted(digit)) for digit in after if digit not in "百千万")
            value = (value + Decimal(f"0.{tenths}")) * unit
    except (ValueError, TypeError, ArithmeticError):
        return None
    return value


def _converted(numeral: str) -> Decimal:
    """The value of a whole Chinese or Arabic numeral; ValueError if it is not one."""
    return Decimal(_converter()(numeral, "smart"))


@cache
def _converter() -> Callable[[str, str], int | float]:
    # Imported here: cn2an takes a tenth of a crawl's start, and few prices have Chinese numerals.
    from cn2an import cn2an

    convert: Callable[[str, str], int | float] = cn2an
    return convert


def _counts(text: str, end: int, digit: str) -> bool:
    """Whether the `digit` that ends at `end` counts what follows: 100元3个, 35元一平方.

    After a 1 any word may be counted, unless it goes on about the price.
    """
    following = text[end : end + 1]
    if digit == "一" and following in _TOGETHER:
        return True
    if digit in "一1" and _ONE_OF.match(text, end):
        return True
    if following and following in "一每":
        return False
    if _ONE_OF.match(text, end) or COUNTED_BY.match(text, end):
        return True
    return digit in "一1" and bool(_HAN.match(following)) and not _PRICE_ENDS.match(text, end)


def _one_of(text: str, end: int, before: str) -> bool:
    """Whether a 一 behind a Chinese number counts what follows: 五百一顶, but 二十一元."""
    if before in "百千万亿":
        return _counts(text, end, "一")
    return _ONE_OF.match(text, end) is not None


def _with_cents(text: str, number: Number) -> Number:
    """15块5 is 15.5, 八元八角八分 is 8.88, 5毛 is 0.5."""
    if number.value is None or number.is_range:
        return number
    tenths = _TENTHS.match(text, number.end)
    if tenths:
        return Number(number.value / 10, number.start, tenths.end(), number.chinese, in_money=True)
    cents = _CENTS.match(text, number.end)
    # 100元3个, 15元一克: the digit counts pieces or grams.
    if not cents or (cents.end() == cents.end(1) and _counts(text, cents.end(), cents[1])):
        return number
    parts = (_converted(digit) if digit else Decimal(0) for digit in cents.groups())
    value = number.value + next(parts) / 10 + next(parts) / 100
    return Number(value, number.start, cents.end(), number.chinese, in_money=True)
