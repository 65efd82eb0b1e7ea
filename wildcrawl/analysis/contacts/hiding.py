"""Hiding of contacts: one function for exports, notices and logs, in time linear in the length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wildcrawl.analysis.contacts.addresses import (
    ADDRESS,
    TELEPHONE,
    address_spans,
    shared_span,
    shop_spans,
)
from wildcrawl.analysis.contacts.disguises import TWO_DIGITS, write_out
from wildcrawl.analysis.contacts.folding import fold, fold_exactly, visible
from wildcrawl.analysis.contacts.handles import handle_spans
from wildcrawl.analysis.contacts.labels import BRACKETED, labelled_spans
from wildcrawl.analysis.contacts.numbers import number_spans
from wildcrawl.analysis.contacts.pieces import piece_spans, underscored_spans
from wildcrawl.analysis.contacts.places import HOUSE, place_spans
from wildcrawl.analysis.contacts.spans import Kind, Span, disjoint
from wildcrawl.analysis.contacts.spoken import spoken_spans

HIDDEN = "▒▒▒"
"""What stands in a text for a contact."""
_REPLACED = str.maketrans({HIDDEN[0]: "?", "\ufffd": "?"})
"""The mark as a spreadsheet writes it in a charset that lacks it, as GBK does."""

_HASH = r"\s?#\s?(?=(?:qq|vip|163|126|139|189|gmail|hotmail|outlook|sina|foxmail|yahoo)\b"
_HASH += r"|(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}\s?[(（,，;；]?\s?#\s?[换改])"
_AT = rf"(?:@|[(\[{{<【《「]\s?(?:@|at?)\s?[)\]}}>】》」]|{_HASH}|\s?艾特\s?"
_AT += r"|\s?[(\[【]?小?老鼠[)\]】]?\s?)"
_DOT = r"(?:[.。·]|\(dot\)|\[dot\]|点)"
_MAIL = re.compile(
    rf"(?<![a-z0-9_.+-])[a-z0-9_.+-]{{1,64}}+\s?{_AT}\s?[a-z0-9-]{{1,63}}+(?:\s?{_DOT}\s?[a-z0-9-]{{2,63}}+){{1,6}}"
)
_SPACED_MAIL = re.compile(
    rf"(?<![a-z0-9_.+-])[a-z][a-z_]{{1,30}}+ \d{{1,6}} @ [a-z0-9-]{{1,63}}+"
    rf"(?: ?{_DOT} ?[a-z]{{2,63}}+){{1,6}}"
)
"""E-mail whose name is written apart as well: ivory 88 @ mail . example."""
_SPOKEN_MAIL = re.compile(
    r"(?<![a-z0-9_.+-])[a-z0-9_.+-]{1,64}+[\s*/_]{1,3}at[\s*/_]{1,3}[a-z0-9-]{1,63}+"
    r"(?:[\s*/_]{1,3}dot[\s*/_]{1,3}[a-z0-9-]{2,63}+){1,6}"
)
_WORD_BEFORE = 8
"""Characters before an account in which the word that announces it ends."""
_ANOTHER = 7
"""Digits after a number that are another one."""
_DIGEST_LENGTH = 32
_DIGEST = re.compile(
    rf"(?<![a-z0-9])(?=[0-9]*[a-f])[0-9a-f]{{{_DIGEST_LENGTH},}}(?![a-z0-9]|\s?{_AT})"
)
"""A hash of a file or a contact, in which digits may have the form of a phone."""
_UUID = re.compile(r"(?<![a-z0-9])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![a-z0-9])")
_FULL_WIDTH = re.compile(r"[，！]")
"""What is written in Chinese behind an address, and not in one."""
_MAIL_SIGN = re.compile(r"[@#特鼠]|[(\[{<【《「]\s?a")
_ANYTHING = re.compile(
    rf"[@#:/]|(?:[a-z0-9_洞妖么拐勾][^\w\n]{{0,3}}){{5}}|\d[ ,\n]?[空横杠点中尾后电手联再]"
    rf"|{TWO_DIGITS}|{HOUSE.pattern}|{BRACKETED.pattern}"
    r"|昵称|用户名|字母|前[半段面]|提取码|访问密码|[扣抠]|id[ :]?[一-龥]|公[众眾重][号號] | \. "
)
"""What a text without contacts may lack; most have no more to be looked for."""


@dataclass(frozen=True)
class Redacted:
    """A text without contacts, and how many of each kind were hidden in it."""

    text: str
    counts: Counter[Kind] = field(default_factory=Counter)


def hide_contacts(text: str, keep: str = "") -> Redacted:
    """`text` with phones, accounts, e-mail, identity and bank numbers hidden, and their counts.

    The word that announces a contact remains. Invisible characters are removed from a text with
    contacts. Prices, sizes, years, weights, dates and item numbers remain, and what `keep` has,
    such as the contact of the text's author.

    >>> hide_contacts("象牙手串 加薇abc12345，电话138/0013/8000").text
    '象牙手串 加薇▒▒▒，电话▒▒▒'
    >>> hide_contacts("犀牛角 580克 1949年 编号20160503 ¥1,280,000").text
    '犀牛角 580克 1949年 编号20160503 ¥1,280,000'
    """
    plain = visible(text)
    folded = fold(plain)
    if not _ANYTHING.search(folded):
        return Redacted(text)
    spans = disjoint(spans_in(plain, folded))
    if keep:
        spans = [span for span in spans if plain[span.start : span.end] not in keep]
    if not spans:
        return Redacted(text)
    return Redacted(replaced(plain, spans), Counter(span.kind for span in spans))


def hide_in_address(address: str) -> str:
    """`address` without contacts; its host, path and the ids of its items remain.

    >>> hide_in_address("http://mall.example/item?id=13800138000&tel=13800138000")
    'http://mall.example/item?id=13800138000&tel=▒▒▒'
    """
    folded = address.lower()
    if len(folded) != len(address):
        return address
    return replaced(address, address_spans(folded))


def may_be_hidden(text: str) -> bool:
    """Whether a text has what stands for a contact, also where a spreadsheet replaced it."""
    return HIDDEN.translate(_REPLACED) in text.translate(_REPLACED)


def is_hidden(text: str, whole: str) -> bool:
    """Whether `text` is `whole` with its contacts hidden, as an export writes it.

    >>> is_hidden("牙雕 vx:▒▒▒", "牙雕 vx:abc12345"), is_hidden("牙雕 ▒▒▒", "手串")
    (True, False)
    >>> is_hidden("牙雕 vx:???", "牙雕 vx:abc12345"), is_hidden("牙雕???", "牙雕???")
    (True, False)
    """
    if not may_be_hidden(text):
        return False
    shown = (hide_contacts(whole).text, hide_in_address(whole))
    words = text.translate(_REPLACED).split()
    return any(HIDDEN in each and words == each.translate(_REPLACED).split() for each in shown)


def replaced(text: str, spans: Iterable[Span]) -> str:
    """`text` with each span replaced by HIDDEN."""
    pieces: list[str] = []
    position = 0
    for start, end, _ in disjoint(spans):
        pieces += (text[position:start], HIDDEN)
        position = end
    return "".join([*pieces, text[position:]])


def spans_in(text: str, folded: str) -> Iterator[Span]:
    """The contacts in a text, which may overlap; `folded` is `text` folded, of the same length."""
    yield from _spans_in(text, folded)
    # A letter of another alphabet before a word or a number is not always a disguise of one.
    if (exactly := fold_exactly(text)) != folded:
        yield from _spans_in(text, exactly)


def _spans_in(text: str, folded: str) -> Iterator[Span]:
    addresses = list(_addresses(text, folded)) if ":" in folded or "/" in folded else []
    for start, address in addresses:
        yield from address_spans(address, start)
        before = folded[max(0, start - _WORD_BEFORE) : start]
        yield from shared_span(address, start, before)
    # An address has rules of its own, under which the number of an item remains.
    folded = _without(folded, addresses)
    if len(folded) >= _DIGEST_LENGTH:
        folded = _DIGEST.sub(lambda match: "\n" * len(match[0]), folded)
    yield from _without_addresses(text, folded)
    if out := write_out(folded):
        for start, end, kind in _without_addresses(out.text, out.text):
            # What needed no writing out, nor the word before it, was found as written.
            if any(out.disguised[max(0, start - _WORD_BEFORE) : end]):
                yield Span(out.origins[start][0], out.origins[end - 1][1], kind)


def _addresses(text: str, folded: str) -> Iterator[tuple[int, str]]:
    """Position and folded text of each address, which ends at a full-width mark of `text`."""
    for match in ADDRESS.finditer(folded):
        mark = _FULL_WIDTH.search(text, match.start(), match.end())
        yield match.start(), match[0][: mark.start() - match.start()] if mark else match[0]


def _without(folded: str, addresses: list[tuple[int, str]]) -> str:
    pieces: list[str] = []
    position = 0
    for start, address in addresses:
        if not address.startswith(TELEPHONE):
            pieces += (folded[position:start], "\n" * len(address))
            position = start + len(address)
    return "".join([*pieces, folded[position:]])


def _without_addresses(text: str, folded: str) -> Iterator[Span]:
    if _MAIL_SIGN.search(folded):
        for form in (_MAIL, _SPACED_MAIL):
            yield from (Span(*match.span(), Kind.EMAIL) for match in form.finditer(folded))
    if "dot" in folded:
        yield from (Span(*match.span(), Kind.EMAIL) for match in _SPOKEN_MAIL.finditer(folded))
    yield from place_spans(folded)
    yield from shop_spans(folded)
    yield from handle_spans(folded)
    yield from piece_spans(folded)
    yield from spoken_spans(folded)
    numbers = list(number_spans(text, _UUID.sub(lambda match: "\n" * len(match[0]), folded)))
    yield from numbers
    starts = {span.start: span for span in numbers}
    labelled = list(labelled_spans(folded))
    for span in underscored_spans(folded):
        if all(span.end <= each.start or each.end <= span.start for each in labelled):
            yield span
    for span in labelled:
        # What has the shape of a number ends where that ends, so that a price after it remains.
        number = starts.get(span.start)
        rest = folded[number.end : span.end] if number else ""
        cut = number and sum(map(str.isdigit, rest)) < _ANOTHER
        yield Span(span.start, number.end, span.kind) if number and cut else span
