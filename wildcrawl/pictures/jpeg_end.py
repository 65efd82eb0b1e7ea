"""Ends of JPEG files: whether scans are missing, or stop before the last block of the picture.

A server or proxy that cuts a file and adds its end marker leaves one that decodes without an error:
the decoder takes missing blocks for grey.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

_START_OF_SCAN, _END = 0xDA, 0xD9
_BARE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
"""Markers without a length."""
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of a frame: its kind, size and components."""
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""What ends a scan: a marker that does not restart it, and no byte 255 of its data."""
_GREY = range(126, 131)
"""Values of a block without data, in any colour space."""
_FILLER = b"".join(sha256(bytes([count])).digest() for count in range(64)).replace(b"\xff", b"")
"""Data that a decoder reads as blocks where blocks are missing, and passes over otherwise."""
_MOST_SCANS = 100
"""Scans that are followed by further data; encoders write about ten."""


class _Segment(NamedTuple):
    """A segment behind a marker: its place and length, and where its scan ends, 0 without one."""

    marker: int
    start: int
    length: int
    scan_end: int


def lacks_scans(data: bytes) -> bool:
    """Whether a component or a part of its coefficients is in no scan of the file.

    False for a file whose segments cannot be read, as a decoder says what is wrong with it.
    """
    components: set[int] = set()
    progressive = False
    left: dict[int, list[int]] = {}
    for marker, start, length, _ in _segments(data):
        if marker in _FRAMES and not components:
            count = data[start + 5]
            components = set(data[start + 6 : start + 6 + 3 * count : 3])
            progressive = marker in _PROGRESSIVE
            left = {each: [_NONE] * 64 for each in components}
        elif marker == _START_OF_SCAN:
            count = data[start]
            named = data[start + 1 : start + 1 + 2 * count : 2]
            first, last, bits = data[start + length - 3 : start + length]
            for each in components.intersection(named):
                lowest = bits & 15 if progressive else 0
                span = slice(first, last + 1) if progressive else slice(0, 64)
                left[each][span] = [lowest] * len(left[each][span])
    return any(any(levels) for levels in left.values())


_NONE = 16
"""Bits of a coefficient that are missing: all of them."""


def is_suspect(last: bytes) -> bool:
    """Whether the last pixel of a reduced picture has the values of a block without data."""
    return all(value in _GREY for value in last)


def filled_up(data: bytes) -> bytes:
    """The file with further data at the end of each scan, which changes only a cut picture."""
    ends = [segment.scan_end for segment in _segments(data) if segment.scan_end][:_MOST_SCANS]
    parts = [data[start:end] for start, end in pairwise([0, *ends])]
    return _FILLER.join([*parts, data[ends[-1] if ends else 0 :]])


def _segments(data: bytes) -> Iterator[_Segment]:
    """The segments of the first picture in a file, to the first that cannot be read."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _END:
            return
        if marker in _BARE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack_from(">H", data, at + 2)[0] - 2
        start, end = at + 4, at + 4 + length
        least = 6 if marker in _FRAMES else 4 if marker == _START_OF_SCAN else 0
        if length < least or end > len(data):
            return
        following = _MARKER.search(data, end) if marker == _START_OF_SCAN else None
        scan_end = following.start() if following else 0
        while scan_end and data[scan_end - 1] == 0xFF:
            scan_end -= 1
        yield _Segment(marker, start, length, scan_end)
        if marker == _START_OF_SCAN and not following:
            return
        at = scan_end or end
