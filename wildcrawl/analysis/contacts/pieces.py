"""Contacts in pieces, and accounts that only an underscore shows: 前半ab_后半cd12, 开店_ab12."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from wildcrawl.analysis.contacts.handles import WORDS
from wildcrawl.analysis.contacts.spans import Kind, Span

_FILES = (
    r"(?:(?:img|dsc|pic|photo|image|video|vid|mvi|screenshot|mmexport|file|page|size|item|lot|sku|no"
    r"|ad|demo|wildcrawl)_"
    r"|[a-z0-9_]{1,40}_(?:urls?|pages?|form|data|step|path|ms|words?|domains?|results?|visit|tabs|ids?|uri)"
    r"(?![a-z0-9_]))"
)
"""Names of files, fields and settings: IMG_2031, search_url."""
_ACCOUNT = (
    rf"(?<![a-z0-9_./%=&?#+-])(?<![a-z0-9/\"]:)@?(?!{_FILES}|{WORDS})[a-z][a-z0-9]{{1,19}}(?:_[a-z0-9]{{1,20}}){{1,4}}"
    r"(?![a-z0-9_/(\[-]|\.[a-z0-9]|\s?=)"
)
_FIGURES = r"(?=@|[a-z_]{1,60}\d)"
"""What tells an account from English words, as in rose_gold."""
_UNDERSCORED = re.compile(
    rf"(?:(?<=[加号微薇信我找搜丶])|(?:(?<=[要看]图)|(?<=(?<![a-z_])id))[^\w\n:@]{{1,3}}|(?<=[一-龥])[^\w\n:@]{{1,3}}{_FIGURES})(?P<behind>{_ACCOUNT})"
    rf"|(?P<before>{_ACCOUNT})(?=微信|薇信|加我)"
    rf"|{_FIGURES}(?P<beside>{_ACCOUNT})(?=[^\w\n:'\"]{{1,3}}[一-龥])"
)
"""An account with an underscore beside Chinese words, where no name of a file or a field is."""
_ITEM = re.compile(r"(?:[货型款编批单]号|规格|文件|文件名|字段|批次|参数)[^\w\n]{0,3}$")
_BEFORE = 8
_LINES = re.compile(
    r"(?:(?:分|拆|断|隔)开[^\d\n]{0,3}[写发看念读打放报记]|分[段行]|拆成)[^\d\n]{0,6}\n?"
    r"(?P<parts>\d{2,5}(?:[^\w]{1,4}\d{2,5}){1,5})"
)
"""A number of which it is said that it is written apart."""
_ENDS = re.compile(
    r"[前头](?P<places>\d)位[^\d\n]{0,3}(?P<first>\d{3,8})[^\d\n]{0,4}"
    r"[后尾末](?P<others>\d)位[^\d\n]{0,3}(?P<last>\d{3,8})(?!\d)"
    r"|前[半段面][^\w\n]{0,2}是?(?P<begin>[a-z0-9_-]{2,20})[^\w\n]{0,3}"
    r"后[半段面][^\w\n]{0,2}是?(?P<end>[a-z0-9_-]{2,20})"
)
"""The two halves of a number or an account."""
_SINGLE = re.compile(r"(?<![\d.*x×-])\d(?: \d){8,14}(?![\d.]| ?(?:\d|[cm]m|[克元块粒颗]))")
"""A number digit by digit."""
_WRITTEN = re.compile(
    r"(?<![一-龥])[扣抠]\s?(?P<number>\d{4}(?:[,、]\d{2,4}){1,3})(?!\d|\s?(?:元|块|[cm]m|克))"
)
"""A number of QQ in groups, of which thousands have no four digits at first."""
_VARIOUS = 4
"""Digits of a number that differ, at least."""
_SPACED_SCHEME = re.compile(r"h ?t ?t ?p ?s? ?: ?/ ?/ ?[^\s一-龥,，。;；]{4,80}")
_CODE = re.compile(
    r"(?:提取码|访问密码)[^\w\n]{0,3}是?(?P<code>[a-z0-9]{4,6})(?![a-z0-9])"
    r"|口令[^\w\n]{0,4}(?P<word>(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{6,14})(?![a-z0-9])"
    r"|(?<![a-z0-9])vv(?!x)(?P<joined>[a-z]{3,12}\d{3,8}[a-z]?)(?![a-z0-9])"
)
_SIZE = re.compile(r"\d{1,4}(?:mm|cm|m|kg|g)")
_HALVED = range(7, 12)
_LENGTHS = range(9, 12)
"""Digits of a number of which the parts are told."""


def underscored_spans(folded: str) -> Iterator[Span]:
    """Accounts that only their underscore shows, in a folded text."""
    if "_" in folded:
        for match in _UNDERSCORED.finditer(folded):
            name = match.lastgroup or ""
            start = match.start(name)
            if not _ITEM.search(folded[max(0, start - _BEFORE) : start]):
                yield Span(*match.span(name), Kind.WECHAT)


def piece_spans(folded: str) -> Iterator[Span]:
    """Contacts in pieces, in a folded text."""
    for match in _LINES.finditer(folded):
        parts = list(re.finditer(r"\d+", match["parts"]))
        if sum(len(part[0]) for part in parts) in _LENGTHS and not _are_prices(match["parts"]):
            start = match.start("parts")
            yield from (
                Span(start + part.start(), start + part.end(), Kind.PHONE) for part in parts
            )
    for match in _ENDS.finditer(folded):
        if _is_halved(match):
            names = ("first", "last") if match["first"] else ("begin", "end")
            yield from (Span(*match.span(name), Kind.WECHAT) for name in names)
    yield from _whole_spans(folded)


def _are_prices(parts: str) -> bool:
    """Whether figures of one length rise, as prices and sizes do: 拆成 120 130 150."""
    figures = re.findall(r"\d+", parts)
    alike = len({len(figure) for figure in figures}) == 1
    return alike and all(left < right for left, right in pairwise(figures))


def _is_halved(halves: re.Match[str]) -> bool:
    """Whether two halves are of a number or an account, and not two prices: 前面800后面600."""
    first, last = (halves["first"], halves["last"])
    if first:
        told = int(halves["places"]), int(halves["others"])
        return told == (len(first), len(last)) and sum(told) in _HALVED
    parts = halves["begin"], halves["end"]
    if any(_SIZE.fullmatch(part) for part in parts):
        return False
    whole = "".join(parts)
    return not whole.isdigit() or len(whole) in _LENGTHS


def _whole_spans(folded: str) -> Iterator[Span]:
    for match in _SINGLE.finditer(folded):
        digits = match[0].split()
        # A row of counts or sizes rises, goes by ones, or has few numbers.
        steps = [int(right) - int(left) for left, right in pairwise(digits)]
        if len({*digits}) >= _VARIOUS and min(steps) < 0 and max(map(abs, steps)) > 1:
            yield Span(*match.span(), Kind.PHONE)
    for match in _WRITTEN.finditer(folded):
        if sum(map(str.isdigit, match["number"])) in _LENGTHS:
            yield Span(*match.span("number"), Kind.QQ)
    for match in _SPACED_SCHEME.finditer(folded):
        if " " in match[0][:8]:
            yield Span(*match.span(), Kind.ADDRESS)
    for match in _CODE.finditer(folded):
        yield Span(*match.span(match.lastgroup or 0), Kind.ADDRESS)
