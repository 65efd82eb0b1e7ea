"""Index of pictures: the nearest perceptual hashes, and pictures with common words, among many.

Both are arrays in memory, built once and then asked for each new picture. A hash of 64 bits is
found by its bands: hashes that differ in at most HASH_NEAR bits are alike, up to one bit, in at
least one of BANDS bands. A word is found by its number in its table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildcrawl.pictures.features import WORD_BITS

BANDS = 5
"""Bands of a hash, of 13 bits, of which neighbours share one."""
HASH_NEAR = 9
"""Most differing bits of a neighbour: with BANDS bands and one bit free in each, none is missed."""
_BAND_BITS = 13
_BAND = (1 << _BAND_BITS) - 1
COMMON = 200
"""Pictures that share a word from which on it says nothing, such as a corner of an app's frame."""
MOST_PROPOSED = 30
"""Pictures proposed by common words, the likeliest first."""
ENOUGH_WORDS = 2

Hashes = NDArray[np.uint64]


class HashIndex:
    """Neighbours of perceptual hashes; `hashes` is an array of 64-bit numbers."""

    def __init__(self, hashes: Sequence[int] | Hashes) -> None:
        self.hashes: Hashes = np.asarray(hashes, dtype=np.uint64)
        self._orders: list[NDArray[np.int32]] = []
        self._starts: list[NDArray[np.int64]] = []
        for band in range(BANDS):
            values = _band(self.hashes, band)
            # Numbers of 16 bits are sorted by their digits, which is much faster.
            self._orders.append(np.argsort(values, kind="stable").astype(np.int32))
            counts = np.bincount(values, minlength=1 << _BAND_BITS)
            self._starts.append(np.concatenate([[0], np.cumsum(counts)]))

    @property
    def size(self) -> int:
        """Bytes in memory."""
        orders = sum(array.nbytes for array in self._orders)
        return self.hashes.nbytes + orders + sum(array.nbytes for array in self._starts)

    def near(self, wanted: int, most: int = HASH_NEAR) -> NDArray[np.int64]:
        """Positions of the hashes that differ from `wanted` in at most `most` bits.

        The nearest first. `most` is at most HASH_NEAR.
        """
        if most > HASH_NEAR:
            raise ValueError(f"{most} bits are more than the {HASH_NEAR} that the bands find")
        found = [
            self._orders[band][self._starts[band][value] : self._starts[band][value + 1]]
            for band in range(BANDS)
            for value in _within_one_bit(wanted >> (_BAND_BITS * band) & _BAND)
        ]
        candidates = np.concatenate(found)
        distances = np.bitwise_count(self.hashes[candidates] ^ np.uint64(wanted))
        # A neighbour may be in several bands; most candidates are none.
        close, first = np.unique(candidates[distances <= most], return_index=True)
        order = np.argsort(distances[distances <= most][first], kind="stable")
        nearest: NDArray[np.int64] = close[order].astype(np.int64)
        return nearest


def _band(hashes: Hashes, band: int) -> NDArray[np.uint16]:
    return (hashes >> np.uint64(_BAND_BITS * band) & np.uint64(_BAND)).astype(np.uint16)


def _within_one_bit(value: int) -> list[int]:
    return [value, *(value ^ (1 << bit) for bit in range(_BAND_BITS))]


@dataclass(frozen=True)
class Proposal:
    """A picture that shares words: its position, and the number of common words."""

    position: int
    words: int


class WordIndex:
    """Pictures by their words.

    `words` are those of all pictures, an array of shape (TABLES, n) of words of WORD_BITS bits,
    `owners` the positions of the pictures they are of, shape (n,).
    """

    def __init__(self, words: NDArray[np.uint32], owners: NDArray[np.int64]) -> None:
        self._owners: list[NDArray[np.int32]] = []
        self._starts: list[NDArray[np.int64]] = []
        for table in words:
            # Word and owner in one number, since numbers sort much faster than by a key.
            packed = table.astype(np.uint64) << np.uint64(32) | owners.astype(np.uint64)
            packed.sort()
            self._owners.append((packed & np.uint64(0xFFFFFFFF)).astype(np.int32))
            counts = np.bincount(table, minlength=1 << WORD_BITS)
            self._starts.append(np.concatenate([[0], np.cumsum(counts)]))

    def propose(self, words: NDArray[np.uint32], most: int = MOST_PROPOSED) -> list[Proposal]:
        """Pictures that share at least ENOUGH_WORDS words, those with the rarest first.

        Words that COMMON pictures or more share are passed over.
        """
        found: list[NDArray[np.int32]] = []
        sizes: list[int] = []
        for owners, starts, table in zip(self._owners, self._starts, words, strict=True):
            wanted = np.unique(table)
            first, last = starts[wanted], starts[wanted + 1]
            telling = (first < last) & (last - first < COMMON)
            spans = zip(first[telling].tolist(), last[telling].tolist(), strict=True)
            found += [owners[start:end] for start, end in spans]
            sizes += (last - first)[telling].tolist()
        if not found:
            return []
        sharing, places, counts = np.unique(
            np.concatenate(found), return_inverse=True, return_counts=True
        )
        # A word counts less the more pictures share it, as they do the frame of an app.
        weights = np.bincount(places, weights=np.repeat(1 / np.array(sizes), sizes))
        enough = np.flatnonzero(counts >= ENOUGH_WORDS)
        order = enough[np.argsort(-weights[enough], kind="stable")][:most]
        return [Proposal(int(sharing[at]), int(counts[at])) for at in order]
