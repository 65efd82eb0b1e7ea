"""Perceptual hashes: 64 bits of a picture's coarse structure, and of its mirror image.

They survive resaving, scaling and changes of colour; of crops and screenshots they say little
(see `wildcrawl.pictures.features`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 32
"""Side of the grey picture that is transformed."""
_KEPT = 8
FLAT = 2.0
"""Standard deviation of grey values up to which a picture has no structure to hash."""
NEAR = 6
"""Differing bits up to which two hashes are of one picture; see docs/pictures.md."""


@dataclass(frozen=True)
class PictureHash:
    """Hashes of a picture and of its mirror image, 64 bits each."""

    plain: int
    mirrored: int


def picture_hash(image: Image.Image) -> PictureHash | None:
    """Hashes of a picture; None for one without structure, such as a blank one."""
    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.float32)
    if float(grey.std()) <= FLAT:
        return None
    return PictureHash(_bits(grey), _bits(grey[:, ::-1]))


def distance(first: int, second: int) -> int:
    """Number of differing bits of two hashes."""
    return (first ^ second).bit_count()


def _bits(grey: NDArray[np.float32]) -> int:
    """64 bits: which coefficients of low frequency are above their median."""
    transform = _cosines()
    low = (transform @ grey @ transform.T)[:_KEPT, :_KEPT].ravel()
    # The first is the mean brightness, which is not structure.
    above = low > np.median(low[1:])
    return int.from_bytes(np.packbits(above).tobytes(), "big")


@cache
def _cosines() -> NDArray[np.float32]:
    """Matrix of the discrete cosine transform (type II) of SIDE values."""
    places = np.arange(SIDE)
    angles = np.pi * np.outer(places, 2 * places + 1) / (2 * SIDE)
    return np.cos(angles).astype(np.float32)
