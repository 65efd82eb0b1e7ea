"""Same photographs among the readings: near hashes and common words, verified by geometry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

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
from wildcrawl.pictures.hashes import NEAR, PART_NEAR, PARTS, PictureHash, distance
from wildcrawl.pictures.index import HashIndex, WordIndex
from wildcrawl.pictures.overlay import ALIKE, CLOSE, likeness_as_crop
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
        every = list(readings.items())
        self._wholes = _Hashes((sha, *each) for sha, seen in every for each in _wholes(seen))
        self._parts = _Hashes((sha, *each) for sha, seen in every for each in _parts(seen))
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
        sides = ((points, False), (points and mirrored(points), True))
        for asked, known, most, what in (
            (_wholes(own), self._wholes, NEAR, "picture"),
            (_wholes(own), self._parts, PART_NEAR, "crop"),
            (_parts(own), self._wholes, PART_NEAR, "crop"),
        ):
            for shown, turned in sides:
                wanted = [(each.mirrored if turned else each.plain, kind) for each, kind in asked]
                for near in known.near(wanted, most, sha):
                    theirs = self._features(near.sha)
                    found = _agree(shown, theirs)
                    if not _may_be(found, near, what, shown, theirs):
                        continue
                    # A crop of one picture may be near to another that has the same ground.
                    sure = found.sure if what == "crop" else found.points >= ENOUGH
                    how = _HOW["framed" if near.framed and what == "picture" else what, turned]
                    yield Match(sha, near.sha, f"{how}, {near.bits} of 64 bits", sure)

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
                if found.may_be:
                    yield Match(sha, other, f"{how}, {found.points} points", found.sure)


_HOW = {
    ("picture", False): "whole picture",
    ("picture", True): "mirrored picture",
    ("framed", False): "picture in a frame",
    ("framed", True): "mirrored picture in a frame",
    ("crop", False): "crop",
    ("crop", True): "mirrored crop",
}
"""What is near in two pictures, and whether one is mirrored, to the words for it."""


class _Near(NamedTuple):
    """A picture with a hash near to another, in how many bits they differ, and if one is framed."""

    sha: str
    bits: int
    framed: bool


class _Hashes:
    """Hashes of pictures by SHA-256, each of the whole picture or of the part within a frame."""

    def __init__(self, hashes: Iterable[tuple[str, PictureHash, bool]]) -> None:
        every = list(hashes)
        self._owners = [(sha, framed) for sha, _, framed in every]
        self._index = HashIndex([each.plain for _, each, _ in every])

    def near(self, wanted: Iterable[tuple[int, bool]], most: int, but: str) -> list[_Near]:
        """The other pictures with a hash near to one of `wanted`, each once, the nearest first.

        `wanted` are hashes, each with whether it is of the part within a frame.
        """
        found: dict[str, _Near] = {}
        for each, framed in wanted:
            for position in self._index.near(each, most).tolist():
                sha, theirs = self._owners[position]
                bits = distance(each, int(self._index.hashes[position]))
                near = _Near(sha, bits, framed or theirs)
                found[sha] = min(near, found.get(sha, near))
        found.pop(but, None)
        return sorted(found.values(), key=lambda near: near.bits)


def _wholes(seen: Seen) -> list[tuple[PictureHash, bool]]:
    """The hash of a picture and that of the part within its frame, each with which it is."""
    own = ((seen.hash, False), (seen.framed, True))
    return [(hash_, framed) for hash_, framed in own if hash_]


def _parts(seen: Seen) -> list[tuple[PictureHash, bool]]:
    """The hashes of the middle parts, each with whether they are of the part within a frame."""
    return [(part, seen.framed is not None) for part in seen.parts]


def _agree(one: Features | None, other: Features | None) -> Agreement:
    """The agreement of two pictures; none if one has no features."""
    return Agreement() if one is None or other is None else agreement(one, other)


def _may_be(
    found: Agreement, near: _Near, what: str, one: Features | None, other: Features | None
) -> bool:
    """Whether two pictures with near hashes may be of one photograph, as far as is known.

    Without keypoints in agreement, one is laid upon the other as its hash says.
    """
    if found.points >= ENOUGH and (found.sure or not near.framed):
        return found.may_be
    if one is None or other is None:
        return True
    if what == "picture":
        laid = [likeness_as_crop(one, other, 0)]
    else:
        shares = [(one, other, share) for share in PARTS]
        shares += [(other, one, share) for share in PARTS]
        laid = [likeness_as_crop(*each) for each in shares]
    known = [likeness for likeness in laid if likeness is not None]
    return not known or max(known) >= (ALIKE if what == "picture" else CLOSE)


def _word_index(seen: Sequence[Seen]) -> WordIndex:
    words = [each.words for each in seen if each.words is not None]
    if not words:
        return WordIndex(np.zeros((TABLES, 0), np.uint32), np.zeros(0, np.int64))
    owners = np.repeat(np.arange(len(words)), [each.shape[1] for each in words])
    return WordIndex(np.concatenate(words, axis=1), owners)
