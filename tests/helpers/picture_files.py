"""Picture files of many kinds, good and bad, made when they are asked for."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>go()</script></svg>'
HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


@cache
def photograph(number: int = 0, kind: str = "JPEG", mode: str = "RGB", side: int = 60) -> bytes:
    """A small picture that differs by its number, encoded as `kind` in `mode`."""
    picture = Image.linear_gradient("L").resize((side, side)).rotate(7 * number)
    return encoded(picture.convert("RGB").convert(mode), kind)


def encoded(picture: Image.Image, kind: str) -> bytes:
    """The bytes of `picture` in a format of Pillow."""
    written = BytesIO()
    picture.save(written, kind)
    return written.getvalue()


@cache
def animation() -> bytes:
    """A GIF of three frames."""
    frames = [Image.new("P", (40, 40), shade) for shade in (1, 2, 3)]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    return written.getvalue()


@cache
def bomb() -> bytes:
    """A PNG of 20,000 x 20,000 pixels in few bytes."""
    return encoded(Image.new("1", (20_000, 20_000)), "PNG")


@cache
def deep() -> bytes:
    """A PNG with 16 bits a channel."""
    return encoded(Image.new("I;16", (40, 40), 40_000), "PNG")


@cache
def cut_short(kind: str = "JPEG") -> bytes:
    """The first two thirds of a picture."""
    whole = encoded(Image.effect_noise((80, 80), 90), kind)
    return whole[: len(whole) * 2 // 3]
