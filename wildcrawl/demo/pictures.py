"""Draws the pictures of the planted advertisements: abstract still lifes, the same every time.

Nothing is taken from anywhere. Colour follows the material, shape the words of the
advertisement.
"""

from __future__ import annotations

import random
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter

from wildcrawl.demo.shapes import FULL, Colour, Still, shape_for

if TYPE_CHECKING:
    from wildcrawl.demo.truth import Planted

SIZE = 480
"""Pixels along each side of a picture."""

_COLOURS: dict[str, tuple[Colour, ...]] = {
    "ivory": ((241, 230, 203), (233, 216, 178), (247, 240, 222)),
    "rhino_horn": ((92, 58, 34), (120, 76, 40), (64, 42, 30)),
    "sea_turtle": ((168, 98, 38), (196, 132, 58), (126, 66, 30)),
    "helmeted_hornbill": ((222, 166, 72), (212, 120, 60), (230, 190, 110)),
    "tiger": ((226, 200, 150), (214, 184, 138), (236, 214, 172)),
    "saiga": ((224, 202, 162), (206, 178, 132), (232, 216, 184)),
    "pangolin": ((112, 92, 70), (134, 108, 80), (88, 72, 58)),
    "whale": ((238, 232, 214), (228, 220, 200), (244, 240, 228)),
    "leopard": ((206, 164, 98), (190, 146, 84), (216, 178, 116)),
    "": ((122, 146, 160), (160, 120, 128), (128, 150, 110), (176, 148, 108), (138, 130, 164)),
}
_TABLES: tuple[tuple[Colour, Colour], ...] = (
    ((70, 74, 84), (38, 40, 48)),
    ((150, 120, 92), (98, 74, 56)),
    ((206, 204, 198), (160, 158, 152)),
    ((88, 104, 92), (52, 64, 56)),
    ((126, 60, 52), (76, 34, 32)),
)


_LOOKS = (
    ("象牙", "ivory"),
    ("玳瑁", "sea_turtle"),
    ("犀", "rhino_horn"),
    ("鹤顶红", "helmeted_hornbill"),
    ("虎", "tiger"),
)
"""What decoys resemble."""
_MATERIAL = str.maketrans("", "", "角牙尖骨皮鳞鱗甲片")
"""Signs that in a decoy say nothing about its shape."""


def picture(planted: Planted, number: int, kind: str = "JPEG") -> bytes:
    """Picture `number` (from 1) of an advertisement, as the bytes of a square JPEG or PNG."""
    shown = f"{planted.prefix}/{planted.ad_id}"
    words = planted.title or planted.tags or planted.description
    if planted.relevant:
        material = planted.species[0]
    else:
        material = next((look for word, look in _LOOKS if word in words), "")
        words = words.translate(_MATERIAL)
    return _drawn(shown, number, material, words, kind)


@lru_cache(maxsize=1024)
def _drawn(shown: str, number: int, material: str, words: str, kind: str) -> bytes:
    dice = random.Random(f"{shown}#{number}")  # noqa: S311
    still = Still(dice, _COLOURS.get(material, _COLOURS[""]))
    shape_for(words)(still)
    turned = still.image.rotate(dice.uniform(-16, 16), resample=Image.Resampling.BICUBIC)
    table = _table(dice)
    shadow = Image.new("RGBA", turned.size, (0, 0, 0, 0))
    shadow.paste((0, 0, 0, 120), (18, 26), turned.getchannel("A"))
    table.alpha_composite(_blurred(shadow))
    table.alpha_composite(turned)
    small = table.convert("RGB").resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    written = BytesIO()
    small.save(written, kind, quality=82)
    return written.getvalue()


def _blurred(image: Image.Image) -> Image.Image:
    """`image` out of focus; done small, where it costs little."""
    small = image.resize((FULL // 8, FULL // 8), Image.Resampling.BOX)
    return small.filter(ImageFilter.GaussianBlur(2.2)).resize(image.size)


def _table(dice: random.Random) -> Image.Image:
    """The ground that things lie on: one colour running into a darker one."""
    light, dark = dice.choice(_TABLES)
    mask = Image.linear_gradient("L").resize((FULL, FULL))
    light_ground = Image.new("RGBA", (FULL, FULL), (*light, 255))
    dark_ground = Image.new("RGBA", (FULL, FULL), (*dark, 255))
    return Image.composite(dark_ground, light_ground, mask)
