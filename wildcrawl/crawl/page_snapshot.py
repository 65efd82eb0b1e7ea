"""Page snapshot: a page with its styles in one file (MHTML), to which its pictures can be added.

A browser that opens it runs no script of the page, and takes everything from the file itself.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

MOST_SNAPSHOT = 20 << 20
"""Bytes of a snapshot; a longer one is not kept."""
MOST_PICTURES = 300
"""Pictures of a page that are noted."""
MOST_PICTURE_BYTES = 60 << 20
"""Bytes of the pictures that are added to a snapshot."""
_BOUNDARY = re.compile(rb'boundary="([^"\r\n]{1,200})"')
_ADDRESS = re.compile(r"https?://[!-~]{1,4000}")


class PagePicture(NamedTuple):
    """A picture to show on a page: its media type and bytes."""

    media_type: str
    data: bytes


def read_addresses(found: Any) -> tuple[str, ...]:
    """The addresses of pictures among `found`, as the page's own script engine gave them."""
    texts = [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
    return tuple(dict.fromkeys(filter(_ADDRESS.fullmatch, texts)))[:MOST_PICTURES]


def checked_snapshot(found: Any) -> bytes:
    """The bytes of a snapshot, as a browser gave it; b"" if it cannot be used."""
    data = found.encode("utf-8", "replace") if isinstance(found, str) else b""
    return data if len(data) <= MOST_SNAPSHOT and _end(data) >= 0 else b""


def with_pictures(snapshot: bytes, pictures: Mapping[str, PagePicture]) -> bytes:
    """The snapshot with pictures, by the addresses at which the page shows them.

    Those beyond MOST_PICTURE_BYTES are left out. ValueError if it is not a snapshot.
    """
    end = _end(snapshot)
    if end < 0:
        raise ValueError("not a snapshot of a page")
    boundary = _boundary(snapshot)
    parts = (_part(boundary, url, picture) for url, picture in _within(pictures.items()))
    return snapshot[:end] + b"".join(parts) + b"--" + boundary + b"--\r\n"


def _within(pictures: Iterable[tuple[str, PagePicture]]) -> Iterable[tuple[str, PagePicture]]:
    room = MOST_PICTURE_BYTES
    for url, picture in pictures:
        if len(picture.data) <= room:
            room -= len(picture.data)
            yield url, picture


def _part(boundary: bytes, url: str, picture: PagePicture) -> bytes:
    head = (
        f"Content-Type: {picture.media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: {url}\r\n\r\n"
    )
    body = base64.encodebytes(picture.data).replace(b"\n", b"\r\n")
    return b"--" + boundary + b"\r\n" + head.encode("ascii") + body + b"\r\n"


def _boundary(snapshot: bytes) -> bytes:
    found = _BOUNDARY.search(snapshot[:4096])
    return found[1] if found else b""


def _end(snapshot: bytes) -> int:
    """Where the line that ends a snapshot begins; -1 if it has none."""
    boundary = _boundary(snapshot)
    return snapshot.rfind(b"--" + boundary + b"--") if boundary else -1
