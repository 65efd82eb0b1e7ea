"""Textures of grounds and materials: brightness patterns made of noise, rendered once each.

A pattern is a float32 array with values around 1, to be multiplied with a colour.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pattern = NDArray[np.float32]
SIDE = 720
"""Height and width of a pattern in pixels."""


def _single(values: NDArray[Any]) -> Pattern:
    """Values in single precision, which is faster."""
    return np.asarray(values, dtype=np.float32)


def noise(seed: int, down: int, across: int) -> Pattern:
    """Smooth noise from 0 to 1 with `down` × `across` hills, SIDE × SIDE."""
    hills = np.random.default_rng(seed).random((down, across), dtype=np.float32)
    image = Image.fromarray(hills).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return _single(np.asarray(image))


def _cloud(seed: int) -> Pattern:
    """Noise of several sizes, from 0 to 1."""
    layers = [noise(seed + step, 4 << step, 4 << step) / 2**step for step in range(5)]
    return _single(sum(layers[1:], layers[0]) / 1.94)


def _wood(seed: int) -> Pattern:
    rings = noise(seed, 5, 3) * 9 + noise(seed + 1, 150, 4)
    planks = np.where(np.arange(SIDE) % 178 < 4, 0.55, 1.0).astype(np.float32)[:, None]
    return _single(
        (0.82 + 0.2 * np.sin(rings * 6) * noise(seed + 2, 240, 6) + 0.12 * rings / 10) * planks
    )


def _cloth(seed: int) -> Pattern:
    steps = np.arange(SIDE, dtype=np.float32)
    weave = np.sin(steps * 1.6)[:, None] * np.sin(steps * 1.6)[None, :]
    folds = np.sin(noise(seed, 3, 4) * 13)
    return _single(0.9 + 0.06 * weave + 0.16 * folds + 0.08 * _cloud(seed + 3))


def _marble(seed: int) -> Pattern:
    veins = np.abs(_cloud(seed) - 0.5) * 9
    return _single(0.72 + 0.34 * np.minimum(veins, 1) + 0.06 * noise(seed + 9, 90, 90))


def _newspaper(seed: int) -> Pattern:
    generator = np.random.default_rng(seed)
    letters = generator.random((SIDE // 6, SIDE // 4)) < 0.62
    letters[::3] = False
    letters[:, ::31] = False
    letters[20:28] = False
    ink = np.kron(letters, np.ones((6, 4), dtype=bool))
    return _single(np.where(ink, 0.5, 1.02) + 0.08 * noise(seed, 3, 3))


def _granite(seed: int) -> Pattern:
    return _single(0.6 + 0.5 * noise(seed, 200, 200) + 0.2 * noise(seed + 1, 40, 40))


def _carpet(seed: int) -> Pattern:
    steps = np.arange(SIDE, dtype=np.float32)
    down, across = steps[:, None], steps[None, :]
    motif = np.sin(down / 19) + np.sin(across / 19) + np.sin((down + across) / 31)
    return _single(0.9 + 0.18 * np.sign(motif) + 0.24 * (noise(seed, 180, 180) - 0.5))


def _plain(seed: int) -> Pattern:
    return _single(0.9 + 0.12 * noise(seed, 3, 3) + 0.03 * noise(seed + 1, 200, 200))


GROUNDS: dict[str, Callable[[int], Pattern]] = {
    "wood": _wood,
    "cloth": _cloth,
    "marble": _marble,
    "newspaper": _newspaper,
    "granite": _granite,
    "carpet": _carpet,
    "plain": _plain,
}
"""Makers of the grounds' patterns by name."""


def _ivory(seed: int) -> Pattern:
    steps = np.arange(SIDE, dtype=np.float32)
    down, across = steps[:, None], steps[None, :]
    arcs = np.sin(np.hypot(down + 300, across - 360) / 5) + np.sin(
        np.hypot(down + 300, across - 460) / 5
    )
    return _single(0.98 + 0.03 * arcs + 0.1 * (_cloud(seed) - 0.5))


def _fibres(seed: int) -> Pattern:
    return _single(0.76 + 0.34 * noise(seed, 6, 260) + 0.2 * noise(seed + 1, 3, 30))


def _mottled(seed: int) -> Pattern:
    blotches = np.clip((_cloud(seed) - 0.46) * 12, 0, 1)
    return _single(0.36 + 0.86 * blotches + 0.06 * noise(seed + 9, 60, 60))


def _grown(seed: int) -> Pattern:
    lines = np.sin(noise(seed, 4, 4) * 46)
    return _single(0.9 + 0.14 * lines + 0.16 * (noise(seed + 1, 120, 40) - 0.5))


def _smooth(seed: int) -> Pattern:
    return _single(0.92 + 0.16 * _cloud(seed))


MATERIALS: dict[str, Callable[[int], Pattern]] = {
    "ivory": _ivory,
    "whale": _ivory,
    "rhino_horn": _fibres,
    "saiga": _fibres,
    "sea_turtle": _mottled,
    "pangolin": _grown,
    "helmeted_hornbill": _grown,
    "tiger": _smooth,
    "leopard": _mottled,
}
"""Makers of the materials' patterns by species group; another material is smooth."""


@lru_cache(maxsize=32)
def ground(name: str, variant: int) -> Pattern:
    """Pattern of a ground; `variant` chooses among several of the same kind."""
    return _frozen(GROUNDS[name](crc32(name.encode()) + variant))


@lru_cache(maxsize=16)
def material(name: str) -> Pattern:
    """Pattern of a material, a species group or another name."""
    return _frozen(MATERIALS.get(name, _smooth)(crc32(name.encode())))


@lru_cache(maxsize=1)
def grain() -> NDArray[np.uint8]:
    """Sensor noise as grey levels around 128, SIDE × SIDE."""
    drawn = np.random.default_rng(7).normal(128, 4, (SIDE, SIDE))
    return np.ascontiguousarray(np.clip(drawn, 0, 255), dtype=np.uint8)


def _frozen(pattern: Pattern) -> Pattern:
    pattern = np.ascontiguousarray(pattern, dtype=np.float32)
    pattern.flags.writeable = False
    return pattern
