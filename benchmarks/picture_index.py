"""Index of pictures: processor time to find neighbours among 10⁴, 10⁵ and 10⁶ pictures, and memory.

    python -m benchmarks.picture_index

Hashes and words are random, with one planted neighbour for each query: a hash that differs in
NEAR bits, one of a part that differs in PART_NEAR bits, and a picture that shares five words in
each table. A picture has the hashes of six parts.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from wildcrawl.pictures.features import INDEXED, MOST, TABLES, WORD_BITS
from wildcrawl.pictures.hashes import NEAR, PART_NEAR, PARTS
from wildcrawl.pictures.index import HashIndex, WordIndex

SIZES = (10_000, 100_000, 1_000_000)
QUERIES = 200


def main() -> None:
    """Prints build time, memory, median and 99th percentile of a query for each size."""
    dice = np.random.default_rng(1)
    for size in SIZES:
        _hashes("hash", size, size, NEAR, dice)
        _hashes("parts", size, size * len(PARTS), PART_NEAR, dice)
        words = dice.integers(0, 1 << WORD_BITS, (TABLES, size * INDEXED), dtype=np.uint32)
        owners = np.repeat(np.arange(size), INDEXED)
        start = time.thread_time()
        by_words = WordIndex(words, owners)
        built = time.thread_time() - start
        times, found = _word_queries(by_words, words, dice)
        held = words.nbytes + TABLES * 8 * (1 << WORD_BITS)
        _tell("words", size, built, held, times, found)


def _hashes(what: str, size: int, number: int, most: int, dice: np.random.Generator) -> None:
    """An index of a `number` of hashes of `size` pictures."""
    hashes = dice.integers(0, 1 << 64, number, dtype=np.uint64)
    start = time.thread_time()
    index = HashIndex(hashes)
    built = time.thread_time() - start
    times, found = _hash_queries(index, hashes, most, dice)
    _tell(what, size, built, index.size, times, found)


def _hash_queries(
    index: HashIndex, hashes: NDArray[np.uint64], most: int, dice: np.random.Generator
) -> tuple[list[float], int]:
    times, found = [], 0
    for at in dice.integers(0, len(hashes), QUERIES):
        wanted = int(hashes[at])
        for bit in dice.permutation(64)[:most]:
            wanted ^= 1 << int(bit)
        start = time.thread_time()
        near = index.near(wanted, most)
        times.append(time.thread_time() - start)
        found += int(at) in near.tolist()
    return times, found


def _word_queries(
    index: WordIndex, words: NDArray[np.uint32], dice: np.random.Generator
) -> tuple[list[float], int]:
    times, found = [], 0
    for at in dice.integers(0, words.shape[1] // INDEXED, QUERIES):
        query = dice.integers(0, 1 << WORD_BITS, (TABLES, MOST), dtype=np.uint32)
        query[:, :5] = words[:, at * INDEXED : at * INDEXED + 5]
        start = time.thread_time()
        proposals = index.propose(query)
        times.append(time.thread_time() - start)
        found += any(proposal.position == at for proposal in proposals)
    return times, found


def _tell(what: str, size: int, built: float, held: int, times: list[float], found: int) -> None:
    median, slow = np.percentile(times, [50, 99]) * 1000
    print(
        f"{what:6} {size:>9,}: built in {built:6.2f} s, {held / 1e6:7.1f} MB; a query "
        f"{median:.2f} ms, 99% {slow:.2f} ms; found {found} of {len(times)}",
        flush=True,
    )


if __name__ == "__main__":
    main()
