"""Hashes, features and their indexes: one photograph found again, different ones told apart."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from tests.helpers.picture_files import (
    cropped,
    encoded,
    mirrored,
    recoloured,
    scene,
    screenshot,
    with_text,
)
from wildcrawl.demo.pictures.photograph import photograph
from wildcrawl.pictures import features as found
from wildcrawl.pictures.decode import as_pixels, read_picture
from wildcrawl.pictures.features import (
    Features,
    agreeing,
    agreement,
    features_of,
    words_of,
)
from wildcrawl.pictures.hashes import NEAR, PictureHash, distance, picture_hash
from wildcrawl.pictures.index import COMMON, HASH_NEAR, HashIndex, WordIndex
from wildcrawl.pictures.reading import Task, read

CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "resaved": lambda image: image.resize((300, 300)),
    "recoloured": recoloured,
    "crop 10%": lambda image: cropped(image, 0.1),
    "crop 15%": lambda image: cropped(image, 0.15),
    "mirrored": mirrored,
    "mirrored crop": lambda image: cropped(mirrored(image), 0.1),
    "turned": lambda image: image.rotate(5, fillcolor=(255, 255, 255)),
    "banner": lambda image: with_text(image, ["假一赔十", "全场包邮"]),
    "screenshot": screenshot,
}


def features(image: Image.Image) -> Features:
    small = read_picture(encoded(image, quality=75), found.LONGEST)
    return features_of(as_pixels(small.convert("L")))


@cache
def features_of_scene(seed: int) -> Features:
    return features(scene(seed))


def hashes(image: Image.Image) -> PictureHash:
    made = picture_hash(image)
    assert made is not None
    return made


def test_few_pairs_are_given_up_only_if_no_move_has_enough_of_them() -> None:
    dice = np.random.default_rng(3)
    here = dice.uniform(0, 640, (20, 2)).astype(np.float32)
    there = dice.uniform(0, 640, (20, 2)).astype(np.float32)
    assert not found._may_agree(here, there)
    turn = np.array([[0.4, -0.3], [0.3, 0.4]], dtype=np.float32)
    for agreed, enough in ((found.ENOUGH - 1, False), (found.ENOUGH, True)):
        moved = there.copy()
        moved[:agreed] = here[:agreed] @ turn.T + 50
        assert found._may_agree(here, moved) == enough
        assert (found._inliers(here, moved).places >= found.ENOUGH) == enough


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_photograph_is_found_by_its_features(change: str) -> None:
    first, second = features_of_scene(1), features(CHANGES[change](scene(1)))
    if change.startswith("mirrored"):
        assert agreeing(second, first) < found.ENOUGH
        second = found.mirrored(second)
    assert agreeing(second, first) >= found.ENOUGH
    assert agreeing(first, second) >= found.ENOUGH


def test_different_photographs_are_told_apart() -> None:
    every = [features_of_scene(seed) for seed in range(8)]
    counts = [agreeing(first, second) for first in every for second in every if first is not second]
    assert max(counts) < found.ENOUGH


def test_objects_on_one_cloth_are_alike_and_not_surely_one_photograph() -> None:
    # These have the same carpet below them.
    carpet = [features(photograph(name, 1, "ivory", "象牙筷子")) for name in ("9", "19", "69")]
    found_in = [agreement(first, second) for first, second in combinations(carpet, 2)]
    assert all(one.points >= found.ENOUGH for one in found_in)
    assert not any(one.sure for one in found_in)
    assert agreement(carpet[0], carpet[0]).sure


def test_the_frame_of_an_app_is_no_photograph() -> None:
    # Read as a whole, since the text of the frame is hidden from the features.
    readings = [read(Task(encoded(screenshot(scene(seed))))) for seed in (1, 2, 1)]
    shots = [reading.likeness.features for reading in readings]
    first, other, again = (shot for shot in shots if shot is not None)
    assert agreeing(first, other) < found.ENOUGH
    assert agreeing(first, again) >= found.ENOUGH


def test_hidden_boxes_have_no_features() -> None:
    grey = as_pixels(scene(1).convert("L"))
    kept = features_of(grey, [(0, 0, 320, 640)])
    assert len(kept) > 50
    assert kept.points[:, 0].min() > 320
    assert len(features_of(grey, [(0, 0, 640, 640)])) == 0


def test_a_blank_picture_has_neither_hash_nor_features() -> None:
    blank = Image.new("RGB", (300, 300), (250, 250, 250))
    assert picture_hash(blank) is None
    assert len(features(blank)) == 0
    assert agreeing(features(blank), features_of_scene(1)) == 0
    assert words_of(features(blank)).shape == (found.TABLES, 0)


@pytest.mark.parametrize("change", ["resaved", "recoloured"])
def test_hashes_survive_what_keeps_the_composition(change: str) -> None:
    first, second = hashes(scene(1)), hashes(CHANGES[change](scene(1)))
    assert distance(first.plain, second.plain) <= NEAR
    mirror = hashes(mirrored(CHANGES[change](scene(1))))
    assert distance(first.mirrored, mirror.plain) <= NEAR
    assert distance(first.plain, hashes(scene(2)).plain) > 2 * NEAR


def test_the_index_finds_every_near_hash_and_no_other() -> None:
    dice = random.Random(3)
    known = [dice.getrandbits(64) for _ in range(3000)]
    wanted = known[7]
    for differing in range(12):
        for bit in dice.sample(range(64), differing):
            wanted_bits = known[7] ^ (1 << bit)
            known.append(wanted_bits)
        near = known[7]
        for bit in dice.sample(range(64), differing):
            near ^= 1 << bit
        known.append(near)
    index = HashIndex(known)
    expected = {at for at, other in enumerate(known) if distance(other, wanted) <= HASH_NEAR}
    got = index.near(wanted)
    assert set(got.tolist()) == expected
    assert sorted(distance(known[at], wanted) for at in got) == [
        distance(known[at], wanted) for at in got
    ]
    with pytest.raises(ValueError, match="more than the 9"):
        index.near(wanted, 10)
    assert HashIndex([]).near(5).size == 0


@cache
def word_index(seeds: range) -> WordIndex:
    words = [words_of(features_of_scene(seed)) for seed in seeds]
    owners = np.repeat(np.arange(len(words)), [each.shape[1] for each in words])
    return WordIndex(np.concatenate(words, axis=1), owners)


@pytest.mark.parametrize("change", ["crop 15%", "screenshot", "turned"])
def test_common_words_propose_the_photograph_first(change: str) -> None:
    index = word_index(range(10))
    query = features(CHANGES[change](scene(4)))
    assert index.propose(words_of(query, len(query)))[0].position == 4


def test_words_that_many_pictures_share_propose_none() -> None:
    words = np.full((found.TABLES, COMMON), 77, dtype=np.uint32)
    index = WordIndex(words, np.arange(COMMON))
    assert index.propose(np.full((found.TABLES, 1), 77, dtype=np.uint32)) == []
    few = WordIndex(words[:, :5], np.arange(5))
    assert len(few.propose(np.full((found.TABLES, 1), 77, dtype=np.uint32))) == 5
    nothing = WordIndex(words[:, :0], np.arange(0))
    assert nothing.propose(np.full((found.TABLES, 1), 77, dtype=np.uint32)) == []
