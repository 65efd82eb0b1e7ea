"""Likeness of pictures: photographs within a frame, and crops of such without keypoints."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.helpers.picture_files import cropped, encoded, mirrored, qr_code, scene, screenshot
from wildcrawl.pictures.codes import read_codes
from wildcrawl.pictures.decode import as_pixels, read_picture
from wildcrawl.pictures.features import MANY, KeypointMatch, agreement
from wildcrawl.pictures.features import mirrored as mirror_features
from wildcrawl.pictures.framing import framed_part
from wildcrawl.pictures.hashes import PARTS
from wildcrawl.pictures.likeness import Likeness, likeness_of
from wildcrawl.pictures.overlay import likeness_as_crop
from wildcrawl.review.looking import matching
from wildcrawl.review.looking.matching import PictureMatch, PictureMatcher
from wildcrawl.review.looking.seen import Seen, readings, save
from wildcrawl.store import Store

SIZE = (480, 360)


@cache
def smooth(seed: int) -> Image.Image:
    """A blurred photograph, which has no keypoints that stay where they are."""
    noise = np.random.default_rng(seed)
    levels = noise.integers(30, 230, (5, 6, 3), dtype=np.uint8)
    image = Image.fromarray(levels).resize(SIZE, Image.Resampling.BICUBIC)
    return image.filter(ImageFilter.GaussianBlur(8))


def likeness(image: Image.Image) -> Likeness:
    return likeness_of(read_picture(encoded(image, quality=75), 1280))


@cache
def of_smooth(seed: int) -> Likeness:
    return likeness(smooth(seed))


def matches(query: Likeness, known: dict[str, Likeness]) -> dict[str, PictureMatch]:
    """The matches of a picture by the names of the others."""
    found = {**known, "query": query}
    seen = {
        name: Seen(name, hash=one.hash, framed=one.framed, parts=one.parts, words=one.words)
        for name, one in found.items()
    }
    matcher = PictureMatcher(seen, lambda name: found[name].features)
    return {match.other: match for match in matcher.matches("query")}


@pytest.mark.parametrize(("points", "linked"), [(MANY, [True]), (MANY - 1, [])])
def test_a_near_hash_and_many_keypoints_outweigh_a_watermark(
    monkeypatch: pytest.MonkeyPatch, points: int, linked: list[bool]
) -> None:
    seen = KeypointMatch(points, 0.3, overlay=0.53, inner=0.43)
    monkeypatch.setattr(matching, "agreement", lambda *_: seen)
    found = matches(likeness(scene(5)), {"marked": likeness(scene(5).resize((500, 500)))})
    assert [match.sure for match in found.values()] == linked


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "crop 5%": lambda image: cropped(image, 0.05),
    "crop 15%": lambda image: cropped(image, 0.15),
    "crop 22%": lambda image: cropped(image, 0.22),
    "mirrored crop": lambda image: cropped(mirrored(image), 0.13),
    "screenshot": screenshot,
    "crop in a screenshot": lambda image: screenshot(cropped(image, 0.1)),
    "letter-boxed": lambda image: boxed(image, (0, 0, 0)),
}


def boxed(image: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    ground = Image.new("RGB", (image.width, image.height * 2), colour)
    ground.paste(image, (0, image.height // 2))
    return ground


@pytest.mark.parametrize("change", CHANGES)
def test_a_smooth_photograph_is_found_after_a_change(change: str) -> None:
    known = {str(seed): of_smooth(seed) for seed in range(6)}
    changed = likeness(CHANGES[change](smooth(3)))
    assert set(matches(changed, known)) == {"3"}
    # The same if the change was captured first.
    assert set(matches(known["3"], {"changed": changed, "other": known["4"]})) == {"changed"}


def test_a_photograph_in_a_screenshot_is_surely_the_same() -> None:
    known = {"same": likeness(scene(1)), "other": likeness(scene(2))}
    found = matches(likeness(screenshot(scene(1))), known)
    assert [(name, match.sure) for name, match in found.items()] == [("same", True)]


def test_a_part_within_plain_ground_is_found_and_no_other() -> None:
    shot = screenshot(scene(1))
    # The photograph is 720 x 720 at 150 from the top.
    box = framed_part(shot)
    assert box is not None
    assert np.abs(np.subtract(box, (0, 150, 720, 870))).max() <= 2
    assert framed_part(scene(1)) is None
    for plain in ((255, 255, 255), (0, 0, 0)):
        assert framed_part(Image.new("RGB", (300, 200), plain)) is None
        inside = framed_part(boxed(smooth(1), plain))
        assert inside is not None
        assert np.abs(np.subtract(inside, (0, 180, 480, 540))).max() <= 4
    text = screenshot(Image.new("RGB", (400, 300), (245, 245, 245)))
    assert framed_part(text) is None
    assert framed_part(Image.new("RGB", (1, 1))) is None


def test_hashes_of_parts_are_stored_with_a_reading(store: Store) -> None:
    made = likeness(screenshot(smooth(2)))
    assert made.framed is not None
    assert len(made.parts) == len(PARTS)
    seen = Seen("0" * 64, hash=made.hash, framed=made.framed, parts=made.parts)
    save(store, seen, made.features)
    assert readings(store)[seen.sha] == seen


def test_an_object_that_is_read_as_a_letter_keeps_its_keypoints() -> None:
    """A reader of text takes a tusk for a C, with a box around most of the picture."""
    picture = scene(2)
    found = likeness_of(picture, [(30, 20, 610, 600)]).features
    assert found is not None
    assert len(found) == len(likeness_of(picture).features or ())
    banner = likeness_of(picture, [(0, 20, 640, 120)]).features
    assert banner is not None
    assert not ((banner.points[:, 1] > 22) & (banner.points[:, 1] < 118)).any()


def test_cards_around_one_code_are_of_one_photograph_only_if_their_photographs_are() -> None:
    """The code was all that they had in common, and counted as the same photograph, surely."""
    known = {str(seed): of_card(card(scene(seed))) for seed in (1, 2)}
    resaved = of_card(card(scene(1)).resize((400, 534)))
    found = matches(resaved, known)
    assert [(name, match.sure) for name, match in found.items()] == [("1", True)]


def card(image: Image.Image) -> Image.Image:
    """A card with a small view of a photograph above a code to scan."""
    paper = Image.new("RGB", (480, 640), (252, 252, 250))
    paper.paste(image.resize((160, 160)), (40, 20))
    paper.paste(qr_code("微信 ivory_8899").resize((400, 400)), (40, 200))
    return paper


def of_card(image: Image.Image) -> Likeness:
    whole = read_picture(encoded(image, quality=75), 1280)
    return likeness_of(whole, codes=[code.box for code in read_codes(as_pixels(whole))])


def test_a_screenshot_that_cuts_a_tall_photograph_is_surely_of_it() -> None:
    """The text below it, laid upon the rest of the photograph, says nothing."""
    tall = Image.new("RGB", (320, 640))
    tall.paste(scene(5).resize((320, 320)), (0, 0))
    tall.paste(scene(6).resize((320, 320)), (0, 320))
    first, second = (likeness_of(each).features for each in (screenshot(tall), tall))
    assert first is not None
    assert second is not None
    found = agreement(first, second)
    assert found.overlay is not None
    assert found.inner is not None
    assert found.inner > 0.9
    assert found.sure


def test_a_framed_photograph_is_laid_as_a_crop_of_another_by_its_frame() -> None:
    framed = Image.new("RGB", (640, 960), (244, 244, 244))
    framed.paste(scene(3).resize((560, 560)), (40, 160))
    shown, other, whole = (likeness_of(each).features for each in (framed, scene(4), scene(3)))
    assert shown is not None
    assert other is not None
    assert whole is not None
    assert shown.frame is not None
    assert (likeness_as_crop(shown, whole, 0) or 0) > 0.9
    assert (likeness_as_crop(mirror_features(shown), mirror_features(whole), 0) or 0) > 0.9
    assert (likeness_as_crop(shown, other, 0) or 0) < 0.6
