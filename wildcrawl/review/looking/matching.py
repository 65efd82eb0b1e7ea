"""Same photographs among the readings: near hashes and common words, verified by geometry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from wildcrawl.pictures.features import (
    ENOUGH,
    TABLES,
    Agreement,
    Features,
    agreement,
    mirrored,
    words_of,
)
from wildcrawl.pictures.hashes import NEAR, PART_NEAR, PictureHash, distance
from wildcrawl.pictures.index import HashIndex, WordIndex
from wildcrawl.review.looking.seen import Seen

COPIES = 100
"""Advertisements that share a photograph from which on it is a stock photograph."""
_CACHED = 2_000
"""Features held in memory: about 7 KB each."""


@dataclass(frozen=True)
class Match:
    """Two pictures that may be of one photograph, by SHA-256, and how that was seen.

    `sure`: they are; else they may only have the same ground, or look alike as a whole.
    """

    sha: str
    other: str
    how: str
    sure: bool

    def turned(self) -> Match:
        """The same from the other picture."""
        return replace(self, sha=self.other, other=self.sha)


class Matcher:
    """Finds pictures of the same photograph among `readings`.

    `features` gives those of a picture by its SHA-256.
    """

    def __init__(
        self, readings: Mapping[str, Seen], features: Callable[[str], Features | None]
    ) -> None:
        self._readings = readings
        self._features = lru_cache(_CACHED)(features)
        self._wholes = _Hashes(
            (sha, each) for sha, seen in readings.items() for each in _wholes(seen)
        )
        self._parts = _Hashes((sha, each) for sha, seen in readings.items() for each in seen.parts)
        self._worded = [
            sha for sha, seen in readings.items() if seen.words is not None and seen.words.size
        ]
        self._words = _word_index([readings[sha] for sha in self._worded])

    def matches(self, sha: str) -> Iterator[Match]:
        """The other pictures that may be of the photograph in picture `sha`, each once."""
        found = {sha}
        every = [*self._by_hash(sha), *self._by_features(sha)]
        for match in sorted(every, key=lambda match: not match.sure):
            if match.other not in found:
                found.add(match.other)
                yield match

    def _by_hash(self, sha: str) -> Iterator[Match]:
        own = self._readings[sha]
        points = self._features(sha)
        turned = points and mirrored(points)
        for how, asked, known, most in (
            ("whole picture", _wholes(own), self._wholes, NEAR),
            ("crop", _wholes(own), self._parts, PART_NEAR),
            ("crop", own.parts, self._wholes, PART_NEAR),
        ):
            for other, bits in known.near((each.plain for each in asked), most, sha):
                sure = _agree(points, self._features(other)).points >= ENOUGH
                yield Match(sha, other, f"{how}, {bits} of 64 bits", sure)
            for other, bits in known.near((each.mirrored for each in asked), most, sha):
                sure = _agree(turned, self._features(other)).points >= ENOUGH
                yield Match(sha, other, f"mirrored {how.split()[-1]}, {bits} of 64 bits", sure)

    def _by_features(self, sha: str) -> Iterator[Match]:
        own = self._features(sha)
        if own is None or len(own) < ENOUGH:
            return
        for features, how in ((own, "part of it"), (mirrored(own), "part of it, mirrored")):
            for proposal in self._words.propose(words_of(features, most=len(features))):
                other = self._worded[proposal.position]
                theirs = self._features(other)
                if other == sha or theirs is None:
                    continue
                found = agreement(features, theirs)
                if found.points >= ENOUGH:
                    yield Match(sha, other, f"{how}, {found.points} points", found.sure)


class _Hashes:
    """Hashes, each of the picture with a SHA-256."""

    def __init__(self, hashes: Iterable[tuple[str, PictureHash]]) -> None:
        every = list(hashes)
        self._owners = [sha for sha, _ in every]
        self._index = HashIndex([each.plain for _, each in every])

    def near(self, wanted: Iterable[int], most: int, but: str) -> Iterator[tuple[str, int]]:
        """The other pictures with a hash near to one of `wanted`, and in how many bits they differ.

        Each once, the nearest first.
        """
        nearest: dict[str, int] = {}
        for each in wanted:
            for position in self._index.near(each, most).tolist():
                sha = self._owners[position]
                bits = distance(each, int(self._index.hashes[position]))
                nearest[sha] = min(bits, nearest.get(sha, bits))
        nearest.pop(but, None)
        yield from sorted(nearest.items(), key=lambda each: each[1])


def _wholes(seen: Seen) -> list[PictureHash]:
    """The hashes of a picture and of the part within its frame."""
    return [each for each in (seen.hash, seen.framed) if each]


def _agree(one: Features | None, other: Features | None) -> Agreement:
    """The agreement of two pictures; none if one has no features."""
    return Agreement() if one is None or other is None else agreement(one, other)


def _word_index(seen: Sequence[Seen]) -> WordIndex:
    words = [each.words for each in seen if each.words is not None]
    if not words:
        return WordIndex(np.zeros((TABLES, 0), np.uint32), np.zeros(0, np.int64))
    owners = np.repeat(np.arange(len(words)), [each.shape[1] for each in words])
    return WordIndex(np.concatenate(words, axis=1), owners)
