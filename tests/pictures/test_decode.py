"""Decoding of pictures: formats by content, limits before decoding, faults named in one phrase."""

from __future__ import annotations

import random
import struct
import tracemalloc
import warnings
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.helpers.picture_files import FORMATS, encoded, photograph, png_of, png_with, scene
from wildcrawl.pictures.decode import (
    Header,
    Limits,
    PictureError,
    PictureFault,
    as_pixels,
    check_whole,
    reaches,
    read_header,
    read_picture,
)
from wildcrawl.pictures.file_end import is_cut_animation, short_container
from wildcrawl.pictures.jpeg_end import filled_up, lacks_scans
from wildcrawl.pictures.views import THUMBNAIL, thumbnail, view


def reason(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(data, 640, limits or Limits())
    return caught.value.reason


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_is_read_by_its_content(kind: str) -> None:
    data = encoded(scene(1, 200), kind)
    assert read_header(data) == Header(kind, 200, 200)
    image = read_picture(data, 100)
    assert (image.mode, image.size) == ("RGB", (100, 100))


def test_a_bomb_is_refused_by_its_header_without_a_warning_or_memory() -> None:
    tracemalloc.start()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reason(png_of(20_000, 20_000)) == "20,000 x 20,000 pixels, more than 50,000,000"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_a_large_picture_below_the_limit_gives_no_warning() -> None:
    data = encoded(Image.new("L", (14_000, 14_000), 90), "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_picture(data, 64, Limits(pixels=200_000_000)).size == (64, 64)


def test_a_file_of_too_many_bytes_is_refused() -> None:
    assert reason(b"\xff\xd8" + b"0" * 100, Limits(length=50)) == "file of 102 bytes, more than 50"


def compressed_zeros(number: int) -> bytes:
    return zlib.compress(bytes(number), 1)


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG with another chunk behind its header."""
    whole = photograph(1, "PNG")
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return whole[:33] + chunk + whole[33:]


def wide_webp(side: int) -> bytes:
    """An animated WebP of small frames whose canvas says that it is large."""
    frames = [Image.new("RGB", (30, 30), (shade, 0, 0)) for shade in (0, 90, 180)]
    whole = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    at = whole.index(b"VP8X") + 12
    said = struct.pack("<I", side - 1)[:3]
    return whole[:at] + said + said + whole[at + 6 :]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty file"),
        (b"<!DOCTYPE html><html>404</html>", "a page in place of a picture"),
        (b"\xef\xbb\xbf \n<html>", "a page in place of a picture"),
        (b'<svg xmlns="x"><script>alert(1)</script></svg>', "SVG, which is not read"),
        (b'<?xml version="1.0"?><!-- a --><svg/>', "SVG, which is not read"),
        (b'{"error": 1}', "JSON in place of a picture"),
        (b"\x1f\x8b\x08\x00svgz", "a document or archive in place of a picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC, which is not read"),
        (b"plain text", "not a picture, or of a type that is not read"),
        (encoded(scene(1, 64), "TIFF"), "not a picture, or of a type that is not read"),
        (encoded(scene(1, 200))[:2000], "truncated JPEG"),
        (encoded(scene(1, 200), "PNG")[:9000], "truncated PNG"),
        (png_of(300, 300), "truncated PNG"),
        (png_of(1, 40_000_000), "1 x 40,000,000 pixels, more than 65,535 on a side"),
        (b"PK\x03\x04" + encoded(scene(1, 64)), "a document or archive in place of a picture"),
        (b"GIF89a/*" + bytes(30) + b"*/=1", "not a picture, or of a type that is not read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a picture, or of a type that is not read"),
        (encoded(scene(1, 200), progressive=True)[:4000], "truncated JPEG"),
        (with_chunk(b"iCCP", b"x\0\0" + compressed_zeros(50_000_000)), "damaged PNG"),
        (with_chunk(b"zTXt", b"x\0\0" + compressed_zeros(50_000_000)), "damaged PNG"),
        (wide_webp(16_384), "16,384 x 16,384 pixels, more than 50,000,000"),
    ],
)
def test_what_is_no_readable_picture_is_named(data: bytes, why: str) -> None:
    assert reason(data) == why


@pytest.mark.parametrize("laced", [False, True])
@pytest.mark.parametrize("pieces", [1, 7])
def test_a_png_whose_data_end_at_a_row_is_not_whole(laced: bool, pieces: int) -> None:
    row = b"\0" + b"\xc8" * 3 * 8
    # The passes of an interlaced picture of 8 x 8 pixels: those of 1, 2 and 4 columns before it.
    passes = (b"\0" + b"\xc8" * 3 * columns for columns in (1, 1, 2, 2, 2, 4, 4, 4, 4, 4, 4))
    pixels = b"".join((*passes, *[row] * 4)) if laced else row * 8
    with pytest.raises(PictureError, match=r"^truncated PNG$"):
        check_whole(png_with(8, 8, pixels[: -len(row)], laced=laced, pieces=pieces))
    assert reason(png_with(8, 8, pixels[: -2 * len(row)], laced=laced, pieces=pieces)) == (
        "truncated PNG"
    )
    assert check_whole(png_with(8, 8, pixels, laced=laced, pieces=pieces)).format == "PNG"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (7, 3), (30, 20), (5, 1)])
def test_a_black_png_is_whole(mode: str, size: tuple[int, int]) -> None:
    assert check_whole(encoded(Image.new(mode, size), "PNG")) == Header("PNG", *size)


@pytest.mark.parametrize("end", [bytes(40), b"\xff" * 40, b" " * 5], ids=["zero", "ff", "space"])
def test_a_png_whose_end_was_overwritten_is_damaged(end: bytes) -> None:
    for number in range(6):
        whole = photograph(number, "PNG")
        with pytest.raises(PictureError, match="PNG"):
            check_whole(whole[: -len(end) - 12] + end + whole[-12:])


@pytest.mark.parametrize("chunk", [b"IHDR", b"PLTE", b"IDAT", b"fdAT"])
def test_a_png_with_a_changed_byte_is_damaged_wherever_it_is_read(chunk: bytes) -> None:
    whole = animated("PNG") if chunk == b"fdAT" else encoded(scene(1, 60).convert("P"), "PNG")
    assert read_picture(whole, 60).width
    changed = bytearray(whole)
    changed[whole.index(chunk) + 6] ^= 1
    for read in (check_whole, thumbnail, lambda data: read_picture(data, 60)):
        with pytest.raises(PictureError, match=r"^damaged PNG$") as caught:
            read(bytes(changed))
        assert caught.value.fault == PictureFault.DAMAGED


def test_no_more_data_are_decompressed_than_a_png_needs() -> None:
    packed = compressed_zeros(3_000_000)
    chunks = iter([packed[:1000], packed[1000:2000], packed[2000:]])
    assert reaches(chunks, 100_000)
    assert len(list(chunks)) == 2
    assert reaches([packed], 3_000_000)
    assert not reaches([packed], 3_000_001)


JPEG_OPTIONS: dict[str, dict[str, Any]] = {
    "sequential": {},
    "restarted": {"restart_marker_rows": 1},
    "fine": {"subsampling": 0, "optimize": True},
    "progressive": {"progressive": True},
}
END_OF_JPEG = b"\xff\xd9"


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("kind", JPEG_OPTIONS)
def test_a_jpeg_that_is_cut_and_closed_again_is_not_whole(kind: str, mode: str) -> None:
    data = encoded(scene(3, 320).convert(mode), **JPEG_OPTIONS[kind])
    check_whole(data)
    # What a progressive one lacks after its last scan began is fine detail alone.
    shares = (0.2, 0.4, 0.6) if kind == "progressive" else (0.2, 0.5, 0.9, 0.995)
    for share in shares:
        with pytest.raises(PictureError, match=r"^truncated JPEG$"):
            check_whole(data[: int(len(data) * share)] + END_OF_JPEG)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("kind", JPEG_OPTIONS)
@pytest.mark.parametrize("size", [(1, 1), (7, 3), (8, 8), (65, 40)])
def test_a_grey_jpeg_is_whole(kind: str, mode: str, size: tuple[int, int]) -> None:
    for level in range(125, 132):
        grey = Image.new("L", size, level).convert(mode)
        check_whole(encoded(grey, **JPEG_OPTIONS[kind]))
        check_whole(encoded(grey, **JPEG_OPTIONS[kind]) + b"what follows the picture \xff\xda")


def test_a_jpeg_of_random_faults_is_searched_for_its_end_without_an_error() -> None:
    data = encoded(scene(3, 40), progressive=True)
    dice = random.Random(7)
    for _ in range(300):
        faulty = bytearray(data[: dice.randrange(2, len(data))])
        for _ in range(dice.randrange(4)):
            faulty[dice.randrange(len(faulty))] = dice.choice((0, 1, 2, 0xC0, 0xC2, 0xDA, 0xFF))
        assert lacks_scans(bytes(faulty)) in (True, False)
        assert len(filled_up(bytes(faulty))) >= len(faulty)


def animated(kind: str) -> bytes:
    """Three frames of texture."""
    frames = [scene(seed, 60) for seed in (1, 2, 3)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.97])
def test_an_animation_that_is_cut_behind_its_first_frame_is_not_whole(
    kind: str, share: float
) -> None:
    data = animated(kind)
    check_whole(data)
    with pytest.raises(PictureError, match=f"^truncated {kind}$") as caught:
        check_whole(data[: int(len(data) * share)])
    assert caught.value.fault == PictureFault.DAMAGED
    if kind != "WEBP":
        # What was kept before is still shown.
        assert read_picture(data[: int(len(data) * share)], 60).size == (60, 60)


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_an_animation_with_other_bytes_at_its_end_is_whole(kind: str) -> None:
    data = animated(kind)
    for end in (b"", b"PK\x03\x04<html>", bytes(40), b"!,"):
        check_whole(data + end)
    # Programs leave the last bytes out, with which no pixel goes.
    check_whole(animated("GIF")[:-1])
    check_whole(encoded(scene(1, 60), "GIF")[:-2])
    check_whole(encoded(scene(1, 60), "GIF")[:-1] + b"!\xfe\x20cut")
    check_whole(encoded(scene(1, 60), "PNG")[:-12])


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.6, 0.999])
def test_a_cut_picture_is_named_as_truncated(kind: str, share: float) -> None:
    data = encoded(scene(1, 120), kind)
    with pytest.raises(PictureError, match=f"^truncated {kind}$") as caught:
        check_whole(data[: int(len(data) * share)])
    assert caught.value.fault == PictureFault.DAMAGED


def test_a_file_of_random_faults_is_searched_for_its_end_without_an_error() -> None:
    dice = random.Random(5)
    whole = [animated("GIF"), animated("PNG"), encoded(scene(1, 60), "WEBP")]
    whole += [encoded(scene(1, 60), kind) for kind in FORMATS if kind == "AVIF"]
    for data in whole:
        for _ in range(200):
            faulty = bytearray(data[: dice.randrange(len(data))])
            for _ in range(dice.randrange(4) if faulty else 0):
                faulty[dice.randrange(len(faulty))] = dice.choice((0, 1, 0x21, 0x2C, 0xFF))
            assert is_cut_animation(bytes(faulty)) in (True, False)
            assert short_container(bytes(faulty)) in ("", "AVIF", "WEBP")


def test_a_jpeg_with_a_second_picture_in_it_is_a_jpeg() -> None:
    """Phones write such files, with a smaller picture or a map of depths behind the first."""
    first, second = scene(1, 80), scene(2, 40)
    data = encoded(first, "MPO", save_all=True, append_images=[second])
    assert read_header(data) == Header("JPEG", 80, 80)
    assert read_header(data).media_type == "image/jpeg"
    assert read_picture(data, 80).size == (80, 80)


def test_the_first_frame_of_an_animation_is_read() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert read_picture(data, 40).getpixel((5, 5)) == (255, 0, 0)


def test_cmyk_and_sixteen_bits_become_rgb_of_the_same_brightness() -> None:
    grey = Image.new("RGB", (32, 32), (100, 100, 100))
    cmyk = as_pixels(read_picture(encoded(grey.convert("CMYK")), 32))
    assert abs(int(cmyk.mean()) - 100) < 12
    deep = Image.fromarray(np.full((32, 32), 100 * 257, dtype=np.uint16))
    assert as_pixels(read_picture(encoded(deep, "PNG"), 32)).mean() == 100


def test_the_first_picture_of_an_animated_png_and_of_a_polyglot_is_read() -> None:
    frames = [Image.new("RGB", (30, 20), (shade, 0, 0)) for shade in (200, 90, 10)]
    animated = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert read_picture(animated, 640).getpixel((5, 5)) == (200, 0, 0)
    polyglot = encoded(frames[0], "PNG") + b"PK\x03\x04<html><script>go()</script>"
    assert read_picture(polyglot, 640).getpixel((5, 5)) == (200, 0, 0)


def test_transparency_is_white() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert read_picture(encoded(clear, "PNG"), 10).getpixel((5, 5)) == (255, 255, 255)
    palette = Image.new("P", (10, 10), 0)
    assert read_picture(encoded(palette, "GIF", transparency=0), 10).getpixel((5, 5)) == (255,) * 3


def test_it_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (80, 40)), "JPEG", exif=exif)
    assert read_picture(data, 80).size == (40, 80)
    broken = data.replace(b"Exif\0\0MM", b"Exif\0\0XX")
    assert read_picture(broken, 80).size in ((80, 40), (40, 80))


def test_a_thin_picture_keeps_a_pixel() -> None:
    assert read_picture(encoded(Image.new("L", (9000, 1)), "PNG"), 100).size == (100, 1)


def test_views_hold_pixels_alone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Zhang, 13800138000"
    data = encoded(
        scene(2, 800), "JPEG", exif=exif, comment=b"secret place", icc_profile=b"x" * 200
    )
    small, large = thumbnail(data), view(data)
    assert (small.width, small.height) == (THUMBNAIL, THUMBNAIL)
    assert (large.width, large.height) == (800, 800)
    for each in (small, large):
        opened = Image.open(BytesIO(each.data))
        assert opened.format == "JPEG"
        assert not {"exif", "comment", "icc_profile"} & set(opened.info)
        assert b"secret" not in each.data
        assert b"13800138000" not in each.data


def test_a_view_of_a_fault_is_refused() -> None:
    with pytest.raises(PictureError, match="SVG"):
        thumbnail(b"<svg onload='x'/>")
