"""Picture check: whether a fetched picture is kept, by its own bytes, and how a page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.crawl.page_snapshot import PagePicture
from wildcrawl.crawl.skips import PictureSkipped, Skip

if TYPE_CHECKING:
    from wildcrawl.evidence import Capture
    from wildcrawl.pictures.decode import Header

_AS_IT_IS = 4_000_000
"""Pixels up to which a browser gets a picture as it came, and not a smaller view of it."""


def check_picture(data: bytes, most_pixels: int) -> Header:
    """The type and size of a picture that can be opened; PictureSkipped for any other bytes.

    The number of bytes is limited while they are fetched.
    """
    # Not at the top: only crawls that fetch pictures need it.
    from wildcrawl.pictures.decode import Limits, PictureError, check_whole

    try:
        return check_whole(data, Limits(len(data), most_pixels))
    except PictureError as error:
        raise PictureSkipped(Skip(error.fault.value), error.reason) from None


def for_page(capture: Capture, data: bytes) -> PagePicture | None:
    """The picture of a capture as a page in a browser may show it; None if it cannot be read."""
    if 0 < capture.width * capture.height <= _AS_IT_IS:
        return PagePicture(capture.media_type, data)
    # Not at the top: only few pictures need it.
    from wildcrawl.pictures.apart import view_apart
    from wildcrawl.pictures.decode import PictureError
    from wildcrawl.pictures.views import MEDIA_TYPE, VIEW

    try:
        return PagePicture(MEDIA_TYPE, view_apart(data, VIEW).data)
    except PictureError:
        return None
