"""Spans of contacts: kind, start and end of each in a text folded for reading."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Kinds of contacts."""

    PHONE = "phone"
    WECHAT = "wechat"
    QQ = "qq"
    EMAIL = "email"
    MESSENGER = "messenger"
    ADDRESS = "address"
    POSTAL = "postal"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"


class Span(NamedTuple):
    """A contact from character `start` up to `end`."""

    start: int
    end: int
    kind: Kind


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """The spans by position, overlapping ones as one of the first one's kind."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, span.end), last.kind)
        else:
            merged.append(span)
    return merged
