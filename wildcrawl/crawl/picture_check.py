"""Picture check: whether a fetched picture is kept, by its own bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wildcrawl.crawl.skips import PictureSkipped, Skip

if TYPE_CHECKING:
    from wildcrawl.pictures.decode import Header


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
