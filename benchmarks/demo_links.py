"""Links among the demo's pictures: how many are right, and which planted reuses they find.

    python -m benchmarks.demo_links [CACHE]

The pictures of all relevant advertisements of the first month are made and read as `scrapy look`
reads them, without a crawl: text too, since objects that are read as letters may lose their
keypoints. CACHE is a file that keeps the readings.
Pairs of different files are counted: *right* if both show one photograph by the demo's truth. The
second table has the planted pairs by their change.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

from wildcrawl.demo.pictures.served import picture
from wildcrawl.demo.truth import Planted, load_truth, photograph_of
from wildcrawl.pictures import codes, text
from wildcrawl.pictures.decode import PictureError, as_pixels, read_picture
from wildcrawl.pictures.features import Features
from wildcrawl.pictures.likeness import likeness_of
from wildcrawl.review.looking.matching import PictureMatch, PictureMatcher
from wildcrawl.review.looking.seen import Seen

Pair = frozenset[str]


class Shown(NamedTuple):
    """A picture of the demo as read, the photograph it shows by the truth, and its change."""

    seen: Seen
    features: Features | None
    photograph: str
    change: str


def shown(job: tuple[Planted, int]) -> Shown | None:
    """Picture `number` of an advertisement; None for a faulty one."""
    planted, number = job
    body, _ = picture(planted, number)
    try:
        image = read_picture(body, text.LONGEST)
    except PictureError:
        return None
    photo = planted.photo(number)
    pixels = as_pixels(image)
    boxes = [line.box for line in text.read_lines(pixels)]
    found = likeness_of(image, boxes, [code.box for code in codes.read_codes(pixels)])
    sha = hashlib.sha256(body).hexdigest()
    seen = Seen(sha, hash=found.hash, framed=found.framed, parts=found.parts, words=found.words)
    change = photo.change or ("card" if photo.code else "words" if photo.text else "")
    return Shown(seen, found.features, photograph_of(planted, number), change)


def demo_pictures() -> dict[str, Shown]:
    """All pictures of relevant advertisements by SHA-256, read in two processes."""
    jobs = [(ad, number + 1) for ad in load_truth() if ad.relevant for number in range(ad.pictures)]
    with Pool(2) as pool:
        made = pool.map(shown, jobs, chunksize=8)
    return {one.seen.sha: one for one in made if one is not None}


def matches(pictures: dict[str, Shown]) -> Iterator[PictureMatch]:
    """Every match, as `scrapy look` finds it."""

    def features(sha: str) -> Features | None:
        return pictures[sha].features

    matcher = PictureMatcher({sha: one.seen for sha, one in pictures.items()}, features)
    for sha in pictures:
        yield from matcher.matches(sha)


def main(cache: Path | None) -> None:
    """Prints precision and recall by level, by way and by change."""
    if cache and cache.exists():
        pictures = pickle.loads(cache.read_bytes())
    else:
        pictures = demo_pictures()
        if cache:
            cache.write_bytes(pickle.dumps(pictures))
    levels: dict[Pair, bool] = {}
    ways: dict[Pair, set[str]] = defaultdict(set)
    for match in matches(pictures):
        pair = frozenset((match.sha, match.other))
        levels[pair] = levels.get(pair, False) or match.sure
        ways[pair].add(match.how.split(",")[0])
    same = {
        frozenset(pair)
        for pair in combinations(pictures, 2)
        if pictures[pair[0]].photograph == pictures[pair[1]].photograph
    }
    print(f"{len(pictures)} pictures; {len(same)} pairs of one photograph")
    for name, level in (("same", True), ("alike", False)):
        linked = {pair for pair, sure in levels.items() if sure == level}
        right = len(linked & same)
        share = right / len(linked) if linked else 0.0
        print(f"{name:6} {len(linked):5} linked, {right:4} right: {share:.2f}")
    counted = Counter((levels[pair], how, pair in same) for pair in levels for how in ways[pair])
    for (sure, how, right_), count in sorted(counted.items()):
        print(
            f"  {'same' if sure else 'alike':6} {how:26} {'right' if right_ else 'wrong'} {count}"
        )
    by_change: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in same:
        change = " and ".join(sorted({pictures[sha].change for sha in pair} - {""})) or "none"
        level_ = {True: "same", False: "alike", None: "missed"}[levels.get(pair)]
        by_change[change][level_] += 1
    print(f"{'change':24} same  alike  missed")
    for change, found in sorted(by_change.items()):
        print(f"{change:24} {found['same']:4}  {found['alike']:5}  {found['missed']:6}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
