"""Pictures of the marketplaces: copies, words, codes, and faulty files."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from wildcrawl.demo.pictures.changes import CHANGES
from wildcrawl.demo.pictures.faults import BOMB_SIDE, FAULTS, faulty
from wildcrawl.demo.pictures.lettering import CODE_TEXT, font
from wildcrawl.demo.pictures.photograph import SIZE, photograph
from wildcrawl.demo.pictures.served import picture
from wildcrawl.demo.pictures.textures import ground
from wildcrawl.demo.server import create_app
from wildcrawl.demo.tally import reuse_tally
from wildcrawl.demo.truth import Photo, Planted, advertisement, load_truth, reused_photographs

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BOTH_MONTHS = {ad.key: ad for ad in (*load_truth(2), *load_truth(1))}
PHOTOS = [(ad, photo) for ad in BOTH_MONTHS.values() for photo in ad.photos]


@pytest.fixture
def client() -> FlaskClient:
    return create_app().test_client()


def opened(ad: Planted, number: int) -> Image.Image:
    body, media_type = picture(ad, number)
    assert media_type == "image/jpeg"
    return Image.open(BytesIO(body)).convert("RGB")


def grey(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(image.convert("L").resize((48, 48)), dtype=float)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Correlation of two pictures' levels."""
    return float(np.corrcoef(grey(one).ravel(), grey(other).ravel())[0, 1])


def test_what_is_planted_exists() -> None:
    assert len(PHOTOS) == 58
    for ad, photo in PHOTOS:
        assert 1 <= photo.number <= ad.pictures, ad.key
        assert photo.change in {"", *CHANGES}
        assert photo.fault in {"", *FAULTS}
        if any(photo.of):
            source = BOTH_MONTHS[photo.of]
            assert photo.of_number <= source.pictures
            assert source.seller_id != ad.seller_id, "taken from someone else"
            assert not source.photo(photo.of_number).of[0], "a photograph of its own"


def test_every_change_is_planted_several_times_across_sites() -> None:
    copies = reused_photographs(load_truth())
    assert len(copies) == 36
    assert len({copy.ad for copy in copies}) == len(copies)
    for change in CHANGES:
        found = [copy for copy in copies if copy.change == change]
        assert len(found) >= 3, change
        assert any(copy.ad[0] != copy.of[0] for copy in found), change


def test_posts_without_words_reuse_photographs_of_ordinary_advertisements() -> None:
    copies = {copy.ad: copy.of for copy in reused_photographs(load_truth())}
    silent = [ad for ad in load_truth() if ad.trick == "image_only" and ad.relevant]
    reusing = [BOTH_MONTHS[copies[ad.key]] for ad in silent if ad.key in copies]
    assert len(reusing) == 3
    assert all(source.relevant and source.title for source in reusing)


def test_reused_photographs_are_counted_by_their_links_in_either_order() -> None:
    truth = load_truth()
    first, second, *others = reused_photographs(truth)
    tally = reuse_tally(truth, [(first.ad, first.of), (second.of, second.ad), (first.ad, first.ad)])
    assert (tally.planted, tally.found) == (2 + len(others), 2)
    assert tally.missed == tuple(others)
    assert reuse_tally(truth, []).found == 0


def test_photographs_differ_between_objects_and_views() -> None:
    bangle = photograph("mall/1", 1, "ivory", "象牙手镯")
    assert bangle.size == (SIZE, SIZE)
    assert likeness(bangle, photograph("mall/1", 2, "ivory", "象牙手镯")) < 0.9
    assert likeness(bangle, photograph("mall/2", 1, "ivory", "象牙手镯")) < 0.9
    assert np.asarray(bangle).std() > 15, "neither empty nor flat"


def test_no_two_photographs_lie_on_the_same_newspaper() -> None:
    first, second = ground("newspaper", 1), ground("newspaper", 2)
    assert np.array_equal(first, ground("newspaper", 1))
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] < 0.5


@pytest.mark.parametrize("change", ["resave", "mirror", "watermark", "banner", "crop"])
def test_a_copy_shows_the_photograph_after_its_change(change: str) -> None:
    copy = next(copy for copy in reused_photographs(load_truth()) if copy.change == change)
    shown = opened(advertisement(*copy.ad), copy.number)
    source = opened(advertisement(*copy.of), copy.of_number)
    assert likeness(shown, CHANGES[change](source)) > 0.97
    if change in ("mirror", "crop"):
        assert likeness(shown, source) < 0.97


def test_a_screenshot_holds_the_photograph_and_the_apps_frame() -> None:
    copy = next(copy for copy in reused_photographs(load_truth()) if copy.change == "screenshot")
    shown = opened(advertisement(*copy.ad), copy.number)
    source = opened(advertisement(*copy.of), copy.of_number)
    assert shown.height > 1.8 * shown.width
    assert likeness(shown.crop((0, 100, 540, 640)), source) > 0.97


def test_a_stock_photograph_is_the_same_for_many_sellers() -> None:
    shared = [(ad, photo.number) for ad, photo in PHOTOS if photo.stock]
    assert len({ad.seller_id for ad, _ in shared}) == 12
    assert len({picture(ad, number)[0] for ad, number in shared}) == 1
    assert not any(copy.ad == ad.key for ad, _ in shared for copy in reused_photographs([ad]))


def test_codes_are_read_as_they_are_meant() -> None:
    cards = [(ad, photo.number) for ad, photo in PHOTOS if photo.code]
    assert len(cards) == 3
    for ad, number in cards:
        assert [found.text for found in zxingcpp.read_barcodes(opened(ad, number))] == [CODE_TEXT]


def test_every_character_on_a_picture_is_among_the_bundled_letters() -> None:
    letters = font(30)
    missing = bytes(letters.getmask("\u9f98"))
    texts = {photo.text for _, photo in PHOTOS if photo.text}
    texts |= {"拾光二手", "商品详情", "现货包邮 支持复检 一物一图", "长按识别二维码 添加好友"}
    shown = {sign for text in texts for sign in text if not sign.isspace()}
    assert "象" in shown
    assert [sign for sign in sorted(shown) if bytes(letters.getmask(sign)) == missing] == []


def test_words_are_written_on_the_photograph() -> None:
    ad = advertisement("demo_market", "6620157087")
    plain = Image.open(BytesIO(picture(Planted(**{**vars(ad), "photos": ()}), 1)[0]))
    assert likeness(opened(ad, 1).crop((0, 120, 480, 480)), plain.crop((0, 120, 480, 480))) > 0.99
    assert likeness(opened(ad, 1), plain) < 0.99


def test_faulty_pictures_are_served_with_the_types_that_hostile_sites_name(
    client: FlaskClient,
) -> None:
    served = {}
    for ad, photo in PHOTOS:
        if photo.fault:
            answer = client.get(f"/img/{ad.prefix}/{ad.ad_id}/{photo.number}.jpg")
            served[photo.fault] = (answer.mimetype, answer.data)
    assert set(served) == set(FAULTS)
    kind, bomb = served["bomb"]
    assert kind == "image/png"
    assert len(bomb) < 100_000
    assert struct.unpack(">II", bomb[16:24]) == (BOMB_SIDE, BOMB_SIDE)
    assert served["script"][0] == "image/svg+xml"
    assert b"<script>" in served["script"][1]
    assert served["page"][0] == "image/jpeg"
    assert served["page"][1].startswith(b"<html>")
    with pytest.raises(OSError, match="truncated"):
        Image.open(BytesIO(served["broken"][1])).load()


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'virus' is not a valid fault; choose one of bomb, "):
        faulty("virus", b"")


def test_a_picture_without_a_plan_is_the_objects_own() -> None:
    ad = advertisement("demo_mall", "118204")
    assert ad.photo(1) == Photo(1)
    assert opened(ad, 1).size == (SIZE, SIZE)
