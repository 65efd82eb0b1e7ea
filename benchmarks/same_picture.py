"""Same photographs: how many are found after each change, and how many different ones are linked.

    python -m benchmarks.same_picture FOLDER [EVERY]

FOLDER holds photographs (JPEG, PNG, WebP). Large ones are cut into four tiles each; only every
EVERY-th picture is used. `hash` and `features` are the shares found by each alone; `linked` and
`sure` through the index, as `scrapy look` does, with any link and with a sure one. `false` are the
pairs of a changed picture and another photograph that are linked, and surely so.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from tests.helpers.picture_files import (
    chinese_font,
    cropped,
    encoded,
    mirrored,
    recoloured,
    screenshot,
    with_text,
)
from wildcrawl.pictures import features, text
from wildcrawl.pictures.decode import PictureError, as_pixels, read_picture
from wildcrawl.pictures.features import ENOUGH, Features, agreeing
from wildcrawl.pictures.hashes import NEAR, distance
from wildcrawl.pictures.likeness import likeness_of
from wildcrawl.review.looking.matching import PictureMatcher
from wildcrawl.review.looking.seen import Seen

TILE = 960
FURTHER = 25
"""Pairs of different photographs that are compared for each tile."""

Change = Callable[[Image.Image], Image.Image]


def off_centre(image: Image.Image) -> Image.Image:
    """70% of the width and 75% of the height, from a corner."""
    return image.crop((0, 0, round(image.width * 0.7), round(image.height * 0.75)))


def watermarked(image: Image.Image) -> Image.Image:
    """The picture under half-transparent text."""
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    font = chinese_font(max(18, image.height // 16))
    for top in range(0, image.height, image.height // 5):
        for left in range(-50, image.width, image.width // 3):
            draw.text((left, top), "藏品阁 禁止盗图", font=font, fill=(255, 255, 255, 120))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


CHANGES: dict[str, Change] = {
    "resaved, smaller": lambda image: image.resize((image.width // 3, image.height // 3)),
    "colour": recoloured,
    "banner of text": lambda image: with_text(
        image, ["老料手镯 假一赔十", "全场包邮 支持鉴定"], max(24, image.height // 12)
    ),
    "watermark": watermarked,
    "crop 10%": lambda image: cropped(image, 0.1),
    "crop 15%": lambda image: cropped(image, 0.15),
    "crop 20%": lambda image: cropped(image, 0.2),
    "off-centre": off_centre,
    "mirror": mirrored,
    "mirror, crop 10%": lambda image: cropped(mirrored(image), 0.1),
    "rotate 5°": lambda image: image.rotate(
        5, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
    ),
    "app screenshot": screenshot,
}
WITH_TEXT = ("banner of text", "watermark", "app screenshot")


def tiles(folder: Path) -> Iterator[tuple[str, Image.Image]]:
    """Tiles of the photographs in a folder, or small ones whole, with the photograph's name."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in (".jpg", ".jpeg", ".png", ".webp"):
            continue
        try:
            image = read_picture(path.read_bytes(), 2 * TILE)
        except PictureError as error:
            print(f"{path.name}: {error}")
            continue
        width, height = image.width // 2, image.height // 2
        if max(width, height) < features.LONGEST:
            yield path.name, image
            continue
        for left, top in ((0, 0), (width, 0), (0, height), (width, height)):
            yield path.name, image.crop((left, top, left + width, top + height))


def seen(name: str, image: Image.Image, *, lines: bool) -> tuple[Seen, Features]:
    """A reading of a picture as a file of quality 75, without codes; text only where given."""
    whole = read_picture(encoded(image, quality=75), text.LONGEST)
    boxes = [line.box for line in text.read_lines(as_pixels(whole))] if lines else []
    found = likeness_of(whole, boxes)
    one = Seen(name, hash=found.hash, framed=found.framed, parts=found.parts, words=found.words)
    assert found.features is not None
    return one, found.features


def main(folder: Path, every: int) -> None:
    """Prints a line for false matches, and one for each change."""
    cut = list(tiles(folder))[::every]
    photographs = [name for name, _ in cut]
    start = time.process_time()
    read = [seen(f"{number}", tile, lines=False) for number, (_, tile) in enumerate(cut)]
    each = 1000 * (time.process_time() - start) / len(cut)
    print(f"{len(cut)} tiles of {len(set(photographs))} photographs, {each:.0f} ms CPU a picture")
    _false("tiles", [one for _, one in read], photographs)
    shots = [seen("", screenshot(tile), lines=True)[1] for _, tile in cut]
    _false("screenshots of one app", shots, photographs)
    others = [[name != own for name in photographs] for own in photographs]
    print(f"{'':18} hash  features  linked  sure  false")
    for name, change in CHANGES.items():
        queries = [
            seen(f"changed {number}", change(tile), lines=name in WITH_TEXT)
            for number, (_, tile) in enumerate(cut)
        ]
        found = list(_found(read, queries, others))
        shares = np.mean([each.own for each in found], axis=0)
        wrong = sum(each.linked for each in found), sum(each.surely for each in found)
        print(
            f"{name:18} {shares[0]:.2f}  {shares[1]:8.2f}  {shares[2]:6.2f}  {shares[3]:.2f}  "
            f"{wrong[0]} and {wrong[1]} of {sum(map(sum, others))}",
            flush=True,
        )


class _Found(NamedTuple):
    """Whether a changed picture is found by hash, by features, in the index, and surely there.

    `linked` and `surely` are the pictures of other photographs that the index gives.
    """

    own: tuple[bool, bool, bool, bool]
    linked: int
    surely: int


def _found(
    read: list[tuple[Seen, Features]],
    queries: list[tuple[Seen, Features]],
    others: list[list[bool]],
) -> Iterator[_Found]:
    """How each changed picture is found; `others` says which pictures are of another photograph."""
    held = {one.sha: features_ for one, features_ in [*read, *queries]}
    known_ones = {one.sha: one for one, _ in read}
    for (known, theirs), (query, own), other in zip(read, queries, others, strict=True):
        by_hash = query.hash is not None and known.hash is not None and _near(query, known)
        points = max(agreeing(own, theirs), agreeing(features.mirrored(own), theirs))
        matcher = PictureMatcher(known_ones | {query.sha: query}, held.get)
        matches = {match.other: match.sure for match in matcher.matches(query.sha)}
        strange = {one.sha for (one, _), far in zip(read, other, strict=True) if far}
        wrong = [sure for sha, sure in matches.items() if sha in strange]
        own_sure = matches.get(known.sha)
        yield _Found(
            (by_hash, points >= ENOUGH, own_sure is not None, bool(own_sure)),
            len(wrong),
            sum(wrong),
        )


def _near(query: Seen, known: Seen) -> bool:
    assert query.hash is not None
    assert known.hash is not None
    ways = (query.hash.plain, query.hash.mirrored)
    return min(distance(way, known.hash.plain) for way in ways) <= NEAR


def _false(what: str, found: list[Features], photographs: list[str]) -> None:
    dice = random.Random(1)
    counts = [
        max(agreeing(found[at], found[other]), agreeing(features.mirrored(found[at]), found[other]))
        for at in range(len(found))
        for other in dice.sample(range(len(found)), min(FURTHER, len(found)))
        if photographs[at] != photographs[other]
    ]
    wrong = sum(count >= ENOUGH for count in counts)
    print(
        f"different photographs, {what}: {wrong} of {len(counts)} linked by features "
        f"({wrong / len(counts):.2%}), at most {max(counts)} points"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
