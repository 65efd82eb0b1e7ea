"""Likeness of a picture: its hashes and features, by which others of its photograph are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from wildcrawl.pictures.decode import as_pixels
from wildcrawl.pictures.features import LONGEST, Features, features_of, merged, words_of
from wildcrawl.pictures.framing import framed_part
from wildcrawl.pictures.hashes import PictureHash, part_hashes, picture_hash
from wildcrawl.pictures.overlay import view_of

Box = tuple[float, float, float, float]
Boxes = Sequence[Box]
TALLEST = 0.2
"""Share of a picture's shorter side up to which a box is of text: the reader of text takes a curved
tusk for a C and a tablet for a 1, and without their keypoints nothing of the photograph is left."""

CARD = 0.2
"""Share of a picture from which on its codes make it a card: its hash is that of a code then, which
different cards of one seller share."""
_QUIET = 0.06
"""Share of a code's side by which it is hidden beyond its edges, where keypoints see the edge."""


@dataclass(frozen=True)
class Likeness:
    """Hashes and features of a picture; `words` belong to `features`. A card has no hashes.

    `framed` is the hash of the part within plain ground, if there is one; `parts` are those of the
    middle parts of that, or of the picture. Features are None without their reader.
    """

    hash: PictureHash | None = None
    framed: PictureHash | None = None
    parts: list[PictureHash] = field(default_factory=list)
    features: Features | None = None
    words: NDArray[np.uint32] | None = None


def likeness_of(image: Image.Image, texts: Boxes = (), codes: Boxes = ()) -> Likeness:
    """The likeness of an RGB picture, with the boxes of its lines of text and of its QR codes."""
    is_card = sum(map(_area, codes)) >= CARD * image.width * image.height
    part = None if is_card else framed_part(image)
    hidden = [box for box in texts if _may_be_text(box, image)] + [_wider(box) for box in codes]
    framed = image.crop(part) if part else None
    found = _with_view(_features(image, hidden, part), image, part) if find_spec("cv2") else None
    if is_card:
        return Likeness(features=found, words=words_of(found) if found is not None else None)
    return Likeness(
        picture_hash(image),
        picture_hash(framed) if framed else None,
        part_hashes(framed or image),
        found,
        words_of(found) if found is not None else None,
    )


def _may_be_text(box: Box, image: Image.Image) -> bool:
    left, top, right, bottom = box
    return min(right - left, bottom - top) <= TALLEST * min(image.size)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _wider(box: Box) -> Box:
    """The box of a code with its margin."""
    across, down = _QUIET * (box[2] - box[0]), _QUIET * (box[3] - box[1])
    return box[0] - across, box[1] - down, box[2] + across, box[3] + down


def _with_view(
    found: Features, image: Image.Image, part: tuple[int, int, int, int] | None
) -> Features:
    scale = _scale(image)
    frame = (part[0] * scale, part[1] * scale, part[2] * scale, part[3] * scale) if part else None
    return replace(found, size=reduced(image, LONGEST).size, view=view_of(image), frame=frame)


def _features(
    image: Image.Image, hidden: Boxes, part: tuple[int, int, int, int] | None
) -> Features:
    """Features of a picture at its scale of LONGEST pixels, more of the part within a frame.

    A photograph in a screenshot is small at that scale, so that it is looked at by itself.
    """
    whole = _features_at(image, hidden)
    if part is None:
        return whole
    left, top, right, bottom = part
    framed = image.crop(part)
    inner = [(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in hidden]
    scale = _scale(image)
    inside = _features_at(framed, inner)
    place = np.array([left * scale, top * scale], dtype=np.float32)
    points = inside.points * np.float32(scale / _scale(framed)) + place
    box = (left * scale, top * scale, right * scale, bottom * scale)
    return merged(Features(points, inside.codes), whole.outside(box))


def _features_at(image: Image.Image, hidden: Boxes) -> Features:
    scale = _scale(image)
    at = [(x0 * scale, y0 * scale, x1 * scale, y1 * scale) for x0, y0, x1, y1 in hidden]
    return features_of(as_pixels(reduced(image, LONGEST).convert("L")), at)


def _scale(image: Image.Image) -> float:
    return min(1.0, LONGEST / max(image.size))


def reduced(image: Image.Image, longest: int) -> Image.Image:
    """The image with its longer side at most `longest`."""
    if max(image.size) <= longest:
        return image
    scale = longest / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)
