"""Picture check: good pictures of all kinds pass; others are refused with the reason."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.helpers.picture_files import (
    HEIC,
    HTML,
    SVG,
    animation,
    bomb,
    cut_short,
    deep,
    encoded,
    photograph,
)
from wildcrawl.crawl.picture_check import PictureSize, check_picture
from wildcrawl.crawl.skips import PictureSkipped, Skip

PIXELS = 1_000_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP"])
def test_the_usual_formats_pass(kind: str) -> None:
    found = check_picture(photograph(1, kind), PIXELS)
    assert found == PictureSize(f"image/{kind.lower()}", 60, 60)


@pytest.mark.parametrize(
    "data",
    [animation(), deep(), photograph(2, "JPEG", "CMYK"), photograph(2, "PNG", "RGBA")],
    ids=["animated", "16-bit", "CMYK", "alpha"],
)
def test_unusual_pictures_pass(data: bytes) -> None:
    assert check_picture(data, PIXELS).width


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("data", "skip", "words"),
    [
        (b"", Skip.TYPE, "an empty answer"),
        (HTML, Skip.TYPE, "an HTML page"),
        (b"\xef\xbb\xbf\n<!-- a --><html>", Skip.TYPE, "an HTML page"),
        (SVG, Skip.TYPE, "an SVG, which can hold scripts"),
        (b"<svg onload=alert(1)>", Skip.TYPE, "an SVG, which can hold scripts"),
        (HEIC, Skip.TYPE, "a HEIC, which cannot be opened here"),
        (b"%PDF-1.7", Skip.TYPE, "a PDF"),
        (b'{"code": 403}', Skip.TYPE, "a JSON answer"),
        (b"\x7fELF", Skip.TYPE, "not a picture, or one of an unknown type"),
        (bomb(), Skip.PIXELS, "pixels"),
        (encoded(Image.new("1", (1001, 1000)), "PNG"), Skip.PIXELS, "1001 x 1000 pixels, more"),
        (cut_short("JPEG"), Skip.DAMAGED, "cut short"),
        (cut_short("PNG"), Skip.DAMAGED, "cut short"),
        (cut_short("GIF"), Skip.DAMAGED, "cut short"),
        (cut_short("WEBP"), Skip.DAMAGED, "damaged"),
        (photograph(1, "PNG")[:60], Skip.DAMAGED, "cut short"),
    ],
)
def test_others_are_refused_with_the_reason(data: bytes, skip: Skip, words: str) -> None:
    with pytest.raises(PictureSkipped) as raised:
        check_picture(data, PIXELS)
    assert raised.value.skip == skip
    assert words in str(raised.value)


@given(st.binary(max_size=40), st.integers(0, 400), st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]))
def test_no_bytes_raise_another_error(noise: bytes, at: int, kind: str) -> None:
    whole = photograph(1, kind)
    for data in (noise, whole[:at] + noise + whole[at + len(noise) :]):
        with suppress(PictureSkipped):
            assert check_picture(data, PIXELS).media_type.startswith("image/")
