"""Faulty pictures: a bomb, a script, another type, a broken file, as hostile sites serve them."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

FAULTS = ("bomb", "script", "page", "broken")
"""Faults by name: a PNG of 20,000 × 20,000 pixels in a few bytes; an SVG with a script; a page
called image/jpeg; a JPEG of which the second half is missing."""

BOMB_SIDE = 20_000
"""Height and width of the bomb in pixels."""

_SCRIPT = """<svg xmlns="http://www.w3.org/2000/svg" width="480" height="480" \
onload="document.title='run'"><rect width="480" height="480" fill="#c8b48c"/>
<script>document.title = "run"</script></svg>
"""
_PAGE = """<html><head><meta charset="utf-8"><title>图片已失效</title></head>
<body><p>图片不存在或已删除</p></body></html>
"""


def faulty(fault: str, photograph: bytes) -> tuple[bytes, str]:
    """Body and content type of a faulty picture; `photograph` is what it could have been."""
    match fault:
        case "bomb":
            return _bomb(), "image/png"
        case "script":
            return _SCRIPT.encode(), "image/svg+xml"
        case "page":
            return _PAGE.encode(), "image/jpeg"
        case "broken":
            return photograph[: len(photograph) // 2], "image/jpeg"
    raise ValueError(f"'{fault}' is not a valid fault; choose one of {', '.join(FAULTS)}")


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    """A black PNG of BOMB_SIDE × BOMB_SIDE pixels, a bit each, about 50 kB."""
    row = b"\0" * (1 + BOMB_SIDE // 8)
    packed = zlib.compressobj(9)
    rows = b"".join(packed.compress(row * 100) for _ in range(BOMB_SIDE // 100))
    header = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", rows + packed.flush())
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checked)
