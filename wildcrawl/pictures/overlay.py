"""Overlay of two pictures: how alike their grey values are where one is laid upon the other.

Keypoints of the ground agree in pictures of different objects on one cloth. What lies on it does
not, which small grey views of both pictures show.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 64
"""Longer side in pixels of the view that is kept of a picture."""
ALIKE = 0.6
"""Likeness from which on two pictures that much else has in common may be of one photograph: the
demo's pairs that are have 0.70 or more, most that only share the ground 0.49 or less."""
CLOSE = 0.8
"""The same for pictures with few keypoints in agreement: on one ground it reaches 0.76."""
SAME = 0.9
"""Likeness from which on few keypoints are enough to be sure of it."""
_BLOCKS = 5
"""Blocks down and across in which views are compared: a banner changes some of them."""
_LEAST = 40
"""Pixels that both views must show."""
_FLAT = 2.0
"""Standard deviation up to which a block has nothing to compare, if it has no more in the other."""
_PLAIN = 0.5
"""The same up to which a block is like none that has something."""
_FEWEST = 6
"""Pixels of a block that is compared."""

Grey = NDArray[np.float32]
Transform = NDArray[np.float64]
Points = NDArray[np.float32] | NDArray[np.float64]
_Box = tuple[float, float, float, float]


class Viewed(Protocol):
    """Features of a picture, as `wildcrawl.pictures.features.Features` has them, by their view."""

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def view(self) -> NDArray[np.uint8] | None: ...
    @property
    def frame(self) -> tuple[float, float, float, float] | None: ...
    @property
    def is_mirrored(self) -> bool: ...


def view_of(image: Image.Image) -> NDArray[np.uint8]:
    """The view of a picture: grey, at most SIDE pixels long."""
    scale = min(1.0, SIDE / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.asarray(image.convert("L").resize(size, Image.Resampling.BOX), dtype=np.uint8)


def likeness_under(
    first: Viewed,
    second: Viewed,
    transform: Transform,
    within: tuple[Points, Points] | None = None,
) -> float | None:
    """How alike two pictures are, from -1 to 1, if `transform` lays the first upon the second.

    It takes points of the first to those of the second. Only what is between the points `within`,
    of the first and of the second, is compared if they are given. None if it cannot be said: a
    view is missing, or both show too little of the same.
    """
    if first.view is None or second.view is None:
        return None
    one, other = _to_view(first), _to_view(second)
    forth = other @ _square(transform) @ np.linalg.inv(one)
    ones, others = first.view.astype(np.float32), second.view.astype(np.float32)
    boxes = (_around(within[0], one), _around(within[1], other)) if within else (None, None)
    if abs(np.linalg.det(forth)) < 1:  # pixels of the second are the larger ones
        return _correlation(others, ones, np.linalg.inv(forth), boxes[1])
    return _correlation(ones, others, forth, boxes[0])


def _around(points: Points, to_view: Transform) -> _Box:
    """The box around points, in pixels of the view."""
    ends = np.stack([points.min(axis=0), points.max(axis=0)]).astype(np.float64)
    (left, top, _), (right, bottom, _) = (to_view @ np.append(end, 1.0) for end in ends)
    return min(left, right), top, max(left, right), bottom


def likeness_as_crop(first: Viewed, second: Viewed, share: float) -> float | None:
    """How alike the first picture is to the second without `share` of each side.

    Of a picture in a frame, the part within it is laid as well; the best counts. None if it cannot
    be said.
    """
    laid = [
        _laid(first, box, second, other, share)
        for box in _shown_boxes(first)
        for other in _shown_boxes(second)
    ]
    return max((each for each in laid if each is not None), default=None)


def _laid(first: Viewed, box: _Box, second: Viewed, other: _Box, share: float) -> float | None:
    """Likeness if the part `box` of the first is laid upon `other` of the second, less `share`."""
    origin, size = np.array(box[:2]), np.array(box[2:]) - box[:2]
    whole = np.array(other[2:]) - other[:2]
    part, there = (1 - 2 * share) * whole, np.array(other[:2]) + share * whole
    turn = np.diag(part / size)
    # Points of a mirror image are at -width to 0.
    here_zero, there_zero = _zero(first), _zero(second)
    shift = there - there_zero + turn @ (here_zero - origin)
    ends = np.stack([origin, origin + size]) - here_zero
    other_ends = np.stack([there, there + part]) - there_zero
    return likeness_under(first, second, np.column_stack([turn, shift]), (ends, other_ends))


def _zero(features: Viewed) -> NDArray[np.float64]:
    """Where the point (0, 0) is in the picture as it is shown."""
    return np.array([features.size[0] * features.is_mirrored, 0], dtype=np.float64)


def _shown_boxes(features: Viewed) -> list[_Box]:
    """The picture as it is shown, mirrored or not, and the part within its frame if it has one."""
    width, height = features.size
    boxes: list[_Box] = [(0.0, 0.0, float(width), float(height))]
    if features.frame is not None:
        left, top, right, bottom = features.frame
        ends = (width - right, width - left) if features.is_mirrored else (left, right)
        boxes.append((ends[0], top, ends[1], bottom))
    return boxes


def _square(transform: Transform) -> Transform:
    return np.vstack([transform, [0.0, 0.0, 1.0]])


def _to_view(features: Viewed) -> Transform:
    """From points to pixels of the view, mirrored back if the features are."""
    assert features.view is not None
    down, across = features.view.shape
    side = -1.0 if features.is_mirrored else 1.0
    width, height = features.size
    return np.diag([side * across / width, down / height, 1.0])


def _correlation(
    ones: Grey, others: Grey, forth: Transform, box: _Box | None = None
) -> float | None:
    """Mean correlation of blocks of `ones` with `others`, to whose pixels `forth` leads.

    Of the pixels in `box` alone if one is given.
    """
    down, across = _indices(ones.shape)
    places = forth[:2, :2] @ np.stack([across + 0.5, down + 0.5]) + forth[:2, 2:]
    x, y = places[0] - 0.5, places[1] - 0.5
    shown = (x >= 0) & (y >= 0) & (x <= others.shape[1] - 1) & (y <= others.shape[0] - 1)
    if box is not None:
        left, top, right, bottom = box
        here_x, here_y = across + 0.5, down + 0.5
        shown &= (here_x >= left) & (here_x <= right) & (here_y >= top) & (here_y <= bottom)
    if shown.sum() < _LEAST:
        return None
    block = _blocks(across[shown]) + _BLOCKS * _blocks(down[shown])
    alike = _correlated(block, ones.ravel()[shown], _sampled(others, x[shown], y[shown]))
    return float(alike.mean()) if alike.size else None


@cache
def _indices(shape: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The row and the column of each pixel."""
    down, across = np.indices(shape)
    return down.ravel(), across.ravel()


def _blocks(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the block of each place, of those between the first and the last."""
    first, last = places.min(), places.max()
    return np.asarray((places - first) * _BLOCKS // (last - first + 1), dtype=np.int64)


def _sampled(grey: Grey, x: NDArray[np.float64], y: NDArray[np.float64]) -> Grey:
    """Grey values between pixels."""
    left = np.minimum(x.astype(int), grey.shape[1] - 2)
    top = np.minimum(y.astype(int), grey.shape[0] - 2)
    right, low = x - left, y - top
    upper = grey[top, left] * (1 - right) + grey[top, left + 1] * right
    lower = grey[top + 1, left] * (1 - right) + grey[top + 1, left + 1] * right
    return np.asarray(upper * (1 - low) + lower * low, dtype=np.float32)


def _correlated(block: NDArray[np.int64], here: Grey, there: Grey) -> NDArray[np.float64]:
    """Correlation of `here` with `there` in each block that has something to compare.

    `block` is the number of the block of each pixel.
    """

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(block, values) / np.maximum(counts, 1))

    counts = np.bincount(block)
    ones, others = here.astype(np.float64), there.astype(np.float64)
    means = mean(ones), mean(others)
    ones, others = ones - means[0][block], others - means[1][block]
    deviations = np.sqrt(mean(ones**2)), np.sqrt(mean(others**2))
    compared = (counts >= _FEWEST) & (np.maximum(*deviations) > _FLAT)
    plain = np.minimum(*deviations) <= _PLAIN
    product = np.where(plain, 1, deviations[0] * deviations[1])
    return np.where(plain, 0, mean(ones * others) / product)[compared]
