"""Numbers of contacts by their shape: mobile and other phones, identity cards, bank cards.

A number is a row of groups of digits with short separators between. Which groups make a number
is decided by their lengths, separators and what is written around them, so that prices, sizes,
years, weights and item numbers remain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from wildcrawl.analysis.contacts.spans import Kind, Span

_LONGEST = 20
"""Digits of the longest number that is looked for."""
_FEWEST = 10
"""Digits of the shortest one that no word announces."""
_SHORTEST = 7
_CARD_GROUP = 3
# A separator is up to three signs; letters and Chinese characters end a number.
_ROW = re.compile(r"\d++(?>(?:(?>(?:[^\w\n]|_){0,3})\d++)*)")
_ENOUGH = re.compile(r"(?:\d(?:[^\w\n]|_){0,4}){7}")
"""The fewest digits of a number."""
_DIGITS = re.compile(r"\d+")
_CLASS_CHANGE = re.compile(r"[0-9]+|[^0-9]+")

_MOBILE = re.compile(r"(?:0|86|086|0086)?(1[3-9]\d{9})")
_MOBILE_GROUPS = {
    (11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (3, 2, 2, 4), (3, 4, 2, 2),
    (3, 2, 2, 2, 2), (2, 3, 3, 3), (1,) * 11, (1, 10), (2, 9), (5, 6), (6, 5), (4, 3, 4),
    (1, 3, 3, 4), (5, 3, 3), (1, 2, 4, 4), (4, 4, 3),
}  # fmt: skip
"""Lengths of the groups in which mobile numbers are written."""
_FREE_GROUPS = {(4, 4, 3), (4, 3, 4), (5, 3, 3), (5, 6), (6, 5), (2, 3, 3, 3)}
"""Of these, lengths that a list of sizes and years may have too: not between spaces alone."""
_LANDLINE_GROUPS = {(8,), (7,), (4, 4), (3, 4), (3, 5), (4, 3), (2, 2, 4), (2, 2, 2, 2)}
_AREA = re.compile(r"0(?:10|2\d|[3-9]\d\d)")
_TOLL_FREE_GROUPS = {(3, 3, 4), (3, 4, 3), (3, 7), (4, 3, 3), (3, 2, 2, 3)}
_ID_CARD = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}(\d{6,8})\d{3}")
_PHONE = re.compile(
    r"(?:0|86|086|0086)?1[3-9]\d{9}|0(?:10|2\d|[3-9]\d\d)[2-9]\d{6}|(?:400|800)[016-9]\d{6}"
    r"|(?:852|853|886)[235689]\d{7}|09\d{8}"
)
"""Where a phone may begin, in the digits of a row."""
_CARD = re.compile(
    r"[1-8]\d{5}(?:(?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
    r"|[1-8]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
    r"|(?:62|60|4\d|5[1-5]|35|37|95)\d{14}"
)
"""Where the number of a card may begin; its first group has three digits or more."""
_ID_GROUPS = {
    (6, 8, 4),
    (6, 4, 4, 4),
    (6, 12),
    (3, 3, 4, 4, 4),
    (6, 4, 2, 2, 4),
    (6, 8, 3),
    (6, 6, 3),
}
_ID_LENGTHS = (15, 18)
_CHECK_LETTER = ("x", "叉")
_CARD_LENGTHS = range(16, 20)
_CARD_STARTS = ("62", "60", "4", "51", "52", "53", "54", "55", "35", "37", "9558")
_PLAIN_SEPARATORS = frozenset(" \t,，.-–—~～/、:：*×x;；")
_CURRENCY = re.compile(
    r"(?:[¥￥$€£]|rmb|cny|usd|人民币|原价|现价|售价|标价|价格?|起拍|仅售|特价)[:：为是]?\s?$"
)
UNIT = re.compile(
    r"\s?(?:[￥¥%℃°]|元|块|万|亿|千|百|美|港|rmb|cny|usd|公?斤|克|[km]?g\b|[mc]m|毫|厘|公分|米|寸"
    r"|尺|年|月|日|件|颗|粒|个|只|枚|条|串|套|对|份|张|把|支|包|盒|次|人|岁|折|克拉|ct|以[上下]|左右)"
)
_ABROAD = re.compile(
    r"(?<![a-z0-9.])((?:\+|00(?=[1-9])(?!\d\s0\d\d\s0\d\d(?!\d)))\s?(?:\(\s?)?\d{1,4}\)?(?>(?:[\s().-]{0,2}\d){6,13}))(?!\d)"
)
_EXTENSION = re.compile(rf"\s?(?:转|分机|ext\.?)\s?\d{{1,5}}(?!\d)|-\d{{3,4}}(?!\d|{UNIT.pattern})")
_CALL = re.compile(r"(?:打|拨|联系|联络|联|找我|加我|致电|来电|电话|手机|微信|call)[^\w\n]*$")
_CALL_LENGTH = 8
_YEAR = re.compile(r"(?:19|20)\d\d")
_CALLED_SEPARATORS = frozenset({"", " ", "  ", "\u3000", "-", "－", "—", " - ", ".", "/", "_"})
_BROKEN = re.compile(
    r"(?<![\d.])(?P<first>1(?:[ -]?\d){0,9}) ?-?[ \t]*\r?\n"
    r"(?=[ \t]*(?P<second>\d(?:[ -]?\d){0,9})(?![\d.]))"
)
"""A number at the end of a line, and one at the beginning of the next."""
_AROUND_A_WORD = re.compile(
    r"(?:电话|手机号?|致电|来电|联系|拨打?|热线|call|tel|打(?=1))[^\w\n]{0,3}"
    rf"(?P<number>(?P<first>1[3-9]\d{{1,7}})(?!{UNIT.pattern})[一-龥](?P<last>\d{{2,8}}))(?!\d|{UNIT.pattern})"
)
"""A mobile number with a Chinese character in it: 电话15420象938417."""
_PART = r"[,;、，；\s]?(?:再[来打记]?|然后|接着|中间|最后|后面)[是为接:：]?\s?(\d{3,4})(?!\d)"
_TOLD = re.compile(
    r"(?:手机|电话|号码?|拨|打|[先就]记|前[34]位|开头)[^\d\n]{0,10}(1[3-9]\d{1,2})(?!\d)"
    rf"(?:{_PART}{_PART}|[^\d\n]{{0,6}}(?:后面|最后|剩下的?)[是为:：]?\s?(\d{{7,8}})(?!\d))"
)
"""A mobile number of which each part is told: 手机号138，再来0013，最后8572."""
_TOLD_LENGTHS = {(3, 4, 4), (4, 7), (3, 8)}
_MOBILE_DIGITS = 11
_LONG_PART = 7
"""Digits of a part of a broken number that is not a size, and seldom a price."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[,，]\d{3})+")
_REGION = re.compile(r"(?:852|853|886)")
_REGION_NAMED = re.compile(r"(?:香港|港|澳[门門]|台[湾灣]|hk|macau|taiwan)[^\w\n]*$")
_TAIWAN_GROUPS = {(4, 3, 3), (4, 6), (4, 2, 2, 2)}


class DigitGroup(NamedTuple):
    """A group of digits: its position, the separator before it, and whether it is 0 to 9."""

    start: int
    end: int
    digits: str
    before: str
    plain: bool


def number_spans(text: str, folded: str) -> Iterator[Span]:
    """Contacts that are numbers; `folded` is `text` folded, of the same length."""
    if "\n" in folded:
        yield from _broken_spans(text, folded)
    for match in _AROUND_A_WORD.finditer(folded):
        if len(match["first"] + match["last"]) == _MOBILE_DIGITS:
            yield Span(*match.span("number"), Kind.PHONE)
    told = _TOLD.search(folded)
    if told and _is_told(told, folded):
        parts = (part for part in (1, 2, 3, 4) if told[part])
        yield from (Span(*told.span(part), Kind.PHONE) for part in parts)
    if not _ENOUGH.search(folded):
        return
    for row in _ROW.finditer(folded):
        if row.end() - row.start() >= _SHORTEST:
            yield from _in_row(_groups(text, folded, row), folded)
    for match in _ABROAD.finditer(folded):
        digits = sum(character.isdigit() for character in match[0])
        if 8 <= digits <= 15 and not UNIT.match(folded, match.end()):
            yield Span(match.start(1), match.end(), Kind.PHONE)


def _is_told(told: re.Match[str], folded: str) -> bool:
    """Whether the parts that are told are of a mobile number, and not prices of 11 digits."""
    lengths = tuple(len(part) for part in told.groups() if part)
    return lengths in {(3, 4, 4), (4, 7), (3, 8)} or (
        sum(lengths) == _MOBILE_DIGITS and ("手机" in folded or "电话" in folded)
    )


def _broken_spans(text: str, folded: str) -> Iterator[Span]:
    """Mobile numbers that are broken over two lines, as by a narrow column: 138-0013-⏎8000."""
    for match in _BROKEN.finditer(folded):
        first, second = (re.sub(r"\D", "", match[part]) for part in ("first", "second"))
        start, end = match.start(), match.end("second")
        before = folded[max(0, start - _CALL_LENGTH) : start]
        if not _MOBILE.fullmatch(first + second) or _CURRENCY.search(before):
            continue
        if UNIT.match(folded, end) or _YEAR.fullmatch(second):
            continue
        long = len(second) >= _LONG_PART or (len(first) >= _LONG_PART and first[-2:] != "00")
        disguised = not text[start:end].isascii()
        if long or disguised or second.startswith("0") or _CALL.search(before):
            yield Span(start, end, Kind.PHONE)


def _groups(text: str, folded: str, row: re.Match[str]) -> list[DigitGroup]:
    """Groups of a row; digits of another form, such as Chinese ones, are groups of their own."""
    groups: list[DigitGroup] = []
    end = row.start()
    for run in _DIGITS.finditer(folded, row.start(), row.end()):
        written = text[run.start() : run.end()]
        parts = [(0, len(written))]
        if not written.isascii():
            parts = [part.span() for part in _CLASS_CHANGE.finditer(written)]
        for first, last in parts:
            before, start = end, run.start() + first
            end = run.start() + last
            plain = text[start:end].isascii()
            groups.append(DigitGroup(start, end, folded[start:end], folded[before:start], plain))
    return groups


def _in_row(groups: Sequence[DigitGroup], folded: str) -> Iterator[Span]:
    digits = "".join(group.digits for group in groups)
    taken = offset = 0
    for first, group in enumerate(groups):
        if first >= taken and (
            _PHONE.match(digits, offset)
            or (_may_be_card(groups, first) and _CARD.match(digits, offset))
        ):
            found = _at(groups, first, folded)
            if found:
                last, kind = found
                yield Span(group.start, _end(groups[last], folded, kind), kind)
                taken = last + 1
        offset += len(group.digits)


def _may_be_card(groups: Sequence[DigitGroup], first: int) -> bool:
    following = groups[first + 1 : first + 2]
    return len(groups[first].digits) >= _CARD_GROUP or any(not each.before for each in following)


def _end(group: DigitGroup, folded: str, kind: Kind) -> int:
    """End of a number: an extension belongs to it, or the check letter X of an identity card."""
    after = group.end
    if kind == Kind.PHONE:
        extension = _EXTENSION.match(folded, after)
        return extension.end() if extension else after
    return (
        after + 1 if kind == Kind.ID_CARD and folded[after : after + 1] in _CHECK_LETTER else after
    )


def _at(groups: Sequence[DigitGroup], first: int, folded: str) -> tuple[int, Kind] | None:
    """The last group and the kind of the number that begins with group `first`."""
    digits, found = "", None
    for last in range(first, len(groups)):
        digits += groups[last].digits
        if len(digits) > _LONGEST:
            break
        if len(digits) >= _FEWEST and (kind := _kind(groups[first : last + 1], digits, folded)):
            found = (last, kind)
            if kind != Kind.BANK_CARD:
                break
    return found


def _kind(row: Sequence[DigitGroup], digits: str, folded: str) -> Kind | None:
    start = row[0].start
    lengths = tuple(len(group.digits) for group in row)
    after = folded[row[-1].end : row[-1].end + 4]
    before = folded[max(0, start - 8) : start]
    separators = [group.before for group in row[1:]]
    if _is_mobile(row, lengths, digits, separators) or _is_called(row, digits, folded):
        return None if _is_measured(row, before, after, separators) else Kind.PHONE
    if _is_landline(row, lengths, digits, before) or _is_next_door(row, digits, before):
        return None if _is_measured(row, before, after, separators) else Kind.PHONE
    if _is_toll_free(lengths, digits, separators) or _is_taiwanese(lengths, digits, separators):
        return None if _is_measured(row, before, after, separators) else Kind.PHONE
    if _is_id_card(lengths, digits, after, separators):
        return Kind.ID_CARD
    if _is_bank_card(row, lengths, digits):
        return Kind.BANK_CARD
    return None


def _is_mobile(
    row: Sequence[DigitGroup], lengths: tuple[int, ...], digits: str, separators: Sequence[str]
) -> bool:
    match = _MOBILE.fullmatch(digits)
    if not match:
        return False
    prefix = len(digits) - 11
    if prefix:
        # The country's code, or a 0, is a group of its own or written before the number.
        if lengths[0] == prefix:
            lengths, separators = lengths[1:], separators[1:]
        elif lengths[0] > prefix:
            lengths = (lengths[0] - prefix, *lengths[1:])
        else:
            return False
    if not any(separators) or _changes_form(row):
        return True
    if any(set(separator) - _PLAIN_SEPARATORS for separator in separators):
        return True
    if lengths not in _MOBILE_GROUPS:
        return (
            lengths == (2, 2, 2, 2, 2, 1)
            and len(set(separators)) == 1
            and not separators[0].isspace()
            and separators[0] in "-./"
        )
    if lengths in _FREE_GROUPS and len(set(separators)) > 1:
        return False
    if lengths in _FREE_GROUPS:
        return any(group.digits.startswith("0") for group in row[1:]) or separators[0] == "-"
    return True


def _changes_form(row: Sequence[DigitGroup]) -> bool:
    """Whether Chinese digits follow plain ones at once: 60-0714-3八八二; ② may count sizes.

    Or stand between plain ones twice: 1伍4-零零-6陆2-7柒9.
    """
    between = sum(
        left.plain and not middle.plain and right.plain and not middle.before + right.before
        for left, middle, right in zip(row, row[1:], row[2:], strict=False)
    )
    return between > 1 or any(
        left.plain and not right.plain and not right.before and len(right.digits) > 1
        for left, right in pairwise(row)
    )


def _is_called(row: Sequence[DigitGroup], digits: str, folded: str) -> bool:
    """Whether groups of any lengths are a mobile number, by a zero in front or a word before.

    A list of sizes or prices has no group that begins with a zero: 13 8 00 13 8 000.
    """
    separators = {group.before for group in row[1:]}
    if not _MOBILE.fullmatch(digits) or not separators <= _CALLED_SEPARATORS:
        return False
    start = row[0].start
    called = _CALL.search(folded, max(0, start - _CALL_LENGTH), start)
    zero = any(len(group.digits) > 1 and group.digits[0] == "0" for group in row[1:])
    dated = any(_YEAR.fullmatch(group.digits) for group in row)
    return bool(called) or (zero and digits[0] == "1" and not dated and len(separators) == 1)


def _is_measured(
    row: Sequence[DigitGroup], before: str, after: str, separators: Sequence[str]
) -> bool:
    """Whether a row of several groups is prices or sizes: by a currency or a unit around it."""
    if len(row) == 1 or not any(separators):
        return False
    if any(group.digits.startswith("0") for group in row[1:]):
        written = "".join(
            group.before * (place > 0) + group.digits for place, group in enumerate(row)
        )
        return bool(_THOUSANDS.fullmatch(written)) and bool(
            _CURRENCY.search(before) or UNIT.match(after)
        )
    return bool(_CURRENCY.search(before) or UNIT.match(after))


def _is_landline(
    row: Sequence[DigitGroup], lengths: tuple[int, ...], digits: str, before: str
) -> bool:
    area = _AREA.match(digits)
    if not area or before.endswith((".", "。")):
        return False
    length = area.end()
    if lengths == (len(digits),):
        return len(digits) in (11, 12) and len(digits) - length in (7, 8)
    if lengths[0] == length:
        return lengths[1:] in _LANDLINE_GROUPS and digits[length] in "23456789"
    return not any(group.before for group in row[1:]) and len(digits) - length in (7, 8)


def _is_next_door(row: Sequence[DigitGroup], digits: str, before: str) -> bool:
    """Whether a number is one of Hong Kong, Macao or Taiwan with its code: 852-9123 4567."""
    return (
        bool(_REGION.fullmatch(row[0].digits))
        and len(row) > 1
        and len(digits) - 3 in (8, 9)
        and digits[3] in "235689"
        and (
            "-" in row[1].before
            or ")" in row[1].before
            or before.endswith(("(", "（"))
            or bool(_REGION_NAMED.search(before))
        )
    )


def _is_toll_free(lengths: tuple[int, ...], digits: str, separators: Sequence[str]) -> bool:
    if len(digits) != 10 or not digits.startswith(("400", "800")) or digits[3] not in "016789":
        return False
    if set(lengths) == {1}:
        return True
    if lengths == (3, 3, 4) and set(separators) == {" "}:
        return digits[5] != "0" and digits[9] != "0"
    if lengths == (10,):
        return not digits.endswith("0000")
    return lengths in _TOLL_FREE_GROUPS and all(set(each) <= set("-–—") for each in separators)


def _is_taiwanese(lengths: tuple[int, ...], digits: str, separators: Sequence[str]) -> bool:
    """Whether a number is a mobile one of Taiwan as it is written there: 0912-345-678."""
    if len(digits) != 10 or not digits.startswith("09") or lengths not in _TAIWAN_GROUPS:
        return False
    return all(set(each) <= set("- –—") and each for each in separators)


def _is_id_card(
    lengths: tuple[int, ...], digits: str, after: str, separators: Sequence[str]
) -> bool:
    whole = digits + ("0" if after[:1] in _CHECK_LETTER and len(digits) == 17 else "")
    if len(whole) not in _ID_LENGTHS or not _ID_CARD.match(whole):
        return False
    if any(separators) and lengths not in _ID_GROUPS:
        return False
    born = whole[6:14] if len(whole) == 18 else f"19{whole[6:12]}"
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2035


def _is_bank_card(row: Sequence[DigitGroup], lengths: tuple[int, ...], digits: str) -> bool:
    if len(digits) not in _CARD_LENGTHS or not digits.startswith(_CARD_STARTS):
        return False
    grouped = len(lengths) > 1
    if (
        grouped
        and any(length != 4 for length in lengths[:-1])
        and lengths not in {(6, 13), (6, 10)}
    ):
        return False
    if grouped and all(group.digits.endswith("00") for group in row):
        return False
    return digits.startswith("62") or is_luhn(digits)


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, Annex B)."""
    doubled = "0246813579"
    total = sum(
        int(doubled[int(digit)] if place % 2 else digit)
        for place, digit in enumerate(reversed(digits))
    )
    return total % 10 == 0
