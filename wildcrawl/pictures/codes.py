"""QR codes in pictures, read by zxing-cpp (extra `pictures`)."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from wildcrawl.pictures.decode import Pixels

LONGEST_TEXT = 2_000
"""Characters kept of a code's text."""
MOST_CODES = 20

Box = tuple[float, float, float, float]
"""A part of a picture in pixels: left, top, right, bottom."""


class Code(NamedTuple):
    """A QR code: what it says, and the part of the picture that it takes."""

    text: str
    box: Box


def code_reader_name() -> str:
    """Name and version of the reader; "" if it is not installed."""
    try:
        return f"zxing-cpp {version('zxing-cpp')}"
    except PackageNotFoundError:
        return ""


def read_codes(pixels: Pixels) -> list[Code]:
    """The QR codes in a picture, at most MOST_CODES; several may have one text.

    ModuleNotFoundError without the extra.
    """
    import zxingcpp

    kinds = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode)
    wanted = zxingcpp.BarcodeFormats(kinds)
    found = zxingcpp.read_barcodes(np.ascontiguousarray(pixels), formats=wanted)
    read = (Code(each.text.strip()[:LONGEST_TEXT], _box(each)) for each in found if each.valid)
    return [code for code in read if code.text][:MOST_CODES]


def code_boxes(pixels: Pixels) -> list[Box]:
    """Parts of a picture with a code of any kind, also one that is not read.

    ModuleNotFoundError without the extra.
    """
    import zxingcpp

    found = zxingcpp.read_barcodes(np.ascontiguousarray(pixels), return_errors=True)
    return [_box(code) for code in found]


def _box(code: Any) -> Box:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    return float(min(across)), float(min(down)), float(max(across)), float(max(down))
