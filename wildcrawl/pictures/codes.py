"""QR codes in pictures, read by zxing-cpp (extra `pictures`)."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from wildcrawl.pictures.decode import Pixels

LONGEST_TEXT = 2_000
"""Characters kept of a code's text."""
MOST_CODES = 20


def code_reader_name() -> str:
    """Name and version of the reader; "" if it is not installed."""
    try:
        return f"zxing-cpp {version('zxing-cpp')}"
    except PackageNotFoundError:
        return ""


def read_codes(pixels: Pixels) -> list[str]:
    """Texts of the QR codes in a picture, each once, at most MOST_CODES.

    ModuleNotFoundError without the extra.
    """
    import zxingcpp

    kinds = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode)
    wanted = zxingcpp.BarcodeFormats(kinds)
    found = zxingcpp.read_barcodes(np.ascontiguousarray(pixels), formats=wanted)
    texts = (code.text.strip()[:LONGEST_TEXT] for code in found if code.valid)
    return list(dict.fromkeys(text for text in texts if text))[:MOST_CODES]


def code_boxes(pixels: Pixels) -> list[tuple[float, float, float, float]]:
    """Parts of a picture (left, top, right, bottom) with a code of any kind, also one not read.

    ModuleNotFoundError without the extra.
    """
    import zxingcpp

    boxes = []
    for code in zxingcpp.read_barcodes(np.ascontiguousarray(pixels), return_errors=True):
        place = code.position
        corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        across, down = [corner.x for corner in corners], [corner.y for corner in corners]
        boxes.append((min(across), min(down), max(across), max(down)))
    return [(float(a), float(b), float(c), float(d)) for a, b, c, d in boxes]
