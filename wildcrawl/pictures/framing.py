"""Framing: the part of a picture that shows a photograph, without the plain ground around it.

Screenshots, letter-boxed pictures and cards show a photograph on a ground of one colour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Box = tuple[int, int, int, int]
"""A part of a picture in pixels: left, top, right, bottom."""

LEAST, MOST = 0.12, 0.94
"""Share of the picture that the part covers, at least and at most."""
FULL = 0.75
"""Share of the part that differs from the ground: text and buttons leave more of it."""
_OWN_COLOUR = 14
"""Levels by which a pixel differs from the ground."""
_PLAIN = 0.5
"""Share of the picture's edge that has the colour of the ground."""
_NARROWEST = 0.2
"""Share of a row that the part takes, at least."""
_ROUNDS = 3
"""Times that the columns are looked for within the rows, and the rows within the columns."""


def framed_part(image: Image.Image) -> Box | None:
    """The part of an RGB image within plain ground; None if there is none, or all of it is."""
    pixels = np.asarray(image.convert("RGB"), dtype=np.int16)
    ground = _ground(pixels)
    if ground is None:
        return None
    other = np.abs(pixels - ground).max(axis=2) > _OWN_COLOUR
    box = _fullest(other)
    if box is None:
        return None
    left, top, right, bottom = box
    inside = other[top:bottom, left:right]
    if not LEAST <= inside.size / other.size <= MOST or inside.mean() < FULL:
        return None
    return box


def _ground(pixels: NDArray[np.int16]) -> NDArray[np.int16] | None:
    """The colour of most of the picture's edge; None if no colour is."""
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    coarse = edge // 8
    _, first, counts = np.unique(coarse, axis=0, return_index=True, return_counts=True)
    colour = edge[first[counts.argmax()]]
    near = np.abs(edge - colour).max(axis=1) <= _OWN_COLOUR
    if near.mean() < _PLAIN:
        return None
    middle: NDArray[np.int16] = np.median(edge[near], axis=0).astype(np.int16)
    return middle


def _fullest(other: NDArray[np.bool_]) -> Box | None:
    """The largest block of rows and columns that differ from the ground in most places."""
    rows = _longest_run(other.mean(axis=1) >= _NARROWEST)
    columns = None
    for _ in range(_ROUNDS):
        if rows is None:
            return None
        columns = _longest_run(other[rows[0] : rows[1]].mean(axis=0) >= FULL / 2)
        if columns is None:
            return None
        rows = _longest_run(other[:, columns[0] : columns[1]].mean(axis=1) >= FULL / 2)
    if rows is None or columns is None:
        return None
    return columns[0], rows[0], columns[1], rows[1]


def _longest_run(chosen: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Start and end of the longest run of True; None if there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(np.int8)))
    if not len(edges):
        return None
    starts, ends = edges[::2], edges[1::2]
    at = int((ends - starts).argmax())
    return int(starts[at]), int(ends[at])
