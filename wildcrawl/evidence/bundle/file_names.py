"""File names in a bundle: short, ASCII, and valid on Windows, macOS and Linux."""

from __future__ import annotations

import re

_OTHER = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST = 60

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/pjpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/heic": "heic",
    "image/heif": "heic",
    "image/bmp": "bmp",
    "image/tiff": "tif",
}
"""File extensions of the media types that are written as pictures; others are not opened."""
SHOWN = frozenset(
    {"image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/gif", "image/webp", "image/avif"}
)
"""The media types that browsers show in a page."""


def safe_name(text: str) -> str:
    """`text` as a part of a file name: letters, digits, dot, dash and underscore, at most 60.

    Different texts may give the same name, so that a number belongs before it.

    >>> safe_name("demo_mall:118/204?"), safe_name("象牙"), safe_name("con"), safe_name("a..")
    ('demo_mall-118-204', 'x', 'x-con', 'a')
    """
    name = _OTHER.sub("-", text)[:_LONGEST].strip("-.") or "x"
    return f"x-{name}" if _RESERVED.match(name) else name


def extension(media_type: str) -> str:
    """The extension for a media type; `bin` for one that is not a picture."""
    return EXTENSIONS.get(media_type.partition(";")[0].strip().lower(), "bin")
