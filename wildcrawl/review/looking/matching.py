"""Same photographs among the readings: near hashes and common words, verified by geometry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wildcrawl.pictures.features import (
    ENOUGH,
    MANY,
    TABLES,
    Features,
    KeypointMatch,
    agreement,
    mirrored,
    words_of,
)
from wildcrawl.pictures.hashes import NEAR, PART_NEAR, PARTS, PictureHash, distance
from wildcrawl.pictures.index import HashIndex, WordIndex
from wildcrawl.pictures.overlay import ALIKE, CLOSE, likeness_as_crop
from wildcrawl.review.looking.seen import Seen

RULES = 1
"""Number of the rules by which pictures match, raised with each change of them or their bounds."""
COPIES = 100
"""Advertisements that share a photograph from which on it is a stock photograph."""
_CACHED = 2_000
"""Features held in memory: about 7 KB each."""


@dataclass(frozen=True)
class PictureMatch:
    """Two pictures that may be of one photograph, by SHA-256, and how that was seen.

    `sure`: they are; else they may only have the same ground, or look alike as a whole.
    """

    sha: str
    other: str
    how: str
    sure: bool

    def turned(self) -> PictureMatch:
        """The same from the other picture."""
        return replace(self, sha=self.other, other=self.sha)


class PictureMatcher:
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

    def matches(self, sha: str) -> Iterator[PictureMatch]:
        """The other pictures that may be of the photograph in picture `sha`, each once."""
        asked = _Asked(sha, self._readings[sha], self._features)
        found: dict[str, PictureMatch] = {}
        for ways in (self._by_hash, self._by_features):
            for match in ways(asked):
                if match.sure or match.other not in found:
                    found[match.other] = match
                if match.sure:
                    asked.done.add(match.other)
        yield from sorted(found.values(), key=lambda match: not match.sure)

    def _by_hash(self, asked: _Asked) -> Iterator[PictureMatch]:
        own = asked.seen
        for wanted, known, most, what in (
            (_wholes(own), self._wholes, NEAR, "picture"),
            (_wholes(own), self._parts, PART_NEAR, "crop"),
            (_parts(own), self._wholes, PART_NEAR, "crop"),
        ):
            for turned in (False, True):
                hashes = [(each.mirrored if turned else each.plain, kind) for each, kind in wanted]
                for near in known.near(hashes, most, asked.sha):
                    if near.sha in asked.done or not asked.may_be(near, what, turned=turned):
                        continue
                    found = asked.agreement(near.sha, turned=turned)
                    # A crop of one picture may be near to another that has the same ground.
                    sure = found.sure if what == "crop" else found.points >= ENOUGH
                    how = _HOW["framed" if near.framed and what == "picture" else what, turned]
                    yield PictureMatch(asked.sha, near.sha, f"{how}, {near.bits} of 64 bits", sure)

    def _by_features(self, asked: _Asked) -> Iterator[PictureMatch]:
        for turned, how in ((False, "part of it"), (True, "part of it, mirrored")):
            own = asked.features(turned=turned)
            if own is None or len(own) < ENOUGH:
                return
            for proposal in self._words.propose(words_of(own, most=len(own))):
                other = self._worded[proposal.position]
                if other == asked.sha or other in asked.done:
                    continue
                found = asked.agreement(other, turned=turned)
                if found.may_be:
                    yield PictureMatch(
                        asked.sha, other, f"{how}, {found.points} points", found.sure
                    )


class _Asked:
    """A picture whose like is looked for, compared with each other picture once in each way.

    `done` are those that are surely of its photograph, of which nothing more is asked.
    """

    def __init__(self, sha: str, seen: Seen, features: Callable[[str], Features | None]) -> None:
        self.sha = sha
        self.seen = seen
        self.done: set[str] = set()
        self._of = features
        own = features(sha)
        self._sides = (own, own and mirrored(own))
        self._agreements: dict[tuple[str, bool], KeypointMatch] = {}
        self._laid: dict[tuple[str, bool, str], bool] = {}

    def features(self, *, turned: bool) -> Features | None:
        """Its features, or those of its mirror image; None if it has none."""
        return self._sides[turned]

    def agreement(self, other: str, *, turned: bool) -> KeypointMatch:
        """Its agreement with another picture, mirrored or not; none if one has no features."""
        key = (other, turned)
        if key not in self._agreements:
            one, theirs = self._sides[turned], self._of(other)
            found = KeypointMatch() if one is None or theirs is None else agreement(one, theirs)
            self._agreements[key] = found
        return self._agreements[key]

    def may_be(self, near: _Near, what: str, *, turned: bool) -> bool:
        """Whether another picture with a near hash may be of its photograph, as far as is known.

        Without keypoints in agreement, one is laid upon the other as its hash says.
        """
        found = self.agreement(near.sha, turned=turned)
        if found.points >= ENOUGH and (found.sure or not near.framed):
            # A watermark changes what is seen at each place, and neither the hash nor these points.
            return found.may_be or (what == "picture" and found.points >= MANY)
        one, other = self._sides[turned], self._of(near.sha)
        if one is None or other is None:
            return True
        key = (near.sha, turned, what)
        if key not in self._laid:
            self._laid[key] = _looks_alike(one, other, what)
        return self._laid[key]


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


def _looks_alike(one: Features, other: Features, what: str) -> bool:
    """Whether one picture laid upon the other looks like it, or that cannot be said.

    `what` is "picture" for the whole, "crop" if one is a middle part of the other.
    """
    enough = ALIKE if what == "picture" else CLOSE
    ways = [(one, other, 0.0)] if what == "picture" else _as_crops(one, other)
    known = False
    for way in ways:
        likeness = likeness_as_crop(*way)
        if likeness is not None and likeness >= enough:
            return True
        known = known or likeness is not None
    return not known


def _as_crops(one: Features, other: Features) -> list[tuple[Features, Features, float]]:
    """Each as a crop of the other, with the share of each side that it lacks."""
    return [(*pair, share) for pair in ((one, other), (other, one)) for share in PARTS]


def _word_index(seen: Sequence[Seen]) -> WordIndex:
    words = [each.words for each in seen if each.words is not None]
    if not words:
        return WordIndex(np.zeros((TABLES, 0), np.uint32), np.zeros(0, np.int64))
    owners = np.repeat(np.arange(len(words)), [each.shape[1] for each in words])
    return WordIndex(np.concatenate(words, axis=1), owners)
