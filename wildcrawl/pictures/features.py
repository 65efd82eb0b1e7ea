"""Features of a picture: keypoints that find the same photograph in crops, mirrors, screenshots.

Keypoints and descriptors are SIFT (OpenCV, in the extra `pictures`); a descriptor is kept as 128
bits. The index (`wildcrawl.pictures.index`) proposes pictures that share words; `agreement`
verifies a proposal by geometry: enough keypoints must move by one shift, turn and scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from wildcrawl.pictures.overlay import ALIKE, CLOSE, SAME, likeness_under

if TYPE_CHECKING:
    from wildcrawl.pictures.decode import Pixels

LONGEST = 640
"""Longer side in pixels of the picture in which features are looked for."""
MOST = 256
"""Features kept of a picture, spread over it, the most distinct first."""
CELL = 64
"""Side in pixels of the cells over which features are spread."""
INDEXED = 64
"""Features of a picture that the index holds, and so words in each table."""
TABLES = 3
WORD_BITS = 22
ENOUGH = 5
"""Keypoints in agreement from which on two pictures may show the same photograph."""
MANY = 40
"""Keypoints in agreement that are enough beside a near hash of the whole picture."""
ENOUGH_SHARE = 0.2
"""Share that they must be of the keypoints in the part that both pictures show to be sure of it:
different objects on one cloth agree in the cloth alone."""
ENOUGH_LAID = 12
"""Keypoints in agreement that are enough if one picture laid upon the other looks like it."""
WIDE = 0.1
"""Share of the part that both show which keypoints in agreement must span to be compared alone."""
ENOUGH_UNMOVED = 24
"""The same for keypoints that all stand at the same place in both pictures."""
_NEAR = 34
"""Differing bits of 128 up to which two descriptors can be of one point."""
_CLEARER = 0.82
"""Share of the second-best distance below which the best one counts."""
_NO_OTHER = 255
"""More bits than two descriptors can differ in."""
_TOLERANCE = 4.0
"""Pixels by which a keypoint may miss its place, in a picture of LONGEST."""
FEW_PAIRS = 40
"""Pairs of keypoints up to which all shifts, turns and scales that two of them give are tried."""
_BOX = tuple[float, float, float, float]


@dataclass(frozen=True)
class Features:
    """Features of a picture, the most distinct first.

    `points` are positions in pixels, shape (n, 2); `codes` descriptors of 128 bits, shape (n, 16).
    `size` is the width and height of the picture in which they were found, `frame` the part of it
    within plain ground, if there is one, and `view` a small grey view of it; these two are not
    mirrored when they are.
    """

    points: NDArray[np.float32]
    codes: NDArray[np.uint8]
    size: tuple[int, int] = (LONGEST, LONGEST)
    view: NDArray[np.uint8] | None = None
    frame: _BOX | None = None
    is_mirrored: bool = False

    def __len__(self) -> int:
        return len(self.points)

    def outside(self, box: _BOX) -> Features:
        """Those that are not in a box (left, top, right, bottom)."""
        kept = ~_inside(self.points, [box])
        return replace(self, points=self.points[kept], codes=self.codes[kept])


def features_of(grey: Pixels, hidden: Sequence[_BOX] = ()) -> Features:
    """Features of a grey picture, shape (height, width), at most LONGEST pixels long.

    Those in the boxes `hidden` (left, top, right, bottom) are left out: the text of a banner or
    an app is the same in many different pictures. ModuleNotFoundError without OpenCV.
    """
    picture = np.ascontiguousarray(grey)
    keypoints = _detector().detect(picture, None)
    if not keypoints:
        return _none()
    places = np.array([point.pt for point in keypoints], dtype=np.float32)
    strengths = np.array([point.response for point in keypoints])
    order = _spread(places, strengths)
    order = order[~_inside(places[order], hidden)][:MOST]
    chosen = [keypoints[at] for at in order]
    kept, descriptors = _detector().compute(picture, chosen)
    if descriptors is None or not len(kept):
        return _none()
    points = np.array([point.pt for point in kept], dtype=np.float32)
    return Features(points, _binary(descriptors))


def merged(first: Features, second: Features) -> Features:
    """At most MOST features of both: three of the first, then one of the second, and so on."""
    order = np.concatenate([np.arange(len(first)) / 3, np.arange(len(second)) + 0.9])
    chosen = np.argsort(order, kind="stable")[:MOST]
    return Features(
        np.concatenate([first.points, second.points])[chosen],
        np.concatenate([first.codes, second.codes])[chosen],
    )


def _none() -> Features:
    return Features(np.zeros((0, 2), np.float32), np.zeros((0, 16), np.uint8))


def _spread(places: NDArray[np.float32], strengths: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order of keypoints: the strongest of each cell, then the second of each, and so on.

    Otherwise the sharp edges of a banner's text would leave no feature of the photograph.
    """
    cells = (places // CELL).astype(np.int64)
    cell = cells[:, 0] + 1000 * cells[:, 1]
    by_cell = np.lexsort((-strengths, cell))
    first = np.concatenate([[True], np.diff(cell[by_cell]) != 0])
    starts = np.maximum.accumulate(np.where(first, np.arange(len(cell)), 0))
    rank = np.empty(len(cell), dtype=np.int64)
    rank[by_cell] = np.arange(len(cell)) - starts
    return np.lexsort((-strengths, rank))


def mirrored(features: Features) -> Features:
    """The features of the mirror image, up to the noise of finding them.

    A descriptor has 4 x 4 cells of 8 directions, relative to the direction of its keypoint: a
    mirror reverses the rows of cells and the sense of the directions.
    """
    bits = np.unpackbits(features.codes, axis=1).reshape(-1, 4, 4, 8)
    turned = bits[:, ::-1, :, :][:, :, :, -np.arange(8) % 8].reshape(-1, 128)
    flipped = features.points * np.array([-1, 1], dtype=np.float32)
    codes = np.packbits(turned, axis=1)
    return replace(features, points=flipped, codes=codes, is_mirrored=not features.is_mirrored)


def words_of(features: Features, most: int = INDEXED) -> NDArray[np.uint32]:
    """Words of the `most` strongest features, shape (TABLES, at most `most`), for the index.

    A word is WORD_BITS bits of a descriptor's code, others in each table.
    """
    bits = np.unpackbits(features.codes[:most], axis=1)
    weights = (1 << np.arange(WORD_BITS, dtype=np.uint32)).astype(np.uint32)
    return np.stack([bits[:, chosen].astype(np.uint32) @ weights for chosen in _choices()])


class KeypointMatch(NamedTuple):
    """Keypoints found at consistent places in two pictures.

    `share` is theirs of the keypoints in the part that both show, of the picture with fewer there.
    `overlay` says how alike the pictures are where one is laid upon the other, and `inner` how
    alike they are between these keypoints: text below a photograph, in a screenshot that cuts it,
    spoils the first alone. None if that is not known (see `wildcrawl.pictures.overlay`).
    """

    points: int = 0
    share: float = 0.0
    overlay: float | None = None
    inner: float | None = None

    @property
    def sure(self) -> bool:
        """Whether both show the same photograph, and not only the same ground."""
        if self.points < ENOUGH:
            return False
        if self.overlay is None:
            return self.share >= ENOUGH_SHARE
        laid = self.points >= ENOUGH_LAID and self.overlay >= SAME
        looks_like = self.overlay >= ALIKE or self._looks_alike_inside
        return laid or (self.share >= ENOUGH_SHARE and looks_like)

    @property
    def may_be(self) -> bool:
        """Whether both may show the same photograph, as far as is known."""
        if self.points < ENOUGH:
            return False
        thin = self.inner is None and self.share >= ENOUGH_SHARE
        inside = self.points >= ENOUGH_LAID and (thin or self._looks_alike_inside)
        return self.sure or self.overlay is None or self.overlay >= CLOSE or inside

    @property
    def _looks_alike_inside(self) -> bool:
        return self.inner is not None and self.inner >= SAME


def agreement(first: Features, second: Features) -> KeypointMatch:
    """The keypoints of `first` that are found in `second` at consistent places."""
    if min(len(first), len(second)) < ENOUGH:
        return KeypointMatch()
    pairs = _pairs(first.codes, second.codes)
    if len(pairs) < ENOUGH:
        return KeypointMatch()
    here, there = first.points[pairs[:, 0]], second.points[pairs[:, 1]]
    found = _inliers(here, there)
    if not found.places:
        return KeypointMatch()
    move = found.transform
    share = found.places / max(1, _in_common(first.points, second.points, move))
    overlay = likeness_under(first, second, move)
    agreed = here[found.chosen], there[found.chosen]
    wide = _spans(agreed[0], first.points) >= WIDE and _spans(agreed[1], second.points) >= WIDE
    inner = likeness_under(first, second, move, agreed) if wide else None
    return KeypointMatch(found.places, share, overlay, inner)


def agreeing(first: Features, second: Features) -> int:
    """Number of keypoints of `first` that are found in `second` at consistent places."""
    return agreement(first, second).points


@cache
def _detector() -> Any:
    import cv2

    cv2.setNumThreads(1)
    return cv2.SIFT.create(contrastThreshold=0.002, edgeThreshold=20)


def _inside(points: NDArray[np.float32], boxes: Sequence[_BOX]) -> NDArray[np.bool_]:
    inside = np.zeros(len(points), dtype=bool)
    for left, top, right, bottom in boxes:
        x, y = points[:, 0], points[:, 1]
        inside |= (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
    return inside


def _binary(descriptors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Codes of 128 bits: which values of a descriptor are above their median."""
    above = descriptors > np.median(descriptors, axis=1, keepdims=True)
    return np.packbits(above, axis=1)


@cache
def _choices() -> NDArray[np.int64]:
    """Bits of a code that make a word, for each table; fixed, since words are stored."""
    dice = np.random.default_rng(20161)
    return np.stack([dice.permutation(128)[:WORD_BITS] for _ in range(TABLES)])


def _pairs(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Indices of descriptors that are each other's nearest and clearly so, shape (n, 2)."""
    ones, others = (np.ascontiguousarray(codes).view(np.uint64) for codes in (first, second))
    # Counting bits takes a tenth of the processor time of a product of matrices.
    left, right = (np.bitwise_count(ones[:, None, at] ^ others[None, :, at]) for at in (0, 1))
    distances = left + right
    nearest = distances.argmin(axis=1)
    rows = np.arange(len(ones))
    best = distances[rows, nearest]
    back = distances.argmin(axis=0)
    distances[rows, nearest] = _NO_OTHER
    clear = (best <= _NEAR) & (best < _CLEARER * distances.min(axis=1)) & (back[nearest] == rows)
    return np.stack([rows[clear], nearest[clear]], axis=1)


def _in_common(
    first: NDArray[np.float32], second: NDArray[np.float32], transform: NDArray[np.float64]
) -> int:
    """Keypoints in the part that both pictures show, of the picture that has fewer there."""
    turn, shift = transform[:, :2], transform[:, 2]
    forth = first @ turn.T + shift
    back = (second - shift) @ np.linalg.inv(turn).T
    return min(_within(forth, second), _within(back, first))


def _within(points: NDArray[np.float64], others: NDArray[np.float32]) -> int:
    """Number of points within the rectangle around the others."""
    inside = (points >= others.min(axis=0)) & (points <= others.max(axis=0))
    return int(inside.all(axis=1).sum())


def _spans(points: NDArray[np.float32], every: NDArray[np.float32]) -> float:
    """Share of the rectangle around all points that the one around some of them has."""
    sides = np.ptp(points, axis=0) / np.maximum(np.ptp(every, axis=0), 1)
    return float(sides.prod())


class _Inliers(NamedTuple):
    """Pairs in agreement with one shift, turn and scale, at how many places; none if too few."""

    places: int
    transform: NDArray[np.float64]
    chosen: NDArray[np.bool_]


_NONE = _Inliers(0, np.eye(2, 3), np.zeros(0, dtype=bool))


def _inliers(here: NDArray[np.float32], there: NDArray[np.float32]) -> _Inliers:
    """Pairs in agreement with one shift, turn and scale; each place is counted once."""
    if not _may_agree(here, there):
        return _NONE
    import cv2

    cv2.setRNGSeed(1)
    transform, agree = cv2.estimateAffinePartial2D(
        here, there, ransacReprojThreshold=_TOLERANCE, maxIters=2000, confidence=0.995
    )
    if transform is None:
        return _NONE
    scale = float(np.hypot(transform[0, 0], transform[1, 0]))
    if not _SCALES[0] <= scale <= _SCALES[1]:
        return _NONE
    kept = agree.ravel().astype(bool)
    places = min(len(_places(here[kept])), len(_places(there[kept])))
    # What is at the same place in both may be the frame of an app around two photographs.
    if places < ENOUGH_UNMOVED and _unmoved(transform):
        return _NONE
    return _Inliers(places, np.asarray(transform, dtype=np.float64), kept)


def _may_agree(here: NDArray[np.float32], there: NDArray[np.float32]) -> bool:
    """Whether a shift, turn and scale given by any two pairs has ENOUGH of all in agreement.

    Of few pairs all are tried, at a fifth of the cost of random ones: most proposals end here.
    """
    count = len(here)
    if count > FEW_PAIRS:
        return True
    # As complex numbers, a turn and scale is one factor.
    ones, others = (points.astype(np.float64) @ np.array([1, 1j]) for points in (here, there))
    first, second = np.triu_indices(count, 1)
    apart = ones[first] - ones[second]
    turn = (others[first] - others[second]) / np.where(apart == 0, 1, apart)
    scale = np.abs(turn)
    usable = (apart != 0) & (scale >= _SCALES[0] * 0.9) & (scale <= _SCALES[1] * 1.1)
    turn, first = turn[usable, None], first[usable]
    missed = np.abs(turn * (ones - ones[first, None]) + others[first, None] - others)
    agree = (missed <= _TOLERANCE * 1.01).sum(axis=1)
    return bool(agree.size) and int(agree.max()) >= ENOUGH


def _unmoved(transform: NDArray[Any]) -> bool:
    """Whether a shift, turn and scale leaves everything where it is, to some pixels."""
    return bool(
        np.abs(transform[:, :2] - np.eye(2)).max() < 0.01 and abs(transform[:, 2]).max() < 5
    )


_SCALES = (0.15, 6.5)
"""Scales between two pictures of one photograph; others are accidents."""


def _places(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Distinct places: points on one spot, with several directions, are one."""
    return np.unique(np.round(points / 2), axis=0)
