"""Reading of contacts: each with its kind and in one spelling, so that equal ones can be linked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wildcrawl.analysis.contacts.disguises import write_out
from wildcrawl.analysis.contacts.folding import fold, visible
from wildcrawl.analysis.contacts.hiding import spans_in
from wildcrawl.analysis.contacts.labels import labelled_spans
from wildcrawl.analysis.contacts.spans import Kind, Span, disjoint

_NUMBERS = frozenset({Kind.PHONE, Kind.ID_CARD, Kind.BANK_CARD})
_ACCOUNTS = frozenset({Kind.WECHAT, Kind.QQ, Kind.MESSENGER})
"""Kinds of which the word may stand on one line of a picture, and the account on the next."""
_NOT_NUMBER = re.compile(r"[^0-9x]")
_NOT_ACCOUNT = re.compile(r"[^\w@-]")
_SPACED = re.compile(r"[a-z0-9](?:[^a-z0-9]+[a-z0-9]){4,}")
_COUNTRY = re.compile(r"(?:0086|86|0)(?=1[3-9][0-9]{9}$)")


class ReadContact(NamedTuple):
    """A contact as read: its kind and its value in one spelling. For use in memory only."""

    kind: Kind
    value: str


def read_contacts(text: str, *, lines: bool = False) -> tuple[list[ReadContact], str]:
    """The contacts in a text, each once, and the text with each replaced by its kind.

    `lines`: the text is that of a picture, where an account may stand below its word.

    >>> read_contacts("象牙手镯 加微信: Ivory_8899")
    ([ReadContact(kind=<Kind.WECHAT: 'wechat'>, value='ivory_8899')], '象牙手镯 加微信: [wechat]')
    """
    plain = visible(text)
    folded = fold(plain)
    spans = list(spans_in(plain, folded))
    if lines:
        spans += _across_lines(folded)
    found: list[ReadContact] = []
    pieces: list[str] = []
    position = 0
    for span in disjoint(spans):
        found.append(ReadContact(span.kind, _spelling(span.kind, folded[span.start : span.end])))
        pieces += (plain[position : span.start], f"[{span.kind}]")
        position = span.end
    return list(dict.fromkeys(found)), "".join([*pieces, plain[position:]])


def _across_lines(folded: str) -> Iterator[Span]:
    flat = folded.replace("\n", " ")
    return (span for span in _labelled(flat) if "\n" not in folded[span.start : span.end])


def _labelled(flat: str) -> Iterable[Span]:
    return (span for span in labelled_spans(flat) if span.kind in _ACCOUNTS)


def _spelling(kind: Kind, written: str) -> str:
    """A contact without the signs that people put into it.

    >>> _spelling(Kind.PHONE, "+86 138-0013-8000"), _spelling(Kind.WECHAT, "a b c 1 2 3")
    ('13800138000', 'abc123')
    """
    written = out.text if (out := write_out(written)) else written
    if kind in _NUMBERS:
        digits = _NOT_NUMBER.sub("", written)
        return _COUNTRY.sub("", digits)
    if kind in _ACCOUNTS:
        account = _NOT_ACCOUNT.sub("", written).removeprefix("@")
        return re.sub(r"[^a-z0-9]", "", account) if _SPACED.fullmatch(written) else account
    return "".join(written.split())
