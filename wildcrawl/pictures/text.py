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
    from numpy.typing import NDArray

    from wildcrawl.pictures.decode import Pixels

    Boxes = NDArray[Any]

LONGEST = 1280
"""Longer side in pixels of the picture in which lines are read."""
DETECTED = 736
"""Longer side to which the picture is reduced to find where lines are."""
SURE = 0.6
"""Confidence from which a line counts; patterns and folds read as text stay below it."""
MOST_LINES = 200
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
_PARTED, _GROWN = 0.85, 2.1
"""Value of the detector's map from which a line is parted from its ground; growth of its box."""
_WIDER = 0.5
"""Share of its height by which a line is read beyond both ends, where a 一 is too thin to find."""
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
    parts = set(_parts(found.boxes, found.txts))
    lines = [
        Line(text.strip(), _box(corners), float(score))
        for place, (text, corners, score) in enumerate(
            zip(found.txts, found.boxes, found.scores, strict=True)
        )
        if score >= sure and text.strip() and place not in parts
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


def lines_within(boxes: Boxes, inner: Boxes) -> list[tuple[int, int]]:
    """Places of `inner` boxes that fill less than half of one of `boxes` around them, and of that.

    Boxes are four corners each, shape (number, 4, 2).
    """
    within = []
    sides, sizes = np.roll(boxes, -1, axis=1) - boxes, [_area(box) for box in boxes]
    for place, box in enumerate(inner):
        to = box.mean(axis=0) - boxes
        turns = sides[..., 0] * to[..., 1] - sides[..., 1] * to[..., 0]
        around = (turns >= 0).all(axis=1) | (turns <= 0).all(axis=1)
        size = 2 * _area(box)
        within += [(place, int(at)) for at in np.flatnonzero(around) if size < sizes[at]]
    return within


def _area(box: Boxes) -> float:
    across, down = box[2] - box[0], box[3] - box[1]
    return abs(float(across[0] * down[1] - across[1] * down[0])) / 2


def _parts(boxes: Boxes, texts: Sequence[str]) -> list[int]:
    """Places of lines whose text was read as a part of a larger line around them as well."""
    corners = np.asarray(boxes, dtype=float)
    return [part for part, whole in lines_within(corners, corners) if texts[part] in texts[whole]]


def widened(boxes: Boxes, width: int, height: int) -> Boxes:
    """Boxes of lines of text, longer at both ends within a picture of that size."""
    start, end = boxes[:, [0, 3]].mean(axis=1), boxes[:, [1, 2]].mean(axis=1)
    length = np.linalg.norm(end - start, axis=1, keepdims=True)
    tall = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1, keepdims=True)
    # A column keeps its box: what is beside it is another line.
    more = np.where(length < tall, 0, _WIDER * tall / np.maximum(length, 1)) * (end - start)
    wide = boxes + np.stack([-more, more, more, -more], axis=1)
    within: Boxes = np.clip(wide, 0, (width - 1, height - 1)).astype(boxes.dtype)
    return within


class _Finder:
    """Boxes of lines in the detector's map: those of rapidocr, and lines within larger ones.

    On a lively ground the map joins a line with what is around it; a higher threshold parts them.
    """

    def __init__(self, coarse: Any) -> None:
        self._coarse = coarse
        self._fine = type(coarse)(thresh=_PARTED, box_thresh=_PARTED, unclip_ratio=_GROWN)

    def __call__(self, found: Any, shape: tuple[int, int]) -> tuple[Boxes, list[float]]:
        boxes, scores = self._coarse(found, shape)
        inner, values = self._fine(found, shape)
        pairs = lines_within(boxes, inner)[:MOST_LINES] if len(boxes) else []
        within = sorted({place for place, _ in pairs})
        if not within:
            return boxes, scores
        return np.concatenate([boxes, inner[within]]), [*scores, *(values[at] for at in within)]


@cache
def _reader() -> Any:
    """The reader of this process: one thread, models of the wheel, no log but errors."""
    from rapidocr import RapidOCR

    class Reader(RapidOCR):
        """rapidocr that finds lines on lively grounds, and reads them beyond their ends."""

        def _load_det_model(self) -> Any:
            detector = super()._load_det_model()  # type: ignore[no-untyped-call]
            if not isinstance(detector.postprocess_op, _Finder):
                detector.postprocess_op = _Finder(detector.postprocess_op)
            return detector

        def crop_text_regions(self, img: Pixels, det_boxes: Boxes) -> Any:
            height, width = img.shape[:2]
            return super().crop_text_regions(img, widened(det_boxes, width, height))

    folder = files("rapidocr") / "models"
    parameters: dict[str, Any] = {
        "Global.log_level": "error",
        "Global.text_score": SURE,
        "Global.max_side_len": LONGEST,
        "Det.limit_type": "max",
        "Det.limit_side_len": DETECTED,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        # A fifth of the time goes to fresh memory without it.
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
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
    return Reader(params=parameters)
