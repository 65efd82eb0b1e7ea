"""Ends of picture files: whether data are missing by the lengths that a file itself states.

A decoder is content with the first frame of an animation, and does not know a short container.
"""

from __future__ import annotations

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_GIF = (b"GIF87a", b"GIF89a")
_FRAME, _EXTENSION = 0x2C, 0x21
"""Bytes with which the blocks of a GIF begin."""
_CONTROL = b"\xf9"
"""Label of the extension that announces a frame."""


def is_cut_animation(data: bytes) -> bool:
    """Whether a GIF or an animated PNG, of which the first frame is whole, is cut behind it."""
    if data.startswith(_PNG):
        return _is_cut_png(data)
    return data.startswith(_GIF) and _is_cut_gif(data)


def short_container(data: bytes) -> str:
    """WEBP or AVIF for a file that is shorter than the lengths in it say; "" for any other.

    >>> short_container(b"RIFF" + bytes([200, 0, 0, 0]) + b"WEBPVP8 "), short_container(b"GIF89a")
    ('WEBP', '')
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP" if struct.unpack_from("<I", data, 4)[0] + 8 > len(data) else ""
    if data[4:8] != b"ftyp" or not (b"avif" in data[8:64] or b"avis" in data[8:64]):
        return ""
    at = 0
    while at + 8 <= len(data):
        length = struct.unpack_from(">I", data, at)[0]
        if length < 8:
            # A box up to the end of the file, or of more than 4 GB, or none.
            return ""
        at += length
    return "AVIF" if at != len(data) else ""


def _is_cut_png(data: bytes) -> bool:
    at, animated = len(_PNG), False
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IEND":
            return False
        animated = animated or kind == b"acTL"
        at += length + 12
    return animated


def _is_cut_gif(data: bytes) -> bool:
    """Whether a further frame, or what announces one, has no end.

    A missing trailer or an unfinished comment cuts nothing off.
    """
    at, frames = 13 + _colours(data, 10), 0
    while at < len(data) and data[at] in (_FRAME, _EXTENSION):
        is_frame = data[at] == _FRAME
        is_control = data[at + 1 : at + 2] == _CONTROL
        at += 11 + _colours(data, at + 9) if is_frame else 2
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
        if at > len(data):
            return frames > 1 or (frames == 1 and (is_frame or is_control))
        frames += is_frame
    return False


def _colours(data: bytes, at: int) -> int:
    """Bytes of the colour table that the flags at `at` announce."""
    flags = data[at] if at < len(data) else 0
    return 6 << (flags & 7) if flags & 0x80 else 0
