"""Picture check: type and size by the picture's own bytes, before and while it is decoded."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from wildcrawl.crawl.skips import PictureSkipped, Skip

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
"""The formats that are kept, by Pillow's names."""
_COMMENTS = rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
_OTHERS = {
    _COMMENTS + rb"(?:<!doctype svg|<svg)": "an SVG, which can hold scripts",
    _COMMENTS + rb"<(?:!doctype|html|head|body|script|title|div|p)\b": "an HTML page",
    rb"....ftyp(?:hei[cxsm]|hev[cx]|mif1|msf1)": "a HEIC, which cannot be opened here",
    rb"%PDF-": "a PDF",
    rb"II\*\0|MM\0\*": "a TIFF",
    rb"\s*[{\[]": "a JSON answer",
}
"""Beginnings of files of other types, as patterns, and what they are called."""
_START = 1024


@dataclass(frozen=True)
class PictureSize:
    """A picture's media type, and its width and height in pixels."""

    media_type: str
    width: int
    height: int


def check_picture(data: bytes, most_pixels: int) -> PictureSize:
    """The type and size of a picture that can be opened; PictureSkipped for any other bytes.

    Type and size are read from the header, before the picture is decoded. An animation is checked
    by its first frame.
    """
    if not data:
        raise PictureSkipped(Skip.TYPE, "an empty answer")
    # Not at the top: only crawls that fetch pictures need it.
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise PictureSkipped(Skip.TYPE, kind_of(data)) from None
    except Image.DecompressionBombError:
        raise _too_many(most_pixels) from None
    except Exception as error:
        # A damaged header makes Pillow raise errors of many types.
        raise PictureSkipped(Skip.DAMAGED, f"damaged ({error})") from None
    with picture:
        width, height = picture.size
        if width * height > most_pixels:
            raise _too_many(most_pixels, f"{width} x {height} pixels")
        _check_whole(picture)
        media_type = Image.MIME.get(picture.format or "", "application/octet-stream")
    # A JPEG with a second picture in it is an MPO to Pillow.
    return PictureSize("image/jpeg" if picture.format == "MPO" else media_type, width, height)


def kind_of(data: bytes) -> str:
    """What bytes that are no picture of FORMATS are, in words."""
    begin = data[:_START]
    flags = re.DOTALL | re.IGNORECASE
    known = (words for mark, words in _OTHERS.items() if re.match(mark, begin, flags))
    return next(known, "not a picture, or one of an unknown type")


def _check_whole(picture: Image) -> None:
    """Decodes the first frame, at a reduced size if that is faster; PictureSkipped if damaged."""
    try:
        picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
        picture.load()
    except Exception as error:
        words = "cut short" if "truncated" in str(error) else f"damaged ({error})"
        raise PictureSkipped(Skip.DAMAGED, words) from None


def _too_many(most: int, has: str = "too many pixels to open") -> PictureSkipped:
    return PictureSkipped(Skip.PIXELS, f"{has}, more than {most}")
