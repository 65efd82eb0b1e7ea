"""Same photographs among the readings: near hashes, and common words verified by geometry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from wildcrawl.pictures.features import ENOUGH, TABLES, Features, agreeing, mirrored, words_of
from wildcrawl.pictures.hashes import NEAR, distance
from wildcrawl.pictures.index import HashIndex, WordIndex
from wildcrawl.review.looking.seen import Seen

COPIES = 100
"""Advertisements that share a photograph from which on it is a stock photograph."""
_CACHED = 2_000
"""Features held in memory: about 7 KB each."""


@dataclass(frozen=True)
class Match:
    """Two pictures of one photograph, by SHA-256, and how that was seen."""

    sha: str
    other: str
    how: str


class Matcher:
    """Finds pictures of the same photograph among `readings`.

    `features` gives those of a picture by its SHA-256.
    """

    def __init__(
        self, readings: Mapping[str, Seen], features: Callable[[str], Features | None]
    ) -> None:
        self._readings = readings
        self._features = lru_cache(_CACHED)(features)
        hashed = [(sha, seen.hash) for sha, seen in readings.items() if seen.hash]
        self._hashed = [sha for sha, _ in hashed]
        self._hashes = HashIndex([hash_.plain for _, hash_ in hashed])
        self._worded = [
            sha for sha, seen in readings.items() if seen.words is not None and seen.words.size
        ]
        self._words = _word_index([readings[sha] for sha in self._worded])

    def matches(self, sha: str) -> Iterator[Match]:
        """The other pictures of the photograph in picture `sha`, each once."""
        found = {sha}
        for match in (*self._by_hash(sha), *self._by_features(sha)):
            if match.other not in found:
                found.add(match.other)
                yield match

    def _by_hash(self, sha: str) -> Iterator[Match]:
        own = self._readings[sha].hash
        if own is None:
            return
        for wanted, how in ((own.plain, "whole picture"), (own.mirrored, "mirrored picture")):
            for position in self._hashes.near(wanted, NEAR):
                other = self._hashed[int(position)]
                near = self._readings[other].hash
                if near and other != sha:
                    yield Match(sha, other, f"{how}, {distance(wanted, near.plain)} of 64 bits")

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
                points = agreeing(features, theirs)
                if points >= ENOUGH:
                    yield Match(sha, other, f"{how}, {points} points")


def _word_index(seen: Sequence[Seen]) -> WordIndex:
    words = [each.words for each in seen if each.words is not None]
    if not words:
        return WordIndex(np.zeros((TABLES, 0), np.uint32), np.zeros(0, np.int64))
    owners = np.repeat(np.arange(len(words)), [each.shape[1] for each in words])
    return WordIndex(np.concatenate(words, axis=1), owners)
