"""Pictures for tests: scenes with texture, and files with other formats and faults."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, features

SIDE = 640
FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "BMP"] + (["AVIF"] if features.check("avif") else [])
"""Formats of pictures that are read."""
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>go()</script></svg>'
HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


@cache
def scene(seed: int, side: int = SIDE) -> Image.Image:
    """A textured still life, another one for each seed: worn pieces on a grained ground."""
    dice = random.Random(seed)
    noise = np.random.default_rng(seed)
    ground = noise.normal(0, 1, (side // 8, side // 8)) + noise.normal(0, 1, (1, side // 8))
    grey = Image.fromarray(np.clip(120 + 30 * ground, 0, 255).astype(np.uint8)).resize(
        (side, side), Image.Resampling.BICUBIC
    )
    picture = Image.merge(
        "RGB", [grey.point(lambda v, k=k: min(255, int(v * k))) for k in _tint(dice)]
    )
    draw = ImageDraw.Draw(picture)
    for _ in range(26):
        x, y = dice.uniform(0, side), dice.uniform(0, side)
        reach = dice.uniform(side / 40, side / 8)
        colour = tuple(dice.randint(40, 240) for _ in range(3))
        box = (x - reach, y - reach * dice.uniform(0.3, 1), x + reach, y + reach)
        draw.ellipse(box, fill=colour, outline=(20, 20, 20), width=2)
        for _ in range(4):
            end = (x + dice.uniform(-reach, reach), y + dice.uniform(-reach, reach))
            draw.line((x, y, *end), fill=(30, 30, 30), width=dice.randint(1, 4))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def _tint(dice: random.Random) -> list[float]:
    return [dice.uniform(0.7, 1.2) for _ in range(3)]


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The bytes of a picture file."""
    written = BytesIO()
    image.save(written, kind, **options)
    return written.getvalue()


def with_text(
    image: Image.Image, lines: Sequence[str], size: int = 44, top: int = 20
) -> Image.Image:
    """The picture with lines of Chinese text on a banner."""
    picture = image.copy()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, top - 10, picture.width, top + len(lines) * (size + 16)), fill=(190, 30, 30))
    for number, line in enumerate(lines):
        place = (24, top + number * (size + 16))
        draw.text(place, line, font=chinese_font(size), fill=(255, 250, 230))
    return picture


def overlaid(
    image: Image.Image,
    text: str,
    place: tuple[float, float],
    size: int,
    ink: tuple[int, int, int] = (255, 255, 255),
    edge: tuple[int, int, int] = (20, 20, 20),
) -> Image.Image:
    """The picture with Chinese text straight upon it, in an ink with an edge."""
    picture = image.copy()
    font = chinese_font(size)
    draw = ImageDraw.Draw(picture)
    draw.text(place, text, font=font, fill=ink, stroke_width=1, stroke_fill=edge)
    return picture


@cache
def chinese_font(size: int) -> ImageFont.FreeTypeFont:
    """A Chinese font of the packages for tests."""
    with as_file(files("paperang_p2_fonts_cjk") / "fonts" / "wqy-microhei.ttc") as path:
        return ImageFont.truetype(str(path), size)


def cropped(image: Image.Image, share: float) -> Image.Image:
    """The picture without `share` of each side."""
    width, height = image.size
    left, top = round(width * share), round(height * share)
    return image.crop((left, top, width - left, height - top))


def mirrored(image: Image.Image) -> Image.Image:
    """The mirror image."""
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def recoloured(image: Image.Image) -> Image.Image:
    """The picture with more contrast and colour, and darker."""
    strong = ImageEnhance.Color(ImageEnhance.Contrast(image).enhance(1.3)).enhance(1.5)
    return ImageEnhance.Brightness(strong).enhance(0.85)


def screenshot(image: Image.Image, price: int = 1200) -> Image.Image:
    """The picture within the frame of a phone app, with a title and a price."""
    shot = Image.new("RGB", (720, 1440), (245, 245, 245))
    draw = ImageDraw.Draw(shot)
    draw.text((30, 20), "14:05", font=chinese_font(30), fill=(0, 0, 0))
    draw.text((40, 80), "宝贝详情", font=chinese_font(38), fill=(0, 0, 0))
    height = round(720 * image.height / image.width)
    shot.paste(image.resize((720, height)).crop((0, 0, 720, min(height, 720))), (0, 150))
    for number, line in enumerate((f"¥ {price}", "老物件 包浆", "全部留言", "立即购买")):
        draw.text((30, 900 + number * 90), line, font=chinese_font(38), fill=(30, 30, 30))
    return shot


def qr_code(text: str, module: int = 8) -> Image.Image:
    """A QR code of `text`."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    pixels = np.array(code.to_image(scale=module, add_quiet_zones=True))
    return Image.fromarray(pixels).convert("RGB")


@cache
def photograph(number: int = 0, kind: str = "JPEG", mode: str = "RGB", side: int = 60) -> bytes:
    """A small picture that differs by its number, encoded as `kind` in `mode`."""
    picture = Image.linear_gradient("L").resize((side, side)).rotate(7 * number)
    return encoded(picture.convert("RGB").convert(mode), kind)


@cache
def animation() -> bytes:
    """A GIF of three frames."""
    frames = [Image.new("P", (40, 40), shade) for shade in (1, 2, 3)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    return written.getvalue()


@cache
def bomb() -> bytes:
    """A PNG of 20,000 x 20,000 black pixels in few bytes."""
    side = 20_000
    lines = zlib.compress(bytes((1 + side // 8) * side))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)), (b"IDAT", lines))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*chunks, (b"IEND", b""))
    )


@cache
def deep() -> bytes:
    """A PNG with 16 bits a channel."""
    return encoded(Image.new("I;16", (40, 40), 40_000), "PNG")


@cache
def cut_short(kind: str = "JPEG") -> bytes:
    """The first two thirds of a picture."""
    whole = encoded(Image.effect_noise((80, 80), 90), kind)
    return whole[: len(whole) * 2 // 3]


def png_of(width: int, height: int) -> bytes:
    """The header of a PNG of a given size, with next to no pixels."""
    return png_with(width, height, b"\0" * 100)


def png_with(
    width: int, height: int, pixels: bytes, *, laced: bool = False, pieces: int = 1
) -> bytes:
    """A PNG of RGB whose rows, each behind the byte of its filter, are `pixels` in some chunks."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, laced)
    packed = zlib.compress(pixels)
    size = -(-len(packed) // pieces)
    parts = [packed[at : at + size] for at in range(0, len(packed), size)]
    body = b"".join(chunk(b"IDAT", part) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")
