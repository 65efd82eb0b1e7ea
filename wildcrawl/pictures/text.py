"""Text in pictures: optical character recognition of Chinese by rapidocr (extra `pictures`).

The models are the files in rapidocr's wheel, named by their paths: nothing is ever downloaded.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from unicodedata import category, normalize

import numpy as np

from wildcrawl.pictures.decode import PictureError

if TYPE_CHECKING:
    from wildcrawl.pictures.decode import Pixels

LONGEST = 1280
"""Longer side in pixels of the picture in which lines are read."""
DETECTED = 640
"""Longer side to which the picture is reduced to find where lines are."""
SURE = 0.6
"""Confidence from which a line counts; patterns and folds read as text stay below it."""
MOST_LINES = 200
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
_SAME_LINE = 0.5
"""Share of its height by which a line's middle may differ from that of the one beside it."""


@dataclass(frozen=True)
class Line:
    """A line of text: its box (left, top, right, bottom) in pixels, confidence from 0 to 1."""

    text: str
    box: tuple[float, float, float, float]
    confidence: float


def reader_name() -> str:
    """Name and version of the reader; "" if it is not installed."""
    try:
        reader = f"rapidocr {version('rapidocr')}"
        version("onnxruntime")
    except ModuleNotFoundError:
        return ""
    return reader


def read_lines(pixels: Pixels, sure: float = SURE) -> list[Line]:
    """Lines of an RGB picture from top to bottom, at most MOST_LINES.

    `pixels` are at most LONGEST long; `sure` is the confidence from which a line counts.
    ModuleNotFoundError without the extra; PictureError if the reader fails.
    """
    # OpenCV's order of the channels, which the models were trained with.
    picture = np.ascontiguousarray(pixels[:, :, ::-1])
    try:
        found = _reader()(picture, text_score=sure)
    except ModuleNotFoundError:
        raise
    except Exception as error:
        raise PictureError("the text could not be read") from error
    if getattr(found, "txts", None) is None or getattr(found, "boxes", None) is None:
        return []
    lines = [
        Line(text.strip(), _box(corners), float(score))
        for text, corners, score in zip(found.txts, found.boxes, found.scores, strict=True)
        if score >= sure and text.strip()
    ]
    return in_order(lines)[:MOST_LINES]


def is_text(line: str) -> bool:
    """Whether a line is more than one letter or digit, for which the reader takes tusks and rings.

    >>> [is_text(line) for line in ("C", "1.", "（O）", "虎", "¥5", "A1")]
    [False, False, False, True, True, True]
    """
    shown = [character for character in line if not _is_mark(character)]
    return len(shown) > 1 or any(not normalize("NFKC", each).isascii() for each in shown)


def _is_mark(character: str) -> bool:
    """Whether a character is a space or a punctuation mark."""
    return category(character)[0] in "PZ"


def in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines from top to bottom, those beside each other from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box[1] + line.box[3], line.box[0])):
        if rows and _beside(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]


def _beside(first: Line, second: Line) -> bool:
    heights = [line.box[3] - line.box[1] for line in (first, second)]
    middles = [(line.box[3] + line.box[1]) / 2 for line in (first, second)]
    return abs(middles[0] - middles[1]) <= _SAME_LINE * min(heights)


def _box(corners: Any) -> tuple[float, float, float, float]:
    points = np.asarray(corners, dtype=float)
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


@cache
def _reader() -> Any:
    """The reader of this process: one thread, models of the wheel, no log but errors."""
    from rapidocr import RapidOCR

    folder = files("rapidocr") / "models"
    parameters: dict[str, Any] = {
        "Global.log_level": "error",
        "Global.text_score": SURE,
        "Global.max_side_len": LONGEST,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTED,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
    for part, name in _MODELS.items():
        model = folder / name
        if not model.is_file():
            raise PictureError(
                f"the model {name} is not in the installed rapidocr; "
                "install the version in constraints.txt"
            )
        parameters[f"{part}.model_path"] = str(model)
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(params=parameters)
