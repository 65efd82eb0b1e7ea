"""Overlay of two pictures: how alike their grey values are where one is laid upon the other.

Keypoints of the ground agree in pictures of different objects on one cloth. What lies on it does
not, which small grey views of both pictures show.
"""

from __future__ import annotations

from typing import Protocol

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
"""Standard deviation up to which a block has nothing to compare."""

Grey = NDArray[np.float32]
Transform = NDArray[np.float64]


class Viewed(Protocol):
    """Features of a picture, as `wildcrawl.pictures.features.Features` has them, by their view."""

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def view(self) -> NDArray[np.uint8] | None: ...
    @property
    def is_mirrored(self) -> bool: ...


def view_of(image: Image.Image) -> NDArray[np.uint8]:
    """The view of a picture: grey, at most SIDE pixels long."""
    scale = min(1.0, SIDE / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.asarray(image.convert("L").resize(size, Image.Resampling.BOX), dtype=np.uint8)


def likeness_under(first: Viewed, second: Viewed, transform: Transform) -> float | None:
    """How alike two pictures are, from -1 to 1, if `transform` lays the first upon the second.

    It takes points of the first to those of the second. None if that cannot be said: a view is
    missing, or both show too little of the same.
    """
    if first.view is None or second.view is None:
        return None
    forth = _to_view(second) @ _square(transform) @ np.linalg.inv(_to_view(first))
    ones, others = first.view.astype(np.float32), second.view.astype(np.float32)
    if abs(np.linalg.det(forth)) < 1:  # pixels of the second are the larger ones
        return _correlation(others, ones, np.linalg.inv(forth))
    return _correlation(ones, others, forth)


def likeness_as_crop(first: Viewed, second: Viewed, share: float) -> float | None:
    """How alike the first picture is to the second without `share` of each side.

    None if that cannot be said.
    """
    (across, down), (width, height) = first.size, second.size
    kept = 1 - 2 * share
    turn = np.diag([kept * width / across, kept * height / down])
    shift = np.array([share * width, share * height], dtype=np.float64)
    # Points of a mirror image are at -width to 0.
    shift += turn @ [across * first.is_mirrored, 0] - [width * second.is_mirrored, 0]
    return likeness_under(first, second, np.column_stack([turn, shift]))


def _square(transform: Transform) -> Transform:
    return np.vstack([transform, [0.0, 0.0, 1.0]])


def _to_view(features: Viewed) -> Transform:
    """From points to pixels of the view, mirrored back if the features are."""
    assert features.view is not None
    down, across = features.view.shape
    side = -1.0 if features.is_mirrored else 1.0
    width, height = features.size
    return np.diag([side * across / width, down / height, 1.0])


def _correlation(ones: Grey, others: Grey, forth: Transform) -> float | None:
    """Mean correlation of blocks of `ones` with `others`, to whose pixels `forth` leads."""
    down, across = np.indices(ones.shape)
    places = forth @ np.stack([across.ravel() + 0.5, down.ravel() + 0.5, np.ones(ones.size)])
    x, y = places[0] - 0.5, places[1] - 0.5
    shown = (x >= 0) & (y >= 0) & (x <= others.shape[1] - 1) & (y <= others.shape[0] - 1)
    if shown.sum() < _LEAST:
        return None
    here = ones.ravel()[shown]
    there = _sampled(others, x[shown], y[shown])
    block = _blocks(across.ravel()[shown]) + _BLOCKS * _blocks(down.ravel()[shown])
    found = [_correlated(here[block == each], there[block == each]) for each in np.unique(block)]
    told = [each for each in found if each is not None]
    return float(np.mean(told)) if told else None


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


def _correlated(here: Grey, there: Grey) -> float | None:
    """Correlation of two blocks; None if both have nothing to compare."""
    if here.size < 6:
        return None
    deviations = float(here.std()), float(there.std())
    if max(deviations) <= _FLAT:
        return None
    if min(deviations) <= 0.5:
        return 0.0
    both = ((here - here.mean()) * (there - there.mean())).mean()
    return float(both) / (deviations[0] * deviations[1])
