"""Views of a picture: a thumbnail and a larger view, re-encoded as JPEG without metadata."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from wildcrawl.pictures.decode import LIMITS, Limits, read_picture

THUMBNAIL = 240
VIEW = 1600
"""Longer side in pixels, at most."""
MEDIA_TYPE = "image/jpeg"
_QUALITY = 82


@dataclass(frozen=True)
class PictureView:
    """A re-encoded picture: the bytes of a JPEG, and its size in pixels."""

    data: bytes
    width: int
    height: int


def thumbnail(data: bytes, limits: Limits = LIMITS) -> PictureView:
    """The picture at most THUMBNAIL pixels long; PictureError if it is not read."""
    return make_view(data, THUMBNAIL, limits)


def view(data: bytes, limits: Limits = LIMITS) -> PictureView:
    """The picture at most VIEW pixels long; PictureError if it is not read."""
    return make_view(data, VIEW, limits)


def make_view(data: bytes, longest: int, limits: Limits = LIMITS) -> PictureView:
    """The first frame as a JPEG whose longer side is at most `longest` pixels.

    Only pixels are written: no EXIF, comment, colour profile or embedded thumbnail.
    """
    return encoded(read_picture(data, longest, limits))


def encoded(image: Image.Image) -> PictureView:
    """An RGB image as a JPEG of its pixels alone."""
    written = BytesIO()
    # Pillow writes comment and profile from here.
    image.info.clear()
    image.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return PictureView(written.getvalue(), image.width, image.height)
