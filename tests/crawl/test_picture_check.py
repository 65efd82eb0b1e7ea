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
from wildcrawl.crawl.picture_check import check_picture
from wildcrawl.crawl.skips import PictureSkipped, Skip
from wildcrawl.pictures.decode import Header

PIXELS = 1_000_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP"])
def test_the_usual_formats_pass(kind: str) -> None:
    found = check_picture(photograph(1, kind), PIXELS)
    assert found == Header(kind, 60, 60)
    assert found.media_type == f"image/{kind.lower()}"


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
        (b"", Skip.TYPE, "empty file"),
        (HTML, Skip.TYPE, "a page in place of a picture"),
        (b"\xef\xbb\xbf\n<!-- a --><html>", Skip.TYPE, "a page in place of a picture"),
        (SVG, Skip.TYPE, "SVG, which is not read"),
        (b"<svg onload=alert(1)>", Skip.TYPE, "SVG, which is not read"),
        (HEIC, Skip.TYPE, "HEIC, which is not read"),
        (b"%PDF-1.7", Skip.TYPE, "a document or archive in place of a picture"),
        (b'{"code": 403}', Skip.TYPE, "JSON in place of a picture"),
        (b"\x7fELF", Skip.TYPE, "not a picture, or of a type that is not read"),
        (bomb(), Skip.PIXELS, "pixels"),
        (encoded(Image.new("1", (1001, 1000)), "PNG"), Skip.PIXELS, "1,001 x 1,000 pixels, more"),
        (cut_short("JPEG"), Skip.DAMAGED, "truncated JPEG"),
        (cut_short("PNG"), Skip.DAMAGED, "truncated PNG"),
        (cut_short("GIF"), Skip.DAMAGED, "truncated GIF"),
        (cut_short("WEBP"), Skip.DAMAGED, "truncated"),
        (photograph(1, "PNG")[:60], Skip.DAMAGED, "truncated PNG"),
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
