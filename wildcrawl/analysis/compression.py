"""Compressed bodies (gzip, deflate, br, zstd), decoded up to a limit."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Any


class BadBody(OSError):
    """A body that was cut short, or whose compression is faulty; the message says which."""


Decoded = tuple[bytes, bool]
"""The decoded bytes, and whether the compressed data was complete or the limit was reached."""


def decoded(body: bytes, encoding: str, limit: int) -> Decoded:
    """`body` decoded from a Content-Encoding, at most `limit` bytes of it.

    `encoding` is one of DECODERS. BadBody if the data is not of that encoding.
    """
    try:
        text, whole = DECODERS[encoding](body, limit)
    except (zlib.error, ValueError) as error:
        raise BadBody(f"its {encoding} body is faulty ({error})") from None
    return text[:limit], whole


def _gunzip(body: bytes, limit: int) -> Decoded:
    """All members of a gzip file; data after them, and wrong checksums, are ignored."""
    pieces: list[bytes] = []
    length, rest = 0, body
    while rest.startswith(b"\x1f\x8b"):
        start = _after_header(rest)
        if start is None:
            return b"".join(pieces), False
        decoder = zlib.decompressobj(-zlib.MAX_WBITS)
        pieces.append(decoder.decompress(rest[start:], max(1, limit - length)))
        length += len(pieces[-1])
        if not decoder.eof:
            return b"".join(pieces), length >= limit
        rest = decoder.unused_data[8:]
    return b"".join(pieces), True


def _after_header(member: bytes) -> int | None:
    """Position of the compressed data in a gzip member (RFC 1952); None if its header is cut."""
    if len(member) < 10:
        return None
    flags, position = member[3], 10
    if flags & 4:
        position += 2 + int.from_bytes(member[position : position + 2], "little")
    for text in (8, 16):
        if flags & text:
            end = member.find(b"\0", position)
            if end < 0:
                return None
            position = end + 1
    if flags & 2:
        position += 2
    return position if position < len(member) else None


def _inflate(body: bytes, limit: int) -> Decoded:
    """The zlib format, or the bare data that some servers send under its name."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        decoder = zlib.decompressobj(bits)
        try:
            text = decoder.decompress(body, limit)
        except zlib.error:
            if bits < 0:
                raise
            continue
        return text, decoder.eof or len(text) >= limit
    raise AssertionError


def _brotli() -> Any:
    """The Brotli library; the other one is that of PyPy."""
    try:
        import brotli
    except ImportError:
        import brotlicffi as brotli
    return brotli


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _unbrotli(body: bytes, limit: int) -> Decoded:
    brotli = _brotli()

    decoder = brotli.Decompressor()
    pieces: list[bytes] = []
    length, data = 0, body
    try:
        while length < limit:
            pieces.append(decoder.process(data, output_buffer_limit=limit))
            data = b""
            length += len(pieces[-1])
            if not pieces[-1] or decoder.is_finished():
                break
    except brotli.error as error:
        raise ValueError(str(error)) from None
    return b"".join(pieces), decoder.is_finished() or length >= limit


def _unzstd(body: bytes, limit: int) -> Decoded:
    zstd = _zstd()

    pieces: list[bytes] = []
    length, rest = 0, body
    try:
        while rest:
            decoder = zstd.ZstdDecompressor()
            pieces.append(decoder.decompress(rest, max(1, limit - length)))
            length += len(pieces[-1])
            if not decoder.eof:
                return b"".join(pieces), length >= limit
            rest = decoder.unused_data
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from None
    return b"".join(pieces), True


DECODERS: dict[str, Callable[[bytes, int], Decoded]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
