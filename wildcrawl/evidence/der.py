"""DER of time-stamp replies: certificates put into the order that strict readers require."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_CERTIFICATES = 0xA0
"""Tag of the certificates in the signed data (RFC 5652, section 5.1)."""


class _Element(NamedTuple):
    """Tag of an element, and the places of its start, content and end in the data."""

    tag: int
    start: int
    content: int
    end: int


def ordered(reply: bytes) -> bytes:
    """The reply with its certificates in DER order; unchanged if it has another structure.

    openssl writes them in the order of its files, which rfc3161-client refuses. The signature does
    not cover their order.
    """
    try:
        signed_data = _signed_data(reply)
        certificates = next(each for each in signed_data if each.tag == _CERTIFICATES)
        parts = [reply[each.start : each.end] for each in _elements(reply, certificates)]
    except (IndexError, StopIteration, ValueError):
        return reply
    return reply[: certificates.content] + b"".join(sorted(parts)) + reply[certificates.end :]


def _signed_data(reply: bytes) -> list[_Element]:
    """The elements of the signed data: reply / token / content / signed data."""
    [response] = _elements(reply, _Element(0, 0, 0, len(reply)))
    token = list(_elements(reply, response))[1]
    content = list(_elements(reply, token))[1]
    [signed_data] = _elements(reply, content)
    return list(_elements(reply, signed_data))


def _elements(data: bytes, parent: _Element) -> Iterator[_Element]:
    """The elements in the content of `parent`; IndexError if they do not fit."""
    start = parent.content
    while start < parent.end:
        length, content = data[start + 1], start + 2
        if length & 0x80:
            digits = length & 0x7F
            length = int.from_bytes(data[content : content + digits], "big")
            content += digits
        end = content + length
        if end > parent.end:
            raise IndexError(end)
        yield _Element(data[start], start, content, end)
        start = end
