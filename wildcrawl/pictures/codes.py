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
